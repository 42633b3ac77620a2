import type { OperationRecord } from '../models/operation-store.js';
import type { LookupResult, Write } from './protocol.js';
import type { SeenBefore } from './prepare.js';
import { chargeOfWrite, type CallContext } from '../calls/start-call.js';
import { lookUp, reportLookup } from './lookup.js';
import { lookUpByStamp, targetOf } from './lookup-create.js';
import { lookUpBeforeRefund, lookUpRefund, readRefunds, refundsCarryStamps } from './lookup-refund.js';
import { queryOf, type WriteResult } from './results.js';

/** The lookups of one write, and what they saw before it was sent. */
export interface WriteLookups extends Pick<
  Write<WriteResult>,
  'lookUp' | 'lookUpBriefly' | 'lookUpBefore' | 'mayBeOlder'
> {
  seen(): SeenBefore;
}

/** How long a brief lookup may take with all its pages. */
const mostBriefMs = 10_000;

/** A lookup that must not keep a caller waiting for an answer that is there already. */
const briefly = (run: CallContext): CallContext => ({
  ...run,
  maxRetries: 0,
  timeoutMs: Math.min(run.timeoutMs, mostBriefMs),
  deadline: Math.min(run.deadline, run.context.runtime.monotonic() + mostBriefMs),
});

/** What a refund asked for, as far as a lookup needs it. */
interface AskedRefund {
  readonly amount: number | null;
  readonly refundedBefore?: unknown;
}

export const createWriteLookups = (run: CallContext, asked: AskedRefund, key: string): WriteLookups => {
  let lookedBefore = false;
  let seen: SeenBefore = { nothing: false, refunds: null };

  /** A key of the caller's that had no record before this call may be older than the call. */
  const isUnrecorded = (record: OperationRecord): boolean =>
    run.keyIsCallers && !lookedBefore && record.attempt === 1 && record.sentAt === null;

  const isOlderCreate = (record: OperationRecord): boolean =>
    run.row === 'create' && isUnrecorded(record) && targetOf(run, record) === null;

  const mayBeOlder = (record: OperationRecord): boolean =>
    (isOlderCreate(record) || (run.row === 'refund' && isUnrecorded(record))) &&
    !run.context.protocol.store.durable;

  /** Before a first attempt there is nothing but the key, or the refunds that are there. */
  const before = async (record: OperationRecord, storeNow: number): Promise<LookupResult<WriteResult>> => {
    if (run.row === 'create') return lookUpByStamp(run, queryOf(record));
    if (run.row !== 'refund') return lookUp(run, queryOf(record), storeNow);
    if (refundsCarryStamps(run)) return lookUpRefund(run, queryOf(record), true);
    const chargeId = chargeOfWrite(run);
    const refunds = await readRefunds(run, chargeId);
    seen = { ...seen, refunds };
    if (refunds === null) return { seen: 'unclear', candidates: [] };
    const refundedBefore = typeof asked.refundedBefore === 'number' ? asked.refundedBefore : null;
    return lookUpBeforeRefund(run, { chargeId, amount: asked.amount, refundedBefore }, key, refunds);
  };

  /** Notes that a lookup decided the outcome of the write, if it did, and reports its result. */
  const decides = (result: LookupResult<WriteResult>): LookupResult<WriteResult> => {
    const isDecisive = result.seen !== 'nothing' && result.seen !== 'unclear';
    if (isDecisive) run.context.noteResolvedBy('lookup');
    return reportLookup(run, run.row, result);
  };

  return {
    seen: () => seen,
    mayBeOlder,
    lookUp: async (record, storeNow) => {
      const wanted = queryOf(record);
      if (isOlderCreate(record)) return decides(await lookUpByStamp(run, wanted));
      const result = await lookUp(run, wanted, storeNow);
      // None is new since this call began. One that is older may be of an earlier process.
      const isOlder =
        result.seen === 'nothing' && run.row === 'refund' && !refundsCarryStamps(run) && mayBeOlder(record);
      return decides(isOlder ? await before(record, storeNow) : result);
    },
    lookUpBriefly: async (record, storeNow) =>
      decides(await lookUp(briefly(run), queryOf(record), storeNow, true)),
    lookUpBefore: async (record, storeNow) => {
      lookedBefore = true;
      const result = decides(await before(record, storeNow));
      seen = { ...seen, nothing: result.seen === 'nothing' };
      return result;
    },
  };
};
