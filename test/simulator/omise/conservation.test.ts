import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OmiseSwitches } from '../../../src/simulator/omise/switches.js';
import { openAccount } from './account.js';

const hour = 3_600_000;
const amount = fc.constantFrom(1, 500, 2000, 40_000, 100_000, 100_001);
const which = fc.nat(5);

/** What a merchant, a payer or time may do next. */
const step = fc.oneof(
  fc.record({
    do: fc.constant('create' as const),
    amount,
    capture: fc.boolean(),
    preAuth: fc.boolean(),
    kind: fc.constantFrom('approved', 'declined', 'requires_3ds', 'alipay_cn', 'promptpay'),
  }),
  fc.record({ do: fc.constantFrom('capture', 'refund'), which, amount }),
  fc.record({
    do: fc.constantFrom('reverse', 'expire', 'mark_as_paid', 'mark_as_failed', 'disputes'),
    which,
  }),
  fc.record({ do: fc.constantFrom('approve' as const, 'decline' as const), which }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.nat(200) }),
);

const switches: fc.Arbitrary<Partial<OmiseSwitches>> = fc.record({
  captureAmountWithoutPreAuth: fc.constantFrom('ignored', 'refused'),
  lapsedAuthorization: fc.constantFrom('reversed', 'expired'),
  abandonedChallenge: fc.constantFrom('expired', 'failed'),
  everySourceExpires: fc.boolean(),
});

/** The ledger's word for what an adapter may read from the wire. */
const stateOf = (charge: Record<string, unknown>, expired: boolean): string[] => {
  switch (charge['status']) {
    case 'successful':
      return ['captured'];
    case 'reversed':
      return [expired ? 'expired' : 'voided'];
    case 'pending':
      return charge['authorized'] === true ? ['authorized'] : ['pending', 'requires_action'];
    default:
      return [String(charge['status'])];
  }
};

describe('whatever happens to charges of Omise', () => {
  it('the wire tells what the ledger holds, and no money appears or vanishes', async () => {
    await fc.assert(
      fc.asyncProperty(switches, fc.array(step, { minLength: 1, maxLength: 25 }), async (given, steps) => {
        const { call, charge, simulator } = openAccount(given);
        const made: { id: string; page: string | null }[] = [];
        for (const next of steps) {
          if (next.do === 'wait') {
            simulator.clock.advance(next.hours * hour);
            continue;
          }
          if (next.do === 'create') {
            const payer =
              next.kind === 'alipay_cn' || next.kind === 'promptpay'
                ? { source: { type: next.kind } }
                : { card: simulator.source('omise', next.kind) };
            const { status, body } = await charge({
              ...payer,
              amount: next.amount,
              capture: next.capture,
              return_uri: 'https://shop.example',
              ...(next.preAuth ? { authorization_type: 'pre_auth' } : {}),
            });
            if (status === 200) made.push({ id: body.id, page: body.authorize_uri });
            continue;
          }
          const target = made[next.which];
          if (target === undefined) continue;
          if (next.do === 'approve' || next.do === 'decline') {
            if (target.page !== null) simulator.pay(target.page, next.do);
          } else {
            const parameters =
              'amount' in next ? { capture_amount: next.amount, amount: next.amount } : undefined;
            const path = `/charges/${target.id}/${next.do === 'refund' ? 'refunds' : next.do}`;
            const { status } = await call('POST', path, parameters);
            expect([200, 400]).toContain(status);
          }
        }
        const truth = simulator.ledger.charges('omise');
        expect(truth.map((each) => each.id)).toEqual(made.map((each) => each.id));
        for (const entry of truth) {
          const { body } = await call('GET', `/charges/${entry.id}`);
          const lapsed = body.reversed_at !== null && body.reversed_at >= body.expires_at;
          expect(stateOf(body, lapsed)).toContain(entry.state);
          expect(body.refunded_amount).toBe(entry.amountRefunded);
          expect(body.paid ? body.captured_amount : 0).toBe(entry.amountCaptured);
          const { body: refunds } = await call('GET', `/charges/${entry.id}/refunds`);
          expect(refunds.total).toBe(entry.refunds.length);
        }
      }),
      { numRuns: 150, seed: 81 },
    );
  });
});
