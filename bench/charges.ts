import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Stripe } from 'stripe';
import { Bench } from 'tinybench';
import { createStripe } from '../src/providers/stripe/index.js';

/**
 * Charges and reads per second over real HTTP, against the official SDK in the same run: the machine drifts, the ratio does
 * not. The simulator runs in a process of its own. Usage: npx tsx bench/charges.ts
 */

const cli = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const simulator = spawn(process.execPath, ['--import', 'tsx', cli, 'simulator'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});

const printed: string[] = [];
for await (const line of createInterface({ input: simulator.stdout })) {
  printed.push(line);
  if (line.startsWith('Stop')) break;
}
const [, secretKey, baseUrl] =
  /stripe\n {2}secretKey: (\S+)\n {2}baseUrl: (\S+)/.exec(printed.join('\n')) ?? [];
if (secretKey === undefined || baseUrl === undefined) throw new Error('the simulator printed no settings');

try {
  const { hostname, port } = new URL(baseUrl);
  const stripe = new Stripe(secretKey, { host: hostname, port, protocol: 'http' });
  const charges = createStripe({ secretKey, baseUrl });

  const theirs = async () =>
    stripe.paymentIntents.create({
      amount: 4590,
      currency: 'eur',
      confirm: true,
      payment_method: 'pm_card_visa',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      expand: ['latest_charge'],
    });
  const ours = async () => charges.create({ amount: 4590, currency: 'EUR', source: 'pm_card_visa' });
  const { id } = await ours();

  const pairs = [
    { what: 'create', theirs, ours },
    {
      what: 'retrieve',
      theirs: async () => stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] }),
      ours: async () => charges.retrieve(id),
    },
  ];
  const bench = new Bench({ time: 3000, warmupTime: 500 });
  for (const pair of pairs)
    bench.add(`${pair.what} stripe`, pair.theirs).add(`${pair.what} unicharge`, pair.ours);
  await bench.run();

  const perSecond = (name: string): number => {
    const result = bench.getTask(name)?.result;
    if (result === undefined || !('throughput' in result)) throw new Error(`${name} did not run.`);
    return result.throughput.mean;
  };
  for (const { what } of pairs) {
    const base = perSecond(`${what} stripe`);
    const rate = perSecond(`${what} unicharge`);
    console.log(
      `${what.padEnd(10)}stripe ${String(Math.round(base)).padStart(6)} per second, ` +
        `unicharge ${String(Math.round(rate)).padStart(6)} per second: ${(rate / base).toFixed(2)} of stripe`,
    );
  }
} finally {
  simulator.kill();
}
