const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup that may stand in a page as it is. */
export class Html {
  constructor(readonly text: string) {}
}

/** What may stand in a template: text is escaped, `Html` is not, and null and false are nothing. */
export type Part = Html | string | number | null | false | readonly Part[];

const markupOf = (part: Part): string => {
  if (part instanceof Html) return part.text;
  if (typeof part === 'object' && part !== null) return part.map(markupOf).join('\n');
  return part === null || part === false
    ? ''
    : String(part).replace(/[&<>"']/g, (character) => escapes[character] ?? character);
};

/** A template whose values are escaped, for text and for attributes in double quotes. */
export const markup = (strings: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(strings.map((text, index) => `${text}${markupOf(parts[index] ?? null)}`).join(''));

/** A value as JSON inside a script element. */
export const jsonIn = (value: unknown): Html =>
  new Html(JSON.stringify(value).replaceAll('<', String.raw`\u003c`));
