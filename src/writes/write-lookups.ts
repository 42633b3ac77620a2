import type { OperationRecord } from '../models/operation-store.js';
import type { Sighting, Write } from './protocol.js';
import type { SeenBefore } from './prepare.js';
import type { CallRun } from '../calls/start-call.js';
import { lookFor, tellLook } from './lookup.js';
import { lookByStamp, targetOf } from './lookup-create.js';
import { lookBeforeRefund, lookForRefund, readRefunds, refundsCarryStamps } from './lookup-refund.js';
import { wantedOf, type Made } from './results.js';

/** The looks of one write, and what they saw before it was sent. */
export interface WriteLookups extends Pick<
  Write<Made>,
  'look' | 'lookBriefly' | 'lookBefore' | 'mayBeOlder'
> {
  seen(): SeenBefore;
}

/** How long a brief look may take with all its pages. */
const mostBriefMs = 10_000;

/** A look that must not keep a caller waiting for an answer that is there already. */
const briefly = (run: CallRun): CallRun => ({
  ...run,
  maxRetries: 0,
  timeoutMs: Math.min(run.timeoutMs, mostBriefMs),
  deadline: Math.min(run.deadline, run.context.runtime.monotonic() + mostBriefMs),
});

/** What a refund asked for, as far as a look needs it. */
interface AskedRefund {
  readonly amount: number | null;
  readonly refundedBefore?: unknown;
}

export const createWriteLookups = (run: CallRun, asked: AskedRefund, key: string): WriteLookups => {
  let lookedBefore = false;
  let seen: SeenBefore = { nothing: false, refunds: null };

  /** A key of the caller's that had no record before this call may be older than the call. */
  const mayBeOlder = (record: OperationRecord): boolean =>
    run.row === 'create' &&
    run.keyIsCallers &&
    !lookedBefore &&
    record.attempt === 1 &&
    record.sentAt === null &&
    targetOf(run, record) === null;

  /** Before a first attempt there is nothing but the key, or the refunds that are there. */
  const before = async (record: OperationRecord, storeNow: number): Promise<Sighting<Made>> => {
    if (run.row === 'create') return lookByStamp(run, wantedOf(record));
    if (run.row !== 'refund') return lookFor(run, wantedOf(record), storeNow);
    if (refundsCarryStamps(run)) return lookForRefund(run, wantedOf(record), true);
    const chargeId = run.target as string;
    const refunds = await readRefunds(run, chargeId);
    seen = { ...seen, refunds };
    if (refunds === null) return { seen: 'unclear', candidates: [] };
    const refundedBefore = typeof asked.refundedBefore === 'number' ? asked.refundedBefore : null;
    return lookBeforeRefund(run, { chargeId, amount: asked.amount, refundedBefore }, key, refunds);
  };

  /** A sighting that says what became of the write decides it, until something later does. */
  const decides = (sighting: Sighting<Made>): Sighting<Made> => {
    const isDecisive = sighting.seen !== 'nothing' && sighting.seen !== 'unclear';
    if (isDecisive) run.context.noteResolvedBy('lookup');
    return tellLook(run, run.row, sighting);
  };

  return {
    seen: () => seen,
    mayBeOlder: (record) => mayBeOlder(record) && !run.context.protocol.store.durable,
    look: async (record, storeNow) => {
      const wanted = wantedOf(record);
      return decides(await (mayBeOlder(record) ? lookByStamp(run, wanted) : lookFor(run, wanted, storeNow)));
    },
    lookBriefly: async (record, storeNow) =>
      decides(await lookFor(briefly(run), wantedOf(record), storeNow, true)),
    lookBefore: async (record, storeNow) => {
      lookedBefore = true;
      const sighting = decides(await before(record, storeNow));
      seen = { ...seen, nothing: sighting.seen === 'nothing' };
      return sighting;
    },
  };
};
