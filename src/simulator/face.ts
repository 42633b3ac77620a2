import type { Agenda } from './agenda.js';
import type { Ids } from './ids.js';
import type { ProviderLedger } from './ledger.js';
import type { PayerPages } from './payer.js';
import type { FaceWebhooks } from './webhooks-face.js';

/** A request as a face sees it, without any transport. */
export interface SimulatorRequest {
  /** Upper case. */
  method: string;
  /** The path without the query, as sent (percent-encoded). */
  path: string;
  /** The query without the question mark, as sent. */
  query: string;
  /** Names in lower case; several values of one name are joined by a comma. */
  headers: Readonly<Record<string, string>>;
  /** The bytes of the body as text; empty where there is none. */
  body: string;
}

/** An answer of a face. The driver adds `date` and `content-length`. */
export interface SimulatorResponse {
  /** The HTTP status. */
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** The bytes of the body as text; empty where there is none. */
  body: string;
}

/** What a source is to do when it is charged. */
export type SourceKind = 'approved' | 'declined' | 'insufficient_funds' | 'requires_3ds' | 'redirect';

/** Every kind of source. Not every provider has each of them. */
export const sourceKinds: readonly SourceKind[] = [
  'approved',
  'declined',
  'insufficient_funds',
  'requires_3ds',
  'redirect',
];

/** What a source may need to know beforehand. */
export interface SourceOptions {
  /** Where the payer goes afterwards, at providers whose sources carry it themselves. */
  returnUrl?: string | undefined;
}

/** Failures that the simulator injects and that the provider words in its own way. */
export type InjectedFailure = 'rate_limited' | 'server_error';

/** How the page of a shop makes tokens at a provider, without the secret key. */
export interface BrowserAccess {
  readonly publishableKey: string;
  /** Whether the publishable key may ask for this. */
  serves(request: SimulatorRequest): boolean;
}

/** One provider's wire format over the neutral ledger. Everything in it is synchronous: a request is one atomic step. */
export interface Face<Settings = unknown, Source = unknown> {
  /** Every name that `operationOf` may give, but `unknown`. */
  readonly operations: readonly string[];
  /**
   * The unified name of what a request asks for: `create`, `retrieve`, `update`, `list`, `search`, `capture`, `void`,
   * `refund`, `list_refunds`, `retrieve_refund`, `verify`, … or the provider's own word in snake case, else `unknown`.
   */
  operationOf(request: SimulatorRequest): string;
  /**
   * Executes a request. With `substitute` the effect takes place but the answer (also the one kept under an
   * idempotency key) is the given one: a server that broke after it had committed.
   */
  handle(request: SimulatorRequest, substitute?: SimulatorResponse): SimulatorResponse;
  /**
   * Marks the idempotency key of a request as in flight until the returned function is called, so that the same key
   * meets the provider's "in progress" answer. Only at providers that have keys.
   */
  hold?(request: SimulatorRequest): () => void;
  /** The provider's own envelope of a failure in front of the execution. */
  failure(kind: InjectedFailure, retryAfterSeconds?: number): SimulatorResponse;
  /** Settings for the client factory of this provider, with `settleMs` and `abandonedMs` of 50. */
  settings(origin: string): Settings;
  /** A fresh source for `create`. Throws where the provider has no such kind. */
  source(kind: SourceKind, options: SourceOptions): Source;
  /** Null where the provider has no publishable keys. */
  readonly browser: BrowserAccess | null;
  /** What it tells a merchant's server, and how it signs. */
  readonly webhooks: FaceWebhooks;
}

/** What a face gets from the simulator. It uses no other clock, chance, or storage of money. */
export interface FaceContext {
  /** Milliseconds since 1970 by the simulator's clock. */
  now(): number;
  ids: Ids;
  ledger: ProviderLedger;
  agenda: Agenda;
  payer: PayerPages;
  /** The origin at which this face is served, without a trailing slash. */
  origin(): string;
  /** How long search lags behind, in milliseconds; it may change at any time. */
  indexDelayMs(): number;
}

/** A face as the simulator finds it in `faces.ts`. */
export interface FaceDefinition<Settings, Source, Switches extends object> {
  /** What a test may switch where the provider's behaviour is not certain or has changed; these are the defaults. */
  switches: Readonly<Switches>;
  create(context: FaceContext, switches: Switches): Face<Settings, Source>;
}

/** Declares a face; it only fixes the types. */
export const defineFace = <Settings, Source, Switches extends object>(
  definition: FaceDefinition<Settings, Source, Switches>,
): FaceDefinition<Settings, Source, Switches> => definition;

/** An answer with a JSON body. */
export const jsonResponse = (
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): SimulatorResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});
