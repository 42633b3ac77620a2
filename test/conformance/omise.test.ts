import { describe, test } from 'vitest';
import { createOmise } from '../../src/providers/omise/index.js';
import { testChargesClient } from '../../src/testing/conformance/index.js';
import { simulatedAccount } from './simulated-account.js';

describe('Omise', async () => {
  const { options, challenged } = await simulatedAccount('omise', createOmise);
  testChargesClient(test, {
    ...options,
    sources: { ...options.sources, ...challenged },
    currency: 'THB',
    currencies: ['JPY', 'USD'],
  });
});
