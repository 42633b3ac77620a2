import { parseArgs } from 'node:util';
import { runLaboratory } from './faults/laboratory.js';
import { clientNames, storeNames, type ClientName, type StoreName } from './faults/messages.js';
import { countFlaws, describeResult } from './faults/table.js';
import { usualProviders } from './simulate/sources.js';

const help = `npm run faults -- [options]

Real processes, real sockets, real kills: merchants call simulated providers through a proxy that breaks requests at every
phase, and the simulator's ledger says what truly happened. The faults come from the seed; the time is real.

  --operations N     writes to try (default 500)
  --seed N           default 1
  --client NAME      ${clientNames.join(', ')} (default unicharge)
  --store NAME       ${storeNames.join(', ')} (default memory); redis needs REDIS_URL, postgres DATABASE_URL,
                     sqlite takes SQLITE_FILE, else a file of its own
  --kills N          merchants to kill with SIGKILL (default 0)
  --keys             gives an SDK the order number as its idempotency key, where it takes one
  --merchants N      processes (default 3)
  --concurrency N    operations at the same time (default 24)
  --provider NAME    only this one; may be given several times
`;

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    client: { type: 'string', default: 'unicharge' },
    store: { type: 'string', default: 'memory' },
    kills: { type: 'string', default: '0' },
    keys: { type: 'boolean', default: false },
    merchants: { type: 'string', default: '3' },
    concurrency: { type: 'string', default: '24' },
    provider: { type: 'string', multiple: true },
    help: { type: 'boolean', default: false },
  },
});

const oneOf = <Name extends string>(names: readonly Name[], given: string, what: string): Name => {
  const found = names.find((name) => name === given);
  if (found === undefined) throw new RangeError(`no such ${what}: ${given} (${names.join(', ')})`);
  return found;
};

const main = async (): Promise<number> => {
  const client: ClientName = oneOf(clientNames, values.client, 'client');
  const store: StoreName = oneOf(storeNames, values.store, 'store');
  const every = usualProviders;
  const spoken = client.endsWith('-sdk') ? [oneOf(every, client.replace('-sdk', ''), 'provider')] : every;
  const providers = (values.provider ?? spoken).map((name) => oneOf(spoken, name, 'provider'));
  const result = await runLaboratory({
    seed: Number(values.seed),
    operations: Number(values.operations),
    client,
    store,
    providers,
    givesKeys: values.keys,
    kills: Number(values.kills),
    merchants: Number(values.merchants),
    concurrency: Number(values.concurrency),
    tell: (line) => {
      console.error(line);
    },
  });
  const bad = result.judged.filter(({ verdict }) => verdict.flaws.length > 0);
  for (const { story, verdict, effects, longestFlightMs } of client === 'unicharge' ? bad.slice(0, 20) : []) {
    const { plan, ends, final, writes, copies } = story;
    console.log(
      `${verdict.flaws.join('; ')}: ${plan.kind} ${plan.key} at ${plan.provider}, ${effects} effects, ${writes} writes, ${copies} copies, ` +
        `longest flight ${Math.round(longestFlightMs)} ms, faults ${plan.faults.join(' ')}, doubled ${plan.doubled}, final ${JSON.stringify(final)}`,
    );
    for (const end of ends) {
      console.log(
        `    ${end === 'killed' ? end : end.done ? `done ${end.id}` : `${end.name} ${end.outcome}: ${end.message}`}`,
      );
    }
  }
  console.log(`\n${describeResult(result)}\n`);
  const flaws = countFlaws(result.judged);
  const unknown = result.judged.filter(({ verdict }) => verdict.unknown).length;
  console.log(
    `${result.judged.length} operations in ${result.calls} calls by ${client}${client === 'unicharge' ? ` with the ${store} store` : ''}, ` +
      `${result.kills} processes killed, ${flaws} violations, ${unknown} stay unknown, ${result.seconds.toFixed(0)} s`,
  );
  return flaws;
};

if (values.help) console.log(help);
else process.exit((await main()) === 0 ? 0 : 1);
