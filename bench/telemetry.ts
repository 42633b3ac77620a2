import { traceCharges } from '../src/opentelemetry/index.js';
import { createFakeClient } from '../src/testing/index.js';
import type { EventListener } from '../src/index.js';

/**
 * What listening costs a call, without HTTP and without a registered SDK, as `npm run bench:telemetry`. Rounds alternate, so
 * that what else the machine does hits all alike; each figure is the median of its rounds.
 */

const rounds = 15;
const callsARound = 400;
const params = { amount: 4590, currency: 'EUR', source: 'approved' };

const listeners: Readonly<Record<string, EventListener | undefined>> = {
  'no onEvent': undefined,
  'an empty onEvent': () => undefined,
  'traceCharges, no SDK': traceCharges(),
};

/** Microseconds of processor time a call. */
const roundOf = async (onEvent: EventListener | undefined): Promise<number> => {
  const charges = createFakeClient({ onEvent });
  const before = process.cpuUsage();
  for (let call = 0; call < callsARound; call += 1) await charges.create(params);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / callsARound;
};

const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;

const results = new Map(Object.keys(listeners).map((name) => [name, [] as number[]]));
for (const onEvent of Object.values(listeners)) await roundOf(onEvent);
for (let round = 0; round < rounds; round += 1) {
  for (const [name, onEvent] of Object.entries(listeners)) results.get(name)?.push(await roundOf(onEvent));
}
const base = median(results.get('no onEvent') ?? []);
for (const [name, values] of results) {
  const own = median(values);
  console.log(`${name.padEnd(22)} ${own.toFixed(0).padStart(5)} µs a call   ${(own / base).toFixed(3)}`);
}
