import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CardError } from '../../src/errors.js';
import { advanceCharge, type ChargeProgress } from '../../src/models/charge-progress.js';
import { isPaid } from '../../src/models/charge.js';
import type { ChargeEvent } from '../../src/models/event.js';
import { openShop, type SimulatedShop } from './simulated-shop.js';

/** The payer tries another card on the same payment, as the provider's own form in the browser lets him. */
const tryAgain = async (shop: SimulatedShop, id: string, card: string): Promise<number> => {
  const delivery = await shop.providers.handle('stripe', {
    method: 'POST',
    path: `/v1/payment_intents/${id}/confirm`,
    query: '',
    headers: {
      authorization: `Bearer ${shop.providers.settings('stripe').secretKey}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ payment_method: card }).toString(),
  });
  return delivery.outcome === 'answered' ? delivery.response.status : 0;
};

const afterAll = (news: readonly ChargeEvent[]): ChargeProgress | null =>
  news.reduce<ChargeProgress | null>((known, event) => advanceCharge(known, event), null);

describe('expensive mistake 10: an order closed on a failed attempt (stripe)', () => {
  /** Two attempts that fail and one that succeeds, `apart` milliseconds from each other. */
  const live = async (apart: number) => {
    const shop = openShop('stripe');
    const charges = shop.client();
    const params = { amount: 10_000, currency: 'EUR', source: 'pm_card_visa_chargeDeclined' };
    const error: unknown = await charges.create(params).catch((caught: unknown) => caught);
    if (!(error instanceof CardError)) throw new Error('the first attempt was not declined');
    const id = error.chargeId ?? '';
    shop.pass(apart);
    expect(await tryAgain(shop, id, 'pm_card_visa_chargeDeclinedInsufficientFunds')).toBe(402);
    const beforeSuccess = await shop.news();
    shop.pass(apart);
    expect(await tryAgain(shop, id, 'pm_card_visa')).toBe(200);
    return { shop, charges, id, beforeSuccess, news: await shop.news() };
  };

  it.each([0, 1, 60_000])(
    'is paid in every order of the events, doubled or not (%i ms apart)',
    async (apart) => {
      const { shop, charges, id, beforeSuccess, news } = await live(apart);
      expect(news.map(({ type, chargeId }) => [type, chargeId])).toEqual([
        ['charge.failed', id],
        ['charge.captured', id],
      ]);
      const open = afterAll(beforeSuccess);
      expect(open).toMatchObject({ status: 'failed' });
      expect(open !== null && isPaid(open)).toBe(false);
      fc.assert(
        fc.property(fc.shuffledSubarray([...news, ...news, ...beforeSuccess]), (heard) => {
          const known = afterAll(heard);
          const hasHeard = heard.some(({ type }) => type === 'charge.captured');
          expect(known !== null && isPaid(known)).toBe(hasHeard);
        }),
        { numRuns: 200, seed: 10 },
      );
      const charge = await charges.retrieve(id);
      expect(charge).toMatchObject({ id, status: 'captured', amountCaptured: 10_000, failure: null });
      // A read that was asked for before the payer tried again does not close it either.
      const failed = beforeSuccess[0]?.charge;
      if (failed == null) throw new Error('the event of the failed attempt has no charge');
      const late = advanceCharge(advanceCharge(null, charge), failed);
      expect(late).toMatchObject({ status: 'captured', amountCaptured: 10_000 });
      expect(shop.providers.ledger.charges('stripe')).toMatchObject([{ id, amountCaptured: 10_000 }]);
    },
  );
});
