import { clientFactory, type ChargesClientOf } from '../../create-charges-client.js';
import type { ClientSettings } from '../../settings.js';
import { pinProvider } from './provider.js';

/** Settings of the Pin client. */
export type PinSettings = ClientSettings<typeof pinProvider>;
/** The Pin client: the operations that Pin has. Pin can neither update nor expire a charge. */
export interface PinClient extends ChargesClientOf<typeof pinProvider> {}

/**
 * A client for Pin Payments. The secret key comes from `secretKey`, else from `PIN_SECRET_KEY`. Pin's keys do not tell test
 * from live: `environment: 'test'` asks the test host. Pin requires `email`, `description` and `ip` of every charge: give
 * them in each call, or as `defaults`.
 *
 * @example
 * const charges = createPin({ secretKey: process.env.PIN_SECRET_KEY, environment: 'test' });
 * const charge = await charges.create(
 *   {
 *     amount: 4590,
 *     currency: 'AUD',
 *     source: 'card_…',
 *     email: 'kim@shop.example',
 *     description: 'Order 81',
 *     ip: '198.51.100.7',
 *     returnUrl: 'https://shop.example/orders/81',
 *   },
 *   { idempotencyKey: 'order-81' },
 * );
 * if (charge.nextAction?.type === 'redirect') redirect(charge.nextAction.url);
 *
 * @throws ConfigurationError without a secret key, or with settings that are unknown or wrong.
 * @see https://pinpayments.com/developers/api-reference/charges
 */
export const createPin: (settings?: PinSettings) => PinClient = clientFactory(pinProvider);

export { pinProvider } from './provider.js';
export { verifyPinWebhook } from './webhook.js';
export type { VerifiedWebhook, WebhookVerificationOptions } from '../../webhooks/request.js';
export type { PinCreateOptions } from './params.js';
export type { ChargeDefaults } from './provider.js';
export type { WebhookHash } from './webhook.js';
/** Every type that a client takes or gives, so that a module which exports one needs no second import. */
export type * from '../../index.js';
