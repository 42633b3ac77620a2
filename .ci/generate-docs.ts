import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generatedPages } from './docs/pages.js';

/** Writes the generated pages and sections of the documentation, as `npm run docs`. */

const root = fileURLToPath(new URL('..', import.meta.url));

for (const [file, text] of await generatedPages()) {
  writeFileSync(`${root}${file}`, text);
  console.log(file);
}
