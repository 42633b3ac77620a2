import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PinSwitches } from '../../../src/simulator/pin/switches.js';
import { type Answer, openAccount, rawCard } from './account.js';

const hour = 3_600_000;
const amount = fc.constantFrom(1, 99, 500, 1250, 1251);
const which = fc.nat(5);

/** What a merchant, a payer or time may do next. */
const step = fc.oneof(
  fc.record({
    do: fc.constant('create' as const),
    amount,
    capture: fc.boolean(),
    kind: fc.constantFrom('approved', 'declined', 'insufficient_funds', 'requires_3ds', 'gateway_error'),
  }),
  fc.record({ do: fc.constantFrom('capture', 'refund'), which, amount: fc.option(amount) }),
  fc.record({ do: fc.constant('void'), which }),
  fc.record({ do: fc.constantFrom('approve' as const, 'decline' as const), which }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.nat(200) }),
);

const switches: fc.Arbitrary<Partial<PinSwitches>> = fc.record({
  challengeEveryCard: fc.boolean(),
  pendingSuccess: fc.constantFrom(null, false),
  challengeLifetimeMs: fc.constantFrom(null, hour),
  captureAfterVerifyMs: fc.constantFrom(0, hour),
  failedVerifyAs: fc.constantFrom('error', 'charge'),
  repeatedVerifyAs: fc.constantFrom('not_found', 'charge'),
  gatewayErrorCharge: fc.constantFrom('failed', 'successful'),
  refundSettlesAfterMs: fc.constantFrom(null, hour),
  refundOutcome: fc.constantFrom('succeeds', 'fails'),
  settledRefundSuccess: fc.constantFrom(true, null),
  insufficientBalance: fc.boolean(),
});

/** The ledger's word for what an adapter may read from the flags of the wire. */
const stateOf = (charge: Answer['body']): string => {
  if (charge.captured === true) return 'captured';
  if (charge.success !== true && charge.status_message === 'Pending') return 'requires_action';
  if (charge.authorisation_voided === true) return 'voided';
  if (charge.authorisation_expired === true) return 'expired';
  return charge.success === true ? 'authorized' : 'failed';
};

describe('whatever happens to charges of Pin', () => {
  it('the wire tells what the ledger holds, and no money appears or vanishes', async () => {
    await fc.assert(
      fc.asyncProperty(switches, fc.array(step, { minLength: 1, maxLength: 25 }), async (given, steps) => {
        const { call, charge, simulator } = openAccount(given);
        const made: { token: string; page: string | null }[] = [];
        for (const next of steps) {
          if (next.do === 'wait') {
            simulator.clock.advance(next.hours * hour);
            continue;
          }
          if (next.do === 'create') {
            const source =
              next.kind === 'gateway_error'
                ? { card: rawCard('4300000000000009') }
                : { card_token: simulator.source('pin', next.kind) };
            const { status, body } = await charge({
              ...source,
              amount: next.amount,
              capture: next.capture,
              three_d_secure: { enabled: true, callback_url: 'https://shop.example' },
            });
            expect([201, 202, 400, 422, 502]).toContain(status);
            const token = (body.response?.token ?? body.charge_token) as string | undefined;
            if (token !== undefined) made.push({ token, page: body.response?.redirect_url ?? null });
            continue;
          }
          const target = made[next.which];
          if (target === undefined) continue;
          if (next.do === 'approve' || next.do === 'decline') {
            if (target.page === null) continue;
            const session = new URL(simulator.pay(target.page, next.do)).searchParams.get('session_token');
            const { status } = await call('GET', `/charges/verify?session_token=${String(session)}`);
            expect([200, 400, 404, 502]).toContain(status);
          } else if (next.do === 'refund') {
            const body = 'amount' in next && next.amount !== null ? { amount: next.amount } : {};
            const { status } = await call('POST', `/charges/${target.token}/refunds`, body);
            expect([201, 402, 422]).toContain(status);
          } else {
            const body = 'amount' in next && next.amount !== null ? { amount: next.amount } : undefined;
            const { status } = await call('PUT', `/charges/${target.token}/${next.do}`, body);
            expect([200, 201, 400]).toContain(status);
          }
        }
        const truth = simulator.ledger.charges('pin');
        expect(truth.map((each) => each.id)).toEqual(made.map((each) => each.token));
        for (const entry of truth) {
          const { body } = await call('GET', `/charges/${entry.id}`);
          expect(stateOf(body.response)).toBe(entry.state);
          expect(body.response.amount_refunded).toBe(entry.amountRefunded);
          expect(body.response.captured ? body.response.amount : 0).toBe(entry.amountCaptured);
          const { body: refunds } = await call('GET', `/charges/${entry.id}/refunds`);
          expect(refunds.pagination.count).toBe(entry.refunds.length);
        }
      }),
      { numRuns: 150, seed: 81 },
    );
  });
});
