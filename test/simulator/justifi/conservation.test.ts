import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JustifiSwitches } from '../../../src/simulator/justifi/switches.js';
import { minute, openPlatform } from './platform.js';

const amount = fc.constantFrom(1, 60, 500, 2599, 2600);
const which = fc.nat(5);

/** What a merchant, a bank or time may do next. */
const step = fc.oneof(
  fc.record({
    do: fc.constant('create' as const),
    amount,
    strategy: fc.constantFrom('automatic', 'manual'),
    kind: fc.constantFrom('approved', 'declined', 'debit', 'bad debit'),
    disputed: fc.boolean(),
  }),
  fc.record({ do: fc.constant('refunds' as const), which, amount: fc.option(amount) }),
  fc.record({ do: fc.constantFrom('capture' as const, 'void' as const), which }),
  fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(1, 20, 60, 3000, 9000) }),
);

const switches: fc.Arbitrary<Partial<JustifiSwitches>> = fc.record({
  debitSettlesAfterMs: fc.constantFrom(0, 30 * minute),
  debitsReturn: fc.boolean(),
  debitReturnsAfterMs: fc.constantFrom(10 * minute, 4000 * minute),
  returnedDebitStatus: fc.constantFrom('failed', 'succeeded'),
  refundOutcome: fc.constantFrom('succeeded', 'pending', 'pending_then_succeeded', 'pending_then_failed'),
  refundSettlesAfterMs: fc.constantFrom(0, 50 * minute),
  voidKeepsAmounts: fc.boolean(),
});

/** The ledger's word for what an adapter may read from the wire. */
const stateOf = (payment: Record<string, unknown>, lapsed: boolean): string => {
  if (payment['returned'] === true) return 'failed';
  switch (payment['status']) {
    case 'pending':
    case 'authorized':
    case 'failed':
      return payment['status'];
    case 'canceled':
      return lapsed ? 'expired' : 'voided';
    default:
      return 'captured';
  }
};

describe('whatever happens to payments of JustiFi', () => {
  it('the wire tells what the ledger holds, and no money appears or vanishes', async () => {
    await fc.assert(
      fc.asyncProperty(switches, fc.array(step, { minLength: 1, maxLength: 25 }), async (given, steps) => {
        const { call, pay, bankAccount, simulator } = openPlatform(given);
        for (const next of steps) {
          if (next.do === 'wait') {
            simulator.clock.advance(next.minutes * minute);
            continue;
          }
          if (next.do === 'create') {
            const token =
              next.kind === 'debit' || next.kind === 'bad debit'
                ? (await bankAccount(next.kind === 'debit' ? '000123456789' : '000111111113')).body.data.id
                : simulator.source('justifi', next.kind);
            const { status } = await pay({
              amount: next.amount,
              capture_strategy: next.strategy,
              payment_method: { token },
              ...(next.disputed ? { metadata: { dispute_test_spec: { expected_result: 'won' } } } : {}),
            });
            expect([201, 402, 422]).toContain(status);
            continue;
          }
          const target = simulator.ledger.charges('justifi')[next.which];
          if (target === undefined) continue;
          const body = next.do === 'refunds' && next.amount !== null ? { amount: next.amount } : undefined;
          const { status } = await call('POST', `/v1/payments/${target.id}/${next.do}`, body);
          expect([200, 201, 422]).toContain(status);
        }
        for (const entry of simulator.ledger.charges('justifi')) {
          const { body } = await call('GET', `/v1/payments/${entry.id}`);
          const age = Date.parse(body.data.updated_at as string) - Date.parse(body.data.created_at as string);
          expect(stateOf(body.data, age >= 7 * 24 * 60 * minute)).toBe(entry.state);
          expect(body.data.amount_refunded).toBe(entry.amountRefunded);
          expect(body.data.refunds).toHaveLength(entry.refunds.length);
          const { body: movements } = await call(
            'GET',
            `/v1/payments/${entry.id}/payment_balance_transactions`,
          );
          const sum = movements.data.reduce(
            (total: number, each: { amount: number }) => total + each.amount,
            0,
          );
          expect(body.data.balance).toBe(sum);
        }
      }),
      { numRuns: 150, seed: 81 },
    );
  });
});
