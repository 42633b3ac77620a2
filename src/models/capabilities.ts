import type { PaymentSourceType } from './payment-source.js';

/** How repeated writes are made safe: with the provider's own idempotency keys, or by looking for our stamp. */
export type WriteSafety = 'provider-key' | 'lookup';

/** Whether a provider has an operation. */
export interface Supported {
  /**
   * Whether the operation exists; where it does not, the call rejects with `UnsupportedOperationError` and
   * sends nothing.
   */
  readonly supported: boolean;
  /** Of a write: `lookup` where the provider keeps no key for this one, though it does for others. */
  readonly writeSafety?: WriteSafety;
}

/** What the charges of a read can be asked to hold besides. */
export interface Includes {
  /** What `include` takes here: on request, or always there. Absent where the provider tells none of it. */
  readonly include?: readonly 'fee'[];
}

/** Where a search filter is applied. */
export type SearchFilter =
  'query' | 'status' | 'amount' | 'currency' | 'createdAfter' | 'createdBefore' | 'metadata' | 'customer';

/**
 * What a provider can do. Every operation says whether it exists; the further fields say what is special about it.
 * Derived from the adapter: nothing here is written by hand a second time.
 */
export interface Capabilities {
  /**
   * How repeated writes are made safe: `provider-key`, or `lookup` where the library looks for its own stamp.
   */
  readonly writeSafety: WriteSafety;
  /** Milliseconds for which the provider's idempotency keys are trusted; null where it has none. */
  readonly idempotencyKeyLifetimeMs: number | null;
  /** Making a charge: which sources and currencies it takes, what it requires, refuses and leaves out. */
  readonly create: CreateCapability;
  /** Reading a charge by its id, and what `include` can add to it. */
  readonly retrieve: Supported & Includes;
  /** Changing a charge. `fields` are the params that it can change. */
  readonly update: Supported & { readonly fields?: readonly string[] };
  /** Listing charges: the order, the filters that the provider applies, and whether open ones show. */
  readonly list: Supported &
    Includes & {
      readonly order?: 'newest_first' | 'unspecified';
      /** Filters that the provider applies itself; the others are applied here. */
      readonly pushedDown?: readonly string[];
      /** `settled`: authorizations or open payments do not show, so that a missing charge proves nothing. Default `all`. */
      readonly covers?: 'all' | 'settled';
    };
  /** Searching charges: who applies which filter, and how far it looks. */
  readonly search: SearchCapability;
  /** Taking the money of an authorization, all of it or a part. */
  readonly capture: Supported & {
    /** `false`: all or nothing. `'some'`: only some charges. */
    readonly partial?: boolean | 'some';
  };
  /** Releasing an authorization, and where `captured` says so also money that is not settled. */
  readonly void: Supported & {
    /** How long after the charge it is possible; null or absent without a known limit. */
    readonly windowMs?: number | null;
    /** Whether captured but unsettled money can be voided, too. */
    readonly captured?: boolean;
  };
  /** Ending a charge that still waits for its payer. */
  readonly expire: Supported;
  /** Giving captured money back. `partial`: also a part of it; `metadata`: refunds keep metadata. */
  readonly refund: Supported & { readonly partial?: boolean; readonly metadata?: boolean };
  /** Reading every refund of a charge. */
  readonly listRefunds: Supported;
  /** Reading one refund by its id. */
  readonly retrieveRefund: Supported;
  /** Finishing 3-D Secure after the payer came back. `by`: how the payer is recognized. */
  readonly verify3DS: Supported & { readonly by?: readonly ('chargeId' | 'sessionToken' | 'otp')[] };
}

/** What `create` takes at a provider, and what it requires. */
export interface CreateCapability extends Supported {
  /** The kinds of sources that can be charged. */
  readonly sources?: readonly PaymentSourceType[];
  /** Params that a call has to give besides amount, currency and source. What the setting `defaults` supplies is not among them. */
  readonly requires?: readonly string[];
  /** Params that change what happens and that the provider cannot honour: refused before sending. */
  readonly refuses?: readonly string[];
  /** Params that only inform and for which the provider has no place: left out. */
  readonly leavesOut?: readonly string[];
  /** Upper-case codes; absent where the provider does not limit them. */
  readonly currencies?: readonly string[];
}

/** Who filters a search, and how far it looks. */
export interface SearchCapability extends Supported, Includes {
  /** Filters that the provider applies. */
  readonly pushedDown?: readonly SearchFilter[];
  /** Filters that are applied here, over what the provider returned. */
  readonly filteredHere?: readonly SearchFilter[];
  /** How many pages a search that filters here reads at most; absent where the provider searches itself. */
  readonly maxPages?: number;
  /** Whether a charge made a moment ago may be missing. */
  readonly eventuallyConsistent?: boolean;
}
