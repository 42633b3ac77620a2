import type * as z from 'zod';
import type { Operation } from '../charges-client.js';
import type { FieldIssue } from '../models/error-details.js';
import type { Answered, OperationOutputs, PreparedLookup, RequestRow } from '../provider.js';
import type { Endpoint, Ids, Query } from './endpoint.js';
import type { Facts } from './facts.js';
import type { AdapterCall, AdapterTypes, ModelOf, RowInput, WireOf } from './inputs.js';

/** Wrong fields; null where a condition found none. */
export type Issues = readonly (FieldIssue | null)[];

/** A function that is compared as a method is: a row with its own `prepare` fits where any row does. */
type Choice<Input, Call, Chosen> = { choose(input: Input, call: Call): Chosen }['choose'];

/** Where a request goes and what it holds. */
export interface RequestParts<Input, Call> {
  /** A placeholder is a field of the input or of its params: `{id}`, `{refundId}`, `{chargeId}`. */
  readonly to: Endpoint | Choice<Input, Call, Endpoint>;
  /** Values of placeholders that are no such field. */
  ids?(input: Input, call: Call): Ids;
  /** The fields of the query. */
  query?(input: Input, call: Call): Query;
  /** Undefined: no body. */
  json?(input: Input, call: Call): unknown;
  /** The fields of a form. Undefined fields are left out. */
  form?(input: Input, call: Call): Query;
  /** Headers of this request alone. */
  headers?(input: Input, call: Call): Readonly<Record<string, string>>;
}

/** One request as data. Its answer is read as the object that the operation gives, unless the row says otherwise. */
export interface RequestFacts<
  Types extends AdapterTypes,
  Name extends Operation,
  Prepared,
  Wire,
> extends RequestParts<RowInput<Types, Name>, AdapterCall<Types['settings'], Prepared>> {
  /**
   * Of a write, at a provider whose idempotency keys are not for every request: false where it keeps none for this one. It
   * then goes out once and without the key, and what became of it is looked up. Default: true.
   */
  readonly takesKey?: RequestRow<Name>['takesKey'];
  /** Wrong fields that no declared fact can say. What a create is missing is told beside it. */
  check?(input: RowInput<Types, Name>, call: AdapterCall<Types['settings']>): Issues;
  /**
   * What has to be read, or made without moving money, before the write. Plain JSON without secrets: it is recorded, comes back
   * as `call.prepared` at every repeat, and its shape must stay what earlier versions have recorded.
   */
  prepare?(input: RowInput<Types, Name>, call: AdapterCall<Types['settings']>): Promise<Prepared>;
  /** What must still hold before a repeat, where the request would by now do something else. Where it rejects nothing is sent. */
  beforeRepeat?(input: RowInput<Types, Name>, call: AdapterCall<Types['settings'], Prepared>): Promise<void>;
  /** What `prepare` would resolve to, where it has nothing to ask the provider; else null. Saves a step of the store. */
  preparedAtOnce?(input: RowInput<Types, Name>, call: AdapterCall<Types['settings']>): Prepared | null;
  /** The check of what was recorded, where a wrong record could change what is asked for. */
  readonly prepared?: z.ZodType<Prepared>;
  /** For a capture in several parts: what had been captured before, in minor units; null where nobody looked. */
  capturedBefore?(prepared: Prepared): number | null;
  /** For a create whose `prepare` makes the object that is charged: how that object is found again. */
  readonly lookup?: PreparedLookup;
  /** Instead of the provider's own reading: what this operation knows besides. `wire` is the object without its envelope. */
  output?(
    answered: Answered<Wire>,
    call: AdapterCall<Types['settings'], Prepared>,
    input: RowInput<Types, Name>,
  ): ModelOf<Name> | Promise<ModelOf<Name>>;
}

/** A row whose answer is the provider's charge or refund. */
interface UsualRow<Types extends AdapterTypes, Name extends Operation, Prepared> extends RequestFacts<
  Types,
  Name,
  Prepared,
  WireOf<Types, Name>
