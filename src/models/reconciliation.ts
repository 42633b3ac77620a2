import type { Charge } from './charge.js';
import type { Refund } from './refund.js';

/** What became of a write whose answer never came. */
export type Reconciliation = ReconciledWrite &
  (
    | {
        /** The write took effect, once. */
        readonly outcome: 'happened';
        /** The charge that the write made or changed; null for a refund. */
        readonly charge: Charge | null;
        /** The refund that the write made; null for any other write. */
        readonly refund: Refund | null;
      }
    | {
        /** The write never took effect and never will: calling again with the same key sends it anew. */
        readonly outcome: 'did_not_happen';
        /** A declined charge that the attempt left behind, where there is one. */
        readonly charge: Charge | null;
      }
    | {
        /** Not known yet. */
        readonly outcome: 'unknown';
        /** When to look again, or null where no lookup of this library can settle it. */
        readonly retryAfterMs: number | null;
        /** Charges or refunds that could be the one. */
        readonly candidates: readonly string[];
      }
  );

/**
 * What `reconcilePending` gives. Iterated with `for await`, it is every open write as it is looked up; awaited, it looks all of
 * them up and is what became of them. Nothing is asked before.
 */
export interface PendingReconciliations<Each extends Reconciliation = Reconciliation>
  extends AsyncIterable<Each>, PromiseLike<readonly Each[]> {}

/** The same of a generator. */
export const pendingReconciliations = <Each extends Reconciliation>(
  found: AsyncGenerator<Each, void, undefined>,
): PendingReconciliations<Each> => {
  let all: Promise<readonly Each[]> | undefined;
  const collect = async (): Promise<readonly Each[]> => {
    const results: Each[] = [];
    for await (const each of found) results.push(each);
    return results;
  };
  return {
    [Symbol.asyncIterator]: () => found,
    // Without it an await would end at once, having settled nothing.
    then: (onFulfilled, onRejected) => (all ??= collect()).then(onFulfilled, onRejected),
  };
};

/** The write that a reconciliation speaks of. */
export interface ReconciledWrite {
  /** The idempotency key of the write. */
  readonly idempotencyKey: string;
  /** The method that was called, such as `create`; null where nothing is recorded under the key. */
  readonly operation: string | null;
  /** The charge that was captured, voided, expired or refunded; null for a create. */
  readonly target: string | null;
}
