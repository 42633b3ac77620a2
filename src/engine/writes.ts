import type { Operation } from '../charges-client.js';
import { CardError, ChargesError, type UnresolvedWrite } from '../errors.js';
import { withDetails } from '../errors/with-details.js';
import { attach, stampMetadataKey, stampOf } from '../models/attachments.js';
import { chargeSchema, type Charge } from '../models/charge.js';
import type { FieldIssue } from '../models/error-details.js';
import type { OperationRecord, OperationResult } from '../models/operation-store.js';
import { refundSchema, type Refund } from '../models/refund.js';
import { fingerprintOf } from '../operations/fingerprint.js';
import { mayHaveMoved, type Write } from '../operations/protocol.js';
import { runWrite } from '../operations/write.js';
import type { Call, OperationInputs, RequestRow } from '../provider.js';
import { newTrace } from '../transport/send.js';
import {
  askedOf,
  asResolved,
  looksBefore,
  prepareWrite,
  whoseEffect,
  type MoneyInput,
  type MoneyRow,
  type Resolved,
} from './before-write.js';
import { abortedError, collectDrift, guard, makeCall, sendChecked, type CallRun } from './call.js';
import { refuseInput } from './check-input.js';
import { declineError, plainCharge } from './failures.js';
import { lookByStamp, lookFor, refundsCarryStamps, type Wanted } from './look.js';
import {
  checkCharge,
  checkCreated,
  checkEffect,
  checkRefund,
  checkRefunded,
  checkStamp,
  type Asked,
} from './output.js';
import { runRow } from './reads.js';

type Made = Charge | Refund;

const isRefund = (made: Made): made is Refund => 'chargeId' in made;

/** What every write refuses alike, before the provider's own limits. */
const commonIssues = (input: MoneyInput): FieldIssue[] => {
  const metadata = input.params?.['metadata'];
  return typeof metadata === 'object' && metadata !== null && Object.hasOwn(metadata, stampMetadataKey)
    ? [{ path: `metadata.${stampMetadataKey}`, message: 'is kept for the idempotency key' }]
    : [];
};

export const checkRow = (
  run: CallRun,
  row: { check?(input: never, call: Call): readonly FieldIssue[] },
  input: object,
): void => {
  const issues = [
    ...commonIssues(input as MoneyInput),
    ...(row.check?.(input as never, makeCall(run, { prepared: null })) ?? []),
  ];
  if (issues.length > 0) throw refuseInput(run.context, run.operation, issues, callIds(run));
};

const callIds = (run: CallRun) => ({ idempotencyKey: run.idempotencyKey, chargeId: run.target });

/** Sends the one request of a write and judges its answer. */
const sendWrite = async (
  run: CallRun,
  row: MoneyRow,
  input: MoneyInput,
  resolved: Resolved,
  permit: () => void,
): Promise<Made> => {
  const { drift, finish } = collectDrift(run);
  const call = makeCall(run, { prepared: resolved.row, drift });
  const hasKeys = run.context.spec.writeSafety.kind === 'provider-key';
  const request = await guard({ ...run, isWrite: false }, () => row.request(input as never, call));
  const answered = await sendChecked(
    run,
    request,
    row.response,
    { repeatability: hasKeys ? 'provider-key' : 'once', key: run.idempotencyKey, permit, trace: newTrace() },
    drift,
  );
  try {
    const made = await guard(run, () => row.output(answered, call, input as never));
    judge(run, made, askedOf(input), drift);
    finish(isRefund(made) ? made.chargeId : made.id);
    return made;
  } catch (error) {
    // The request was accepted: only a decline is a refusal now, everything else leaves the outcome open.
    if (error instanceof ChargesError && !(error instanceof CardError)) {
      throw withDetails(error, {
        outcome: 'unknown',
        statusCode: answered.answer.status,
        requestId: answered.answer.requestId,
      });
    }
    throw error;
  }
};

const judge = (
  run: CallRun,
  made: Made,
  asked: Asked,
  drift: ReturnType<typeof collectDrift>['drift'],
): void => {
  if (isRefund(made)) {
    checkRefund(run, made);
    checkRefunded(run, made, asked);
    if (refundsCarryStamps(run)) checkStamp(run, made, made.chargeId, drift);
    return;
  }
  checkCharge(run, made);
  if (run.row !== 'create') {
    checkEffect(run, made, asked);
    return;
  }
  checkCreated(run, made, asked);
  checkStamp(run, made, made.id, drift);
  if (made.status === 'failed') throw declineError(run, made);
};

/** A refusal that names a charge: it is read, to show it with the decline or to learn what really happened. */
const completeFailure = async (run: CallRun, error: ChargesError, asked: Asked): Promise<Charge> => {
  const row = run.context.spec.operations.retrieve;
  const undecided = error.outcome === 'unknown' && error.statusCode !== null && error.statusCode >= 300;
  const incomplete = error instanceof CardError && error.charge === null;
  if (run.row !== 'create' || row === undefined || error.chargeId === null || !(undecided || incomplete))
    throw error;
  let charge: Charge;
  try {
    charge = checkCharge(
      run,
      await runRow<'retrieve'>({ ...run, isWrite: false, row: 'retrieve' }, row, { id: error.chargeId }),
    );
  } catch {
    throw error;
  }
  if (incomplete) {
    Object.defineProperty(error, 'charge', {
      value: plainCharge(charge),
      enumerable: true,
      configurable: true,
    });
    throw error;
  }
  if (stampOf(charge) !== null && stampOf(charge) !== run.idempotencyKey) throw error;
  checkCreated(run, charge, asked);
  if (charge.status === 'failed') throw declineError(run, charge, error.requestId);
  if (charge.status === 'unknown') throw error;
  return charge;
};

