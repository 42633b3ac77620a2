import { memberOf } from './objects.js';
/** The metadata key under which an idempotency key is kept at every provider. */
export const stampMetadataKey = 'unicharge_key';

const stampSymbol = Symbol.for('unicharge.stamp');

/** What rides on a charge or refund without being part of it. */
export interface Attachments {
  /** The provider's own resource, untouched. It may hold secrets. */
  readonly raw?: unknown;
  /** The idempotency key that the provider kept with the resource, or null. */
  readonly stamp?: string | null;
}

/**
 * Attaches the provider's resource and the stamp as non-enumerable properties: lost by spread, JSON and structuredClone,
 * so neither reaches a log by accident.
 */
export const attach = <Model extends object>(
  model: Model,
  attachments: Attachments,
): Model & { readonly raw?: unknown } => {
  Object.defineProperty(model, 'raw', { value: attachments.raw, enumerable: false, configurable: true });
  Object.defineProperty(model, stampSymbol, {
    value: attachments.stamp ?? null,
    enumerable: false,
    configurable: true,
  });
  return model;
};

/** The idempotency key that the provider kept with this charge or refund, or null. */
export const stampOf = (model: object): string | null => {
  const stamp = memberOf(model, stampSymbol);
  return typeof stamp === 'string' ? stamp : null;
};

/** Splits wire metadata into what the caller wrote and our stamp. Keys and values stay untouched. */
export const splitMetadata = (
  wire: Readonly<Record<string, unknown>> | null | undefined,
  ownKeys: readonly string[] = [stampMetadataKey],
): { metadata: Record<string, string>; stamp: string | null } => {
  const metadata: Record<string, string> = {};
  for (const [key, value] of Object.entries(wire ?? {})) {
    if (ownKeys.includes(key) || value === null || value === undefined) continue;
    // defineProperty, because assigning to a key such as __proto__ would change the object instead of filling it.
    Object.defineProperty(metadata, key, {
      value: typeof value === 'string' ? value : JSON.stringify(value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  const stamp = wire?.[stampMetadataKey];
  // A key of digits alone comes back as a number where a provider keeps numbers. Unread, its charge would not be found.
  const text = Number.isSafeInteger(stamp) ? String(stamp) : stamp;
  return { metadata, stamp: typeof text === 'string' ? text : null };
};

/** The caller's metadata with the stamp beside it. The stamp comes last, so that no caller can overwrite it. */
export const stampMetadata = (
  metadata: Readonly<Record<string, string>> | undefined,
  idempotencyKey: string | null,
): Record<string, string> => ({
  ...metadata,
  ...(idempotencyKey === null ? {} : { [stampMetadataKey]: idempotencyKey }),
});
