import { IntegrityError } from '../errors.js';
import { stampOf } from '../models/attachments.js';
import { eachOnce } from '../models/objects.js';
import type { Refund } from '../models/refund.js';
import { conflictAfterSuccess } from './key-conflict.js';
import type { LookupResult } from './protocol.js';
import type { CallContext } from '../calls/start-call.js';
import { callFacts, failedRefundError, isFailedRefund } from '../calls/failures.js';
import { checkRefund } from '../calls/output.js';
import { windowMarginMs } from './scan-list.js';
import { readCharge, readRun, runRow } from '../calls/reads.js';
import { several, type LookupQuery } from './lookup-query.js';

/** Whether the provider keeps metadata with refunds. */
export const refundsCarryStamps = (run: CallContext): boolean =>
  run.context.spec.operations.refund?.capability?.metadata === true;

/** All refunds of a charge. Null where the provider has no such list. */
export const readRefunds = async (run: CallContext, chargeId: string): Promise<readonly Refund[] | null> => {
  const row = run.context.spec.operations.listRefunds;
  if (row === undefined) return null;
  const listed = await runRow<'listRefunds'>({ ...readRun(run), row: 'listRefunds' }, row, { id: chargeId });
  // A list that names a refund twice has one of it.
  return eachOnce(listed).map((refund) => checkRefund(run, refund));
};

/** Refunds that took money, or may yet: failed and canceled ones gave it back to the merchant. */
const isStanding = (refund: Refund): boolean => !isFailedRefund(refund);

const sumOf = (refunds: readonly Refund[]): number =>
  refunds.filter(isStanding).reduce((sum, { amount }) => sum + amount, 0);

/** What was captured; null where the provider does not say. */
const capturedOf = async (run: CallContext, chargeId: string): Promise<number | null> =>
  (await readCharge(run, chargeId))?.amountCaptured ?? null;

/** Refunds that no other key has claimed. Null if the store fails: then their owner is unknown. */
const unclaimed = async (
  run: CallContext,
  refunds: readonly Refund[],
  key: string,
): Promise<readonly Refund[] | null> => {
  const ids = refunds.map(({ id }) => id);
  const taken = await run.context.protocol.store.claimedRefunds(run.scope, ids, key).catch(() => null);
  return taken === null ? null : refunds.filter(({ id }) => !taken.includes(id));
};

const unclear = (refunds: readonly Refund[]): LookupResult<Refund> => ({
  seen: 'unclear',
  candidates: refunds.map(({ id }) => id),
});

/** The result for a matching refund: it was made, or it failed. */
const found = (run: CallContext, refund: Refund): LookupResult<Refund> =>
  isFailedRefund(refund)
    ? { seen: 'refused', error: failedRefundError({ ...run, isWrite: true }, refund) }
    : { seen: 'happened', output: refund, refundId: refund.id };

/**
 * Looks up a refund by its stamp. With another amount it is not the requested one; if `nothingWasSent`, it
 * belongs to another request.
 */
const byStamp = (
  run: CallContext,
  refunds: readonly Refund[],
  { key, fingerprint: { amount } }: LookupQuery,
  nothingWasSent: boolean,
): LookupResult<Refund> => {
  const stamped = refunds.filter((refund) => stampOf(refund) === key);
  // One that failed moved nothing, so a second one with the same key is no duplicate.
  const standing = stamped.filter(isStanding);
  const matches = standing.length > 0 ? standing : stamped.slice(0, 1);
  const [match, ...others] = matches;
  if (match === undefined) {
    // A provider that was seen to lose stamps, or to cut them off, may have done so with this one.
    const isLost = (stamp: string | null): boolean => stamp === null || key.startsWith(stamp);
    const lookalikes = run.context.observed.stampLost
      ? refunds.filter((refund) => isLost(stampOf(refund)) && (amount === null || refund.amount === amount))
      : [];
    return lookalikes.length === 0 ? { seen: 'nothing' } : unclear(lookalikes);
  }
  const ids = matches.map(({ id }) => id);
  if (others.length > 0) return several(run, ids, 'refund');
  if (amount === null || match.amount === amount) return found(run, match);
  const error = nothingWasSent
    ? conflictAfterSuccess(callFacts(run), { kind: 'refund', value: { ...match } })
    : new IntegrityError({
        ...callFacts(run),
        message: 'the refund with this idempotency key has another amount than was asked',
        outcome: 'unknown',
        chargeId: match.chargeId,
        candidates: ids,
      });
  return { seen: 'several', count: 1, error };
};

