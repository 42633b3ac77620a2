import * as z from 'zod';
import { isObject, isThenable } from './objects.js';
import {
  chargeStatusSchema,
  refundTotal,
  type Charge,
  type ChargeStatus,
  type RefundTotal,
} from './charge.js';
import type { ReportedEvent } from './event.js';
import { momentSchema, type Moment } from './params.js';
import { amountSchema, refundSchema, type Refund, type RefundStatus } from './refund.js';

/** What is known of one refund. */
export interface RefundProgress {
  /** In ISO 4217 minor units. */
  readonly amount: number;
  /** The last status that was heard of it. */
  readonly status: RefundStatus;
}

/**
 * How far a charge has come, by everything that was heard of it, in whatever order. Plain JSON: keep it beside the order.
 * `isPaid` and `isFinal` take it as they take a charge.
 */
export interface ChargeProgress {
  /** The provider's name, such as `stripe`. */
  readonly provider: string;
  /** The provider's id of the charge. */
  readonly chargeId: string;
  /** `unknown` until something was heard that tells. */
  readonly status: ChargeStatus;
  /** The provider's time of the news that set the status; null where it told none. */
  readonly statusAt: string | null;
  /** In ISO 4217 minor units; null until a charge was heard of. */
  readonly amount: number | null;
  /** Upper-case ISO 4217 code; null until a charge was heard of. */
  readonly currency: string | null;
  /** Null where the provider does not say. */
  readonly amountCaptured: number | null;
  /** Pending and succeeded refunds. It may go down: a refund can fail after it was accepted. */
  readonly amountRefunded: number;
  /** How much of the captured money went back: `none`, `partial` or `full`. */
  readonly refundStatus: RefundTotal;
  /** Whether the payer contests the charge at the bank, by the latest news of it. */
  readonly disputed: boolean;
  /** The provider's time of the news that set `disputed`: ISO 8601, null where it told none. */
  readonly disputedAt: string | null;
  /** Every refund that was heard of, by its id. */
  readonly refunds: Readonly<Record<string, RefundProgress>>;
  /** The highest total of refunds that a charge told, for refunds that were never heard of themselves. */
  readonly toldRefunded: { readonly amount: number; readonly at: string | null };
}

/** The level of a status: news of a lower level never replace a higher one. */
const levels: Readonly<Record<ChargeStatus, number>> = {
  unknown: 0,
  // One level: a payer may try again on the same payment, so that a failure is not the end of it.
  pending: 1,
  requires_action: 1,
  failed: 1,
  authorized: 2,
  // Both end an authorization.
  expired: 3,
  voided: 3,
  captured: 4,
};

/** Decides between two news of one level and of the same second, so that the order of arrival does not. */
const withinLevel: readonly ChargeStatus[] = ['pending', 'requires_action', 'failed', 'expired', 'voided'];

/** What a refund can still become: from left to right. A failure comes after success, never the other way round. */
const refundOrder: readonly RefundStatus[] = ['unknown', 'pending', 'succeeded', 'canceled', 'failed'];

/** Positive where the left time is later; 0 where they are the same or one is not known. */
const compareTimes = (left: string | null, right: string | null): number =>
  left === null || right === null ? 0 : Date.parse(left) - Date.parse(right);

const isBankDebit = (charge: Charge): boolean =>
  charge.paymentMethod !== null && charge.paymentMethod.type !== 'card';

/** Whether the status of a charge, told at a time, replaces what is known. */
const replaces = (current: ChargeProgress, charge: Charge, at: string | null): boolean => {
  const [now, next] = [current.status, charge.status];
  const later = compareTimes(at, current.statusAt);
  if (now === next) return later > 0 || current.statusAt === null;
  // Captured money goes back without a refund in two ways only, both later than the capture.
  if (now === 'captured' && next === 'failed') return later > 0 && isBankDebit(charge);
  if (now === 'captured' && next === 'voided') return at !== null && current.statusAt !== null && later >= 0;
  // The same two, when the news of the capture come after them.
  if (next === 'captured' && now === 'voided') return at === null || current.statusAt === null || later > 0;
  if (next === 'captured' && now === 'failed') return !(later < 0 && isBankDebit(charge));
  if (levels[now] !== levels[next]) return levels[next] > levels[now];
  if (later !== 0) return later > 0;
  // News without a time come from whoever has just asked the provider.
  return at === null || withinLevel.indexOf(next) > withinLevel.indexOf(now);
};

