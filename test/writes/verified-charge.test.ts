import { describe, expect, it } from 'vitest';
import { stripeProvider } from '../../src/providers/stripe/provider.js';
import { paidIntent } from '../providers/stripe/wire-objects.js';
import { scriptReplies } from '../scripted-replies.js';

const verify = (intent: object, expected: object = {}) =>
  scriptReplies({ body: paidIntent({}, intent as Readonly<Record<string, unknown>>) })
    .client(stripeProvider, { secretKey: 'sk_test_a1' })
    .verify3DS({ chargeId: 'pi_demoA1', expected });

describe('verify3DS', () => {
  it('resolves with the charge that was paid', async () => {
    await expect(verify({}, { amount: 4590, currency: 'EUR' })).resolves.toMatchObject({
      id: 'pi_demoA1',
      status: 'captured',
    });
  });

  it('refuses a charge of the other mode', async () => {
    await expect(verify({ livemode: true })).rejects.toMatchObject({ name: 'IntegrityError' });
  });

  it.each([
    ['amount', { amount: 4591 }],
    ['currency', { currency: 'USD' }],
    ['id', { chargeId: 'pi_other' }],
  ])('refuses a charge of another %s than expected', async (_, expected) => {
    await expect(verify({}, expected)).rejects.toMatchObject({ name: 'IntegrityError' });
  });
});
