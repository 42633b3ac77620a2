import { parseArgs } from 'node:util';
import * as z from 'zod';
import { storeNames, wayNames, type StoreName, type WayName } from './faults/messages.js';
import { runRealCampaign, type RealResult } from './route-faults/real-campaign.js';
import { describeReal, describeViolations, isSoundRun } from './route-faults/real-table.js';
import { runRouteCampaign, type RouteTally } from './route-faults/campaign.js';
import type { Way } from './route-faults/episode.js';
import { firstAnswers, searchRoutes } from './route-faults/exhaustive.js';
import { judgePlanted, routerPlants } from './route-faults/plants.js';

const help = `npm run route-faults -- [options]

Lets processes charge keys over all pairs of simulated providers that share a currency, in virtual time: requests that are
refused, lost, late, answered with 500, 502 or 429, declines, providers out of reach, processes that die or freeze, store calls that
fail. The ledger says what truly happened. Beside it, what a shop writes first: catch, and try the next provider.

With --store the processes, sockets, kills and time are real, as in \`npm run faults\`: a proxy breaks requests at every phase.

  --operations N  keys (default 1000)
  --seed N        default 1
  --store NAME    ${storeNames.join(', ')}; redis needs REDIS_URL, postgres DATABASE_URL,
                  sqlite takes SQLITE_FILE, else a file of its own
  --kills N       with --store: processes to kill with SIGKILL (default 0)
  --merchants N   with --store: processes (default 3)
  --concurrency N with --store: payments at the same time (default 24)
  --plants        plants bugs in copies of the router instead, and says which judge finds them
  --schedules N   visits every schedule of two processes with one key instead, up to N faults in each
  --first WORD    with --schedules: only with a first provider that ${firstAnswers.join(', ')}
  --replay        prints the history of the first failure
`;

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    store: { type: 'string' },
    kills: { type: 'string', default: '0' },
    merchants: { type: 'string', default: '3' },
    concurrency: { type: 'string', default: '24' },
    schedules: { type: 'string' },
    first: { type: 'string' },
    plants: { type: 'boolean', default: false },
    replay: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const operations = Number(values.operations);
const seed = Number(values.seed);

const row = (name: string, tally: RouteTally): string =>
  `| ${[
    name,
    tally.keys,
    tally.calls,
    tally.paid,
    tally.atTwoRoutes,
    tally.twiceAtOne,
    tally.misreported,
    tally.lost,
    tally.forbidden,
    tally.rescued,
  ].join(' | ')} |`;

const runBoth = async (): Promise<boolean> => {
  console.log(
    '| way | keys | calls | paid | charged at two routes | twice at one | misreported | lost | went on though forbidden | rescued by the second |',
  );
  console.log('|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|');
  let isSound = true;
  const ways: readonly (readonly [string, Way])[] = [
    ['`createRouter`', 'router'],
    ['catch, and try the next', 'naive'],
  ];
  for (const [name, way] of ways) {
    const { total, byPair, failures } = await runRouteCampaign({ seed, operations, way });
    console.log(row(name, total));
    if (way === 'naive') continue;
    for (const [pair, tally] of byPair) console.log(row(pair, tally));
    isSound = failures.length === 0;
    for (const failure of failures.slice(0, 5)) console.error(failure.seed, failure.pair, failure.violations);
    if (values.replay) console.error(failures[0]?.history.join('\n') ?? 'nothing failed');
  }
  return isSound;
};

const runReal = async (store: StoreName): Promise<boolean> => {
  const results: [WayName, RealResult][] = [];
  for (const way of wayNames) {
    const { merchants, concurrency, kills } = values;
    const result = await runRealCampaign({
      seed,
      operations,
      way,
      store,
      kills: Number(kills),
      merchants: Number(merchants),
      concurrency: Number(concurrency),
      tell: (line) => {
        console.error(`${way}: ${line}`);
      },
    });
    results.push([way, result]);
  }
  console.log(describeReal(results));
  const [, routed] = results[0] as (typeof results)[number];
  for (const line of describeViolations(routed).slice(0, 20)) console.error(line);
  return isSoundRun(routed);
};

const runPlants = async (): Promise<boolean> => {
  let areFound = true;
  console.log('| bug | schedules | storms |\n|---|---|---|');
  for (const plant of routerPlants) {
    const { schedules, storms } = await judgePlanted(plant, { operations, seed, everyJudge: true });
    areFound &&= (schedules ?? storms) !== null;
    console.log(`| \`${plant.name}\`: ${plant.what} | ${schedules ?? '-'} | ${storms ?? '-'} |`);
  }
  return areFound;
};

const runSchedules = async (faults: number): Promise<boolean> => {
  console.log('| the first provider | schedules of two calls | complete | violations |\n|---|---:|---|---:|');
  const begun = performance.now();
  const answers = firstAnswers.filter((name) => values.first === undefined || values.first === name);
  if (answers.length === 0)
    throw new RangeError(`no such answer: ${values.first} (${firstAnswers.join(', ')})`);
  // Thousands of clients are opened, each with schemas of its own: zod would compile every one of them.
  z.config({ jitless: true });
  const searches = await searchRoutes({ calls: 2, faults }, 10_000_000, false, {
    answers,
    tell: (schedules) => {
      console.error(`${schedules} schedules, ${Math.round((performance.now() - begun) / 1000)} s`);
    },
  });
  for (const { first, schedules, complete, failures } of searches) {
    console.log(`| ${first} | ${schedules} | ${complete ? 'yes' : 'no'} | ${failures.length} |`);
    const [failure] = failures;
    if (failure !== undefined) console.error(failure.violations, failure.history.join('\n'));
  }
  return searches.every(({ failures, complete }) => failures.length === 0 && complete);
};

if (values.help) console.log(help);
else if (values.schedules !== undefined)
  process.exitCode = (await runSchedules(Number(values.schedules))) ? 0 : 1;
else if (values.plants) process.exitCode = (await runPlants()) ? 0 : 1;
else if (values.store !== undefined) {
  const named = storeNames.find((name) => name === values.store);
  if (named === undefined) throw new RangeError(`no such store: ${values.store} (${storeNames.join(', ')})`);
  process.exit((await runReal(named)) ? 0 : 1);
} else process.exitCode = (await runBoth()) ? 0 : 1;
