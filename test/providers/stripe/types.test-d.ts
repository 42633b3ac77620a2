import type { ChargesClient } from '../../../src/charges-client.js';
import type {
  StripeClient,
  StripeCreateOptions,
  StripeSettings,
} from '../../../src/providers/stripe/index.js';

/* Compiled by the type check, never run: what must and what must not compile. */

declare const stripe: StripeClient;

/** A Stripe client fits wherever any client is wanted. */
export const general: ChargesClient = stripe;

export const settings: StripeSettings = { secretKey: 'sk_test_a1', api: 'charges', account: undefined };
// @ts-expect-error there are two engines
export const wrongApi: StripeSettings = { api: 'sources' };
// @ts-expect-error the name is `secretKey`
export const wrongKey: StripeSettings = { apiKey: 'sk_test_a1' };

export const calls = async (): Promise<void> => {
  const params = { amount: 4590, currency: 'EUR', source: 'pm_card_visa' } as const;
  await stripe.create({ ...params, providerOptions: { offSession: true } });
  await stripe.capture('pi_1');
  await stripe.reverse('pi_1');
  await stripe.refund('pi_1', { reason: 'duplicate' });
  // @ts-expect-error Stripe cannot end a payment that nobody paid yet
  stripe.expire('pi_1');
  // @ts-expect-error Stripe's own names are camel case here
  await stripe.create({ ...params, providerOptions: { off_session: true } });
  // @ts-expect-error amounts are numbers
  await stripe.create({ ...params, amount: '4590' });
  // @ts-expect-error no such reason
  await stripe.refund('pi_1', { reason: 'because' });
  // @ts-expect-error a read takes no idempotency key
  await stripe.retrieve('pi_1', { idempotencyKey: 'order-81' });
};

export const options: StripeCreateOptions = { transferData: { destination: 'acct_1' } };
