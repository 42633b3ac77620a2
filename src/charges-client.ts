import type { Capabilities } from './models/capabilities.js';
import type { Charge } from './models/charge.js';
import type { ChargeEvent } from './models/event.js';
import type { ChargeList } from './models/page.js';
import type {
  CaptureParams,
  CreateParams,
  ListParams,
  RefundParams,
  SearchParams,
  UpdateParams,
  Verify3DSParams,
} from './models/params.js';
import type { PendingReconciliations, Reconciliation } from './models/reconciliation.js';
import type { Refund } from './models/refund.js';
import type { ChargesError } from './errors.js';

/** The operations that a provider may have. `reverse` is another name of `void`. */
export type Operation =
  | 'create'
  | 'retrieve'
  | 'update'
  | 'list'
  | 'search'
  | 'capture'
  | 'void'
  | 'expire'
  | 'refund'
  | 'listRefunds'
  | 'retrieveRefund'
  | 'verify3DS';

/** Options of one call. They beat the client's settings. */
export interface CallOptions {
  /** Aborts the call, also while it waits between attempts. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that one attempt may take, connect to last byte; 10 or more. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds for everything together: attempts, waits and look-ups. */
  readonly deadlineMs?: number | undefined;
  /** Further attempts after the first. */
  readonly maxRetries?: number | undefined;
  /** Documented provider headers, such as a connected account. Leave it out, or give a value: undefined is refused. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a provider tells only when it is asked to: see `capabilities.retrieve.include`. */
export type Include = 'fee';

/** Options of a read of charges. */
export interface ReadOptions extends CallOptions {
  /**
   * What else the charges hold. `fee`: what the provider keeps, where it tells that on request only; a provider that always
   * tells it takes the word as well, and one that never does rejects with `UnsupportedOperationError`.
   */
  readonly include?: readonly Include[];
}

/** Options of a write. */
export interface WriteOptions extends CallOptions {
  /**
   * 1 to 90 visible ASCII characters. Calling the same write again with the same key and params never does it twice, within
   * the limits that docs/money-safety.md names.
   * Left out, a fresh key is made; it stands on every error. Undefined is refused: a key that got lost protects from nothing.
   */
  readonly idempotencyKey?: string;
}

/** Headers of a webhook request: a `Headers` object or a record in any letter case. */
export type WebhookHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | {
      /** The value of a header, in any letter case; null where it is not there. */
      get(name: string): string | null;
    };

/** The raw body of a webhook request, before any JSON parser touched it. */
export type WebhookBody = string | Uint8Array;

/** Params that a provider reads more narrowly, by operation. */
export interface ProviderParams {
  create?: unknown;
  update?: unknown;
  list?: unknown;
  search?: unknown;
  capture?: unknown;
  refund?: unknown;
  verify3DS?: unknown;
}

type Choose<Params extends ProviderParams, Name extends keyof ProviderParams, Otherwise> = Params extends {
  [Key in Name]: infer Chosen;
}
  ? Chosen
  : Otherwise;

/**
 * Charges cards and wallets at one provider. `Params` narrows what a provider's own methods take, such as typed
 * `providerOptions`. Every method rejects with a `ChargesError` whose `outcome` says whether
 * money may have moved. Amounts are integers in ISO 4217 minor units.
 */
export interface ChargesClient<Params extends ProviderParams = object> {
  /** The provider's name, such as `stripe`. */
  readonly provider: string;
  /** What the provider can do, derived from its adapter. */
  readonly capabilities: Capabilities;
  /** Whether the provider has this operation. Throws an `InvalidRequestError` for a name that is no operation. */
  supports(operation: Operation | 'reverse'): boolean;

