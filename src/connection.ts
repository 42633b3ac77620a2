import type { Secret } from './models/secret.js';
import type { WireAnswer, WireRequest } from './wire-messages.js';

/** The way to the provider: made once per client. */
export interface Connection {
  /** The default origin, such as `https://api.stripe.com`. `baseUrl` of the settings beats it. Null: `baseUrl` is required. */
  readonly origin: string | null;
  /** Which setting chooses the origin, for the error that says that none is known: `platform to 'a' or 'b'`. */
  readonly originFrom?: string;
  /** Whether the settings are for real money (true) or for tests (false); null where they do not tell. */
  readonly livemode: boolean | null;
  /** The account that the writes belong to, where one key serves several; part of the scope of idempotency keys. */
  readonly account: string | null;
  /** The version of the API that every request names, for whoever asks which one is in use. */
  readonly apiVersion?: string;
  /** The header that names `account`, lower-case, where a call could name one by another header: both at once are refused. */
  readonly accountHeader?: string;
  /**
   * Headers of every request: authentication, version. `send` is for fetching a token; `refused` are the headers of this
   * request that a 401 answered.
   */
  headers(
    tools: AuthorizationTools,
  ): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** Whether a 401 may be cured by asking for headers again. */
  readonly renewsAuthorization?: boolean;
  /** What it fetched and must keep to itself, such as access tokens: masked from then on, like the secrets of the settings. */
  secrets?(): readonly Secret[];
}

/** What a connection may use while it makes its headers. */
export interface AuthorizationTools {
  /** Null for a first attempt. Another call may have renewed them meanwhile: then theirs are good, too. */
  readonly refused: Readonly<Record<string, string>> | null;
  /** Sends without authorization. Rejects with the client's own errors. */
  send(request: WireRequest): Promise<WireAnswer>;
  /** Wall clock in milliseconds since 1970. */
  now(): number;
}
