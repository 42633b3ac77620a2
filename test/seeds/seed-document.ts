/*
 * A source document as a list: every endpoint, parameter, answer field, word, error and note that it has, each with the way in
 * which a merchant reaches it. `documents.test.ts` walks the lists, so an entry is a claim that is tried, not a remark.
 */

import type { ChargesClient } from '../../src/charges-client.js';
import type { JustifiExtras } from '../../src/providers/justifi/index.js';
import type { OmiseExtras } from '../../src/providers/omise/index.js';
import type { Simulator } from '../../src/simulator/index.js';

/** Any of the five clients; what only one provider has may be missing. */
export type Client = ChargesClient & Partial<JustifiExtras> & Partial<OmiseExtras>;

/** How a parameter gets onto the wire. `as` is its place in what the caller gives. */
export type ParameterReach =
  | { readonly by: 'param' | 'providerOptions' | 'setting' | 'header' | 'option'; readonly as: string }
  /** The library sends it by itself, or the method that is called says it. */
  | { readonly by: 'automatic' }
  /** Not sent, for a reason that stands word for word on the provider's page. */
  | { readonly by: 'not'; readonly reason: string };

/** A parameter: how it is reached and the literal value that has to leave at its place. */
export type Parameter = ParameterReach & { readonly sent?: unknown };

/** Where an answer field is found: in the normalized object with this value, in `raw` alone, or not, with the reason. */
export type Field =
  | { readonly by: 'normalized'; readonly at: string; readonly value: unknown }
  | { readonly by: 'raw' }
  | { readonly by: 'not'; readonly reason: string };

/** What a call is made with. */
export interface Input {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly id?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly options?: {
    readonly idempotencyKey?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly include?: readonly string[];
  };
}

/** A request as it arrived at the stub. */
export interface Arrived {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the stub answers. */
export interface Reply {
  readonly status?: number;
  readonly body: unknown;
}

/** An endpoint of a document. */
export interface Endpoint {
  /** As the document writes it. */
  readonly name: string;
  /** The method of the client that asks it. */
  readonly reachedBy: string;
  /** `POST /v1/payments/{id}`; `{…}` stands for one segment. */
  readonly route: string;
  /** The calls that together carry every parameter. */
  readonly inputs: readonly Input[];
  readonly answer: (request: Arrived) => Reply;
  /** By place: `body.amount`, `query.limit`, `header.sub-account`. */
  readonly parameters: Readonly<Record<string, Parameter>>;
}

/** A sample answer of a document. */
export interface Answer {
  readonly name: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly reply: Reply | ((request: Arrived) => Reply);
  readonly ask: (client: Client) => PromiseLike<unknown>;
  /** Whether a page or an array was resolved, and not one object. */
  readonly isList?: boolean;
  /** The parts of the body that the resolved objects stand for. */
  readonly resources: readonly unknown[];
  /** By the path of each leaf of the resources: `source.card.last4`. */
  readonly fields: Readonly<Record<string, Field>>;
}

/** A sample answer, word or error that is told by how a call ends. */
export interface Ending {
  readonly name: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly reply: Reply | ((request: Arrived) => Reply);
  readonly ask: (client: Client) => PromiseLike<unknown>;
  /** Fields of what was resolved. */
  readonly resolves?: Readonly<Record<string, unknown>>;
  /** Fields of the error, `name` included. */
  readonly rejects?: Readonly<Record<string, unknown>>;
  /** A sentence about it on the provider's page. */
  readonly onPage?: string;
}

/** Something that a document says and that is no field: how we heed it, and where our page says so. */
export interface Note {
  /** The words of the document. */
  readonly says: string;
  readonly onPage: string;
}

/** A source document. */
export interface SeedDocument {
  readonly provider: 'stripe' | 'omise' | 'magpie' | 'justifi' | 'pin';
  /** A client with these settings, `baseUrl` among them. */
  readonly client: (settings: Readonly<Record<string, unknown>>) => Client;
  /** Requests beside those of the document, such as for an access token. */
  readonly beside?: (request: Arrived) => Reply | null;
  readonly endpoints: readonly Endpoint[];
  readonly answers: readonly Answer[];
  readonly endings: readonly Ending[];
  readonly notes: readonly Note[];
  /** Asks every endpoint of the simulator. */
  readonly simulate: (client: Client, simulator: Simulator) => Promise<void>;
}

/** A parameter of the common params. */
export const param = (as: string, sent?: unknown): Parameter => ({ by: 'param', as, sent });
/** A parameter of `providerOptions`. */
export const option = (as: string, sent?: unknown): Parameter => ({ by: 'providerOptions', as, sent });
/** A parameter of the client's settings. */
export const setting = (as: string, sent?: unknown): Parameter => ({ by: 'setting', as, sent });
/** A header of the call. */
export const header = (as: string, sent?: unknown): Parameter => ({ by: 'header', as, sent });
/** An option of the call, beside its params. */
export const callOption = (as: string, sent?: unknown): Parameter => ({ by: 'option', as, sent });
/** What goes out by itself. */
export const automatic = (sent?: unknown): Parameter => ({ by: 'automatic', sent });
/** What is not reached, with the sentence of the page that says why. */
export const not = (reason: string) => ({ by: 'not', reason }) as const;
/** A normalized field. */
export const field = (at: string, value: unknown): Field => ({ by: 'normalized', at, value });
/** A field that only `raw` has. */
export const raw: Field = { by: 'raw' };
/** Several fields that only `raw` has. */
export const rawOnly = (...paths: readonly string[]): Record<string, Field> =>
  Object.fromEntries(paths.map((path) => [path, raw]));