/**
 * Looks up a refund by its stamp; if refunds carry none, it is the new, unclaimed one of the requested
 * amount.
 */
export const lookUpRefund = async (
  run: CallContext,
  wanted: LookupQuery,
  nothingWasSent = false,
): Promise<LookupResult<Refund>> => {
  if (wanted.target === null) return unclear([]);
  const refunds = await readRefunds(run, wanted.target);
  if (refunds === null) return unclear([]);
  if (refundsCarryStamps(run)) return byStamp(run, refunds, wanted, nothingWasSent);
  const before = wanted.refundIdsBefore;
  const { amount } = wanted.fingerprint;
  // As far as is known its owner never sent it. An unclaimed refund of the amount could still be it.
  if (before === null) {
    const asked = { chargeId: wanted.target, amount, refundedBefore: null };
    const since = wanted.startedAt - windowMarginMs;
    const young = refunds.filter(({ createdAt }) => createdAt === null || Date.parse(createdAt) >= since);
    return lookUpBeforeRefund(run, asked, wanted.key, young);
  }
  const fresh = refunds.filter(
    (refund) => !before.includes(refund.id) && (amount === null || refund.amount === amount),
  );
  const free = await unclaimed(run, fresh, wanted.key);
  if (free === null) return unclear(fresh);
  const [match, ...others] = free;
  if (match === undefined) return { seen: 'nothing' };
  // A refund created long after the last possible send was made by another request, or to replace the lost
  // one.
  if (others.length > 0 || isLate(match, wanted)) return unclear(free);
  if (amount !== null) return found(run, match);
  // A full refund gives back all that was captured and not refunded before.
  const charge = await readCharge(run, wanted.target);
  const captured = charge?.amountCaptured ?? null;
  // Where the provider does not say how much was captured, it may say that all of it went back.
  if (captured === null && charge?.refundStatus === 'full') return found(run, match);
  const left = captured === null ? null : captured - sumOf(refunds.filter(({ id }) => before.includes(id)));
  return match.amount === left ? found(run, match) : unclear(free);
};

/** Whether a refund came so late that no request of this write can have made it, with every clock an hour off. */
const isLate = ({ createdAt }: Refund, { startedAt, lastSendAt }: LookupQuery): boolean =>
  createdAt !== null && Date.parse(createdAt) > (lastSendAt ?? startedAt) + 24 * 60 * 60_000;

/**
 * Looks up a refund that an earlier process may have sent, at a provider whose refunds carry no key. An
 * unclaimed refund of the same amount cannot be distinguished from it, unless the caller says what was
 * refunded before.
 */
export const lookUpBeforeRefund = async (
  run: CallContext,
  asked: {
    readonly chargeId: string;
    readonly amount: number | null;
    readonly refundedBefore: number | null;
  },
  key: string,
  refunds: readonly Refund[],
): Promise<LookupResult<Refund>> => {
  const standing = refunds.filter(isStanding);
  const free = await unclaimed(run, standing, key);
  if (free === null) return unclear(standing);
  if (free.length === 0 && asked.refundedBefore === null) return { seen: 'nothing' };
  const sum = sumOf(standing);
  if (asked.refundedBefore === sum) return { seen: 'nothing' };
  const amount =
    asked.amount ??
    (await capturedOf(run, asked.chargeId).then((captured) =>
      captured === null ? null : captured - (asked.refundedBefore ?? 0),
    ));
  if (asked.refundedBefore === null) {
    // A full refund leaves nothing: while something is left, it has not happened.
    const possible =
      asked.amount !== null
        ? free.filter((refund) => refund.amount === asked.amount)
        : amount !== null && sum < amount
          ? []
          : free;
    return possible.length === 0 ? { seen: 'nothing' } : unclear(possible);
  }
  // The newest refund is the one that `refundedBefore` does not include yet.
  const [match, next] = free
    .filter((refund) => refund.amount === amount)
    .sort((left, right) => (right.createdAt ?? '').localeCompare(left.createdAt ?? ''));
  const isNewest = match !== undefined && (next === undefined || match.createdAt !== next.createdAt);
  return isNewest && sum === asked.refundedBefore + match.amount
    ? found(run, match)
    : unclear(free.length === 0 ? standing : free);
};
