import { createHmac } from 'node:crypto';
import type { LedgerChange, LedgerState } from './ledger.js';

/** One notification as a provider would send it. */
export interface WebhookMessage {
  /** The provider's own name of the event. */
  readonly name: string;
  /** The bytes that are signed. */
  readonly body: string;
}

/** What a provider tells a merchant's server, and how it signs that. */
export interface FaceWebhooks {
  /**
   * The notifications about a change, in order; none where the provider sends none. It is called when the request that made
   * the change is complete, so several changes of one request show the same object. `previous` is the state that was last
   * told of, null for a charge of which nothing was told.
   */
  messages(change: LedgerChange, previous: LedgerState | null): readonly WebhookMessage[];
  /** The headers that go with a body. `time` is in milliseconds. */
  headers(body: string, secret: string, time: number): Record<string, string>;
}

/** HMAC-SHA256 in lower-case hexadecimal over a time, a dot and the body: what every provider here signs with. */
export const signTimed = (key: string | Buffer, time: string, body: string): string =>
  createHmac('sha256', key).update(`${time}.${body}`).digest('hex');

/** Whole seconds since 1970, as signatures carry them. */
export const secondsOf = (time: number): string => String(Math.floor(time / 1000));
