import type { ChargesError } from '../errors.js';
import { CardError, IdempotencyConflictError } from '../errors.js';
import { errorFromJSON, readAnyError } from '../errors/from-json.js';
import type { StoredOperation } from '../models/operation-store.js';
import type { Reconciliation } from '../models/reconciliation.js';
import { askedNow, leaseMarginMs, openSession, tookNoEffect } from './protocol.js';
import { resolveOpen, unclearRetryMs, type Resolution } from './resolve.js';
import { isIdempotencyKey } from '../transport/idempotency.js';
import { typedStore } from '../stores/bounded.js';
import type { CallContext } from '../calls/start-call.js';
import { refuseInput } from '../calls/check-input.js';
import type { Context } from '../calls/context.js';
import { carriesStamp, lookUp, reportLookup } from './lookup.js';
import { lookUpByStamp } from './lookup-create.js';
import {
  writeOf,
  declinedCharge,
  madeByFirst,
  madeOf,
  readResolution,
  runFor,
  unknownReconciliation,
} from './reconciliations.js';
import { wrongKeyOrError } from './key-or-error.js';
import { reconcileError, reconcileKey } from './reconcile-unrecorded.js';
import { refresh } from './refresh.js';
import { isRefund, restore, snapshotOf, queryOf, type WriteResult } from './results.js';
import { watchCall } from '../calls/watch-calls.js';

export const storeOf = ({ protocol, spec }: Context) =>
  typedStore(protocol.store, spec.provider, protocol.secrets);

/**
 * Returns the result of a finished record. Without provider keys, a write that carries a stamp is looked up
 * once more, in case its request was duplicated.
 */
const finished = async (run: CallContext, { record, now }: StoredOperation): Promise<Reconciliation> => {
  const write = writeOf(record);
  run.context.noteResolvedBy('record');
  const refusal = record.state === 'rejected' ? errorFromJSON(record.result?.value) : null;
  // The provider knew the key with other parameters, and what that request made was found.
  const first = madeByFirst(write, refusal);
  if (first !== null) return first;
  const { store, keyLifetimeMs } = run.context.protocol;
  // A non-durable record does not show what an earlier process sent with the key.
  const isOlder = record.state !== 'succeeded' && !store.durable;
  if (carriesStamp(run) && (keyLifetimeMs === null || isOlder)) {
    const look =
      isOlder && record.operation === 'create'
        ? lookUpByStamp(run, queryOf(record))
        : lookUp(run, queryOf(record), now);
    const result = reportLookup(run, record.operation, await look);
    // A single charge with the key that differs from the request: never report that nothing happened. A key
    // conflict is explained by it, and a success has its own record.
    const isUnexplained = record.state !== 'succeeded' && !(refusal instanceof IdempotencyConflictError);
    if (result.seen === 'several' && (result.count > 1 || isUnexplained)) throw result.error;
    if (result.seen === 'happened') {
      run.context.noteResolvedBy('lookup');
      return { ...write, outcome: 'happened', ...madeOf(result.output) };
    }
    // An incomplete lookup confirms nothing: a decline may be that of a duplicate request, and an earlier
    // process may have sent what this one did not. With the provider's own key a refusal is the result of the
    // key.
    const mayBeCopy = keyLifetimeMs === null && refusal instanceof CardError;
    const mayBeEarlier = isOlder && (keyLifetimeMs === null || record.state === 'did_not_happen');
    // Who recorded it may not have known yet that this provider loses stamps.
    const mayBeUnstamped =
      result.seen === 'unclear' && run.context.observed.stampLost && result.candidates.length > 0;
    if (result.seen === 'unclear' && (mayBeCopy || mayBeEarlier || mayBeUnstamped))
      return unknownReconciliation(write, unclearRetryMs, result.candidates);
  }
  if (record.state === 'did_not_happen') return { ...write, outcome: 'did_not_happen', charge: null };
  if (refusal !== null) return { ...write, outcome: 'did_not_happen', charge: declinedCharge(refusal) };
  return asOfToday(run, write, restore(run, record.result, record.key));
};

/** A recorded success as it stands now: its payer may have paid since, or been declined. */
const asOfToday = async (
  run: CallContext,
  write: ReturnType<typeof writeOf>,
  made: WriteResult,
): Promise<Reconciliation> => {
  if (isRefund(made)) return { ...write, outcome: 'happened', ...madeOf(made) };
  try {
    return { ...write, outcome: 'happened', ...madeOf(await refresh(run, made)) };
  } catch (error) {
    if (!(error instanceof CardError)) throw error;
    return { ...write, outcome: 'did_not_happen', charge: declinedCharge(error) };
  }
};

const settle = async (
  context: Context,
  session: ReturnType<typeof openSession>,
  resolution: Resolution<WriteResult>,
) => {
  const store = storeOf(context);
  switch (resolution.seen) {
    case 'happened':
      return store.settle(session.ownership, {
        state: 'succeeded',
        result: snapshotOf(resolution.output),
        claimedRefund: resolution.refundId,
      });
    case 'refused':
      return store.settle(session.ownership, {
        state: 'rejected',
        result: { kind: 'error', value: resolution.error.toJSON() },
      });
    case 'did_not_happen':
      return store.settle(session.ownership, { state: 'did_not_happen', result: null });
    default:
      return store.settle(session.ownership, { state: 'unknown', result: session.record.result });
  }
};

