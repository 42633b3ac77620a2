import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { differencesOf, makeReports } from './api/report.js';

/**
 * Writes what each entry promises, read from the declarations of the build, into `api/`, as `npm run api`.
 * With `--check` it writes nothing, and fails where `api/` says something else than the build.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}api`;

const { './package.json': _, ...points } = packageJson.exports;
const built = await makeReports(
  Object.entries(points).map(([name, point]) => ({
    specifier: `${packageJson.name}${name.slice(1)}`,
    file: `${root}${point.import.types.slice(2)}`,
  })),
);

/** Where the report of an entry lies. */
const fileOf = (name: string): string => `${root}${'api/index.api.md'.replace('index', name)}`;

const names = existsSync(folder) ? readdirSync(folder).map((file) => file.split('.')[0] ?? file) : [];

if (process.argv.includes('--check')) {
  const checkedIn = new Map(names.map((name) => [name, readFileSync(fileOf(name), 'utf8')]));
  const differences = differencesOf(checkedIn, built);
  for (const difference of differences) console.log(`The report of ${difference}`);
  if (differences.length > 0) {
    console.log('Run `npm run api`, and commit what it writes into api/ together with the change.');
    process.exitCode = 1;
  }
} else {
  mkdirSync(folder, { recursive: true });
  for (const name of names) if (!built.has(name)) rmSync(fileOf(name));
  for (const [name, text] of built) writeFileSync(fileOf(name), text);
  console.log(`${built.size} reports in api/`);
}
