import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { runTry, type Outcome } from './matrix/run.js';
import { describeTries } from './matrix/table.js';
import { tries } from './matrix/tries.js';

const help = `npm run matrix -- [options]

Packs the package, installs it in projects outside the repository as users have them, and prints what each compiler, package
manager, test runner and bundler makes of it. Tools come from npm, in the versions of bench/matrix/tries.ts.

  --only NAME     only this try, or those whose names begin so; may be given several times
                  (${tries.map(({ name }) => name).join(', ')})
  --tarball FILE  a package that is packed already (default: builds and packs one)
  --keep          leaves the projects where they are, to look at
  --write         puts the table of a whole run into docs/faq.md
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    tarball: { type: 'string' },
    keep: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const execute = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** Its `prepack` builds first. */
const pack = async (folder: string): Promise<string> => {
  console.error('building and packing');
  await execute('npm', ['pack', `--pack-destination=${folder}`], { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return join(folder, `unicharge-${version}.tgz`);
};

const begin = '<!-- matrix: begin -->';
const end = '<!-- matrix: end -->';

const writeInto = async (page: string, table: string): Promise<void> => {
  const text = await readFile(page, 'utf8');
  const [head, rest] = text.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error(`${page} has no place for the table`);
  const measured = `\`npm run matrix\` on Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}:`;
  await writeFile(page, `${head}${begin}\n\n${measured}\n\n${table}\n${end}${tail}`);
};

const main = async (): Promise<number> => {
  const chosen = tries.filter(
    ({ name }) => values.only === undefined || values.only.some((wanted) => name.startsWith(wanted)),
  );
  if (values.write && values.only !== undefined) throw new Error('--write wants a whole run, without --only');
  if (chosen.length === 0) throw new Error('no try has such a name; --help lists them');
  const folder = await mkdtemp(join(tmpdir(), 'unicharge-matrix-'));
  try {
    const tarball = values.tarball === undefined ? await pack(folder) : resolve(values.tarball);
    const outcomes: Outcome[] = [];
    // One after the other: some of the tools take every core they find.
    for (const tried of chosen) {
      console.error(`${tried.tool} ${tried.version}: ${tried.what}`);
      const outcome = await runTry(tried, join(folder, tried.name), tarball);
      console.error(outcome.failure ?? 'ok');
      outcomes.push(outcome);
    }
    const table = describeTries(outcomes);
    console.log(table);
    if (values.write) await writeInto(join(root, 'docs/faq.md'), table);
    return outcomes.every(({ failure }) => failure === null) ? 0 : 1;
  } finally {
    if (values.keep) console.error(`The projects are in ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
};

if (values.help) console.log(help);
else process.exitCode = await main();
