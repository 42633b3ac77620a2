import { describe, test } from 'vitest';
import { createJustifi } from '../../src/providers/justifi/index.js';
import { testChargesClient } from '../../src/testing/conformance/index.js';
import { simulatedAccount } from './simulated-account.js';

describe('JustiFi', async () => {
  const { options } = await simulatedAccount('justifi', createJustifi);
  testChargesClient(test, { ...options, currency: 'USD' });
});
