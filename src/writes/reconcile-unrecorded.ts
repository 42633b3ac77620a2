import { CardError, OutcomeUnknownError, type ChargesError } from '../errors.js';
import type { UnresolvedWrite } from '../models/error-details.js';
import type { ReconciledWrite, Reconciliation } from '../models/reconciliation.js';
import { askedNow, leaseMarginMs, openSession } from './protocol.js';
import { resolveOpen, unclearRetryMs } from './resolve.js';
import type { Context } from '../calls/context.js';
import { lookUp, lookUpOnCharge, reportLookup } from './lookup.js';
import { lookUpByStamp } from './lookup-create.js';
import { lookUpRefund, readRefunds, refundsCarryStamps } from './lookup-refund.js';
import {
  declinedCharge,
  madeByFirst,
  readResolution,
  runFor,
  unknownReconciliation,
} from './reconciliations.js';
import type { WriteResult } from './results.js';
import type { LookupQuery } from './lookup-query.js';

/** A write of which nothing is known but its key. */
const unknownWrite = (key: string, context: Context, startedAt = context.runtime.now()): LookupQuery => ({
  key,
  operation: 'create',
  target: null,
  startedAt,
  // Lookups compare amount and currency only. Version 0 marks a hash that matches none.
  fingerprint: { version: 0, hash: '', operation: 'create', target: null, amount: null, currency: null },
  resolved: null,
  refundIdsBefore: null,
  capturedBefore: null,
  mayBeSent: false,
  lastSendAt: null,
});

/** A key alone can only find a create, by its stamp. `isUnclear`: the list could not be read to its end. */
const lookUpByKey = async (context: Context, key: string, options: unknown, startedAt?: number) => {
  const write: ReconciledWrite = { idempotencyKey: key, operation: null, target: null };
  const run = runFor(context, write, options);
  const result = reportLookup(run, 'create', await lookUpByStamp(run, unknownWrite(key, context, startedAt)));
  if (result.seen === 'several') throw result.error;
  const isUnclear = result.seen === 'unclear';
  const found =
    result.seen === 'happened' || result.seen === 'refused'
      ? readResolution({ ...write, operation: 'create' }, result)
      : unknownReconciliation(write, isUnclear ? unclearRetryMs : null);
  return { found, isUnclear };
};

/** Without a record: what a key alone can find. */
export const reconcileKey = async (
  context: Context,
  key: string,
  options: unknown,
): Promise<Reconciliation> => (await lookUpByKey(context, key, options)).found;

/**
 * Now by the sender's clock, as the provider's `Date` tells how far both machines differ from it, and never later than this
 * machine's own clock says: a `Date` may be a proxy's, and a miss that is believed too early is a false outcome. Asked again
 * after each lookup, since the first response measures this machine's clock.
 */
const senderNow = ({ runtime, observed }: Context, { clockOffsetMs }: UnresolvedWrite): number => {
  const now = runtime.now();
  return Math.min(now, now + (observed.clockOffsetMs ?? 0) - (clockOffsetMs ?? 0));
};

/** Without a record, but with what the error carries: the same lookups, using the times in the error. */
const reconcileUnresolved = async (
  context: Context,
  key: string,
  open: UnresolvedWrite,
  options: unknown,
): Promise<Reconciliation> => {
  const write: ReconciledWrite = { idempotencyKey: key, operation: open.operation, target: open.target };
  const run = runFor(context, write, options);
  const now = context.runtime.now();
  // The sender's clock may have been ahead of the provider's, and no clock of this process can show that.
  const senderAhead = Math.max(0, -(open.clockOffsetMs ?? 0));
  const wanted: LookupQuery = {
    key,
    operation: open.operation,
    target: open.target,
    startedAt: open.startedAt - senderAhead,
    // As above: lookups compare amount and currency only.
    fingerprint: { ...open, version: 0, hash: open.fingerprint ?? '' },
    // Also by the sender's clock, so that a wrong `Date` header cannot move the start of the window later.
    resolved: {
      preparedAt: open.preparedAt ?? open.startedAt,
      ...(open.api === null ? {} : { api: open.api }),
    },
    refundIdsBefore: open.refundIdsBefore,
    capturedBefore: open.capturedBefore,
    mayBeSent: open.sentAt !== null,
    lastSendAt: open.endedAt ?? open.sentAt,
  };
  const record = {
    ...wanted,
    scope: run.scope,
    state: 'unknown' as const,
    attempt: 1,
    owner: '',
    leaseUntil: now,
    sentAt: open.sentAt,
    prepared: false,
    // Where the sender did not say when it was over, it may be at work until the end of its lease, or be frozen. An error that
    // does not tell the lease does not tell whether the sender is at work now.
    openSend: {
      until: open.endedAt ?? open.sendUntil ?? now + context.deadlineMs + leaseMarginMs,
      reported: open.endedAt !== null,
    },
    refundLock: null,
    result: null,
  };
  const opened = openSession(context.runtime, { record, now }, askedNow(context.runtime), 0);
  const session = { ...opened, storeNow: () => senderNow(context, open) };
  const resolution = await resolveOpen<WriteResult>(
    context.protocol,
    session,
    async (_, storeNow) => reportLookup(run, open.operation, await lookUp(run, wanted, storeNow)),
    {
      deadline: run.deadline,
      signal: run.signal,
      operation: open.operation,
    },
  );
  return readResolution(write, resolution);
};

