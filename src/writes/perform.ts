import { CardError, ChargesError, OperationInProgressError } from '../errors.js';
import { withDetails } from '../errors/with-details.js';
import { stampOf } from '../models/attachments.js';
import type { Charge } from '../models/charge.js';
import { fingerprintOf } from './fingerprint.js';
import { mayHaveMoved, type Write } from './protocol.js';
import { runWrite } from './write.js';
import type { OperationInputs, RequestRow, WireAnswer } from '../provider.js';
import { newTrace } from '../transport/send.js';
import {
  amountAskedOf,
  asResolved,
  beforeRepeat,
  looksUpFirst,
  prepareWrite,
  resolvedAtOnce,
  attributionOf,
  type MoneyInput,
  type MoneyRow,
  type Resolved,
} from './prepare.js';
import { collectDrift, wrapAdapterErrors, wrapAdapterObject, makeCall, sendChecked } from '../calls/call.js';
import { abortedError, type CallContext, keyOfWrite } from '../calls/start-call.js';
import {
  callFacts,
  declineError,
  failedRefundError,
  invalidResponse,
  isFailedRefund,
  plainCharge,
} from '../calls/failures.js';
import { enterKey } from '../calls/in-flight.js';
import type { HeldKey } from '../calls/own-keys.js';
import { targetOf } from './lookup-create.js';
import { refundsCarryStamps } from './lookup-refund.js';
import {
  checkCharge,
  checkCreated,
  checkEffect,
  checkRefund,
  checkRefunded,
  assertNewRefund,
  type AskedAmount,
} from '../calls/output.js';
import { readCharge } from '../calls/reads.js';
import { assertStamp } from '../calls/stamps.js';
import { assertWire, withWire } from '../calls/merge-wire.js';
import { nameMissingReturnUrl } from '../calls/missing-return-url.js';
import { refresh } from './refresh.js';
import { byKey, keyOf } from './request-key.js';
import { isRefund, restore, snapshotOf, unresolvedOf, type WriteResult } from './results.js';
import { afterAnswer } from '../calls/whole-answers.js';
import type { Wired } from '../calls/wire-fields.js';
import { assertRow } from '../calls/check-row.js';
import { createWriteLookups } from './write-lookups.js';

/** Sends the one request of a write and judges its answer. */
const sendWrite = async (
  run: CallContext,
  row: MoneyRow,
  input: MoneyInput,
  resolved: Resolved,
  assertLease: () => void,
): Promise<WriteResult> => {
  const { drift, finish } = collectDrift(run);
  run.context.noteResolvedBy('response');
  const call = makeCall(run, { prepared: resolved.row, drift });
  const request = await wrapAdapterObject({ ...run, isWrite: false }, () => row.request(input, call));
  const { repeatability, key } = keyOf(run);
  const answered = await sendChecked(
    run,
    withWire(run, request, input.wire ?? null),
    row.response,
    {
      repeatability,
      key,
      prepared: resolved.row,
      assertLease,
      trace: newTrace(),
      wire: input.wire,
    },
    drift,
  );
  return afterAnswer(answered, async () => {
    const made = await wrapAdapterObject(run, () => row.output(answered, call, input));
    if (isRefund(made) !== (run.row === 'refund'))
      throw invalidResponse(run, 'the adapter read something else than what was made');
    if (isRefund(made)) assertNewRefund(run, made, resolved.refundIdsBefore);
    const { amount, currency } = amountAskedOf(input);
    judge(run, made, { amount, currency, capturedBefore: resolved.capturedBefore }, drift);
    finish(isRefund(made) ? made.chargeId : made.id);
    return isReplay(run, answered.answer) ? refresh(run, made) : made;
  });
};

/** Whether the answer is that of an earlier request with the key, and may be out of date. */
const isReplay = ({ context: { spec } }: CallContext, { headers }: WireAnswer): boolean =>
  spec.replayHeader !== undefined && headers[spec.replayHeader] === 'true';

