import { describe, test } from 'vitest';
import { createPin } from '../../src/providers/pin/index.js';
import { testChargesClient } from '../../src/testing/conformance/index.js';
import { simulatedAccount } from './simulated-account.js';

describe('Pin Payments', async () => {
  const { options, challenged } = await simulatedAccount('pin', (settings) =>
    createPin({ ...settings, environment: 'test' }),
  );
  testChargesClient(test, {
    ...options,
    sources: { ...options.sources, ...challenged },
    currency: 'AUD',
    currencies: ['JPY', 'USD'],
    params: { description: 'Order 81', email: 'kim@shop.example', ip: '198.51.100.7' },
    verification: (returnedTo, { id }) => ({
      sessionToken: new URL(returnedTo).searchParams.get('session_token') ?? '',
      chargeId: id,
    }),
  });
});