/** One copy for all of them: a charge may bring thousands. */
const withRefunds = (
  known: ChargeProgress['refunds'],
  news: readonly Pick<Refund, 'id' | 'amount' | 'status'>[],
): ChargeProgress['refunds'] => {
  const refunds = new Map(Object.entries(known));
  for (const { id, amount, status } of news) {
    const current = refunds.get(id);
    if (current !== undefined && refundOrder.indexOf(current.status) >= refundOrder.indexOf(status)) continue;
    refunds.set(id, { amount, status });
  }
  return Object.fromEntries(refunds);
};

const sum = (refunds: readonly RefundProgress[]): number =>
  refunds.reduce((total, { amount }) => total + amount, 0);

/** Totals from all refunds that are known, and what the charge told beyond them. */
const totalled = (progress: ChargeProgress): ChargeProgress => {
  if (progress.status !== 'captured') return { ...progress, amountRefunded: 0, refundStatus: 'none' };
  // A refund of which nobody knows what became of it says nothing: what the charge told of it stands.
  const known = Object.values(progress.refunds).filter(({ status }) => status !== 'unknown');
  const counted = known.filter(({ status }) => status === 'pending' || status === 'succeeded');
  const unheard = Math.max(0, progress.toldRefunded.amount - sum(known));
  const amountRefunded = sum(counted) + unheard;
  return {
    ...progress,
    amountRefunded,
    refundStatus: refundTotal(amountRefunded, progress.amountCaptured),
  };
};

const withCharge = (current: ChargeProgress, charge: Charge, at: string | null): ChargeProgress => {
  const next = replaces(current, charge, at)
    ? {
        status: charge.status,
        statusAt: at ?? current.statusAt,
        // A number that the provider no longer tells is not forgotten.
        amountCaptured:
          charge.amountCaptured ??
          (current.status === 'captured' && charge.status === 'captured' ? current.amountCaptured : null),
      }
    : {};
  const toldLater = compareTimes(at, current.toldRefunded.at);
  // The same total with a time: an older one that comes later must not replace it.
  const isDated =
    at !== null && current.toldRefunded.at === null && charge.amountRefunded === current.toldRefunded.amount;
  const isTold =
    charge.status === 'captured' &&
    (toldLater > 0 || (toldLater === 0 && charge.amountRefunded > current.toldRefunded.amount) || isDated);
  const disputeLater = compareTimes(at, current.disputedAt);
  // A charge that cannot be read tells of no dispute, and so of no end of one.
  const isDisputeTold = charge.disputed ? disputeLater >= 0 : disputeLater > 0 && charge.status !== 'unknown';
  return {
    ...current,
    ...next,
    amount: current.amount ?? charge.amount,
    currency: current.currency ?? charge.currency,
    ...(isTold ? { toldRefunded: { amount: charge.amountRefunded, at } } : {}),
    ...(isDisputeTold ? { disputed: charge.disputed, disputedAt: at ?? current.disputedAt } : {}),
    refunds: withRefunds(current.refunds, charge.refunds ?? []),
  };
};

const nothingHeard = (provider: string, chargeId: string): ChargeProgress => ({
  provider,
  chargeId,
  status: 'unknown',
  statusAt: null,
  amount: null,
  currency: null,
  amountCaptured: null,
  amountRefunded: 0,
  refundStatus: 'none',
  disputed: false,
  disputedAt: null,
  refunds: {},
  toldRefunded: { amount: 0, at: null },
});

/** A moment as text; text stays as it was written. */
const momentText = (moment: Moment): string => {
  if (!momentSchema.safeParse(moment).success)
    throw new RangeError('at must be a valid Date or ISO 8601 text with a zone');
  return typeof moment === 'string' ? moment : moment.toISOString();
};

type News = ReportedEvent | Charge | Refund;

/** A body that was not parsed by a client, an object of an official SDK, or a progress, is no news. */
const isNews = (news: unknown): news is News =>
  isObject(news) && ('dedupeKey' in news || 'providerStatus' in news || ('chargeId' in news && 'id' in news));