const judge = (
  run: CallContext,
  made: WriteResult,
  asked: AskedAmount,
  drift: ReturnType<typeof collectDrift>['drift'],
): void => {
  if (isRefund(made)) {
    checkRefund(run, made);
    // Check the stamp first: a lost stamp must be noted, whatever else is wrong with the response.
    if (refundsCarryStamps(run)) assertStamp(run, made, drift);
    checkRefunded(run, made, asked);
    // An error, like a declined charge: a caller that forgets to check the status must not book it.
    if (isFailedRefund(made)) throw failedRefundError(run, made);
    return;
  }
  checkCharge(run, made);
  if (run.row !== 'create') {
    checkEffect(run, made, asked);
    return;
  }
  assertStamp(run, made, drift);
  checkCreated(run, made, asked);
  if (made.status === 'failed') throw declineError(run, made);
};

/** If the error names a charge, read it: to attach it to the decline, or to resolve an unknown outcome. */
const completeFailure = async (
  run: CallContext,
  error: ChargesError,
  asked: AskedAmount,
): Promise<Charge> => {
  const { create, retrieve } = run.context.spec.operations;
  const undecided = error.outcome === 'unknown' && error.statusCode !== null && error.statusCode >= 300;
  const incomplete = error instanceof CardError && error.charge === null;
  if (run.row !== 'create' || retrieve === undefined || error.chargeId === null || !(undecided || incomplete))
    throw error;
  const charge = await readCharge(run, error.chargeId).catch(() => null);
  if (charge === null) throw error;
  if (incomplete && charge.status === 'failed') throw withDetails(error, { charge: plainCharge(charge) });
  const stamp = stampOf(charge);
  const isOwn = stamp === run.idempotencyKey;
  // A decline that names a charge which was not declined is that of a copy of the request, or of something else.
  const undecidedError = incomplete ? withDetails(error, { outcome: 'unknown' }) : error;
  if (!isOwn && (incomplete || stamp !== null)) throw undecidedError;
  checkCreated(run, charge, asked);
  run.context.noteResolvedBy('lookup');
  if (charge.status === 'failed') throw declineError(run, charge, error.requestId);
  // An object that is not charged yet does not show the outcome of the request.
  if (charge.status === 'unknown' || create?.lookup?.tookEffect(charge) === false) throw undecidedError;
  return charge;
};

/** A write that moves money, under the protocol of `writes/`. */
export const performMoneyWrite = async (
  given: CallContext,
  row: MoneyRow,
  input: MoneyInput,
  params: Readonly<Record<string, unknown>>,
): Promise<WriteResult> => {
  const run = byKey(given, row, input);
  const { context } = run;
  const { protocol } = context;
  assertRow(run, row, input);
  assertWire(run, row, input, input.wire ?? null);
  if (run.signal?.aborted) throw await abortedBefore(run);
  const key = keyOfWrite(run);
  const needsRefundLock = run.row === 'refund' && !refundsCarryStamps(run);
  const { amount, currency } = amountAskedOf(input);
  const asked = { amount, refundedBefore: input.params?.['refundedBefore'] };
  const lookups = createWriteLookups(run, asked, key);
  const writeWith = (heldKey: HeldKey): Write<WriteResult> => ({
    scope: run.scope,
    key,
    // `reverse` is `void` under another name: one key of both is one write.
    operation: run.row,
    target: run.target,
    fingerprint: fingerprintOf({ operation: run.row, target: run.target, params, amount, currency }),
    refundLock: needsRefundLock ? run.target : null,
    resolvedAtOnce: resolvedAtOnce(run, row, input),
    attribution: (resolved) => attributionOf(run, asResolved(resolved)),
    deadline: run.deadline,
    signal: run.signal,
    looksUpFirst: looksUpFirst(run),
    needsClearLookup: run.row === 'create' || run.row === 'refund',
    prepare: () => prepareWrite(run, row, input, lookups.seen()),
    beforeRepeat: (resolved) => beforeRepeat(run, row, input, asResolved(resolved)),
    send: (resolved, assertLease) =>
      sendWrite(run, row, input, asResolved(resolved), assertLease).catch((error: unknown) => {
        if (error instanceof ChargesError)
          return completeFailure(run, nameMissingReturnUrl(run, input.params, error), amountAskedOf(input));
        throw error;
      }),
    lookUp: lookups.lookUp,
    lookUpBriefly: lookups.lookUpBriefly,
    lookUpBefore: lookups.lookUpBefore,
    mayBeOlder: lookups.mayBeOlder,
    refundIdOf: (made) => (isRefund(made) ? made.id : null),
    snapshot: snapshotOf,
    restore: (result) => restore(run, result, key),
    refresh: (made) => refresh(run, made),
    heldKey,
  });
  return context.ownKeys.hold(run.scope, key, async (heldKey) => {
    const leave = context.keyOwner === null ? leaveNothing : enterKey(context.keyOwner, run.scope, key);
    if (leave === null) throw underWayElsewhere(run);
    try {
      return await runWrite(protocol, writeWith(heldKey));
    } catch (error) {
      throw await describeOpenWrite(run, error);
    } finally {
      leave();
    }
  });
};

