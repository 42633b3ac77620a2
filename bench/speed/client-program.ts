import { operationsOf, type Operations } from './contestants.js';
import { storeTrips } from './durable-stores.js';
import type { Batch, ClientReply, ClientSetup, Measured } from './messages.js';
import { quantile } from './statistics.js';

/** One contestant, a process of its own: it makes the calls that it is told to make, and says what they cost it. */

const measure = async (operations: Operations, { operation, inFlight, calls }: Batch): Promise<Measured> => {
  const call = operations[operation];
  if (call === undefined) throw new Error(`there is no ${operation} here`);
  const one = await call.prepare();
  const latencies = new Float64Array(calls);
  let started = 0;
  const lane = async (): Promise<void> => {
    while (started < calls) {
      const index = started;
      started += 1;
      const at = performance.now();
      await one();
      latencies[index] = performance.now() - at;
    }
  };
  const tripsBefore = storeTrips();
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  await Promise.all(Array.from({ length: inFlight }, lane));
  const elapsed = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpuBefore);
  const things = calls * call.thingsOfCall;
  return {
    cpu: (user + system) / things,
    rate: (things / elapsed) * 1000,
    p50: quantile([...latencies], 0.5),
    p99: quantile([...latencies], 0.99),
    elapsed,
    storeTrips: (storeTrips() - tripsBefore) / things,
  };
};

const reply = (message: ClientReply | 'ready'): void => {
  process.send?.(message);
};

let operations: Promise<Operations> | null = null;
const answer = async (message: ClientSetup | Batch): Promise<ClientReply | 'ready'> => {
  if ('contestant' in message) {
    operations = operationsOf(message);
    await operations;
    return 'ready';
  }
  if (operations === null) throw new Error('a batch came before the setup');
  return { measured: await measure(await operations, message) };
};

process.on('message', (message: ClientSetup | Batch) => {
  answer(message).then(reply, (error: unknown) => {
    reply({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  });
});
process.on('disconnect', () => process.exit(0));
