import type * as z from 'zod';
import type { CallOptions, Include, Operation, ProviderParams } from './charges-client.js';
import type { Capabilities } from './models/capabilities.js';
import type { Charge } from './models/charge.js';
import type { ReportDrift } from './models/drift.js';
import type { FieldIssue } from './models/error-details.js';
import type { SearchParams } from './models/params.js';
import type { PagedList, PageEnd, PageItems, WirePage } from './models/paging.js';
import type { PreparedLookup } from './models/prepared-lookup.js';
import type { ProviderFailure } from './models/provider-failure.js';
import type { WireOption } from './models/wire-fields.js';
import type { Connection } from './connection.js';
import type { OperationInputs, OperationOutputs } from './operation-values.js';
import type { WebhookSpec } from './webhook-spec.js';
import type { Answered, WireAnswer, WireRequest } from './wire-messages.js';

export type { AuthorizationTools, Connection } from './connection.js';
export type { DriftKind, ReportDrift } from './models/drift.js';
export type { PagedList, PageEnd, PageItems, PreparedLookup, ProviderFailure, WirePage };
export type { ListedPage } from './models/paging.js';
export type { OperationInputs, OperationOutputs } from './operation-values.js';
export type { Answered, WireAnswer, WireRequest, WireValue } from './wire-messages.js';

/** What a row may use while it builds a request or reads an answer. */
export interface Call<Settings = unknown> {
  /** The provider's own settings, checked. */
  readonly settings: Settings;
  /** Test or live, as far as the key tells it. */
  readonly livemode: boolean | null;
  /** The account that the call is for, where one key of the provider serves several. */
  readonly account: string | null;
  /** What the caller wants a read of charges to hold besides. A row that can must name it in its `capability.include`. */
  readonly include: ReadonlySet<Include>;
  /** The idempotency key of this write: the provider's key, and the stamp in the metadata. Null on reads. */
  readonly idempotencyKey: string | null;
  /** What `prepare` returned, now or in an earlier attempt with the same key. */
  readonly prepared: unknown;
  /** A further call: a read, or in `prepare` a step that moves no money (with a derived key). Rejects as the operation does. */
  send<Wire>(request: WireRequest, response: z.ZodType<Wire>): Promise<Answered<Wire>>;
  /**
   * Answers can cross on the way: whatever is read with `send` is about what was asked, or it is an `IntegrityError`
   * `crossed_answers`. Both are ids of a charge or a refund. What an operation gives back is compared by the engine as well.
   */
  checkSame(asked: string, answered: string): void;
  /** The cursor after a page; null at the end. A page that only seems to be the last is `incomplete_list`. */
  nextCursor(page: PageEnd): string | null;
  /** Every item of a list in pages, each once. An end that was not seen is an `InvalidResponseError` `incomplete_list`. */
  readPages<Item>(list: PagedList<Item>): Promise<Item[]>;
  /**
   * Reads the items of a page one by one: what is wrong with one of them, or what `read` throws, hides none of the others. One
   * that cannot be read is a charge with `status: 'unknown'`; without a readable id it is left out and reported.
   */
  readItems<Item>(items: readonly Item[], read: (item: Item) => Charge | Promise<Charge>): Promise<Charge[]>;
  /**
   * Reports a deviation from what the adapter knows: a `drift` event, and an error with `strictResponses`.
   */
  readonly drift: ReportDrift;
  /** Wall clock in milliseconds. */
  now(): number;
  /** Waits for some milliseconds. Rejects when the caller's signal aborts. */
  sleep(milliseconds: number): Promise<void>;
}

interface RowFacts<Name extends Operation> {
  /** The strict schema of this operation's params, where the provider reads them more narrowly than the common one. */
  readonly params?: z.ZodType<OperationInputs[Name] extends { params: infer Params } ? Params : never>;
  /** What is special here; it becomes `client.capabilities`. */
  readonly capability?: Partial<Omit<Capabilities[Name], 'supported'>>;
  /** Wrong fields that a schema cannot see: limits of the provider, currencies, combinations. Before a byte is sent. */
  check?(input: OperationInputs[Name], call: Call): readonly FieldIssue[];
}

