import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { SimulatedProvider } from '../src/simulator/faces.js';
import { newResult, runCampaign, runWorld, type CampaignResult } from './simulate/campaign.js';
import { searchExhaustively } from './simulate/exhaustive.js';
import { isFound, judgePlants } from './simulate/plant-report.js';
import { plants } from './simulate/plants.js';
import { protocolPlantCount, sourcePlants } from './simulate/source-plants.js';
import { aspects, type Aspect } from './simulate/weather.js';
import { usualProviders } from './simulate/sources.js';

const help = `npm run simulate -- [options]

Drives the real engine, its operations and the simulated providers in one process and in virtual time: faults at every
message and every store call, deaths, freezes, clocks that disagree and jump, lists of many pages, answers of others.
Everything that a caller is told is compared with the ledger. Everything comes from the seed.

  --operations N    writes to try (default 2000)
  --seed N          default 1
  --provider NAME   only this one; may be given several times
  --plant NAME      plants a bug by hand: ${plants.map(({ name }) => name).join(', ')}
  --replay SEED     replays one world whose seed a failure printed, with its history
  --shards N        processes (default: one a core, which is also the most)
  --without ASPECT  leaves out what only some worlds have; may be given several times: ${aspects.join(', ')}
  --plants          plants bugs in a copy of the sources, one after the other, and says who finds each
  --named TEXT      plants: only bugs whose name holds this
  --every-judge     plants: asks the tests and the conformance kit about every bug, not only where nothing was found
  --exhaustive      every schedule of two merchants with one key instead
  --calls N         exhaustive: calls that they make together (default 2)
  --faults N        exhaustive: deaths, lost messages and early timeouts per schedule (default 2)
  --schedules N     exhaustive: stop after so many (default 1000000)
`;

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    provider: { type: 'string', multiple: true },
    plant: { type: 'string' },
    replay: { type: 'string' },
    shards: { type: 'string', default: String(availableParallelism()) },
    without: { type: 'string', multiple: true, default: [] },
    plants: { type: 'boolean', default: false },
    named: { type: 'string' },
    'every-judge': { type: 'boolean', default: false },
    exhaustive: { type: 'boolean', default: false },
    calls: { type: 'string', default: '2' },
    faults: { type: 'string', default: '2' },
    schedules: { type: 'string', default: '1000000' },
    worker: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const plant = plants.find(({ name }) => name === values.plant) ?? null;
if (values.plant !== undefined && plant === null) throw new RangeError(`no such plant: ${values.plant}`);
const providers = (values.provider ?? usualProviders) as SimulatedProvider[];
const left = aspects.filter((aspect) => !values.without.includes(aspect));
const unheard = values.without.filter((name) => !aspects.includes(name as Aspect));
if (unheard.length > 0) throw new RangeError(`no such aspect: ${unheard.join(', ')}`);
const startedAt = performance.now();
const seconds = (): string => ((performance.now() - startedAt) / 1000).toFixed(1);

/** What a worker hands back: plain data. */
interface Report extends Omit<CampaignResult, 'byProvider'> {
  readonly byProvider: [SimulatedProvider, { operations: number; violations: number }][];
}

const merge = (reports: readonly Report[]): CampaignResult => {
  const merged = newResult();
  for (const report of reports) {
    merged.operations += report.operations;
    merged.calls += report.calls;
    merged.reconciled += report.reconciled;
    merged.duplicatesDetected += report.duplicatesDetected;
    merged.failures.push(...report.failures);
    for (const [provider, tally] of report.byProvider) {
      const sum = merged.byProvider.get(provider) ?? { operations: 0, violations: 0 };
      sum.operations += tally.operations;
      sum.violations += tally.violations;
      merged.byProvider.set(provider, sum);
    }
  }
  return merged;
};

const campaign = (operations: number, seed: number, onProgress: (done: number) => void) =>
  runCampaign({ seed, operations, providers, plant, aspects: left, stopAtFirst: false, onProgress });

/** Splits a large campaign over processes; each has its own seeds, made from the one given. */
const inWorkers = async (operations: number, seed: number, workers: number): Promise<CampaignResult> => {
  const done = new Array<number>(workers).fill(0);
  let shown = 0;
  const show = (): void => {
    const total = done.reduce((sum, each) => sum + each, 0);
    if (total - shown < operations / 20) return;
    shown = total;
    console.log(`  ${total} of ${operations} operations, ${seconds()} s`);
  };
  const reports = await Promise.all(
    done.map(
      (_, index) =>
        new Promise<Report>((resolve, reject) => {
          const child = fork(
            fileURLToPath(import.meta.url),
            [
              '--worker',
              ...[
                '--operations',
                String(Math.ceil(operations / workers)),
                '--seed',
                String(seed + index * 7919),
              ],
              ...providers.flatMap((provider) => ['--provider', provider]),
              ...values.without.flatMap((aspect) => ['--without', aspect]),
              ...(plant === null ? [] : ['--plant', plant.name]),
            ],
            { execArgv: process.execArgv },
          );
          child.on('message', (message: { done: number } | { report: Report }) => {
            if ('report' in message) resolve(message.report);
            else {
              done[index] = message.done;
              show();
            }
          });
          child.on('exit', (code) => {
            reject(new Error(`a worker ended with ${code}`));
          });
        }),
    ),
  );
  return merge(reports);
};

