import { describe, test } from 'vitest';
import { createFakeClient } from '../../src/testing/fake-client.js';
import { testChargesClient } from '../../src/testing/conformance/index.js';

describe('the fake client', () => {
  const { control } = createFakeClient();
  const idOf = (url: string): string => new URL(url).pathname.slice(1);
  testChargesClient(test, {
    createClient: (overrides) => control.anotherClient(overrides),
    currency: 'EUR',
    currencies: ['JPY', 'KWD'],
    livemode: false,
    sources: {
      approved: () => 'approved',
      declined: () => 'declined',
      insufficientFunds: () => 'insufficient_funds',
      requires3DS: () => 'requires_3ds',
      expirable: () => 'requires_3ds',
    },
    faults: { inject: control.inject, clear: control.clearFaults },
    ledger: control.charges,
    requests: control.requests,
    tamperedClient: control.tamperedClient,
    payer: {
      approve: (url) => {
        control.approve(idOf(url));
        return Promise.resolve(url);
      },
      decline: (url) => {
        control.decline(idOf(url));
        return Promise.resolve(url);
      },
    },
  });
});
