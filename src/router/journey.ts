import { CardError, type ChargesError } from '../errors.js';
import { withDetails } from '../errors/with-details.js';
import { isFinalRefusal } from '../writes/verdict.js';
import type { RecordKeeper } from '../writes/record.js';
import type { Session } from '../writes/protocol.js';
import { missTrustedFrom } from '../writes/resolve.js';
import { storeFailureReason } from '../stores/failure.js';
import type { StayReason } from './events.js';
import { reasonToStay } from './judge.js';
import type { Position } from './plan.js';
import type { ReadRoute } from './read-settings.js';
import { answerOf, placed } from './recorded.js';
import type { RoutedCharge, RouterCreateParams } from './route.js';
import { rememberCharge, type RouterContext, type RouterRun } from './router-context.js';

/** One create at the router, while it owns the record of its key. */
export interface Journey {
  readonly context: RouterContext;
  readonly run: RouterRun;
  readonly keeper: RecordKeeper<RoutedCharge>;
  readonly session: Session;
  readonly params: RouterCreateParams;
  position: Position;
  /** An earlier call may have sent at the present route, with an unknown outcome. */
  open: boolean;
  /** The route that this payment alone tries after its rest, until it has. */
  probe: string | null;
}

/** The milliseconds that are left for everything. */
export const left = ({ context, run }: Journey): number => run.deadline - context.runtime.monotonic();

/** The payment is where it is: its record ends, and its id is remembered for follow-ups. */
export const keep = async (
  { context, keeper, session }: Pick<Journey, 'context' | 'keeper' | 'session'>,
  charge: RoutedCharge,
): Promise<RoutedCharge> => {
  await keeper.settle(session, 'succeeded', { output: charge });
  await rememberCharge(context, charge.id, charge.route);
  return charge;
};

/**
 * What the end of an attempt means: null if the payment moves on, the reason why it stays, or the charge that
 * exists after all. A route is left only with proof: if something may have been sent before, and after every
 * decline, which may be the response to a duplicate, its client reconciles the key once more.
 */
export const judge = async (
  journey: Journey,
  route: ReadRoute,
  error: ChargesError,
): Promise<StayReason | RoutedCharge | null> => {
  const { context, run, open, session, position } = journey;
  if (open && error.outcome !== 'unknown' && !(error instanceof CardError)) {
    // What this attempt met says nothing of an earlier one.
    const confirmed = await confirm(journey, route);
    if (typeof confirmed === 'object') return confirmed;
    const isOld = session.storeNow() >= missTrustedFrom(session.record, context.settings);
    if (confirmed !== 'did_not_happen' || !isOld) return 'not_confirmed';
    journey.open = false;
  }
  const reason = reasonToStay(context.settings, error);
  if (reason !== null) return reason;
  const next = position.position + 1;
  if (next >= Math.min(position.steps.length, context.settings.maxRoutes)) return 'no_route_left';
  if (run.options.signal?.aborted === true || left(journey) < 1) return 'no_time_left';
  if (!(error instanceof CardError)) return null;
  const confirmed = await confirm(journey, route);
  if (typeof confirmed === 'object') return confirmed;
  return confirmed === 'did_not_happen' ? null : 'not_confirmed';
};

/** What the client of a route knows of the key: a charge that is there after all is the answer of the key. */
const confirm = async (
  journey: Journey,
  route: ReadRoute,
): Promise<'did_not_happen' | 'unknown' | RoutedCharge> => {
  const { run } = journey;
  const deadlineMs = Math.max(1, Math.floor(left(journey)));
  const { signal } = run.options;
  try {
    const found = await route.client.reconcile(run.key, {
      deadlineMs,
      ...(signal === undefined ? {} : { signal }),
    });
    if (found.outcome !== 'happened' || found.charge === null) return answerOf(found);
    return await keep(journey, placed(found.charge, route.name));
  } catch {
    return 'unknown';
  }
};

/**
 * Whether the time from which a miss is believed counts from now. An owner that never reported may be frozen: its longer time
 * is not cut short by one that reports.
 */
const isNewlyOpen = (
  { context, open, session }: Journey,
  error: ChargesError,
  reason: StayReason,
): boolean => {
  if (error.outcome === 'not_sent' || reason === 'not_confirmed') return false;
  return (
    !open ||
    session.storeNow() + context.settings.settleMs >= missTrustedFrom(session.record, context.settings)
  );
};

/** Records the end of a payment that stays at its route, and returns the error for the caller. */
export const stay = async (
  journey: Journey,
  error: ChargesError,
  reason: StayReason,
): Promise<ChargesError> => {
  const { keeper, session, open } = journey;
  const isDecline = error instanceof CardError && error.outcome === 'rejected';
  if (error.outcome === 'unknown' || (open && !isDecline)) {
    await keeper.settle(session, 'unknown', { error, sent: isNewlyOpen(journey, error, reason) });
    return withDetails(error, { outcome: 'unknown' });
  }
  if (isDecline && (reason === 'not_confirmed' || reason === 'no_time_left'))
    return endedHere(journey, error);
  const isFinal = isFinalRefusal(error);
  const end = isFinal ? ({ error } as const) : {};
  const isSettled = await keeper.settle(session, isFinal ? 'rejected' : 'did_not_happen', end);
  // If not settled: another owner has the record and may send with this key.
  return isSettled ? error : withDetails(error, { outcome: 'unknown' });
};

/**
 * A decline that a repeat could still move to another route is final only once it is recorded. If recording
 * fails, a repeat moves on and may be paid, so the outcome is `unknown`: a new key would not be safe.
 */
const endedHere = async (
  { context, keeper, session }: Journey,
  error: ChargesError,
): Promise<ChargesError> => {
  const result = { kind: 'error', value: error.toJSON() } as const;
  const { store, emit } = context.protocol;
  try {
    if (await store.settle(session.ownership, { state: 'rejected', result })) return error;
  } catch (failure) {
    emit({ type: 'store', ...keeper.facts, action: 'settle', reason: storeFailureReason(failure, []) });
  }
  return withDetails(error, { outcome: 'unknown' });
};
