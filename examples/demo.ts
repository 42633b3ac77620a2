/**
 * One lifecycle of charges at every provider, against the simulator: the same code everywhere. Exits with 1 when a step
 * deviates from what it should do, or when the ledger disagrees with what the library says.
 */
import { createJustifi } from 'unicharge/justifi';
import { createMagpie } from 'unicharge/magpie';
import { createOmise } from 'unicharge/omise';
import { createPin } from 'unicharge/pin';
import { createStripe } from 'unicharge/stripe';
import { startSimulator, type SimulatedProvider } from 'unicharge/testing';
import { compareWithLedger, runLifecycle, type Shop } from './demo/lifecycle.js';
import { formatTable } from './demo/table.js';

const simulator = await startSimulator();
const settings = simulator.settings;

const shops: Record<SimulatedProvider, Shop> = {
  stripe: { charges: createStripe(settings('stripe')), currency: 'EUR' },
  omise: { charges: createOmise(settings('omise')), currency: 'THB' },
  magpie: {
    charges: createMagpie(settings('magpie')),
    currency: 'PHP',
    required: { description: 'Order 81', statementDescriptor: 'SHOP' },
  },
  pin: {
    charges: createPin(settings('pin')),
    currency: 'AUD',
    required: { description: 'Order 81', email: 'kim@shop.example', ip: '198.51.100.7' },
  },
  justifi: { charges: createJustifi(settings('justifi')), currency: 'USD' },
};

const columns = await Promise.all(
  simulator.providers.map(async (provider) => ({
    name: provider,
    cells: await runLifecycle(simulator, provider, shops[provider]),
  })),
);
console.log(`${formatTable(columns)}\n`);

const compared = await Promise.all(
  simulator.providers.map((provider) => compareWithLedger(simulator, provider, shops[provider])),
);
const differences = compared.flat();
const deviations = columns
  .flatMap(({ cells }) => [...cells.values()])
  .filter(({ kind }) => kind === 'deviated');
const count = simulator.ledger.charges().length;
await simulator.close();

if (differences.length > 0) {
  console.log(`The ledger disagrees with the library:\n${differences.join('\n')}`);
} else {
  console.log(
    `The ledger agrees: each of its ${count} charges has the status and the amounts that the library says.`,
  );
}
if (deviations.length > 0) console.log(`${deviations.length} steps deviate.`);
process.exitCode = differences.length + deviations.length > 0 ? 1 : 0;
