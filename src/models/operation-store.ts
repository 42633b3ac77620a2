/** Where a recorded write stands. `started`: its owner has not reported yet. */
export type OperationState = 'started' | 'unknown' | 'succeeded' | 'rejected' | 'did_not_happen';

/** What was asked, so that the same key for another request is noticed. */
export interface Fingerprint {
  /** The format of `hash`. Fingerprints of two versions compare without it. */
  readonly version: number;
  /** The digest of the params that decide what the write does. */
  readonly hash: string;
  /** The method that was called, such as `create`. */
  readonly operation: string;
  /** The charge that the write changes; null for a create. */
  readonly target: string | null;
  /** The amount that was asked for, in ISO 4217 minor units; null where the call named none. */
  readonly amount: number | null;
  /** Upper-case ISO 4217 code; null where the call named none. */
  readonly currency: string | null;
}

/** The last moment, by the store's clock, at which the write could have been sent by an owner that got no answer. */
export interface OpenSend {
  /** Milliseconds since 1970 by the store's clock. */
  readonly until: number;
  /** Whether that owner reported; one that never did may be frozen. */
  readonly reported: boolean;
}

/** How a write ended: a charge or refund as JSON, or an error as JSON. */
export interface OperationResult {
  /** What `value` is: a charge, a refund, an error, or nothing of these. */
  readonly kind: 'charge' | 'refund' | 'error' | 'none';
  /** Plain JSON, which the store hands back as it was given. */
  readonly value: unknown;
}

/** One write under one key. No card data, keys or client secrets, and nothing of the provider's raw resources. */
export interface OperationRecord {
  /** Namespace, provider, live or test, account. */
  readonly scope: string;
  /** The idempotency key. */
  readonly key: string;
  /** The method that was called, such as `create`. */
  readonly operation: string;
  /** The charge that the write changes; null for a create. */
  readonly target: string | null;
  /** What was asked, to tell another request with the same key. */
  readonly fingerprint: Fingerprint;
  /** Where the write stands. */
  readonly state: OperationState;
  /** Counts owners: every claim is one more. */
  readonly attempt: number;
  /** The id of the call that claimed the record last. */
  readonly owner: string;
  /** Times are milliseconds since 1970 by the store's clock. */
  readonly startedAt: number;
  /**
   * Until when its owner may send, in milliseconds since 1970 by the store's clock; afterwards another one
   * may claim it.
   */
  readonly leaseUntil: number;
  /** When a request with this key was first about to be sent; null while none was. */
  readonly sentAt: number | null;
  /** Whether the present owner was about to send. One that never was has nothing under way. */
  readonly prepared: boolean;
  /** The last send whose outcome nobody knows; null where there is none. */
  readonly openSend: OpenSend | null;
  /** What was read before sending, so that a repeat sends the same bytes. */
  readonly resolved: unknown;
  /** The charge whose refunds this write locks, where they carry no metadata. */
  readonly refundLock: string | null;
  /** How the write ended; null until it has. */
  readonly result: OperationResult | null;
}

/** A record with the store's time at the moment it was read. */
export interface StoredOperation {
  /** A copy of the record. */
  readonly record: OperationRecord;
  /** The store's clock when it was read, in milliseconds since 1970. */
  readonly now: number;
}

/** What begins. */
export interface NewOperation {
  /** Namespace, provider, live or test, account. */
  readonly scope: string;
  /** The idempotency key: one record for each scope and key. */
  readonly key: string;
  /** The method that was called, such as `create`. */
  readonly operation: string;
  /** The charge that the write changes; null for a create. */
  readonly target: string | null;
  /** What was asked, to tell another request with the same key. */
  readonly fingerprint: Fingerprint;
  /** The id of the call that begins the write. */
  readonly owner: string;
  /** How long the owner may send before another one may claim the record, in milliseconds. */
  readonly leaseMs: number;
  /** The charge of which this write is to be the only unresolved refund; null where it needs no lock. */
  readonly refundLock: string | null;
  /**
   * What `prepare` would keep, given where nothing has to be read before sending. The record then begins as `prepare` would
   * leave it (`resolved`, `sentAt`, `prepared`), which saves a round trip. A store may ignore it: it is asked to `prepare`.
   */
  readonly resolved?: unknown;
}

