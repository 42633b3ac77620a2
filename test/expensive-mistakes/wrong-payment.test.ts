import { describe, expect, it } from 'vitest';
import { paramsFor } from '../../bench/simulate/sources.js';
import { openShop } from './simulated-shop.js';

describe('expensive mistake 10: the token of a cheaper charge accepted (pin)', () => {
  it('rejects with IntegrityError', async () => {
    const shop = openShop('pin');
    const charges = shop.client();
    const challenge = async (amount: number) => {
      const source = shop.providers.source('pin', 'requires_3ds');
      const returnUrl = 'https://shop.example/return';
      const charge = await charges.create({ ...paramsFor('pin'), amount, source, returnUrl });
      const url = charge.nextAction?.type === 'redirect' ? charge.nextAction.url : '';
      const returnedTo = shop.providers.pay(url, 'approve');
      return { charge, sessionToken: new URL(returnedTo).searchParams.get('session_token') ?? '' };
    };
    const cheap = await challenge(1_000);
    const dear = await challenge(90_000);
    const expected = { chargeId: dear.charge.id, amount: 90_000, currency: 'AUD' };
    await expect(charges.verify3DS({ sessionToken: cheap.sessionToken, expected })).rejects.toMatchObject({
      name: 'IntegrityError',
    });
    await expect(charges.verify3DS({ sessionToken: dear.sessionToken, expected })).resolves.toMatchObject({
      id: dear.charge.id,
      status: 'captured',
      amount: 90_000,
    });
  });
});
