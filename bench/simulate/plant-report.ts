import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlantOrder, PlantReport } from './plant-run.js';
import { sourcePlants, type SourcePlant } from './source-plants.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface PlantOptions {
  readonly seed: number;
  /** At most so many for one bug. */
  readonly operations: number;
  /** Bugs that are tried at the same time. */
  readonly shards: number;
  /** Only bugs whose name holds this. */
  readonly named: string | null;
  /** Asks the tests and the kit about every bug, not only about those that the simulation does not find. */
  readonly everyJudge: boolean;
  tell(line: string): void;
}

/** Who found a bug. Null where nobody asked. */
export interface PlantVerdict {
  readonly bug: string;
  readonly simulate: PlantReport;
  readonly tests: boolean | null;
  readonly kit: boolean | null;
}

/** A copy of the sources that bugs are planted in, one after the other. */
const openCopy = async (): Promise<string> => {
  const copy = await mkdtemp(join(tmpdir(), 'unicharge-plants-'));
  for (const part of [
    'src',
    'test',
    'bench',
    'examples',
    'docs',
    'README.md',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
  ])
    await cp(join(root, part), join(copy, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  await mkdir(join(copy, 'reports'));
  return copy;
};

const run = (
  copy: string,
  program: string,
  args: readonly string[],
): Promise<{ output: string; code: number }> =>
  new Promise((resolve) => {
    const child = spawn(join(root, 'node_modules', '.bin', program), args, {
      cwd: copy,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let trouble = '';
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (trouble += bytes.toString()));
    child.on('close', (code) =>
      resolve({ output: code === 0 ? output : `${output}${trouble}`, code: code ?? 1 }),
    );
  });

const simulate = async (copy: string, order: PlantOrder): Promise<PlantReport> => {
  const { output, code } = await run(copy, 'tsx', ['bench/simulate/plant-run.ts', JSON.stringify(order)]);
  if (code !== 0) {
    // Sources that do not load are no finding: the bug was planted wrongly.
    throw new Error(`the simulation of a planted bug ended with ${code}:\n${output.slice(-2_000)}`);
  }
  return JSON.parse(output) as PlantReport;
};

/** Whether tests fail. A run without a report, or without a test that ran, counts for nothing. */
const failsIn = async (copy: string, files: readonly string[]): Promise<boolean> => {
  const report = join(copy, 'reports', 'tests.json');
  await rm(report, { force: true });
  await run(copy, 'vitest', [
    'run',
    '--project',
    'unit*',
    ...files,
    '--reporter=json',
    `--outputFile=${report}`,
  ]);
  const told = JSON.parse(await readFile(report, 'utf8')) as {
    numPassedTests: number;
    numFailedTests: number;
  };
  if (told.numPassedTests + told.numFailedTests === 0) throw new Error(`no test ran: ${files.join(' ')}`);
  return told.numFailedTests > 0;
};

/** Plants a bug, and takes it out again. Throws where the sources no longer hold what it changes. */
const withPlant = async <Result>(
  copy: string,
  plant: SourcePlant,
  work: () => Promise<Result>,
): Promise<Result> => {
  const before = new Map<string, string>();
  try {
    for (const { file, from, to } of plant.edits) {
      const path = join(copy, file);
      const source = await readFile(path, 'utf8');
      if (source.split(from).length !== 2)
        throw new Error(`'${plant.bug}': ${file} no longer holds exactly once: ${from}`);
      if (!before.has(path)) before.set(path, source);
      await writeFile(
        path,
        source.replace(from, () => to),
      );
    }
    return await work();
  } finally {
    for (const [path, source] of before) await writeFile(path, source);
  }
};

/** Whether every bug can still be planted: the sources change, and a bug that is not there is never found. */
export const lostAnchors = async (): Promise<string[]> => {
  const lost: string[] = [];
  for (const { bug, edits } of sourcePlants) {
    for (const { file, from } of edits) {
      const source = await readFile(join(root, file), 'utf8').catch(() => '');
      if (source.split(from).length !== 2)
        lost.push(`'${bug}': ${file} no longer holds exactly once: ${from}`);
    }
  }
  return lost;
};

const kit = [
  'test/conformance/custom-provider.test.ts',
  'test/conformance/fake.test.ts',
  'test/conformance/stripe.test.ts',
  'test/conformance/omise.test.ts',
  'test/conformance/magpie.test.ts',
  'test/conformance/pin.test.ts',
  'test/conformance/justifi.test.ts',
];

/** Plants every bug, and says who found it. */
export const judgePlants = async (options: PlantOptions): Promise<PlantVerdict[]> => {
  const lost = await lostAnchors();
  if (lost.length > 0) throw new Error(`planted bugs that fit the sources no more:\n${lost.join('\n')}`);
  const chosen = sourcePlants.filter(({ bug }) => options.named === null || bug.includes(options.named));
  const verdicts: PlantVerdict[] = [];
  const queue = chosen.values();

  const work = async (): Promise<void> => {
    const copy = await openCopy();
    try {
      for (const plant of queue) {
        let order: PlantOrder = {
          seed: options.seed,
          operations: Math.max(options.operations, plant.operations ?? 0),
          providers: plant.providers ?? null,
          aspects: plant.aspects ?? null,
          known: [],
          world: null,
        };
        let found = await withPlant(copy, plant, () => simulate(copy, order));
        // What the sound sources do in the same world is no finding.
        while (found.first !== null) {
          const { kinds } = await simulate(copy, { ...order, world: found.first.seed });
          const fresh = kinds.filter((kind) => !order.known.includes(kind));
          if (fresh.length === 0) break;
          order = { ...order, known: [...order.known, ...fresh] };
          const again = order;
          found = await withPlant(copy, plant, () => simulate(copy, again));
        }
        const verdict = await withPlant(copy, plant, async (): Promise<PlantVerdict> => {
          const asks = options.everyJudge || found.first === null;
          const tests = asks ? await failsIn(copy, plant.tests) : null;
          const asksKit = options.everyJudge || (found.first === null && tests === false);
          return { bug: plant.bug, simulate: found, tests, kit: asksKit ? await failsIn(copy, kit) : null };
        });
        verdicts.push(verdict);
        options.tell(describeVerdict(verdict));
      }
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: options.shards }, work));
  return verdicts;
};

const mark = (found: boolean | null): string => (found === null ? '' : found ? 'found' : '-');

export const isFound = ({ simulate: { first }, tests, kit: byKit }: PlantVerdict): boolean =>
  first !== null || tests === true || byKit === true;

export const describeVerdict = (verdict: PlantVerdict): string => {
  const { bug, simulate: found, tests, kit: byKit } = verdict;
  const seen = found.first === null ? '-' : `after ${found.operations}`;
  const why = found.first === null ? '' : `  ${found.first.violation} (world ${found.first.seed})`;
  return `${bug.padEnd(70)} ${seen.padEnd(12)} ${mark(tests).padEnd(6)} ${mark(byKit).padEnd(6)}${why}`;
};
