import { AbortError } from '../errors.js';
import type { OperationRecord } from '../models/operation-store.js';
import { earliestNow } from './clocks.js';
import type { Session, LookupResult } from './protocol.js';
import type { Protocol } from '../calls/protocol.js';

/** What is known after looking: like a result, but a miss is final or it is not. */
export type Resolution<Output> =
  | Extract<LookupResult<Output>, { seen: 'happened' | 'refused' | 'several' }>
  | { readonly seen: 'did_not_happen' }
  | {
      readonly seen: 'unknown';
      readonly retryAfterMs: number | null;
      readonly candidates: readonly string[];
    };

/** How soon another lookup makes sense after one that could not cover everything. */
export const unclearRetryMs = 60_000;

/** From when on a miss is believed: an owner that reported has closed its socket, one that never did may be frozen. */
export const missTrustedFrom = (
  record: OperationRecord,
  protocol: Pick<Protocol, 'settleMs' | 'abandonedMs'>,
): number => {
  const open = record.openSend;
  if (open === null) return 0;
  return open.until + (open.reported ? protocol.settleMs : protocol.abandonedMs);
};

/**
 * Finds out what became of an open write, by looking twice. The second lookup comes when a request of an earlier owner can no
 * longer be under way; one that would come after the deadline is left to a later call. Never sends a write.
 */
export const resolveOpen = async <Output>(
  protocol: Protocol,
  session: Session,
  look: (record: OperationRecord, storeNow: number) => Promise<LookupResult<Output>>,
  limits: { readonly deadline: number; readonly signal: AbortSignal | null; readonly operation: string },
): Promise<Resolution<Output>> => {
  const { runtime } = protocol;
  const { record } = session;

  const once = (): Promise<LookupResult<Output>> => look(record, session.storeNow());

  const first = await once();
  if (first.seen === 'unclear')
    return { seen: 'unknown', retryAfterMs: unclearRetryMs, candidates: first.candidates };
  if (first.seen !== 'nothing') return first;
  // An owner that never came to sending has nothing under way. It was looked for all the same: a store that failed over
  // may have lost that it was about to send.
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
  if (second.seen === 'unclear')
    return { seen: 'unknown', retryAfterMs: unclearRetryMs, candidates: second.candidates };
  return second.seen === 'nothing' ? { seen: 'did_not_happen' } : second;
};