> {
  readonly schema?: undefined;
  readonly run?: undefined;
}

/** A row whose answer is something else: with the check of the object in it, and its own `output`. */
interface UnusualRow<Types extends AdapterTypes, Name extends Operation, Prepared, Wire> extends RequestFacts<
  Types,
  Name,
  Prepared,
  Wire
> {
  readonly schema: z.ZodType<Wire>;
  readonly run?: undefined;
}

/** A row of several reads, with a comment that says why. */
export interface ReadingRow<Types extends AdapterTypes, Name extends Operation> {
  readonly to?: undefined;
  readonly schema?: undefined;
  check?(input: RowInput<Types, Name>, call: AdapterCall<Types['settings']>): Issues;
  run(input: RowInput<Types, Name>, call: AdapterCall<Types['settings']>): Promise<OperationOutputs[Name]>;
}

/** A search that reads the list and filters here, at most `maxPages` pages. */
export interface SearchOverList {
  readonly overList: { readonly maxPages: number };
  readonly eventuallyConsistent?: boolean;
}

type FactsOf<Types extends AdapterTypes, Name extends Operation> = Name extends keyof Facts<Types>
  ? Facts<Types>[Name]
  : object;

/** The request of a list or a search. */
export type PageRow<Types extends AdapterTypes, Name extends 'list' | 'search'> = Facts<Types>[Name] &
  RequestParts<RowInput<Types, Name>, AdapterCall<Types['settings']>> & {
    check?(input: RowInput<Types, Name>, call: AdapterCall<Types['settings']>): Issues;
  };

/** The refunds of a charge: a list in pages, the charge that carries them, or several reads. */
type RefundsRow<Types extends AdapterTypes> = Facts<Types>['listRefunds'] &
  RequestParts<RowInput<Types, 'listRefunds'>, AdapterCall<Types['settings']>> & { readonly run?: undefined };

/**
 * A row with a `prepare` of its own, or with an answer that is no charge or refund: a constant of this type, so that
 * `call.prepared` and `wire` have their types in it.
 *
 * @example
 * const capture: AdapterRow<Acme, 'capture', { amount: number }> = { … };
 */
export type AdapterRow<
  Types extends AdapterTypes,
  Name extends Operation,
  Prepared = unknown,
  Wire = WireOf<Types, Name>,
> = FactsOf<Types, Name> & RequestFacts<Types, Name, Prepared, Wire> & { readonly schema?: z.ZodType<Wire> };

type AnyRow<Types extends AdapterTypes, Name extends Operation> = FactsOf<Types, Name> &
  (UsualRow<Types, Name, unknown> | UnusualRow<Types, Name, unknown, unknown>);

/** What may stand under the name of each operation. */
export interface RowsByName<Types extends AdapterTypes> {
  create: AnyRow<Types, 'create'>;
  retrieve: AnyRow<Types, 'retrieve'>;
  update: AnyRow<Types, 'update'>;
  list: PageRow<Types, 'list'>;
  search: PageRow<Types, 'search'> | SearchOverList;
  capture: AnyRow<Types, 'capture'>;
  void: AnyRow<Types, 'void'>;
  expire: AnyRow<Types, 'expire'>;
  refund: AnyRow<Types, 'refund'>;
  listRefunds: RefundsRow<Types> | ReadingRow<Types, 'listRefunds'>;
  retrieveRefund: AnyRow<Types, 'retrieveRefund'> | ReadingRow<Types, 'retrieveRefund'>;
  verify3DS:
    | AnyRow<Types, 'verify3DS'>
    | (Facts<Types>['verify3DS'] & { readonly isWrite?: false } & ReadingRow<Types, 'verify3DS'>);
}

/** The rows of the operations that a provider has. */
export type Rows<Types extends AdapterTypes, Names extends Operation> = {
  readonly [Name in Names]: RowsByName<Types>[Name];
};
