import { clientFactory, type ChargesClientOf } from '../../create-charges-client.js';
import type { ClientSettings } from '../../settings.js';
import { justifiProvider } from './provider.js';

/** `clientId`, `clientSecret`, `subAccount`, and the settings that every provider has. */
export type JustifiSettings = ClientSettings<typeof justifiProvider>;
/** A client with exactly the operations of JustiFi, and `listBalanceTransactions`. */
export interface JustifiClient extends ChargesClientOf<typeof justifiProvider> {}

/**
 * A client for JustiFi. `clientId`, `clientSecret` and `subAccount` come from the settings, else from
 * `JUSTIFI_CLIENT_ID`, `JUSTIFI_CLIENT_SECRET` and `JUSTIFI_SUB_ACCOUNT`.
 * @throws ConfigurationError where the client id or secret is missing, or a setting is unknown.
 * @example
 * const charges = createJustifi({ subAccount: 'acc_…' });
 * const charge = await charges.create(
 *   { amount: 4590, currency: 'USD', source: 'pm_…' },
 *   { idempotencyKey: 'order-81' },
 * );
 * @see https://docs.justifi.tech
 */
export const createJustifi: (settings?: JustifiSettings) => JustifiClient = clientFactory(justifiProvider);

export { justifiProvider } from './provider.js';
export { verifyJustifiWebhook } from './webhook.js';
export type { VerifiedWebhook, WebhookVerificationOptions } from '../../webhooks/request.js';
export type { JustifiBalanceTransaction, JustifiExtras } from './extras.js';
export type { JustifiCreateOptions, JustifiListOptions, JustifiRefundOptions } from './params.js';
/** Every type that a client takes or gives, so that a module which exports one needs no second import. */
export type * from '../../index.js';
