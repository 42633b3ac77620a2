import { describe, expect, it } from 'vitest';
import { advanceCharge, type ChargeProgress } from '../../src/models/charge-progress.js';
import { openShop } from './simulated-shop.js';

describe('expensive mistake 7: a release booked as a refund (stripe, both modes)', () => {
  it.each(['payment_intents', 'charges'] as const)(
    '%s: amounts, lists, events and the ledger agree',
    async (api) => {
      const shop = openShop('stripe');
      const charges = shop.client({ api });
      const source = () => shop.providers.source('stripe', 'approved');
      const authorize = () =>
        charges.create({ amount: 900, currency: 'EUR', source: source(), capture: false });

      const { id } = await authorize();
      const captured = await charges.capture(id, { amount: 500 });
      expect(captured).toMatchObject({
        amount: 900,
        amountCaptured: 500,
        amountRefunded: 0,
        refundStatus: 'none',
      });
      const refund = await charges.refund(id, { amount: 100 });
      const other = await authorize();
      await charges.void(other.id);

      const listed = new Map<string, unknown>();
      for await (const charge of charges.list()) listed.set(charge.id, charge);
      for (const charge of [await charges.retrieve(id), listed.get(id)])
        expect(charge).toMatchObject({
          status: 'captured',
          amountCaptured: 500,
          amountRefunded: 100,
          refundStatus: 'partial',
        });
      for (const charge of [await charges.retrieve(other.id), listed.get(other.id)])
        expect(charge).toMatchObject({
          status: 'voided',
          amountCaptured: 0,
          amountRefunded: 0,
          refundStatus: 'none',
        });
      expect((await charges.listRefunds(id)).map((each) => each.id)).toEqual([refund.id]);
      expect(await charges.listRefunds(other.id)).toEqual([]);

      const truth = shop.providers.ledger.charges('stripe');
      expect(truth.find((charge) => charge.id === id)).toMatchObject({
        amountCaptured: 500,
        amountRefunded: 100,
      });
      expect(truth.find((charge) => charge.id === other.id)).toMatchObject({
        state: 'voided',
        amountRefunded: 0,
      });

      // Stripe tells of released money as of refunded money; only what was refunded is a refund here.
      const news = await shop.news();
      expect(news.filter(({ chargeId }) => chargeId === other.id).length).toBeGreaterThan(0);
      const refunds = news.filter(({ type }) => type.startsWith('refund.'));
      expect(refunds.map((event) => [event.chargeId, event.refund?.id, event.refund?.amount])).toEqual([
        [id, refund.id, 100],
      ]);
      for (const order of [news, [...news].reverse()]) {
        const known = new Map<string, ChargeProgress | null>();
        for (const event of order) {
          const key = event.chargeId ?? '';
          known.set(key, advanceCharge(known.get(key) ?? null, event));
        }
        expect(known.get(id)).toMatchObject({ status: 'captured', amountCaptured: 500, amountRefunded: 100 });
        expect(known.get(other.id)).toMatchObject({ status: 'voided', amountCaptured: 0, amountRefunded: 0 });
      }
    },
  );
});