const heardRefund = refundSchema.pick({ amount: true, status: true });
const toldAmount = amountSchema.nullable();
const heardCharge = z.object({
  status: chargeStatusSchema,
  amount: toldAmount,
  amountCaptured: toldAmount,
  amountRefunded: toldAmount,
  refunds: z.array(heardRefund).nullish(),
});
/** What `advanceCharge` gave before, also after JSON. */
const heardBefore = heardCharge.extend({
  refunds: z.record(z.string(), heardRefund),
  toldRefunded: z.object({ amount: amountSchema }),
});

/** Refuses amounts and statuses that are none: text, as a database gives it back, would be joined and not added. */
const checkHeard = (complaint: string, schema: z.ZodType, heard: unknown): void => {
  for (const { path, message } of schema.safeParse(heard).error?.issues ?? [])
    throw new TypeError(`advanceCharge: ${complaint}: ${path.join('.')}: ${message}`);
};

const isEvent = (news: News): news is ReportedEvent => 'dedupeKey' in news;
const isRefund = (news: News): news is Refund => 'chargeId' in news && !isEvent(news);

/**
 * What is known of a charge after one more piece of news: a `ChargeEvent`, or a `Charge` or `Refund` that was just
 * read. Webhooks come
 * late, twice, in any order and sometimes never; whatever the order, the same news give the same result, and it never goes
 * backwards: a late `requires_action` does not reopen what was captured, while a failed attempt may still be paid.
 *
 * Where news may be missing, read the charge and apply that, too. `at` is the moment before a charge was read, a `Date`
 * or ISO 8601 text with a zone, for providers whose charges tell no time of their last change.
 *
 * @example
 * order.payment = advanceCharge(order.payment, await charges.parseWebhook(rawBody, headers));
 * if (order.payment !== null && isPaid(order.payment)) ship(order);
 *
 * @returns `current` unchanged where the event is about no charge.
 * @throws TypeError where the news is no event, charge or refund of this library, or `current` is no progress.
 * @throws RangeError where the news is about another charge than `current`, and where `at` is no moment.
 */
export function advanceCharge(current: ChargeProgress, news: News, at?: Moment): ChargeProgress;
export function advanceCharge(
  current: ChargeProgress | null | undefined,
  news: Charge,
  at?: Moment,
): ChargeProgress;
export function advanceCharge(
  current: ChargeProgress | null | undefined,
  news: News,
  at?: Moment,
): ChargeProgress | null;
export function advanceCharge(
  earlier: ChargeProgress | null | undefined,
  news: News,
  at?: Moment,
): ChargeProgress | null {
  const noNews = 'the news must be an event, a charge or a refund';
  if (!isNews(news)) {
    const hint = isThenable(news) ? ', and not a promise: await it first' : '';
    throw new TypeError(`advanceCharge: ${noNews}${hint}`);
  }
  const current = earlier ?? null;
  if (current !== null)
    checkHeard('the first argument must be what it gave before, or null', heardBefore, current);
  const event = isEvent(news) ? news : null;
  const charge = isEvent(news) ? news.charge : isRefund(news) ? null : news;
  const refund = event === null ? (isRefund(news) ? news : null) : event.refund;
  if (charge !== null) checkHeard(noNews, heardCharge, charge);
  if (refund !== null) checkHeard(noNews, heardRefund, refund);
  const chargeId = event === null ? (refund?.chargeId ?? charge?.id ?? null) : event.chargeId;
  // A wrong moment is refused also where the news are about no charge: the next ones may be about one.
  const time = (at === undefined ? null : momentText(at)) ?? charge?.updatedAt ?? event?.createdAt ?? null;
  if (chargeId === null) return current;
  if (current !== null && (current.chargeId !== chargeId || current.provider !== news.provider)) {
    throw new RangeError(
      `news of ${news.provider} ${chargeId} cannot be applied to ${current.provider} ${current.chargeId}`,
    );
  }
  let progress: ChargeProgress = current ?? nothingHeard(news.provider, chargeId);
  if (charge !== null) progress = withCharge(progress, charge, time);
  if (refund !== null) progress = { ...progress, refunds: withRefunds(progress.refunds, [refund]) };
  if (event?.type.startsWith('dispute.') === true && event.type !== 'dispute.closed') {
    progress = { ...progress, disputed: true, disputedAt: event.createdAt ?? progress.disputedAt };
  }
  return totalled(progress);
}
