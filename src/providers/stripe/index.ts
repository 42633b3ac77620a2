import { clientFactory, type ChargesClientOf } from '../../create-charges-client.js';
import type { ClientSettings } from '../../settings.js';
import { stripeProvider } from './provider.js';

/** Settings of the Stripe client. */
export type StripeSettings = ClientSettings<typeof stripeProvider>;
/** The Stripe client: the operations that Stripe has. `expire` is not among them. */
export interface StripeClient extends ChargesClientOf<typeof stripeProvider> {}

/**
 * A client for Stripe. The secret key comes from `secretKey`, else from `STRIPE_SECRET_KEY`. Payments are PaymentIntents,
 * unless `api: 'charges'` asks for the Charges API, which Stripe has announced to remove.
 *
 * @example
 * const charges = createStripe({ secretKey: process.env.STRIPE_SECRET_KEY });
 * const charge = await charges.create(
 *   { amount: 4590, currency: 'EUR', source: 'pm_card_visa', returnUrl: 'https://shop.example/orders/81' },
 *   { idempotencyKey: 'order-81' },
 * );
 * if (charge.nextAction?.type === 'redirect') redirect(charge.nextAction.url);
 *
 * @throws ConfigurationError without a secret key, or with settings that are unknown or contradict each other.
 * @see https://docs.stripe.com/api/payment_intents
 */
export const createStripe: (settings?: StripeSettings) => StripeClient = clientFactory(stripeProvider);

export type {
  StripeCaptureOptions,
  StripeCreateOptions,
  StripeListOptions,
  StripeRefundOptions,
  StripeUpdateOptions,
} from './options.js';
export { defaultApiVersion, stripeProvider } from './provider.js';
export { verifyStripeWebhook } from './webhook.js';
export type { VerifiedWebhook, WebhookVerificationOptions } from '../../webhooks/request.js';
/** Every type that a client takes or gives, so that a module which exports one needs no second import. */
export type * from '../../index.js';
