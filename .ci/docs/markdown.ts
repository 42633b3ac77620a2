/** A cell of a table: a bar would end it. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A Markdown table. */
export const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

/** A word as code. */
export const code = (text: string): string => `\`${text}\``;

/** Words as code, separated by commas. */
export const codes = (words: readonly string[]): string => words.map(code).join(', ');

const begin = (name: string): string => `<!-- generated: ${name}, by npm run docs -->`;
const end = (name: string): string => `<!-- end of ${name} -->`;

/** A page with the text between the markers of a section replaced. */
export const fillSection = (page: string, name: string, text: string): string => {
  const from = page.indexOf(begin(name));
  const to = page.indexOf(end(name));
  if (from === -1 || to < from) throw new Error(`The page has no section ${begin(name)} … ${end(name)}`);
  return `${page.slice(0, from)}${begin(name)}\n\n${text}\n\n${page.slice(to)}`;
};