/** Resolves one record, as its new owner. */
export const reconcileRecord = async (
  context: Context,
  stored: StoredOperation,
  options: unknown,
): Promise<Reconciliation> => {
  const { record, now } = stored;
  const write = writeOf(record);
  const run = runFor(context, write, options);
  const store = storeOf(context);
  const { abandonedMs } = context.protocol;
  if (record.state !== 'started' && record.state !== 'unknown') return finished(run, stored);
  // Its owner may still be running: do nothing before its lease has expired.
  const leaseLeft = record.leaseUntil - now;
  if (record.state === 'started' && leaseLeft > 0)
    return unknownReconciliation(write, leaseLeft + (record.prepared ? abandonedMs : 0));

  const askedAt = askedNow(context.runtime);
  const leaseMs = Math.max(0, run.deadline - askedAt.monotonic) + leaseMarginMs;
  const owner = context.runtime.uuid();
  const claimed = await store.claim({
    scope: record.scope,
    key: record.key,
    attempt: record.attempt,
    owner,
    leaseMs,
  });
  if (claimed === null) return unknownReconciliation(write, 1_000);
  const session = openSession(context.runtime, claimed, askedAt, leaseMs);
  let resolution: Resolution<WriteResult>;
  try {
    resolution = await resolveOpen(
      context.protocol,
      session,
      async (open, storeNow) =>
        reportLookup(run, record.operation, await lookUp(run, queryOf(open), storeNow)),
      {
        deadline: run.deadline,
        signal: run.signal,
        operation: record.operation,
      },
    );
  } catch (error) {
    await store.settle(session.ownership, { state: 'unknown', result: record.result }).catch(() => false);
    throw error;
  }
  if (!(await settle(context, session, resolution)) && resolution.seen !== 'several')
    return unknownReconciliation(write, 1_000);
  return readResolution(write, resolution);
};

/**
 * Why an error cannot be reconciled with this call, or null. A lookup at another provider, account or mode
 * would find nothing, and that would wrongly be reported as "did not happen".
 */
const misplaced = (context: Context, error: ChargesError, scope: string): string | null => {
  if (error.provider !== null && error.provider !== context.spec.provider)
    return 'is an error of another provider: give it to a client of that provider';
  if (error.unresolved !== null && error.unresolved.scope !== scope)
    return 'is an error of another account, mode or namespace: use a client of the same, and the same account headers as the write';
  return null;
};

/** Runs a reconcile as one call with its own events. */
export const tellReconcile = (
  context: Context,
  key: string | null,
  options: unknown,
  work: (own: Context) => Promise<Reconciliation>,
): Promise<Reconciliation> =>
  watchCall(context, { operation: 'reconcile', options, key }, async (own) => {
    own.noteResolvedBy('lookup');
    const result = await work(own);
    if (result.outcome === 'unknown') own.noteResolvedBy(null);
    return result;
  });

/** What became of a write: by its key, its error, or the error's JSON. */
export const reconcile = (context: Context, input: unknown, options: unknown): Promise<Reconciliation> => {
  const error = typeof input === 'object' ? readAnyError(input) : null;
  // An error's JSON passed as text would pass for a key: refuse it.
  const key = typeof input !== 'string' ? error?.idempotencyKey : input.startsWith('{"') ? null : input;
  return tellReconcile(context, isIdempotencyKey(key) ? key : null, options, (own) =>
    reconcileWith(own, input, key, error, options),
  );
};

const reconcileWith = async (
  context: Context,
  input: unknown,
  key: unknown,
  error: ChargesError | null,
  options: unknown,
): Promise<Reconciliation> => {
  if (!isIdempotencyKey(key))
    throw refuseInput(context, 'reconcile', [{ path: 'keyOrError', message: wrongKeyOrError(input) }]);
  const { scope } = runFor(context, { idempotencyKey: key, operation: null, target: null }, options);
  const reason = error === null ? null : misplaced(context, error, scope);
  if (reason !== null)
    throw refuseInput(context, 'reconcile', [{ path: 'keyOrError', message: reason }], {
      idempotencyKey: key,
    });
  const stored = await storeOf(context).get(scope, key);
  return confirmed(context, scope, await reconcileStored(context, key, stored, error, options), options);
};

/** A miss is told only where no call with the key has begun during the lookup. */
const confirmed = async (
  context: Context,
  scope: string,
  result: Reconciliation,
  options: unknown,
): Promise<Reconciliation> => {
  if (result.outcome !== 'did_not_happen') return result;
  const current = await storeOf(context).get(scope, result.idempotencyKey);
  return current === null || tookNoEffect(current.record)
    ? result
    : reconcileRecord(context, current, options);
};

/** The same of one record that is pending. */
export const reconcileOpen = async (
  context: Context,
  stored: StoredOperation,
  options: unknown,
): Promise<Reconciliation> =>
  confirmed(context, stored.record.scope, await reconcileRecord(context, stored, options), options);

const reconcileStored = (
  context: Context,
  key: string,
  stored: StoredOperation | null,
  error: ChargesError | null,
  options: unknown,
): Promise<Reconciliation> => {
  if (stored !== null) return reconcileRecord(context, stored, options);
  return error === null ? reconcileKey(context, key, options) : reconcileError(context, key, error, options);
};
