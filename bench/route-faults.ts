import { parseArgs } from 'node:util';
import { runRouteCampaign, type RouteTally } from './route-faults/campaign.js';
import type { Way } from './route-faults/episode.js';
import { judgePlanted, routerPlants } from './route-faults/plants.js';

const help = `npm run route-faults -- [options]

Lets processes charge keys over all pairs of simulated providers that share a currency, in virtual time: requests that are
refused, lost, late, answered with 500, 502 or 429, declines, providers out of reach, processes that die or freeze, store calls that
fail. The ledger says what truly happened. Beside it, what a shop writes first: catch, and try the next provider.

  --operations N  keys (default 1000)
  --seed N        default 1
  --plants        plants bugs in copies of the router instead, and says which of them are found
  --replay        prints the history of the first failure
`;

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
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

const runPlants = async (): Promise<boolean> => {
  let areFound = true;
  for (const plant of routerPlants) {
    const found = await judgePlanted(plant, { operations, seed });
    areFound &&= found !== null;
    console.log(`${plant.name}: ${found ?? 'NOT FOUND'}`);
  }
  return areFound;
};

if (values.help) console.log(help);
else if (values.plants) process.exitCode = (await runPlants()) ? 0 : 1;
else process.exitCode = (await runBoth()) ? 0 : 1;
