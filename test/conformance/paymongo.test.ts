import { describe, test } from 'vitest';
import { createPaymongo } from '../../src/providers/paymongo/index.js';
import { testChargesClient } from '../../src/testing/conformance/index.js';
import { simulatedAccount } from './simulated-account.js';

describe('paymongo', async () => {
  const { options, challenged } = await simulatedAccount('paymongo', createPaymongo);
  testChargesClient(test, {
    ...options,
    sources: { ...options.sources, ...challenged },
    currency: 'PHP',
  });
});
