import type { ChargesError } from '../errors.js';
import type {
  Fingerprint,
  OperationRecord,
  OperationResult,
  Ownership,
  StoredOperation,
} from '../models/operation-store.js';
import type { HeldKey } from '../calls/own-keys.js';
import type { Runtime } from '../runtime.js';

/** What a lookup at the provider saw of one write. */
export type LookupResult<Output> =
  | { readonly seen: 'happened'; readonly output: Output; readonly refundId: string | null }
  /** The write left a declined charge, or something else happened to the charge: it will never take effect. */
  | { readonly seen: 'refused'; readonly error: ChargesError }
  /** One key has several charges or refunds, or one that is not what was asked. */
  | { readonly seen: 'several'; readonly count: number; readonly error: ChargesError }
  /** It is not there, and the lookup covered everything. */
  | { readonly seen: 'nothing' }
  /**
   * The lookup did not cover everything, or what it saw could be several things. `hasNoList`: nothing can be looked up, so that
   * another lookup shows no more.
   */
  | { readonly seen: 'unclear'; readonly candidates: readonly string[]; readonly hasNoList?: true };

/** Which request made an effect at the provider. */
export type Attribution = 'ours' | 'somebody_elses' | 'unclear';

/** One write, as the protocol sees it. */
export interface Write<Output> {
  readonly scope: string;
  readonly key: string;
  readonly operation: string;
  readonly target: string | null;
  readonly fingerprint: Fingerprint;
  readonly refundLock: string | null;
  /** What `prepare` would resolve to, where it has nothing to read and nothing is looked up first; else null. */
  readonly resolvedAtOnce: object | null;
  /** On the monotonic clock. */
  readonly deadline: number;
  readonly signal: AbortSignal | null;
  /** Whether to look before the first attempt, because an earlier process may have sent it unrecorded. */
  readonly looksUpFirst: boolean;
  /**
   * Whether that lookup must be complete: a write that could happen twice is not sent after an incomplete
   * one.
   */
  readonly needsClearLookup: boolean;
  /** Reads what must be read before the write. Moves no money. The result is recorded. */
  prepare(): Promise<unknown>;
  /** Before a repeat: rejects where the write would by now do something else than at its first attempt. Moves no money. */
  beforeRepeat(resolved: unknown): Promise<void>;
  /** Sends the write. `assertLease` is called before every first byte. Rejects with a `ChargesError` whose outcome is for this call. */
  send(resolved: unknown, assertLease: () => void): Promise<Output>;
  /** Looks at the provider. Never sends a write. */
  lookUp(record: OperationRecord, storeNow: number): Promise<LookupResult<Output>>;
  /** The same as one quick attempt, for a refusal that stays final if the lookup fails. */
  lookUpBriefly(record: OperationRecord, storeNow: number): Promise<LookupResult<Output>>;
  /** The same if the time of the key's first use is unknown: before a first attempt, or after a conflict. */
  lookUpBefore(record: OperationRecord, storeNow: number): Promise<LookupResult<Output>>;
  /** Whether another process may have used the key of this create or refund, and left no record here. */
  mayBeOlder(record: OperationRecord): boolean;
  /**
   * Who made an effect that is found after a first attempt was refused as a repeat: `ours` if it carries the
   * key or was absent when this write began; `somebody_elses` if it was present then.
   */
  attribution(resolved: unknown): Attribution;
  /** This call's hold of its key in this client. */
  readonly heldKey: HeldKey;
  /** The refund that the output is, for claiming it; null for charges. */
  refundIdOf(output: Output): string | null;
  snapshot(output: Output): OperationResult;
  restore(result: OperationResult | null): Output;
  /** Reads the current state of a recorded result that was not final. Never sends a write. */
  refresh(output: Output): Promise<Output>;
}

/** A record that this call owns, with the store's clock beside the monotonic one. */
export interface Session {
  readonly record: OperationRecord;
  readonly ownership: Ownership;
  /** The lease by the monotonic clock, counted from before the store was asked. Never renewed. */
  readonly leaseUntil: number;
  /**
   * Whether the lease holds by both clocks of this machine: while a machine sleeps its monotonic clock stands still, and the
   * lease is over for everybody else.
   */
  isLeased(): boolean;
  /** The store's time now. */
  storeNow(): number;
}

/** Beyond the deadline of a call, so that an owner that still works never loses its lease to its own slowness. */
export const leaseMarginMs = 30_000;

/** Both clocks of this machine, read before the store is asked. */
export interface AskedAt {
  readonly monotonic: number;
  readonly wall: number;
}

export const askedNow = (runtime: Pick<Runtime, 'monotonic' | 'now'>): AskedAt => ({
  monotonic: runtime.monotonic(),
  wall: runtime.now(),
});

export const openSession = (
  runtime: Runtime,
  stored: StoredOperation,
  askedAt: AskedAt,
  leaseMs: number,
): Session => {
  const answeredAt = runtime.monotonic();
  const { scope, key, owner, attempt } = stored.record;
  return {
    record: stored.record,
    ownership: { scope, key, owner, attempt },
    leaseUntil: askedAt.monotonic + leaseMs,
    isLeased: () =>
      runtime.monotonic() < askedAt.monotonic + leaseMs && runtime.now() < askedAt.wall + leaseMs,
    storeNow: () => stored.now + (runtime.monotonic() - answeredAt),
  };
};

/** Whether a request of an earlier owner may still be under way or may have taken effect. */
export const isOpen = (record: OperationRecord): boolean => record.openSend !== null;

/** Whether an earlier owner may have sent a request whose outcome is unknown. */
export const mayHaveBeenSent = ({ state, prepared, openSend }: OperationRecord): boolean =>
  openSend !== null || (state === 'started' && prepared);

/** Whether money may have moved or has, or may move now: the owner of a started record may be about to send. */
export const mayHaveMoved = (record: OperationRecord): boolean =>
  record.state === 'succeeded' || record.state === 'started' || mayHaveBeenSent(record);

/** Whether a record says for good that its write took no effect. */
export const tookNoEffect = ({ state }: OperationRecord): boolean =>
  state === 'did_not_happen' || state === 'rejected';
