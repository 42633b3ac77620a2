import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { entries } from '../tsup.config.js';
import { withTypesMarked } from './types-marked.js';

/**
 * Marks in the declarations of each entry what is a type only. The build flattens `export type *` into plain names, and
 * `import { CardError } from 'unicharge/stripe'` would compile and fail at run time.
 */

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

for (const name of Object.keys(entries)) {
  const module = (await import(`${dist}${name}.js`)) as object;
  const values = new Set(Object.keys(module));
  for (const ending of ['d.ts', 'd.cts']) {
    const file = `${dist}${name}.${ending}`;
    writeFileSync(file, withTypesMarked(readFileSync(file, 'utf8'), values));
  }
}