/** Who speaks: every transition compares both, and a stale one fails. */
export interface Ownership {
  /** Namespace, provider, live or test, account. */
  readonly scope: string;
  /** The idempotency key. */
  readonly key: string;
  /** The id of the call that made or claimed the record. */
  readonly owner: string;
  /** The number of the attempt in the record when it was made or claimed. */
  readonly attempt: number;
}

/** What a store answers to the beginning of a write. */
export type BeginAnswer =
  | ({
      /** The record is new. */
      readonly status: 'made';
    } & StoredOperation)
  | ({
      /** There is a record of this key. */
      readonly status: 'exists';
    } & StoredOperation)
  | {
      /** Another unresolved refund of the same charge holds the lock. */
      readonly status: 'locked';
      /** The idempotency key of that refund. */
      readonly by: string;
      /** The store's clock, in milliseconds since 1970. */
      readonly now: number;
    };

/**
 * Where writes are recorded before they are sent. Every method is atomic and uses the store's own clock. Records that go in
 * and come out are copies: whoever changes one changes nothing here. It may reject with anything; the engine decides what
 * that means, and tells the name, the code and the message of what was thrown.
 */
export interface OperationStore {
  /** Whether records outlive this process. */
  readonly durable: boolean;
  /** Makes the record in state `started`, attempt 1, or returns the one that is there. With `resolved`, the new record is prepared. */
  begin(operation: NewOperation): Promise<BeginAnswer>;
  /**
   * A new owner takes the record over: state `started`, attempt + 1, a new lease. Only if the attempt is still the given one,
   * the record is not `succeeded` or `rejected` (those answer for good; `did_not_happen` may begin again), and nobody holds a
   * live lease in state `started`. An owner that was `prepared` and never reported leaves `openSend` behind
   * (`until`: its lease, `reported: false`); the new one is not prepared. Null when it is too late. A lost refund lock is taken again, or the claim fails.
   */
  claim(
    operation: Pick<Ownership, 'scope' | 'key' | 'attempt'> & {
      readonly owner: string;
      readonly leaseMs: number;
    },
  ): Promise<StoredOperation | null>;
  /** Directly before sending: keeps `resolved`, sets `sentAt` once and `prepared`. False if the record is no longer ours or its lease is over. */
  prepare(owner: Ownership, resolved: unknown): Promise<boolean>;
  /**
   * Ends the attempt. `unknown` keeps the refund lock and, with `sent`, sets `openSend` to now and reported; without `sent` it
   * leaves `openSend` as it is. It is no longer `prepared`. Every other state frees the lock and clears `openSend`. `claimedRefund` is the refund that
   * this write is known to have made; each can be claimed by one key only. False if the record is no longer ours, or if
   * another key claimed that refund.
   */
  settle(
    owner: Ownership,
    end: {
      readonly state: Exclude<OperationState, 'started'>;
      readonly result: OperationResult | null;
      readonly sent?: boolean;
      readonly claimedRefund?: string | null;
    },
  ): Promise<boolean>;
  /** Forgets a record that was never sent. False if it is no longer ours, or was sent. */
  release(owner: Ownership): Promise<boolean>;
  /** Reads the record of a key; null where there is none. */
  get(scope: string, key: string): Promise<StoredOperation | null>;
  /** Which of these refunds another key has claimed. */
  claimedRefunds(scope: string, refundIds: readonly string[], exceptKey: string): Promise<readonly string[]>;
  /** Records in state `started` or `unknown`, oldest first. */
  listUnresolved(scope: string): AsyncIterable<OperationRecord>;
  /**
   * The scopes that hold records in state `started` or `unknown`, in alphabetical order: for whoever looks after the store
   * and knows no client of it. A store without it works; `npx unicharge pending` has to be told the scopes then.
   */
  listScopes?(): Promise<readonly string[]>;
}
