import { clientFactory, type ChargesClientOf } from '../../create-charges-client.js';
import type { ClientSettings } from '../../settings.js';
import { magpieProvider } from './provider.js';

/** Settings of a Magpie or Zip client: `secretKey`, and `platform` or `baseUrl`, besides the common ones. */
export type MagpieSettings = ClientSettings<typeof magpieProvider>;

/** A client with exactly the operations that the provider has: no `update`, no `expire`. */
export interface MagpieClient extends ChargesClientOf<typeof magpieProvider> {}

/**
 * Makes a client for the "v2 source charges" API of Magpie (`api.magpie.im`) or Zip (`api.zip.ph`). This is not PayMongo,
 * and not the Zip of other countries.
 *
 * @example
 * ```ts
 * const charges = createMagpie({ platform: 'magpie', secretKey: process.env.MAGPIE_SECRET_KEY });
 * const charge = await charges.create(
 *   { amount: 12550, currency: 'PHP', source: 'src_…', description: 'Order 77', statementDescriptor: 'TINDAHAN' },
 *   { idempotencyKey: 'order-77' },
 * );
 * if (charge.nextAction?.type === 'redirect') redirect(charge.nextAction.url);
 * ```
 *
 * @throws ConfigurationError where the key or the platform is missing, or a setting is unknown or wrong.
 * @see https://docs.zip.ph/api/core/charges/endpoints/list-charges
 */
export const createMagpie: (settings?: MagpieSettings) => MagpieClient = clientFactory(magpieProvider);

export { magpieProvider };
export type { MagpieCreateOptions } from './params.js';
export { verifyMagpieWebhook } from './webhook.js';
export type { UnsignedWebhook } from '../../webhooks/request.js';
/** Every type that a client takes or gives, so that a module which exports one needs no second import. */
export type * from '../../index.js';
