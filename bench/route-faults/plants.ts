import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** One change of the sources of the router. */
export interface RouterEdit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A bug planted by hand: the simulation has to find it, or it proves nothing. */
export interface RouterPlant {
  readonly name: string;
  readonly what: string;
  readonly edits: readonly RouterEdit[];
}

const recordedPosition = 'const known = readPosition(session.record.resolved);';
const isLost = 'const isLost = leftOpen || (!context.protocol.store.durable && run.keyIsCallers);';

export const routerPlants: readonly RouterPlant[] = [
  {
    name: 'moves-on-unknown',
    what: 'a payment goes on after an attempt of which nobody knows what became',
    edits: [
      {
        file: 'src/router/judge.ts',
        from: "if (error.outcome === 'unknown') return 'outcome_unknown';",
        to: '',
      },
    ],
  },
  {
    name: 'forgets-the-pin',
    what: 'a repeat makes a new plan instead of going where the payment lives',
    edits: [
      { file: 'src/router/create.ts', from: recordedPosition, to: 'const known: Position | null = null;' },
      { file: 'src/router/create.ts', from: isLost, to: 'const isLost = false;' },
    ],
  },
  {
    name: 'reorders-by-health',
    what: 'a repeat takes the recorded routes in the order of their health now',
    edits: [
      {
        file: 'src/router/create.ts',
        from: 'return { position: known, open',
        to: `return { position: { ...known, steps: [...known.steps].sort((left, right) => Number(context.health.of(left.route) !== 'well') - Number(context.health.of(right.route) !== 'well')) }, open`,
      },
    ],
  },
  {
    name: 'follows-a-stale-plan',
    what: 'a process goes by the position that it knew, not by the one that was recorded since',
    edits: [
      {
        file: 'src/router/create.ts',
        from: recordedPosition,
        to: `const stale = ((context as unknown as { stale?: Map<string, Position> }).stale ??= new Map<string, Position>());
  const known = stale.get(run.key) ?? readPosition(session.record.resolved);
  if (known !== null) stale.set(run.key, known);`,
      },
      {
        file: 'src/router/create.ts',
        from: 'await journey.books.prepare(journey.session, journey.position, journey.open);',
        to: `const stale = (context as unknown as { stale: Map<string, Position> }).stale;
    if (!stale.has(journey.run.key)) stale.set(journey.run.key, journey.position);
    await journey.books.prepare(journey.session, journey.position, journey.open);`,
      },
    ],
  },
  {
    name: 'cascades-a-never-retry',
    what: 'a decline goes on though a network forbids to try again',
    edits: [
      {
        file: 'src/router/judge.ts',
        from: "if (isNeverTriedAgain({ advice, networkCode, card })) return 'network_forbids';",
        to: '',
      },
    ],
  },
  {
    name: 'records-after-sending',
    what: 'the position is recorded when the answer is there, so that a death forgets it',
    edits: [
      {
        file: 'src/router/create.ts',
        from: 'await journey.books.prepare(journey.session, journey.position, journey.open);',
        to: '',
      },
      { file: 'src/router/create.ts', from: isLost, to: 'const isLost = false;' },
    ],
  },
];

/** Edits whose text the sources no longer hold: such a plant would prove nothing. */
export const lostRouterAnchors = (): readonly string[] =>
  routerPlants.flatMap(({ name, edits }) =>
    edits
      .filter(({ file, from }) => readFileSync(join(root, file), 'utf8').split(from).length !== 2)
      .map(({ from }) => `${name}: ${from}`),
  );

/** What the simulation says of planted sources: the first violation, or null. */
export const judgePlanted = async (
  plant: RouterPlant,
  options: { readonly operations: number; readonly seed: number },
): Promise<string | null> => {
  const folder = mkdtempSync(join(tmpdir(), 'unicharge-plant-'));
  try {
    for (const name of ['src', 'bench', 'package.json', 'tsconfig.json'])
      cpSync(join(root, name), join(folder, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const { file, from, to } of plant.edits) {
      const path = join(folder, file);
      writeFileSync(
        path,
        readFileSync(path, 'utf8').replace(from, () => to),
      );
    }
    const { stdout } = await run(
      process.execPath,
      [
        '--import',
        'tsx',
        'bench/route-faults/plant-run.ts',
        String(options.operations),
        String(options.seed),
      ],
      { cwd: folder, maxBuffer: 2 ** 26 },
    );
    return JSON.parse(stdout) as string | null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
