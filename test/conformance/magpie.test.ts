import { describe, test } from 'vitest';
import { createMagpie } from '../../src/providers/magpie/index.js';
import { testChargesClient } from '../../src/testing/conformance/index.js';
import { simulatedAccount } from './simulated-account.js';

describe('Magpie', async () => {
  const { options, challenged } = await simulatedAccount('magpie', createMagpie);
  testChargesClient(test, {
    ...options,
    sources: { ...options.sources, ...challenged },
    currency: 'PHP',
    params: { description: 'Order 81', statementDescriptor: 'SHOP' },
  });
});
