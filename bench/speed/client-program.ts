import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { operationsOf, type Operations } from './contestants.js';
import { storeTrips } from './durable-stores.js';
import type { Batch, ClientReply, ClientSetup, Measured } from './messages.js';
import { quantile } from './statistics.js';

/** One contestant, a process of its own: it makes the calls that it is told to make, and says what they cost it. */

/** Microseconds between two samples of a profile. */
const sampleEvery = 100;

/** Runs the work under the profiler of this process, and writes what it saw. */
const profiled = async (file: string, work: () => Promise<unknown>): Promise<void> => {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: sampleEvery });
  await session.post('Profiler.start');
  await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  writeFileSync(file, JSON.stringify(profile));
};

const measure = async (operations: Operations, batch: Batch): Promise<Measured> => {
  const { operation, inFlight, calls, profile } = batch;
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
  const lanes = () => Promise.all(Array.from({ length: inFlight }, lane));
  await (profile === undefined ? lanes() : profiled(profile, lanes));
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