/** Of further violations only what it takes to replay them. */
const shownHistories = 3;

const print = (result: CampaignResult): void => {
  for (const [index, failure] of result.failures.entries()) {
    console.log(
      `\nviolation at ${failure.provider}${failure.aspects.map((aspect) => ` ${aspect}`).join('')}: ${failure.violations.join('; ')}`,
    );
    console.log(
      `  replay it: npm run simulate -- ${[...(values.provider ?? [])].map((name) => `--provider ${name} `).join('')}${values.without.map((name) => `--without ${name} `).join('')}` +
        `--replay ${failure.seed}${plant === null ? '' : ` --plant ${plant.name}`}`,
    );
    if (index < shownHistories) for (const line of failure.history) console.log(`  ${line}`);
  }
  console.log('\nprovider      operations   violations');
  for (const [provider, { operations, violations }] of [...result.byProvider].sort()) {
    console.log(`${provider.padEnd(14)}${String(operations).padStart(10)}${String(violations).padStart(13)}`);
  }
  console.log(
    `\n${result.operations} operations in ${result.calls} calls, ${result.reconciled} with an open outcome that reconcile settled, ` +
      `${result.duplicatesDetected} doubled by the network and detected, ${result.failures.length} violations, ${seconds()} s`,
  );
};

const runExhaustive = async (): Promise<number> => {
  const depth = { calls: Number(values.calls), faults: Number(values.faults) };
  const { schedules, complete, failures } = await searchExhaustively({
    depth,
    plant,
    limit: Number(values.schedules),
    stopAtFirst: plant !== null,
    tell: (visited) => {
      console.error(`${visited} schedules, ${seconds()} s`);
    },
  });
  for (const { violations, history } of failures.slice(0, 3)) {
    console.log(`violation: ${violations.join('; ')}`);
    for (const line of history) console.log(`  ${line}`);
  }
  console.log(
    `${schedules} schedules of two merchants, ${depth.calls} calls with one key, up to ${depth.faults} faults each: ` +
      `${complete ? 'all there are' : 'not all there are'}, ${failures.length} violations, ${seconds()} s`,
  );
  return failures.length;
};

const shards = Math.max(1, Math.min(Number(values.shards), availableParallelism()));

/** Plants bugs in the sources. The number of those that nobody found, or that the simulation should have found. */
const runPlants = async (): Promise<number> => {
  console.log(`${'bug'.padEnd(70)} ${'simulate'.padEnd(12)} tests  kit`);
  const verdicts = await judgePlants({
    seed: Number(values.seed),
    operations: Number(values.operations),
    shards,
    named: values.named ?? null,
    everyJudge: values['every-judge'],
    tell: (line) => {
      console.log(line);
    },
  });
  const first = new Set(sourcePlants.slice(0, protocolPlantCount).map(({ bug }) => bug));
  const simulated = verdicts.filter(({ simulate }) => simulate.first !== null);
  const ofFirst = simulated.filter(({ bug }) => first.has(bug)).length;
  const asked = verdicts.filter(({ bug }) => first.has(bug)).length;
  const missed = verdicts.filter((verdict) => !isFound(verdict));
  console.log(
    `\n${simulated.length} of ${verdicts.length} planted bugs found by the simulation (${ofFirst} of ${asked} of the protocol), ` +
      `${missed.length} by nobody, ${seconds()} s`,
  );
  for (const { bug } of missed) console.log(`NOBODY FOUND: ${bug}`);
  // Out of its reach is what another check makes up for: the lease (the deadline), and the store's refusal to
  // let two keys claim one refund (the look leaves claimed refunds out). The tests near them find these.
  return missed.length + Math.max(0, asked - 2 - ofFirst);
};

const runRandom = async (): Promise<number> => {
  if (values.replay !== undefined) {
    const result = newResult();
    await runWorld(Number(values.replay), { providers, plant, aspects: left }, 20, result);
    print(result);
    return result.failures.length;
  }
  const operations = Number(values.operations);
  const workers = Math.max(1, Math.min(shards, Math.ceil(operations / 1000)));
  const result =
    workers === 1
      ? await campaign(operations, Number(values.seed), () => undefined)
      : await inWorkers(operations, Number(values.seed), workers);
  print(result);
  return result.failures.length;
};

if (values.help) console.log(help);
else if (values.worker) {
  const result = await campaign(Number(values.operations), Number(values.seed), (done) =>
    process.send?.({ done }),
  );
  process.send?.({ report: { ...result, byProvider: [...result.byProvider] } }, () => process.disconnect());
} else if (values.plants) {
  process.exitCode = (await runPlants()) === 0 ? 0 : 1;
} else {
  const violations = values.exhaustive ? await runExhaustive() : await runRandom();
  // With a planted bug, finding nothing is the failure.
  process.exitCode = (plant === null) === (violations === 0) ? 0 : 1;
}