/** A row of one request: pure functions around it. */
export interface RequestRow<Name extends Operation, Wire = unknown> extends RowFacts<Name> {
  /**
   * Of a write, at a provider whose idempotency keys are not for every request: false where it keeps none for this one. The
   * request then goes out once and without the key, and what became of it is looked up. Default: true.
   */
  readonly takesKey?: boolean | ((input: OperationInputs[Name]) => boolean);
  /** For a create whose `prepare` makes the object that is charged: an open one is settled by reading that object. */
  readonly lookup?: PreparedLookup;
  /** Of a create: the params that the settings supply where a call does not, so that a call need not give them. */
  suppliedParams?(settings: unknown): readonly string[];
  /** For a capture: what was captured before, in minor units, by what `prepare` read; null where it did not look. */
  capturedBefore?(prepared: unknown): number | null;
  /**
   * What has to be read, or made without moving money, before the write. The result is plain JSON without secrets; it is
   * recorded before the write is sent and used again by every repeat, so that the bytes stay the same.
   */
  prepare?(input: OperationInputs[Name], call: Call): Promise<unknown>;
  /**
   * What must still hold before a repeat, where the request would by now do something else to the charge than at the first
   * attempt. Reads; where it rejects nothing is sent again.
   */
  beforeRepeat?(input: OperationInputs[Name], call: Call): Promise<void>;
  /** What `prepare` would resolve to, where it asks the provider nothing; else null. Saves a step of the store. */
  preparedAtOnce?(input: OperationInputs[Name], call: Call): unknown;
  /** The one request. For writes: the one that moves money. */
  request(input: OperationInputs[Name], call: Call): WireRequest;
  /**
   * The check of a 2xx body. A field that accepts null or undefined is informational: a wrong type there is nulled and
   * reported as drift. A field that does not is critical: the answer is refused. No transforms, no defaults.
   */
  readonly response: z.ZodType<Wire>;
  /** For a page: its items. With it, one item that cannot be read hides none of the others. */
  readonly items?: PageItems;
  /** The normalized output. May read further through `call.send`. */
  output(
    answered: Answered<Wire>,
    call: Call,
    input: OperationInputs[Name],
  ): OperationOutputs[Name] | Promise<OperationOutputs[Name]>;
}

/** A row of several reads, with a comment that says why. */
export interface RunRow<Name extends Operation> extends RowFacts<Name> {
  /** Reads with `call.send` as often as needed, and returns the normalized output. */
  run(input: OperationInputs[Name], call: Call): Promise<OperationOutputs[Name]>;
}

/** A search that reads the list and filters here, at most `maxPages` pages. */
export interface ListSearchRow extends RowFacts<'search'> {
  /** `maxPages`: how many pages of the list one search reads at most. */
  readonly overList: { readonly maxPages: number };
}

/** One row an operation. An absent row is an operation that the provider lacks. */
export interface OperationRows {
  /** Charges a source. */
  create?: RequestRow<'create'>;
  /** Reads one charge. */
  retrieve?: RequestRow<'retrieve'> | RunRow<'retrieve'>;
  /** Changes a charge. */
  update?: RequestRow<'update'>;
  /** Reads one page of charges. */
  list?: RequestRow<'list'> | RunRow<'list'>;
  /** Reads one page of the charges that match. */
  search?: RequestRow<'search'> | RunRow<'search'> | ListSearchRow;
  /** Takes the money of an authorization. */
  capture?: RequestRow<'capture'>;
  /** Releases an authorization. */
  void?: RequestRow<'void'>;
  /** Ends a charge that waits for its payer. */
  expire?: RequestRow<'expire'>;
  /** Gives captured money back. */
  refund?: RequestRow<'refund'>;
  /** Reads every refund of a charge. */
  listRefunds?: RequestRow<'listRefunds'> | RunRow<'listRefunds'>;
  /** Reads one refund. */
  retrieveRefund?: RequestRow<'retrieveRefund'> | RunRow<'retrieveRefund'>;
  /** `isWrite`: the call finishes the payment, so it is sent once and never repeated. */
  verify3DS?:
    | (RequestRow<'verify3DS'> & { readonly isWrite?: boolean })
    | (RunRow<'verify3DS'> & { readonly isWrite?: false });
}

/** A setting that may come from the environment. */
export interface EnvironmentSetting {
  /** The name of the environment variable, such as `STRIPE_SECRET_KEY`. */
  readonly variable: string;
  /** Whether the client cannot be made without the setting. */
  readonly required: boolean;
}

/** A provider as data: what an adapter author writes. The engine never names a provider. */
export interface ProviderSpec<
  Shape extends z.core.$ZodShape = z.core.$ZodShape,
  Rows extends OperationRows = OperationRows,
  Extras extends object = object,
  Name extends string = string,
