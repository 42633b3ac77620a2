import { describe, expect, it } from 'vitest';
import { CardError } from '../../src/errors.js';
import { openShop } from './simulated-shop.js';

describe.each(['stripe', 'omise', 'magpie', 'justifi', 'pin'] as const)(
  'a declined create at %s',
  (provider) => {
    it('rejects with the same CardError as everywhere', async () => {
      const shop = openShop(provider);
      const charges = shop.client();
      const source = shop.providers.source(provider, 'insufficient_funds');
      const params = { ...(await shop.params(10_000)), source };
      const options = { idempotencyKey: 'order-81' };
      const error: unknown = await charges
        .create(params as never, options)
        .catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(CardError);
      if (!(error instanceof CardError)) return;
      expect(error).toMatchObject({
        provider,
        operation: 'create',
        outcome: 'rejected',
        idempotencyKey: 'order-81',
        declineCode: 'insufficient_funds',
      });
      expect(error.advice).not.toBeNull();
      // JustiFi's refusal names no payment.
      if (provider === 'justifi') expect(error.chargeId).toBeNull();
      else {
        expect(error.charge).toMatchObject({ id: error.chargeId, status: 'failed', amountCaptured: 0 });
        expect(await charges.retrieve(error.chargeId ?? '')).toMatchObject({ status: 'failed' });
      }
      expect(
        shop.providers.ledger.charges(provider).every(({ amountCaptured }) => amountCaptured === 0),
      ).toBe(true);
    });
  },
);
