import { markup, type Html, type Part } from './html.js';

/** What a page consists of. */
export interface PageParts {
  readonly title: string;
  /** What stands at the right of the shop's name. */
  readonly nav?: Part;
  readonly main: Part;
  /** Scripts of the shop that the page runs. */
  readonly scripts?: readonly string[];
}

/** One whole page. */
export const page = ({ title, nav = null, main, scripts = [] }: PageParts): string => {
  const whole = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Corner shop</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="data:,">
${scripts.map((script) => markup`<script type="module" src="${script}"></script>`)}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header><a class="brand" href="/">Corner shop</a>${nav}</header>
<main id="main" tabindex="-1">
${main}
</main>
<footer>An example of unicharge. Nothing is sold here.</footer>
</body>
</html>`;
  return whole.text;
};

/** The fields that no form of the shop goes without. */
export const hidden = (fields: Readonly<Record<string, string | number>>): readonly Html[] =>
  Object.entries(fields).map(
    ([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">`,
  );

/** Something that is not there, or went wrong. */
export const problemPage = (title: string, text: string): string =>
  page({
    title,
    main: markup`<div class="narrow card"><h1>${title}</h1><p role="alert">${text}</p><p><a href="/">To the shop</a></p></div>`,
  });
