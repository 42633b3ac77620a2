import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { textOf } from '../source-tree.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('a provider of a third party passes the kit with the runner of Node', { timeout: 60_000 }, async () => {
  const program = ['--import', 'tsx', '--test', 'examples/custom-provider/conformance.ts'];
  // Inside vitest the runner of Node would take itself for a child of another runner.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, program, { cwd: root, env });
  expect(Number(/^(?:#|ℹ) pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(90);
  expect(stdout).toMatch(/^(?:#|ℹ) fail 0$/m);
});

it('a provider of a third party is one file of less than 200 lines of code, and imports what users import', () => {
  const text = textOf('examples/custom-provider.ts');
  const code = text.split('\n').filter((line) => line.trim() !== '' && !/^\s*(?:\/\*\*|\*|\/\/)/.test(line));
  expect(code.length).toBeLessThan(200);
  const sources = [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1]);
  expect(new Set(sources)).toEqual(new Set(['unicharge', 'zod']));
});
