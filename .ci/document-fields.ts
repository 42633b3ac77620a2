import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { withFieldsDocumented } from './fields-documented.js';

/**
 * Puts the docstrings of schema fields back into the built declarations. The compiler writes the type of a schema without the
 * comments of its fields, so that an editor would show none for `amount` or `idempotencyKey`.
 */

const root = fileURLToPath(new URL('../', import.meta.url));
const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => readFileSync(file, 'utf8')) as {
  config: unknown;
};
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(root, 'src', name));
const program = ts.createProgram(sources, options);

for (const name of readdirSync(join(root, 'dist'))) {
  if (!/\.d\.c?ts$/.test(name)) continue;
  const file = join(root, 'dist', name);
  writeFileSync(file, withFieldsDocumented(readFileSync(file, 'utf8'), program));
}
