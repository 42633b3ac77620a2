import { clientFactory, type ChargesClientOf } from '../../create-charges-client.js';
import type { ClientSettings } from '../../settings.js';
import { paymongoProvider } from './provider.js';

/** `secretKey`, `paymentMethodAllowed`, and the settings that every provider has. */
export type PaymongoSettings = ClientSettings<typeof paymongoProvider>;

/** A client with exactly the operations of PayMongo: no `update`, no `search`, no `expire`. */
export interface PaymongoClient extends ChargesClientOf<typeof paymongoProvider> {}

/**
 * A client for PayMongo v1. **Experimental**: it was written from PayMongo's documentation, and has seen no answer of PayMongo.
 * `secretKey` comes from the settings, else from `PAYMONGO_SECRET_KEY`.
 *
 * @example
 * ```ts
 * const charges = createPaymongo({ paymentMethodAllowed: ['card', 'gcash'] });
 * const charge = await charges.create(
 *   { amount: 12550, currency: 'PHP', source: 'pm_…', returnUrl: 'https://shop.example/back' },
 *   { idempotencyKey: 'order-77' },
 * );
 * if (charge.nextAction?.type === 'redirect') redirect(charge.nextAction.url);
 * ```
 *
 * @throws ConfigurationError where the key is missing, or a setting is unknown or wrong.
 * @see https://developers.paymongo.com/reference
 */
export const createPaymongo: (settings?: PaymongoSettings) => PaymongoClient =
  clientFactory(paymongoProvider);

export { paymongoProvider };
export type { PaymongoCreateOptions, PaymongoRefundOptions } from './params.js';
export { verifyPaymongoWebhook } from './webhook.js';
export type { VerifiedWebhook, WebhookVerificationOptions } from '../../webhooks/request.js';
/** Every type that a client takes or gives, so that a module which exports one needs no second import. */
export type * from '../../index.js';
