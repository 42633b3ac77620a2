import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmed, createStripeWire, day } from './stripe-wire.js';

const step = fc.oneof(
  fc.record({
    does: fc.constant('intent' as const),
    amount: fc.integer({ min: 50, max: 2000 }),
    manual: fc.boolean(),
  }),
  fc.record({
    does: fc.constant('charge' as const),
    amount: fc.integer({ min: 50, max: 2000 }),
    manual: fc.boolean(),
  }),
  fc.record({
    does: fc.constantFrom('capture', 'refund'),
    which: fc.nat(5),
    amount: fc.option(fc.integer({ min: 1, max: 2500 })),
  }),
  fc.record({ does: fc.constant('cancel' as const), which: fc.nat(5) }),
  fc.record({ does: fc.constant('wait' as const), days: fc.nat(4) }),
);

/** What Stripe itself says about a payment, read the way a merchant reads it. */
interface Seen {
  captured: number;
  refunded: number;
}

const countable = ['pending', 'succeeded'];

describe('whatever merchants do at the simulated Stripe', () => {
  it.each([true, false])(
    'the wire agrees with the ledger (release shown as refund: %s)',
    async (releaseCountsAsRefund) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
          const stripe = createStripeWire({ switches: { stripe: { releaseCountsAsRefund } } });
          const made: string[] = [];
          const pick = (which: number): string | undefined => made[which % Math.max(1, made.length)];
          for (const each of steps) {
            if (each.does === 'wait') stripe.simulated.clock.advance(each.days * day);
            else if (each.does === 'intent') {
              const params = confirmed({
                amount: each.amount,
                ...(each.manual ? { capture_method: 'manual' } : {}),
              });
              made.push((await stripe.post('/v1/payment_intents', params)).body.id);
            } else if (each.does === 'charge') {
              const params = {
                amount: each.amount,
                currency: 'eur',
                source: 'tok_visa',
                capture: !each.manual,
              };
              made.push((await stripe.post('/v1/charges', params)).body.id);
            } else {
              const id = pick(each.which);
              if (id === undefined) continue;
              const isIntent = id.startsWith('pi_');
              const amount = 'amount' in each && each.amount !== null ? each.amount : undefined;
              if (each.does === 'capture' && isIntent) {
                await stripe.post(`/v1/payment_intents/${id}/capture`, { amount_to_capture: amount });
              } else if (each.does === 'capture') await stripe.post(`/v1/charges/${id}/capture`, { amount });
              else if (each.does === 'refund') {
                await stripe.post('/v1/refunds', { [isIntent ? 'payment_intent' : 'charge']: id, amount });
              } else if (isIntent) await stripe.post(`/v1/payment_intents/${id}/cancel`);
              else await stripe.post('/v1/refunds', { charge: id });
            }
          }

          const ledger = stripe.simulated.ledger.charges();
          expect(ledger.map((charge) => charge.id)).toEqual(made);
          for (const entry of ledger) {
            const isIntent = entry.id.startsWith('pi_');
            const chargeId: string = isIntent
              ? (await stripe.get(`/v1/payment_intents/${entry.id}`)).body.latest_charge
              : entry.id;
            const charge = (await stripe.get(`/v1/charges/${chargeId}`, { expand: ['refunds'] })).body;
            const refunds = (await stripe.get('/v1/refunds', { charge: chargeId, limit: 100 })).body.data as {
              amount: number;
              status: string;
              balance_transaction: string | null;
            }[];
            const moved = refunds.filter(
              (refund) => refund.balance_transaction !== null && countable.includes(refund.status),
            );
            const seen: Seen = {
              captured: charge.amount_captured,
              refunded: moved.reduce((sum, refund) => sum + refund.amount, 0),
            };
            expect(seen).toEqual({ captured: entry.amountCaptured, refunded: entry.amountRefunded });
            const released = charge.captured
              ? releaseCountsAsRefund
                ? charge.amount - charge.amount_captured
                : 0
              : null;
            if (released !== null) expect(charge.amount_refunded).toBe(seen.refunded + released);
            else expect([0, charge.amount]).toContain(charge.amount_refunded);
          }
        }),
        { numRuns: 40 },
      );
    },
  );
});
