import type { ReportedEvent } from './models/event.js';
import type { Call } from './provider.js';

/** One delivery as it came in: raw bytes, headers in lower case. */
export interface WebhookDelivery {
  /** The bytes of the body, exactly as they were sent. */
  readonly body: Uint8Array;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The secret, or several of them while one is being rotated. Empty where none was set. */
  readonly secrets: readonly string[];
  /** The client's own API keys, to tell whoever configured one of them as the webhook secret. */
  readonly apiKeys?: readonly string[];
  /** How far the signed time may be off, both ways, in milliseconds. */
  readonly toleranceMs: number;
  /** Wall clock in milliseconds. */
  readonly now: number;
}

/** How a provider signs and what its events mean. */
export interface WebhookSpec {
  /** How far the signed time may be off, both ways, where the settings do not say. */
  readonly toleranceMs: number;
  /**
   * Rejects with `WebhookSignatureError` unless the provider signed exactly these bytes, and with `ConfigurationError` where
   * there is no secret to check them with. `settings` are the provider's own.
   */
  verify(delivery: WebhookDelivery, settings?: unknown): void;
  /**
   * Whether a verified payload is of live mode; null where it does not say. One of the other mode than the client's key is
   * refused before anything is read with that key.
   */
  livemode?(payload: unknown): boolean | null;
  /** Reads a verified payload. Where nothing reliable is signed, it reads the charge through `call.send` instead of believing. */
  event(payload: unknown, call: Call): ReportedEvent | Promise<ReportedEvent>;
}
