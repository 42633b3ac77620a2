/**
 * Changes one thing in the sources at a time, in a copy of the tree, and counts how many changes a test or the compiler
 * notices. Says which ones nobody noticed: each is a test that is missing, or a line that does nothing.
 *
 *   npm run test:mutants -- --count 170 --seed 1
 */
import { rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runMutants } from './mutants/campaign.js';
import { createCompiler } from './mutants/compiler.js';
import { drawMutants, findMutants, folders, type MutantName } from './mutants/draw.js';
import { diffOf, survivorsOf, tableOf } from './mutants/report.js';
import { runVitest } from './mutants/run-tests.js';
import { createTestPlan, stageNames } from './mutants/tests-of.js';
import { copyTree, textsIn, type TreeCopy } from './mutants/tree-copy.js';

const help = `npm run test:mutants -- [options]

  --count N       mutants to try (default 60)
  --seed N        which ones: the same seed draws the same from the same sources (default 1)
  --folder NAME   only this one: ${folders.map(({ name }) => name).join(', ')}
  --file PATH     only this source file
  --jobs N        copies of the tree that are tried in at a time (default 1)
  --until STAGE   the last tests to ask: near, folder, wide or far (default far); fewer are quicker, and more survive
  --json FILE     writes the survivors
  --only FILE     tries the survivors of such a file again, nothing else
  --minutes N     the longest that a stage of tests may take, more on a machine under load (default 5)
  --unchecked     does not run the tests without a mutant first
  --least N       ends with 1 below this score in percent (default 0)
`;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    folder: { type: 'string' },
    file: { type: 'string' },
    jobs: { type: 'string', default: '1' },
    until: { type: 'string', default: 'far' },
    json: { type: 'string' },
    only: { type: 'string' },
    minutes: { type: 'string', default: '5' },
    unchecked: { type: 'boolean', default: false },
    least: { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
});

const numberOf = (name: 'count' | 'seed' | 'jobs' | 'minutes' | 'least'): number => {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 0) throw new RangeError(`--${name} takes a whole number`);
  return number;
};

/** Longer than any stage needs: a mutant that runs on is ended, and counts as noticed. */
const limitMs = numberOf('minutes') * 60_000;

/** An interrupted run ends its tests and takes its copies away, too. */
const endWith = (copies: readonly TreeCopy[]): void => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  process.once('exit', () => {
    for (const { root } of copies) rmSync(root, { recursive: true, force: true });
  });
};

const main = async (): Promise<void> => {
  const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
  if (values.folder !== undefined && !folders.some(({ name }) => name === values.folder))
    throw new RangeError(`--folder takes one of ${folders.map(({ name }) => name).join(', ')}`);
  const all = await textsIn(root, 'src');
  const sources = new Map([...all].filter(([file]) => values.file === undefined || file === values.file));
  if (sources.size === 0) throw new RangeError(`there is no ${values.file ?? 'source'}`);

  const named =
    values.only === undefined
      ? null
      : findMutants(all, JSON.parse(await readFile(values.only, 'utf8')) as readonly MutantName[]);
  for (const { file, before } of named?.gone ?? []) console.log(`gone      ${file}: ${before}`);
  const draw = { count: numberOf('count'), seed: numberOf('seed'), folder: values.folder ?? null };
  const mutants = named?.found ?? drawMutants(sources, draw);

  const compiler = createCompiler(root, [...all.keys()]);
  const plan = createTestPlan(await textsIn(root, 'test'));
  const asked = stageNames.slice(0, stageNames.findIndex((name) => name === values.until) + 1);
  if (asked.length === 0) throw new RangeError(`--until takes one of ${stageNames.join(', ')}`);
  const testsOf = (file: string) => plan(file).filter(({ name }) => asked.includes(name));
  const copies = await Promise.all(
    Array.from({ length: Math.max(1, numberOf('jobs')) }, () => copyTree(root)),
  );
  endWith(copies);
  const startedAt = performance.now();
  try {
    const files = new Set(mutants.map(({ file }) => file));
    const stages = [...files].flatMap(testsOf);
    const [first] = copies;
    if (first === undefined || stages.length === 0) throw new Error('there is nothing to try');
    for (const isolated of values.unchecked ? [] : [false, true]) {
      const some = new Set(stages.flatMap((stage) => (stage.isolated === isolated ? stage.tests : [])));
      if (some.size === 0) continue;
      const sound = await runVitest(first.root, { files: [...some], isolated, limitMs: 4 * limitMs });
      console.log(`without a mutant: ${sound.tests} tests of ${some.size} files`);
      if (!sound.passed) throw new Error(`the tests fail without a mutant: ${sound.failedBy ?? ''}`);
    }

    const begunAt = performance.now();
    const verdicts = await runMutants({
      mutants,
      sources: all,
      testsOf,
      complaint: (file, text) => compiler.complaint(file, text),
      workshops: copies.map((copy) => ({
        tryOut: (file, text, { tests, isolated }) =>
          copy.withText(file, text, () => runVitest(copy.root, { files: tests, isolated, limitMs })),
      })),
      onVerdict: ({ mutant, fate, by }, done) => {
        const place = `${mutant.file}:${mutant.line} ${mutant.operator}`;
        console.log(
          `${String(done).padStart(4)} ${fate.padEnd(8)} ${place}${by === null ? '' : ` (${by.slice(0, 120)})`}`,
        );
      },
    });
    console.log('');
    for (const verdict of verdicts.filter(({ fate }) => fate === 'survived'))
      console.log(`${diffOf(all.get(verdict.mutant.file) ?? '', verdict)}\n`);
    console.log(tableOf(verdicts));
    const seconds = (performance.now() - begunAt) / 1000;
    console.log(
      `${(seconds / Math.max(1, verdicts.length)).toFixed(1)} s a mutant, ${((performance.now() - startedAt) / 60_000).toFixed(1)} min in all`,
    );
    const survivors = survivorsOf(verdicts);
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(survivors, null, 2)}\n`);
    const score = 100 * (1 - survivors.length / Math.max(1, verdicts.length));
    if (score < numberOf('least')) process.exitCode = 1;
  } finally {
    for (const copy of copies) await copy.remove();
  }
};

if (values.help) console.log(help);
else await main();
