/** Acme's test file: the kit with the runner of Node. Run it with `npx tsx --test examples/custom-provider/conformance.ts`. */
import { after, test } from 'node:test';
import { money } from 'unicharge';
import { createFaultServer, testChargesClient } from 'unicharge/testing';
import { createAcme } from '../custom-provider.js';
import { createAcmeServer, operationOf } from './acme-server.js';

const acme = createAcmeServer();
const server = await createFaultServer(
  ({ body, ...request }) =>
    acme.handle({ ...request, body: JSON.parse(body || '{}') as Record<string, unknown> }),
  { operationOf },
);
after(server.close);
const states = { HELD: 'authorized', PAID: 'captured', RELEASED: 'voided', DECLINED: 'failed' } as const;

testChargesClient(test, {
  createClient: (overrides) =>
    createAcme({ secretKey: 'test_acme_key', baseUrl: server.url, settleMs: 50, ...overrides }),
  sources: {
    approved: () => 'tok_approved',
    declined: () => 'tok_declined',
    insufficientFunds: () => 'tok_no_funds',
  },
  currency: 'EUR',
  currencies: ['JPY', 'KWD'],
  livemode: false,
  secrets: ['test_acme_key'],
  faults: { inject: server.inject, clear: server.clearFaults },
  requests: server.requests,
  webhooks: {
    secret: 'acme_webhook_secret',
    deliver: (id, ageMs) => acme.notify(id, 'acme_webhook_secret', Date.now() - ageMs),
  },
  ledger: () =>
    acme.payments().map(({ id, amount, currency, state, refunds }) => {
      const cents = (text: string): number => money.fromDecimal(text, currency);
      return {
        id,
        amount: cents(amount),
        currency,
        amountCaptured: state === 'PAID' ? cents(amount) : 0,
        amountRefunded: refunds.reduce((sum, refund) => sum + cents(refund.amount), 0),
        state: states[state],
        refunds: refunds.map((refund) => ({ id: refund.id, amount: cents(refund.amount) })),
      };
    }),
});