/** A refund that carries its key is found by it, whichever process sent it. Null where refunds carry none. */
const reconcileRefund = async (
  context: Context,
  key: string,
  { operation, chargeId }: ChargesError,
  options: unknown,
): Promise<Reconciliation | null> => {
  if (operation !== 'refund' || chargeId === null) return null;
  const write: ReconciledWrite = { idempotencyKey: key, operation, target: chargeId };
  const run = runFor(context, write, options);
  if (!refundsCarryStamps(run)) return null;
  const wanted = { ...unknownWrite(key, context), operation, target: chargeId };
  const result = reportLookup(run, operation, await lookUpRefund(run, wanted, true));
  if (result.seen === 'several') throw result.error;
  return result.seen === 'happened' ? readResolution(write, result) : null;
};

/**
 * Whether an earlier process, of which no store knows, may have done what this one never sent: then nobody knows whose effect
 * it is. Null where the charge shows none.
 */
const earlierEffect = async (
  context: Context,
  write: ReconciledWrite,
  options: unknown,
): Promise<Reconciliation | null> => {
  const run = runFor(context, write, options);
  // Found by its stamp, or not there: that was looked up before.
  if (write.operation === 'refund' && refundsCarryStamps(run)) return null;
  if (write.target === null || write.operation === 'update') return null;
  if (write.operation === 'refund') {
    const refunds = await readRefunds(run, write.target);
    const ids = (refunds ?? []).filter(({ status }) => status !== 'failed').map(({ id }) => id);
    return refunds !== null && ids.length === 0 ? null : unknownReconciliation(write, null, ids);
  }
  const asked = { amount: null, currency: null };
  const wanted = { target: write.target, capturedBefore: null, mayBeSent: true, fingerprint: asked };
  const { seen } = reportLookup(run, write.operation ?? 'capture', await lookUpOnCharge(run, wanted));
  return seen === 'nothing' ? null : unknownReconciliation(write, null, [write.target]);
};

/** When a write that was declined was under way, where the charge of the decline tells. */
const declinedAt = (error: ChargesError): number | undefined => {
  const createdAt = declinedCharge(error)?.createdAt ?? null;
  return createdAt === null ? undefined : Date.parse(createdAt);
};

/** Without a record: by what the error of the write knows. */
export const reconcileError = async (
  context: Context,
  key: string,
  error: ChargesError,
  options: unknown,
): Promise<Reconciliation> => {
  const target = error.unresolved?.target ?? null;
  const write: ReconciledWrite = { idempotencyKey: key, operation: error.operation, target };
  const first = madeByFirst(write, error);
  if (first !== null) {
    context.noteResolvedBy('record');
    return first;
  }
  const isCreate = error.operation === 'create' || error.operation === null;
  if (error.outcome !== 'unknown') {
    // The error tells only what its process knew; for a create the provider may know more.
    const { found, isUnclear } = isCreate
      ? await lookUpByKey(context, key, options, declinedAt(error))
      : { found: await reconcileRefund(context, key, error, options), isUnclear: false };
    if (found?.outcome === 'happened') return found;
    // The list could not be read to its end. Where nothing was sent by this process, an earlier one may have sent it; where the
    // provider keeps no keys, a decline may be that of a duplicate.
    const { store, keyLifetimeMs } = context.protocol;
    const mayBeEarlier = error.outcome === 'not_sent' && !store.durable;
    const mayBeCopy = keyLifetimeMs === null && error instanceof CardError;
    if (found !== null && isUnclear && (mayBeEarlier || mayBeCopy)) return found;
    if (!isCreate && error.outcome === 'not_sent' && !store.durable) {
      const earlier = await earlierEffect(context, { ...write, target: error.chargeId }, options);
      if (earlier !== null) return earlier;
    }
    context.noteResolvedBy('record');
    return { ...write, outcome: 'did_not_happen', charge: declinedCharge(error) };
  }
  if (error.unresolved !== null) return reconcileUnresolved(context, key, error.unresolved, options);
  if (isCreate) return reconcileKey(context, key, options);
  // Nothing says when it was sent, nor what was there before: what the error knew is all there is.
  const candidates = error instanceof OutcomeUnknownError ? error.candidates : [];
  return unknownReconciliation({ ...write, target: error.chargeId }, null, candidates);
};
