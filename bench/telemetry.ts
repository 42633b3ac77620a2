import { parseArgs } from 'node:util';
import type { ClientEvent, EventListener } from '../src/index.js';
import { traceCharges } from '../src/opentelemetry/index.js';
import { createStripe } from '../src/providers/stripe/index.js';
import { createFakeClient } from '../src/testing/index.js';
import { takeAnswers } from './speed/canned-answers.js';
import { compile, startServer } from './speed/programs.js';
import { median, ratioOf } from './speed/statistics.js';

/**
 * What listening costs a call without a registered SDK, as `npm run bench:telemetry`: the listener alone, a call without a
 * network, and a call over HTTP against a static server in a process of its own. Rounds alternate and change their order, so that what else the machine does
 * hits all alike; a ratio is that of one round, and what is told is the median of the ratios with their quartiles.
 */

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '61' } } });
const rounds = Number(values.rounds);
const listeners: Readonly<Record<string, EventListener | undefined>> = {
  'no onEvent': undefined,
  'an empty onEvent': () => undefined,
  'traceCharges, no SDK': traceCharges(),
};
const names = Object.keys(listeners);

/** Microseconds of processor time a call, user and system. */
const costOf = async (calls: number, one: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call += 1) await one();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
};

const measure = async (
  title: string,
  calls: number,
  clientOf: (onEvent: EventListener | undefined) => () => Promise<unknown>,
): Promise<void> => {
  const ones = new Map(names.map((name) => [name, clientOf(listeners[name])]));
  const results = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = -3; round < rounds; round += 1) {
    // Whoever comes first in a round pays for what the one before left behind: everybody comes first as often.
    const turn = (round + names.length) % names.length;
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) {
      const cost = await costOf(calls, ones.get(name) ?? (() => Promise.resolve()));
      if (round >= 0) results.get(name)?.push(cost);
    }
  }
  console.log(title);
  const base = results.get('no onEvent') ?? [];
  for (const [name, values] of results) {
    const ratio = ratioOf(values, base);
    console.log(
      `  ${name.padEnd(22)} ${median(values).toFixed(0).padStart(5)} µs a call   ` +
        `${ratio.median.toFixed(3)} [${ratio.lower.toFixed(3)}-${ratio.upper.toFixed(3)}]`,
    );
  }
};

/** What the listener alone costs: it is told the same events of one call again and again, so that no machine is too busy for it. */
const measureAlone = async (origin: string): Promise<void> => {
  const events: ClientEvent[] = [];
  const charges = createStripe({ secretKey, baseUrl: origin, onEvent: (event) => events.push(event) });
  await charges.create(order);
  console.log(`the listener alone, for the ${events.length} events of a call over HTTP`);
  for (const [name, onEvent] of Object.entries(listeners)) {
    if (onEvent === undefined) continue;
    const cost = await costOf(20, () => {
      for (let call = 0; call < 10_000; call += 1) for (const event of events) onEvent(event);
      return Promise.resolve();
    });
    console.log(`  ${name.padEnd(22)} ${(cost / 10_000).toFixed(2).padStart(5)} µs a call`);
  }
};

const secretKey = 'sk_test_bench';
const order = { amount: 4590, currency: 'EUR', source: 'pm_card_visa' };
const fakes = { amount: 4590, currency: 'EUR', source: 'approved' };
await compile();
const canned = await takeAnswers();
const server = await startServer(canned.server);
await measureAlone(server.origin);
await measure('without a network', 200, (onEvent) => {
  // A fresh client each round would be measured, too; one that keeps all charges would grow slower.
  let charges = createFakeClient({ onEvent });
  let made = 0;
  return () => {
    made += 1;
    if (made % 200 === 0) charges = createFakeClient({ onEvent });
    return charges.create(fakes);
  };
});

await measure('over HTTP', 200, (onEvent) => {
  const charges = createStripe({ secretKey, baseUrl: server.origin, onEvent });
  return () => charges.create(order);
});
server.stop();