export const snapshotOf = (made: Made): OperationResult =>
  isRefund(made)
    ? { kind: 'refund', value: JSON.parse(JSON.stringify(made)) as unknown }
    : { kind: 'charge', value: JSON.parse(JSON.stringify(plainCharge(made))) as unknown };

/** A recorded charge or refund. It carries its stamp again, but nothing of the provider's resource. */
export const restore = (result: OperationResult | null, key: string): Made => {
  const made =
    result?.kind === 'refund'
      ? refundSchema.parse(result.value)
      : (chargeSchema.parse(result?.value) as Charge);
  return attach(made, { stamp: key });
};

export const wantedOf = (record: OperationRecord): Wanted => ({
  ...record,
  refundIdsBefore: asResolved(record.resolved).refundIdsBefore,
});

/** What a record means to a process that only has the error. */
export const unresolvedOf = (record: OperationRecord): UnresolvedWrite => ({
  scope: record.scope,
  operation: record.operation,
  target: record.target,
  amount: record.fingerprint.amount,
  currency: record.fingerprint.currency,
  startedAt: record.startedAt,
  sentAt: record.sentAt,
  endedAt: record.state === 'unknown' && record.openSend?.reported === true ? record.openSend.until : null,
  fingerprint: record.fingerprint.hash,
  refundIdsBefore: asResolved(record.resolved).refundIdsBefore,
});

/** A write that moves money, under the protocol of `operations/`. */
export const performMoneyWrite = async (
  run: CallRun,
  row: MoneyRow,
  input: MoneyInput,
  params: Readonly<Record<string, unknown>>,
): Promise<Made> => {
  const { context } = run;
  const { protocol } = context;
  checkRow(run, row, input);
  if (run.signal?.aborted) throw await abortedBefore(run);
  const key = run.idempotencyKey as string;
  const needsRefundLock = run.row === 'refund' && !refundsCarryStamps(run);
  const looksFirst = looksBefore(run) && !protocol.store.durable;
  let lookedFirst = false;
  let sawNothing = false;
  const write: Write<Made> = {
    scope: run.scope,
    key,
    // `reverse` is `void` under another name: one key of both is one write.
    operation: run.row,
    target: run.target,
    fingerprint: fingerprintOf({ operation: run.row, target: run.target, ...askedOf(input), params }),
    refundLock: needsRefundLock ? run.target : null,
    whoseEffect: (resolved) => whoseEffect(run, asResolved(resolved)),
    deadline: run.deadline,
    signal: run.signal,
    lookFirst: looksFirst && !needsRefundLock,
    prepare: () => prepareWrite(run, row, input, sawNothing),
    send: (resolved, permit) =>
      sendWrite(run, row, input, asResolved(resolved), permit).catch((error: unknown) => {
        if (error instanceof ChargesError) return completeFailure(run, error, askedOf(input));
        throw error;
      }),
    look: async (record, storeNow) => {
      const blind =
        record.sentAt === null && record.openSend === null && run.row === 'create' && !lookedFirst;
      lookedFirst = true;
      const wanted = wantedOf(record);
      const sighting = await (blind ? lookByStamp(run, wanted) : lookFor(run, wanted, storeNow));
      sawNothing = sighting.seen === 'nothing';
      return sighting;
    },
    refundIdOf: (made) => (isRefund(made) ? made.id : null),
    snapshot: snapshotOf,
    restore: (result) => restore(result, key),
  };
  try {
    return await runWrite(protocol, write);
  } catch (error) {
    throw await describeOpenWrite(run, error);
  }
};

/** What `reconcile` needs rides on every error that leaves the outcome open. */
const describeOpenWrite = async (run: CallRun, error: unknown): Promise<unknown> => {
  if (!(error instanceof ChargesError)) return error;
  const facts = { operation: run.operation, idempotencyKey: run.idempotencyKey, chargeId: run.target };
  if (error.outcome !== 'unknown') return withDetails(error, facts);
  const stored = await run.context.protocol.store
    .get(run.scope, run.idempotencyKey as string)
    .catch(() => null);
  return withDetails(error, { ...facts, unresolved: stored === null ? null : unresolvedOf(stored.record) });
};

/** A signal that ended one attempt often comes with the next: that one was not sent, but the first may have moved money. */
const abortedBefore = async (run: CallRun): Promise<unknown> => {
  const aborted = abortedError(run);
  if (!run.keyIsCallers) return aborted;
  const stored = await run.context.protocol.store
    .get(run.scope, run.idempotencyKey as string)
    .catch(() => undefined);
  const isOpen = stored === undefined || (stored !== null && mayHaveMoved(stored.record));
  return isOpen ? describeOpenWrite(run, withDetails(aborted, { outcome: 'unknown' })) : aborted;
};

/** A write that moves no money (update, verify3DS where it is one): sent under its key or once, not recorded. */
export const performPlainWrite = async <Name extends Operation>(
  run: CallRun,
  row: RequestRow<Name>,
  input: OperationInputs[Name],
): Promise<Charge> => {
  checkRow(run, row, input);
  if (run.signal?.aborted) throw abortedError(run);
  const { drift, finish } = collectDrift(run);
  const prepared = await guard(
    run,
    () => row.prepare?.(input, makeCall(run, { prepared: null, drift })) ?? null,
  );
  const call = makeCall(run, { prepared, drift });
  const hasKeys = run.context.spec.writeSafety.kind === 'provider-key';
  const answered = await sendChecked(
    run,
    row.request(input, call),
    row.response,
    { repeatability: hasKeys ? 'provider-key' : 'once', key: run.idempotencyKey },
    drift,
  );
  const charge = checkCharge(run, (await guard(run, () => row.output(answered, call, input))) as Charge);
  finish(charge.id);
  return charge;
};
