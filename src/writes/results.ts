import { attach } from '../models/attachments.js';
import { chargeSchema, type Charge } from '../models/charge.js';
import type { UnresolvedWrite } from '../models/error-details.js';
import type { OperationRecord, OperationResult } from '../models/operation-store.js';
import { recordedResult } from '../stores/result-text.js';
import { refundSchema, type Refund } from '../models/refund.js';
import { asResolved } from './prepare.js';
import type { CallContext } from '../calls/start-call.js';
import { targetOf } from './lookup-create.js';
import { checkCharge, checkRefund } from '../calls/output.js';
import type { LookupQuery } from './lookup-query.js';

/** What a write makes or changes. */
export type WriteResult = Charge | Refund;

export const isRefund = (made: WriteResult): made is Refund => 'chargeId' in made;

/** As JSON: without the provider's resource and the stamp, which are attached outside its fields. */
export const snapshotOf = (made: WriteResult): OperationResult =>
  recordedResult(isRefund(made) ? 'refund' : 'charge', made);

/**
 * A recorded charge or refund. It carries its stamp again, but nothing of the provider's resource. It is checked again: an earlier
 * version may have recorded it.
 */
export const restore = (run: CallContext, result: OperationResult | null, key: string): WriteResult => {
  run.context.noteResolvedBy('record');
  return result?.kind === 'refund'
    ? checkRefund(run, attach(refundSchema.parse(result.value), { stamp: key }))
    : checkCharge(run, attach(chargeSchema.parse(result?.value), { stamp: key }));
};

export const queryOf = (record: OperationRecord): LookupQuery => {
  const { refundIdsBefore, capturedBefore, before } = asResolved(record.resolved);
  return {
    ...record,
    refundIdsBefore,
    capturedBefore,
    mayBeSent: record.resolved !== null && before !== 'done',
    lastSendAt: record.openSend?.until ?? null,
  };
};

/** What a record means to a process that only has the error. */
export const unresolvedOf = (run: CallContext, record: OperationRecord): UnresolvedWrite => {
  const { openSend } = record;
  const hasEnded = record.state === 'unknown' && openSend?.reported === true;
  return {
    scope: record.scope,
    operation: record.operation,
    target: record.target ?? targetOf(run, record),
    amount: record.fingerprint.amount,
    currency: record.fingerprint.currency,
    startedAt: record.startedAt,
    sentAt: record.sentAt,
    endedAt: hasEnded ? openSend.until : null,
    sendUntil: hasEnded ? null : Math.max(record.leaseUntil, openSend?.until ?? 0),
    preparedAt: asResolved(record.resolved).preparedAt,
    clockOffsetMs: run.context.observed.clockOffsetMs,
    api: asResolved(record.resolved).api ?? null,
    fingerprint: record.fingerprint.hash,
    refundIdsBefore: asResolved(record.resolved).refundIdsBefore,
    capturedBefore: asResolved(record.resolved).capturedBefore,
  };
};
