import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { magpieOtp } from '../../../src/simulator/magpie/charge.js';
import type { MagpieSwitches } from '../../../src/simulator/magpie/switches.js';
import { documentedCharge, openAccount } from './account.js';

const hour = 3_600_000;
const amount = fc.constantFrom(1, 500, 12_549, 12_550, 40_000);
const which = fc.nat(5);

/** What a merchant, a payer or time may do next. */
const step = fc.oneof(
  fc.record({
    do: fc.constant('create' as const),
    amount,
    capture: fc.boolean(),
    kind: fc.constantFrom('approved', 'declined', 'requires_3ds', 'redirect', 'bank'),
  }),
  fc.record({ do: fc.constantFrom('capture', 'refund'), which, amount }),
  fc.record({ do: fc.constantFrom('void', 'verify'), which }),
  fc.record({ do: fc.constantFrom('approve' as const, 'decline' as const), which }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.nat(200) }),
);

const switches: fc.Arbitrary<Partial<MagpieSwitches>> = fc.record({
  declineAs: fc.constantFrom('failed_charge', 'error_object', 'detail'),
  amountAfterPartialCapture: fc.constantFrom('unchanged', 'captured'),
  actionAfterPayer: fc.constantFrom('null', 'kept'),
  refundStatus: fc.constantFrom('succeeded', 'pending'),
  pendingRefundsEnd: fc.constantFrom('succeeded', 'failed'),
  listOrder: fc.constantFrom('newest_first', 'oldest_first'),
});

/** The ledger's words for what can be read from the wire. */
const statesOf = (charge: { status: string; authorized: boolean; captured: boolean }): string[] => {
  if (charge.captured) return ['captured'];
  if (charge.authorized) return ['authorized'];
  return charge.status === 'pending' ? ['pending', 'requires_action'] : [charge.status];
};

describe('whatever happens to charges of Magpie', () => {
  it('the wire tells what the ledger holds, and no money appears or vanishes', async () => {
    await fc.assert(
      fc.asyncProperty(switches, fc.array(step, { minLength: 1, maxLength: 25 }), async (given, steps) => {
        const { call, charge, source, simulator } = openAccount({ ...given, pageSize: 100 });
        const made: { id: string; page: string | null }[] = [];
        for (const next of steps) {
          if (next.do === 'wait') {
            simulator.clock.advance(next.hours * hour);
            continue;
          }
          if (next.do === 'create') {
            const { status, body } = await charge({
              source:
                next.kind === 'bank'
                  ? (await source({ type: 'bpi' })).body.id
                  : simulator.source('magpie', next.kind),
              amount: next.amount,
              capture: next.capture,
            });
            if (status === 201) made.push({ id: body.id, page: body.action?.url ?? null });
            else if (status === 402) made.push({ id: body.error.charge_id, page: null });
            else expect(status).toBe(400);
            continue;
          }
          const target = made[next.which];
          if (target === undefined) continue;
          if (next.do === 'approve' || next.do === 'decline') {
            if (target.page !== null) simulator.pay(target.page, next.do);
          } else {
            const { status } = await call('POST', `/v2/charges/${target.id}/${next.do}`, {
              ...('amount' in next ? { amount: next.amount } : {}),
              confirmation_id: magpieOtp.confirmationId,
              otp: magpieOtp.code,
            });
            expect([200, 400]).toContain(status);
          }
        }
        const truth = simulator.ledger.charges('magpie');
        expect(truth.map((each) => each.id)).toEqual(made.map((each) => each.id));
        const { body: list } = await call('GET', '/v2/charges/');
        const listed = new Map((list.data as { id: string }[]).map((each) => [each.id, each]));
        expect(listed.size).toBe(truth.length);
        for (const entry of truth) {
          const { body } = await call('GET', `/v2/charges/${entry.id}`);
          expect(listed.get(entry.id)).toEqual(body);
          const shown = documentedCharge.parse(body);
          expect(statesOf(shown)).toContain(entry.state);
          expect(shown.amount_refunded).toBe(entry.amountRefunded);
          expect(shown.refunds.map(({ id }) => id)).toEqual(entry.refunds.map(({ id }) => id));
          const shrinks = given.amountAfterPartialCapture === 'captured' && entry.amountCaptured > 0;
          // A voided capture shows what was taken once; the ledger has forgotten it.
          if (entry.state !== 'voided') {
            expect(shown.amount).toBe(shrinks ? entry.amountCaptured : entry.amount);
          }
        }
      }),
      { numRuns: 150, seed: 81 },
    );
  });
});
