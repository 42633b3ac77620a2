import type { Operation } from '../charges-client.js';
import { CardError, IdempotencyConflictError } from '../errors.js';
import type { Charge } from '../models/charge.js';
import type { OperationRecord } from '../models/operation-store.js';
import type { ReconciledWrite, Reconciliation } from '../models/reconciliation.js';
import type { Refund } from '../models/refund.js';
import type { Resolution } from './resolve.js';
import { startCall, type CallContext } from '../calls/start-call.js';
import type { Context } from '../calls/context.js';
import { isRefund, type WriteResult } from './results.js';

export const madeOf = (made: WriteResult): { charge: Charge | null; refund: Refund | null } =>
  isRefund(made) ? { charge: null, refund: made } : { charge: made, refund: null };

export const writeOf = (record: Pick<OperationRecord, 'key' | 'operation' | 'target'>): ReconciledWrite => ({
  idempotencyKey: record.key,
  operation: record.operation,
  target: record.target,
});

export const declinedCharge = (error: unknown): Charge | null =>
  error instanceof CardError ? error.charge : null;

export const unknownReconciliation = (
  write: ReconciledWrite,
  retryAfterMs: number | null,
  candidates: readonly string[] = [],
): Reconciliation => ({ ...write, outcome: 'unknown', retryAfterMs, candidates });

/** What the first request with a key made, where its conflict tells; null for every other error. */
export const madeByFirst = (write: ReconciledWrite, error: unknown): Reconciliation | null =>
  error instanceof IdempotencyConflictError && (error.charge ?? error.refund) !== null
    ? { ...write, outcome: 'happened', charge: error.charge, refund: error.refund }
    : null;

/** A reconcile never writes: reads of a lookup go out as reads. The run stands for the write that is looked for. */
export const runFor = (context: Context, write: ReconciledWrite, options: unknown): CallContext => {
  // Records, and errors with what is unresolved, hold the name of the operation that was written.
  const row = (write.operation ?? 'create') as Operation;
  const run = startCall(context, {
    operation: 'reconcile',
    row,
    isWrite: false,
    target: write.target,
    options,
  });
  return { ...run, idempotencyKey: write.idempotencyKey };
};

export const readResolution = (
  write: ReconciledWrite,
  resolution: Resolution<WriteResult>,
): Reconciliation => {
  switch (resolution.seen) {
    case 'happened':
      return { ...write, outcome: 'happened', ...madeOf(resolution.output) };
    case 'refused':
      return { ...write, outcome: 'did_not_happen', charge: declinedCharge(resolution.error) };
    case 'did_not_happen':
      return { ...write, outcome: 'did_not_happen', charge: null };
    case 'several':
      throw resolution.error;
    case 'unknown':
      return unknownReconciliation(write, resolution.retryAfterMs, resolution.candidates);
  }
};
