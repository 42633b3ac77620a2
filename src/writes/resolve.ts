import { AbortError } from '../errors.js';
import type { OperationRecord } from '../models/operation-store.js';
import { earliestNow } from './clocks.js';
import type { Session, LookupResult } from './protocol.js';
import type { Protocol } from '../calls/protocol.js';

/**
 * The result of resolving an open write. A lookup that found nothing becomes `did_not_happen` (final) or
 * `unknown`.
 */
export type Resolution<Output> =
  | Extract<LookupResult<Output>, { seen: 'happened' | 'refused' | 'several' }>
  | { readonly seen: 'did_not_happen' }
  | {
      readonly seen: 'unknown';
      readonly retryAfterMs: number | null;
      readonly candidates: readonly string[];
    };

/** The wait before another lookup after an incomplete one. */
export const unclearRetryMs = 60_000;

/**
 * The store time from which a miss is final: `settleMs` after the last possible send if its owner reported an
 * end (its socket is closed), `abandonedMs` if not (its process may be frozen).
 */
export const missTrustedFrom = (
  record: OperationRecord,
  protocol: Pick<Protocol, 'settleMs' | 'abandonedMs'>,
): number => {
  const { openSend } = record;
  if (openSend === null) return 0;
  return openSend.until + (openSend.reported ? protocol.settleMs : protocol.abandonedMs);
};

const stillUnclear = <Output>({
  candidates,
  hasNoList,
}: Extract<LookupResult<Output>, { seen: 'unclear' }>): Resolution<Output> => ({
  seen: 'unknown',
  retryAfterMs: hasNoList === true ? null : unclearRetryMs,
  candidates,
});

/**
 * Resolves an open write by one or two lookups; never sends a write. The second runs when no earlier request
 * can still be in flight; if that is after the deadline, the outcome stays `unknown`.
 */
export const resolveOpen = async <Output>(
  protocol: Protocol,
  session: Session,
  lookUp: (record: OperationRecord, storeNow: number) => Promise<LookupResult<Output>>,
  limits: { readonly deadline: number; readonly signal: AbortSignal | null; readonly operation: string },
): Promise<Resolution<Output>> => {
  const { runtime } = protocol;
  const { record } = session;

  const once = (): Promise<LookupResult<Output>> => lookUp(record, session.storeNow());

  const first = await once();
  if (first.seen === 'unclear') return stillUnclear(first);
  if (first.seen !== 'nothing') return first;
  // No send is recorded, so one miss is final. The lookup still ran, because a store may lose that mark in a
  // failover.
  if (record.openSend === null) return { seen: 'did_not_happen' };

  const waitMs = Math.ceil(missTrustedFrom(record, protocol) - earliestNow(protocol, session));
  if (waitMs > 0) {
    if (runtime.monotonic() + waitMs >= limits.deadline)
      return { seen: 'unknown', retryAfterMs: waitMs, candidates: [] };
    await runtime.sleep(waitMs, limits.signal ?? undefined).catch(() => {
      throw new AbortError({
        message: 'the call was aborted by its signal while it waited for what became of an earlier attempt',
        provider: protocol.provider,
        operation: limits.operation,
        idempotencyKey: record.key,
        outcome: 'unknown',
      });
    });
  }
  const second = await once();
  if (second.seen === 'unclear') return stillUnclear(second);
  return second.seen === 'nothing' ? { seen: 'did_not_happen' } : second;
};