  /**
   * Charges, or with `capture: false` authorizes only. A decline rejects with `CardError` at every provider; a payer who
   * has to act resolves with `requires_action`.
   */
  create(params: Choose<Params, 'create', CreateParams>, options?: WriteOptions): Promise<Charge>;
  /** Reads one charge. Rejects with `NotFoundError`. */
  retrieve(id: string, options?: ReadOptions): Promise<Charge>;
  /** Changes what may be changed afterwards. Metadata is merged; null removes a key. */
  update(id: string, params: Choose<Params, 'update', UpdateParams>, options?: WriteOptions): Promise<Charge>;
  /** Awaited: one page. Iterated: every charge of every page. Nothing is asked before. */
  list(params?: Choose<Params, 'list', ListParams>, options?: ReadOptions): ChargeList;
  /** Like `list`, filtered: at the provider where it can, the rest here. `capabilities.search` says which. */
  search(params: Choose<Params, 'search', SearchParams>, options?: ReadOptions): ChargeList;
  /** Takes authorized money, all of it or `amount`. Rejects with `ConflictError` where the state does not allow it. */
  capture(
    id: string,
    params?: Choose<Params, 'capture', CaptureParams>,
    options?: WriteOptions,
  ): Promise<Charge>;
  /** Releases an authorization. Never turned into a refund. Rejects with `ConflictError` where it is too late. */
  void(id: string, options?: WriteOptions): Promise<Charge>;
  /** The same as `void`. */
  reverse(id: string, options?: WriteOptions): Promise<Charge>;
  /** Ends a pending charge that the payer has not paid yet. */
  expire(id: string, options?: WriteOptions): Promise<Charge>;
  /** Gives captured money back: what is left of it, or `amount`. Many refunds stay `pending` for days. */
  refund(
    id: string,
    params?: Choose<Params, 'refund', RefundParams>,
    options?: WriteOptions,
  ): Promise<Refund>;
  /** Every refund of a charge, newest first where the provider says. Releases are not refunds. */
  listRefunds(id: string, options?: CallOptions): Promise<Refund[]>;
  /** Reads one refund of a charge. */
  retrieveRefund(id: string, refundId: string, options?: CallOptions): Promise<Refund>;
  /**
   * What became of 3-D Secure after the payer came back. Failed authentication or a decline rejects with `CardError`, like
   * `create`; still open resolves with `requires_action`. `expected` is compared with the answer (`IntegrityError`).
   */
  verify3DS(params: Choose<Params, 'verify3DS', Verify3DSParams>, options?: WriteOptions): Promise<Charge>;

  /**
   * What became of a write whose answer never came: by its key, its error or the error's `toJSON()`. Never sends a write.
   * An error of another provider, account, mode or namespace is an `InvalidRequestError`: name the account as the write did.
   */
  reconcile(
    keyOrError: string | ChargesError | Readonly<Record<string, unknown>>,
    options?: CallOptions,
  ): Promise<Reconciliation>;
  /**
   * Reconciles every unresolved write of this account in the store: iterate it, or await it for all of them. A call that is neither
   * iterated nor awaited does nothing. A write that can never be settled is given as `unknown`, and its error is thrown after all the
   * others.
   */
  reconcilePending(options?: CallOptions): PendingReconciliations;

  /** Verifies a webhook and reads it as an event. Rejects with `WebhookSignatureError`. */
  parseWebhook(rawBody: WebhookBody, headers: WebhookHeaders): Promise<ChargeEvent>;
}

/** The methods of a client that are operations of the provider. */
type Methods<Supported extends Operation> = Supported | ('void' extends Supported ? 'reverse' : never);

type NoSuchOperation = 'this provider has no such operation: ask supports() first';

/** What the parameter of a missing method shows in the compiler's error: nothing that a caller has fits it. */
type Refused<First> = First extends string
  ? NoSuchOperation
  : First & Readonly<Record<NoSuchOperation, never>>;

/** A method that the provider lacks: calling it does not compile, and behind `ChargesClient` it rejects before sending. */
type Missing<Supported extends Operation> = {
  [Name in Exclude<Operation | 'reverse', Methods<Supported>>]: (
    unsupported: Refused<NonNullable<Parameters<ChargesClient[Name]>[0]>>,
  ) => never;
};

/**
 * A concrete client: exactly the operations that the provider has, by its own name, and it fits `ChargesClient`. The other
 * methods are there to be refused with a reason, where their names are typed by mistake.
 */
export type ChargesClientFor<
  Supported extends Operation,
  Params extends ProviderParams = object,
  Name extends string = string,
> = Omit<ChargesClient<Params>, Operation | 'reverse' | 'provider'> &
  Pick<ChargesClient<Params>, Methods<Supported>> &
  Missing<Supported> & {
    /** The provider's name. */
    readonly provider: Name;
  };
