import { ChargesError } from '../../src/errors.js';
import { memoryStore } from '../../src/stores/memory.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';
import type { SimulatedSettings } from '../../src/testing/index.js';

/** What the test hands over. */
interface World {
  readonly omise: SimulatedSettings<'omise'>;
  readonly stripe: SimulatedSettings<'stripe'>;
  readonly sources: readonly string[];
}

const { omise, stripe, sources } = JSON.parse(process.env['UNICHARGE_SCREENS'] ?? '{}') as World;
// Their writes are three hours old for whoever reads the clock of this machine.
const threeHoursMs = 3 * 3_600_000;
let loses = true;
const store = memoryStore({ runtime: { now: () => Date.now() - (loses ? threeHoursMs : 0) } });

export const clients = {
  omise: createOmise({ ...omise, store }),
  stripe: createStripe({ ...stripe, store, webhookSecret: 'whsec_c2NyZWVucw' }),
};

// The simulator loses the answers of these; the store is new in every process.
for (const [index, source] of sources.entries()) {
  await clients.omise
    .create(
      { amount: 45_900, currency: 'THB', source },
      { idempotencyKey: `order-${index + 1}`, maxRetries: 0 },
    )
    .catch((error: unknown) => {
      if (!(error instanceof ChargesError) || error.outcome !== 'unknown') throw error;
    });
}
loses = false;
