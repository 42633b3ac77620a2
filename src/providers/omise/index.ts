import { clientFactory, type ChargesClientOf } from '../../create-charges-client.js';
import type { ClientSettings } from '../../settings.js';
import { omiseProvider } from './provider.js';

/** Settings of the Omise client. */
export type OmiseSettings = ClientSettings<typeof omiseProvider>;
/** The Omise client: the operations that Omise has, and its extras. */
export interface OmiseClient extends ChargesClientOf<typeof omiseProvider> {}

/**
 * A client for Omise (Opn Payments). The secret key comes from `secretKey`, else from `OMISE_SECRET_KEY`.
 *
 * @example
 * const charges = createOmise({ secretKey: process.env.OMISE_SECRET_KEY });
 * const charge = await charges.create(
 *   { amount: 45900, currency: 'THB', source: 'tokn_test_…', returnUrl: 'https://shop.example/orders/77' },
 *   { idempotencyKey: 'order-77' },
 * );
 * if (charge.nextAction?.type === 'redirect') redirect(charge.nextAction.url);
 *
 * @throws ConfigurationError without a secret key, with a public key, or with settings that contradict each other.
 * @see https://docs.omise.co/charges-api
 */
export const createOmise: (settings?: OmiseSettings) => OmiseClient = clientFactory(omiseProvider);

export { omiseProvider } from './provider.js';
export { verifyOmiseWebhook } from './webhook.js';
export type { VerifiedWebhook, WebhookVerificationOptions } from '../../webhooks/request.js';
export type { OmiseEventOptions, OmiseExtras } from './extras.js';
export type { OmiseCreateOptions, OmiseListOptions, OmiseRefundOptions } from './params.js';
export type { OmiseSearchOptions } from './search.js';
/** Every type that a client takes or gives, so that a module which exports one needs no second import. */
export type * from '../../index.js';