const leaveNothing = (): void => undefined;

const underWayElsewhere = (run: CallContext): OperationInProgressError =>
  new OperationInProgressError({
    ...callFacts(run),
    message:
      'this process is sending the same write already: wait, then call again with the same idempotency key',
    outcome: 'unknown',
  });

/** Attaches what `reconcile` needs to every error with an unknown outcome. */
const describeOpenWrite = async (run: CallContext, error: unknown): Promise<unknown> => {
  if (!(error instanceof ChargesError)) return error;
  const facts = { operation: run.operation, idempotencyKey: run.idempotencyKey, chargeId: run.target };
  if (error.outcome !== 'unknown') return withDetails(error, facts);
  const stored = await run.context.protocol.store.get(run.scope, keyOfWrite(run)).catch(() => null);
  if (stored === null) return withDetails(error, facts);
  // Known before the answer came, where a preparation made what was to be charged.
  const chargeId = run.target ?? targetOf(run, stored.record);
  const isOpen = stored.record.state === 'started' || stored.record.state === 'unknown';
  const unresolved = isOpen ? unresolvedOf(run, stored.record) : null;
  return withDetails(error, { ...facts, chargeId, unresolved });
};

/**
 * The signal is aborted already, so this call sends nothing. But an earlier call with the key may have moved
 * money.
 */
const abortedBefore = async (run: CallContext): Promise<unknown> => {
  const aborted = abortedError(run);
  if (!run.keyIsCallers) return aborted;
  const stored = await run.context.protocol.store.get(run.scope, keyOfWrite(run)).catch(() => undefined);
  const isOpen =
    stored === undefined ||
    (stored === null
      ? run.context.ownKeys.mayBeSent(run.scope, keyOfWrite(run))
      : mayHaveMoved(stored.record));
  return isOpen ? describeOpenWrite(run, withDetails(aborted, { outcome: 'unknown' })) : aborted;
};

/** A write that moves no money (update, verify3DS where it is one): sent under its key or once, not recorded. */
export const performPlainWrite = async <Name extends 'update' | 'verify3DS'>(
  given: CallContext,
  row: RequestRow<Name>,
  input: OperationInputs[Name] & Wired,
): Promise<Charge> => {
  const run = byKey(given, row, input);
  assertRow(run, row, input);
  assertWire(run, row, input, input.wire ?? null);
  if (run.signal?.aborted) throw abortedError(run);
  const { drift, finish } = collectDrift(run);
  const prepared = await wrapAdapterErrors(
    run,
    () => row.prepare?.(input, makeCall(run, { prepared: null, drift })) ?? null,
  );
  const call = makeCall(run, { prepared, drift });
  const request = await wrapAdapterObject({ ...run, isWrite: false }, () => row.request(input, call));
  const answered = await sendChecked(
    run,
    withWire(run, request, input.wire ?? null),
    row.response,
    {
      ...keyOf(run),
      prepared,
      wire: input.wire,
    },
    drift,
  );
  return afterAnswer(answered, async () => {
    const charge = checkCharge(run, await wrapAdapterObject(run, () => row.output(answered, call, input)));
    finish(charge.id);
    return charge;
  });
};
