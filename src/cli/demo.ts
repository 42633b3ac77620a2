import { createJustifi } from '../providers/justifi/index.js';
import { createMagpie } from '../providers/magpie/index.js';
import { createOmise } from '../providers/omise/index.js';
import { createPaymongo } from '../providers/paymongo/index.js';
import { createPin } from '../providers/pin/index.js';
import { createStripe } from '../providers/stripe/index.js';
import { startSimulator, type SimulatedProvider } from '../testing/index.js';
import { compareWithLedger, runLifecycle, type Shop } from './demo/lifecycle.js';
import { formatTable } from './demo/table.js';
import { allWell, couldNotWork } from './refusal.js';
import type { Terminal } from './terminal.js';

/**
 * One lifecycle of charges at every provider, against the simulator: the same code everywhere. Ends with 1 when a step
 * deviates from what it should do, or when the ledger disagrees with what the library says.
 */
export const runDemo = async (terminal: Terminal): Promise<number> => {
  const simulator = await startSimulator();
  const { settings } = simulator;
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
    paymongo: { charges: createPaymongo(settings('paymongo')), currency: 'PHP' },
  };
  try {
    const columns = await Promise.all(
      simulator.providers.map(async (provider) => ({
        name: provider,
        cells: await runLifecycle(simulator, provider, shops[provider]),
      })),
    );
    terminal.out(`${formatTable(columns)}\n`);
    const compared = await Promise.all(
      simulator.providers.map((provider) => compareWithLedger(simulator, provider, shops[provider])),
    );
    const differences = compared.flat();
    const deviations = columns
      .flatMap(({ cells }) => [...cells.values()])
      .filter(({ kind }) => kind === 'deviated');
    const { green, red } = terminal.colours;
    if (differences.length > 0) {
      terminal.out(red(`The ledger disagrees with the library:\n${differences.join('\n')}`));
    } else {
      const count = simulator.ledger.charges().length;
      terminal.out(
        green(
          `The ledger agrees: each of its ${count} charges has the status and the amounts that the library says.`,
        ),
      );
    }
    if (deviations.length > 0) terminal.out(red(`${deviations.length} steps deviate.`));
    return differences.length + deviations.length > 0 ? couldNotWork : allWell;
  } finally {
    await simulator.close();
  }
};