> {
  /** The provider's name in lower case, such as `stripe`: part of every charge, error, event and record. */
  readonly provider: Name;
  /** The provider's own settings; the common ones are added. Secrets use `secretSchema`. Unknown keys are refused. */
  readonly settings: Shape;
  /** The environment variables that stand in for settings which are left out, by the name of the setting. */
  readonly environment: Readonly<Record<string, EnvironmentSetting>>;
  /** Makes the way to the provider from the checked settings, once for each client. */
  connect(settings: z.output<z.ZodObject<Shape>>): Connection;
  /** Headers that a caller may set per call, lower-case. Those that choose an account become part of the scope. */
  readonly callHeaders?: Readonly<Record<string, { readonly choosesAccount: boolean }>>;
  /**
   * How a repeated write is made safe: the header and lifetime of the provider's own keys, or a lookup by the
   * stamp.
   */
  readonly writeSafety:
    | { readonly kind: 'provider-key'; readonly header: string; readonly keyLifetimeMs: number }
    | { readonly kind: 'lookup' };
  /** Whether a 429 is documented to mean "not executed". */
  readonly rateLimitMeansNotExecuted: boolean;
  /**
   * A header that is `true` where the answer to a key is that of its first request: it says how the charge stood then, so a charge
   * that may have changed is read once more.
   */
  readonly replayHeader?: string;
  /** A header whose `true` or `false` is the provider's advice on retrying. */
  readonly shouldRetryHeader?: string;
  /** Response headers that may hold the id of the request, in lower case; the first that is there counts. */
  readonly requestIdHeaders?: readonly string[];
  /**
   * Prefixes of ids, such as `ch_`, where several kinds of ids name one payment: asked by one, it may be answered by
   * another. Two ids of one prefix must be equal. Left out where a charge has one id.
   */
  readonly interchangeableIds?: readonly string[];
  /**
   * Names of request fields that callers may not send as they please, beside those that a row's request has anyway: they decide
   * how much, whose or whether, or the form of the answer.
   */
  readonly ownFields?: readonly string[];
  /**
   * Where charges are made with one of several APIs, each with lists of its own: the setting that chooses it, and its default.
   * The API is recorded with a write, and a lookup of the write reads the lists of that one.
   */
  readonly apiSetting?: { readonly name: string; readonly default: string };
  /** Search params that find a create by its stamp faster than the list; only a hit counts. */
  searchByStamp?(stamp: string): SearchParams;
  /** One row an operation. An absent row is an operation that the provider lacks. */
  readonly operations: Rows;
  /** Reads a non-2xx answer. Pure. */
  failure(answer: WireAnswer, operation: Operation, call: Call): ProviderFailure;
  /** Methods that only this provider has; they hang on the concrete client. */
  extras?(call: ExtraCall): Extras;
  /** How deliveries are verified and read. Left out where the provider sends none. */
  readonly webhook?: WebhookSpec;
}

/** How an extra method sends: a read retries like any read, a write is sent once. */
export type ExtraCall = <Output>(
  operation: string,
  options: CallOptions | undefined,
  run: (call: Call) => Promise<Output>,
) => Promise<Output>;

/** The operations of a spec: the names of its rows. */
export type OperationsOf<Rows extends OperationRows> = Extract<keyof Rows, Operation>;

/** The params that a spec's rows read, as the caller writes them. */
export type ParamsOf<Rows extends OperationRows> = {
  [
    Name in keyof Rows & keyof ProviderParams as Rows[Name] extends { params: z.ZodType } ? Name : never
  ]: Rows[Name] extends {
    params: infer Schema extends z.ZodType;
  }
    ? WithWire<z.input<Schema>>
    : never;
};

/** Params whose `providerOptions` take `wire` as well. */
type WithWire<Params> = Omit<Params, 'providerOptions'> & {
  readonly providerOptions?: (OptionsIn<Params> & WireOption) | undefined;
};

/** The provider's own options of params; none where they know no names. */
type OptionsIn<Params> = Params extends { providerOptions?: infer Options }
  ? string extends keyof NonNullable<Options>
    ? object
    : NonNullable<Options>
  : object;

/** Checks a spec's type and keeps its exact rows, from which the concrete client's type derives. */
export const defineProvider = <
  const Shape extends z.core.$ZodShape,
  const Rows extends OperationRows,
  Extras extends object = object,
  const Name extends string = string,
>(
  spec: ProviderSpec<Shape, Rows, Extras, Name>,
): ProviderSpec<Shape, Rows, Extras, Name> => spec;
