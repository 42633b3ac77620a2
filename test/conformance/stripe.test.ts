import { describe, test } from 'vitest';
import { createStripe } from '../../src/providers/stripe/index.js';
import { testChargesClient } from '../../src/testing/conformance/index.js';
import { simulatedAccount } from './simulated-account.js';

describe('Stripe in payment intents mode', async () => {
  const { options, challenged } = await simulatedAccount('stripe', createStripe);
  testChargesClient(test, {
    ...options,
    sources: { ...options.sources, ...challenged },
    currency: 'EUR',
    currencies: ['JPY', 'KWD', 'ISK', 'UGX'],
  });
});

describe('Stripe in charges mode', async () => {
  const { options } = await simulatedAccount('stripe', (settings) =>
    createStripe({ ...settings, api: 'charges' }),
  );
  testChargesClient(test, { ...options, currency: 'EUR', currencies: ['JPY', 'KWD', 'ISK', 'UGX'] });
});
