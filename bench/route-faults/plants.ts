import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { PlantFound, PlantRunOrder } from './plant-run.js';

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

const unknownStays = "if (error.outcome === 'unknown') return 'outcome_unknown';";
const unlessError = (name: string): string =>
  `if (error.outcome === 'unknown' && !(error instanceof ${name})) return 'outcome_unknown';`;
const chargedWell = "ended('succeeded', null);";
const leavesWhile = (status: string): RouterEdit => ({
  file: 'src/router/create.ts',
  from: chargedWell,
  to: `${chargedWell}
    if (charge.status === '${status}')
      return { error: new TimeoutError({ ...keeper.facts, message: 'too slow', outcome: 'not_sent' }) };`,
});

export const routerPlants: readonly RouterPlant[] = [
  {
    name: 'moves-on-unknown',
    what: 'a payment goes on after an attempt of which nobody knows what became',
    edits: [
      {
        file: 'src/router/judge.ts',
        from: unknownStays,
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
        from: 'await journey.keeper.prepare(journey.session, journey.position, journey.open);',
        to: `const stale = (context as unknown as { stale: Map<string, Position> }).stale;
    if (!stale.has(journey.run.key)) stale.set(journey.run.key, journey.position);
    await journey.keeper.prepare(journey.session, journey.position, journey.open);`,
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
        from: 'await journey.keeper.prepare(journey.session, journey.position, journey.open);',
        to: '',
      },
      { file: 'src/router/create.ts', from: isLost, to: 'const isLost = false;' },
    ],
  },
  {
    name: 'moves-on-a-lost-answer',
    what: 'a payment goes on when the connection broke, whatever had left',
    edits: [{ file: 'src/router/judge.ts', from: unknownStays, to: unlessError('ConnectionError') }],
  },
  {
    name: 'moves-on-a-server-error',
    what: 'a payment goes on after a fault of the provider, though it may have charged',
    edits: [{ file: 'src/router/judge.ts', from: unknownStays, to: unlessError('ProviderError') }],
  },
  {
    name: 'starts-over',
    what: 'a repeat begins at the first route of the recorded plan',
    edits: [
      {
        file: 'src/router/create.ts',
        from: 'return { position: known, open',
        to: 'return { position: { ...known, position: 0 }, open',
      },
    ],
  },
  {
    name: 'records-no-move',
    what: 'what is recorded with a move is the first position',
    edits: [
      {
        file: 'src/router/create.ts',
        from: 'journey.keeper.prepare(journey.session, journey.position, journey.open);',
        to: 'journey.keeper.prepare(journey.session, { ...journey.position, position: 0 }, journey.open);',
      },
    ],
  },
  {
    name: 'takes-a-fresh-key',
    what: 'every attempt has a key of its own',
    edits: [
      {
        file: 'src/router/create.ts',
        from: `idempotencyKey: run.key,
      deadlineMs: leftMs,`,
        to: `idempotencyKey: runtime.uuid(),
      deadlineMs: leftMs,`,
      },
    ],
  },
  {
    name: 'moves-on-requires-action',
    what: 'a payment goes on while the payer is asked to confirm it',
    edits: [leavesWhile('requires_action')],
  },
  {
    name: 'forgets-what-it-sent',
    what: 'where the store is away, a process says not_sent of a key that it has sent itself',
    edits: [
      {
        file: 'src/calls/own-keys.ts',
        from: 'const isSent = (name: string, own: number): boolean => (begun.get(name) ?? 0) > own || remembered.has(name);',
        to: 'const isSent = (_name: string, _own: number): boolean => false;',
      },
    ],
  },
  {
    name: 'moves-on-pending',
    what: 'a payment goes on while the provider has not decided',
    edits: [leavesWhile('pending')],
  },
];

/** Edits whose text the sources no longer hold: such a plant would prove nothing. */
export const lostRouterAnchors = (): readonly string[] =>
  routerPlants.flatMap(({ name, edits }) =>
    edits
      .filter(({ file, from }) => readFileSync(join(root, file), 'utf8').split(from).length !== 2)
      .map(({ from }) => `${name}: ${from}`),
  );

/** What the judges say of planted sources. */
export const judgePlanted = async (plant: RouterPlant, options: PlantRunOrder): Promise<PlantFound> => {
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
      ['--import', 'tsx', 'bench/route-faults/plant-run.ts', JSON.stringify(options)],
      { cwd: folder, maxBuffer: 2 ** 26 },
    );
    return JSON.parse(stdout) as PlantFound;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
