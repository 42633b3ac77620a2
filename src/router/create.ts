import type { HeldKey } from '../calls/own-keys.js';
import {
  AbortError,
  CardError,
  ChargesError,
  InvalidRequestError,
  OutcomeUnknownError,
  TimeoutError,
} from '../errors.js';
import { withDetails } from '../errors/with-details.js';
import type { CreateParams } from '../models/params.js';
import { createRecordKeeper } from '../writes/record.js';
import { isOpen, leaseMarginMs, mayHaveMoved } from '../writes/protocol.js';
import type { StayReason } from './events.js';
import { judge, keep, left, stay, type Journey } from './journey.js';
import { signOf } from './judge.js';
import { lookEverywhere } from './look-everywhere.js';
import { paramsAt, routerFingerprint, routerName } from './params.js';
import { checkFits, fitRoutes, makePlan, readPosition, type Position, type Step } from './plan.js';
import type { ReadRoute } from './read-settings.js';
import { placed, restoreRouted, snapshotRouted, refreshAt } from './recorded.js';
import type { RoutedCharge, RouterCreateParams } from './route.js';
import { routeNamed, askingOf, type RouterContext, type RouterRun } from './router-context.js';

const stepOf = ({ position: { steps, position } }: Journey): Step => {
  const step = steps[position];
  if (step === undefined) throw new RangeError('the position is behind the last route');
  return step;
};

const tellStay = ({ context, run }: Journey, route: string, reason: StayReason): void => {
  context.emit({ type: 'stayed', idempotencyKey: run.key, route, reason });
};

/**
 * Charges at one route after the other, never at two: the position is recorded before the first byte, and leaves a route only
 * after a definite end there.
 */
export const createAtRoutes = async (
  context: RouterContext,
  run: RouterRun,
  params: RouterCreateParams,
): Promise<RoutedCharge> => {
  if (run.options.signal?.aborted === true) throw await abortedBefore(context, run);
  return context.ownKeys.hold(context.scope, run.key, (heldKey) =>
    createUnderKey(context, run, params, heldKey),
  );
};

const createUnderKey = async (
  context: RouterContext,
  run: RouterRun,
  params: RouterCreateParams,
  heldKey: HeldKey,
): Promise<RoutedCharge> => {
  const keeper = createRecordKeeper<RoutedCharge>(context.protocol, {
    scope: context.scope,
    key: run.key,
    operation: 'create',
    target: null,
    fingerprint: routerFingerprint(params),
    refundLock: null,
    resolvedAtOnce: null,
    // Beyond the deadline, so that the leases of the clients are over before ours is.
    deadline: run.deadline + leaseMarginMs,
    heldKey,
    refundIdOf: () => null,
    snapshot: snapshotRouted,
    restore: (result) => restoreRouted(result, run.key),
  });
  const begun = await keeper.begin();
  if ('output' in begun) return refreshAt(context, run, begun.output);
  heldKey.begins();
  const { session } = begun;
  if (session === null) throw new TypeError('a router sends nothing without its store');
  const owned = { context, run, keeper, session, params };
  let set: Departure | { readonly charge: RoutedCharge };
  try {
    set = await departure(owned, begun.leftOpen);
  } catch (error) {
    const isLeft = await (begun.leftOpen
      ? keeper.settle(session, 'unknown')
      : keeper.release(session, isOpen(session.record)));
    // What an earlier owner left open was not looked for, or another owner has the record and may send with this key.
    throw begun.leftOpen || !isLeft ? mayHaveSent(error) : error;
  }
  if ('charge' in set) return keep(owned, set.charge);
  context.emit({
    type: 'planned',
    idempotencyKey: run.key,
    routes: set.position.steps.map(({ route }) => route),
    recorded: set.recorded,
  });
  const journey: Journey = { ...owned, ...set };
  try {
    return await travel(journey);
  } finally {
    if (journey.probe !== null) context.health.report(journey.probe, 'none', true);
  }
};

/** What this call met says nothing of another one with the key, which may have sent. */
const mayHaveSent = (error: unknown): unknown =>
  error instanceof ChargesError ? withDetails(error, { outcome: 'unknown' }) : error;

/** Where a payment starts, or goes on. */
type Departure = Pick<Journey, 'position' | 'open' | 'probe'> & { readonly recorded: boolean };

/**
 * The recorded position, or a new plan. `leftOpen`: an earlier owner left the record `started` or `unknown`.
 */
const departure = async (
  { context, run, session, params }: Omit<Journey, 'position' | 'open' | 'probe'>,
  leftOpen: boolean,
): Promise<Departure | { readonly charge: RoutedCharge }> => {
  const known = readPosition(session.record.resolved);
  if (known !== null) return { position: known, open: isOpen(session.record), probe: null, recorded: true };
  const fits = await fitRoutes(context.settings, params, askingOf(context, run));
  checkFits(context.settings, fits, params, run.key);
  const position: Position = {
    version: 1,
    steps: [...makePlan(fits, run.key, context.health)],
    position: 0,
    ended: [],
  };
  // Where the store lost a position, or keeps none beyond its process, the routes may know the key.
  const isLost = leftOpen || (!context.protocol.store.durable && run.keyIsCallers);
  if (isLost) {
    const seen = await lookEverywhere(context, run, position, params, leftOpen);
    return 'charge' in seen ? seen : { ...seen, probe: null, recorded: false };
  }
  const [{ route: first } = { route: '' }] = position.steps;
  // At once with the plan, so that no other payment chooses the same try.
  const probe = context.health.begin(first) ? first : null;
  return { position, open: isOpen(session.record), probe, recorded: false };
};

const travel = async (journey: Journey): Promise<RoutedCharge> => {
  const { context } = journey;
  for (;;) {
    const route = await presentRoute(journey);
    const params = await presentParams(journey, route);
    await journey.keeper.prepare(journey.session, journey.position, journey.open);
    const charged = await attempt(journey, route, params);
    if ('charge' in charged) return charged.charge;
    const { error } = charged;
    const reason = await judge(journey, route, error);
    if (typeof reason === 'object' && reason !== null) return reason;
    if (reason !== null) {
      tellStay(journey, route.name, reason);
      throw await stay(journey, error, reason);
    }
    const { position } = journey;
    const declineCode = error instanceof CardError ? error.declineCode : null;
    journey.position = {
      ...position,
      position: position.position + 1,
      ended: [...position.ended, { route: route.name, code: error.code, declineCode }],
    };
    journey.open = false;
    context.emit({
      type: 'moved',
      idempotencyKey: journey.run.key,
      from: route.name,
      to: stepOf(journey).route,
    });
  }
};

/** The route of the position. One that the settings no longer have cannot be asked, and is never passed over. */
const presentRoute = async (journey: Journey): Promise<ReadRoute> => {
  const { context, run, keeper, session, open } = journey;
  const { route: name } = stepOf(journey);
  const route = routeNamed(context, name);
  if (route !== null) return route;
  const isReleased = await keeper.release(session, open);
  const mayBeThere = open || !isReleased || session.record.sentAt !== null;
  throw new OutcomeUnknownError({
    ...keeper.facts,
    code: 'route_missing',
    outcome: mayBeThere ? 'unknown' : 'not_sent',
    message: `the payment with this idempotency key lives at the route ${name}, which this router does not have: nothing was sent`,
    idempotencyKey: run.key,
  });
};

const presentParams = async (journey: Journey, route: ReadRoute): Promise<CreateParams> => {
  const { context, run, keeper, session, open } = journey;
  try {
    const params = await paramsAt(context.settings, route, journey.params, askingOf(context, run));
    if (params !== null) return params;
    throw new OutcomeUnknownError({
      ...keeper.facts,
      code: 'source_missing',
      outcome: 'not_sent',
      message: `the payment with this idempotency key lives at the route ${route.name}, for which no source was given: nothing was sent`,
    });
  } catch (error) {
    const isReleased = await keeper.release(session, open);
    // If not released: another owner has the record and may send with this key.
    throw open || !isReleased ? mayHaveSent(error) : error;
  }
};

/** A field that a client refuses may come from `adapt`, and be nowhere in what the caller gave: the message says who wrote last. */
const sayAdapt = (error: ChargesError, { name, adapt }: ReadRoute): void => {
  if (adapt !== undefined && error instanceof InvalidRequestError && error.outcome === 'not_sent')
    error.message = `after adapt of the route ${name}: ${error.message}`;
};

/** Calls the client of the route. The position is recorded; between its last check and the call nothing is awaited. */
const attempt = async (
  journey: Journey,
  route: ReadRoute,
  params: CreateParams,
): Promise<{ readonly charge: RoutedCharge } | { readonly error: ChargesError }> => {
  const { context, run, keeper, session } = journey;
  const { health, emit, runtime } = context;
  const leftMs = Math.floor(Math.min(left(journey), session.leaseUntil - runtime.monotonic()));
  if (leftMs < 1 || !session.isLeased()) {
    const message = 'the time for this write ran out before it was sent';
    return { error: new TimeoutError({ ...keeper.facts, message, outcome: 'not_sent' }) };
  }
  const { position } = journey.position;
  const isProbe = journey.probe === route.name || health.begin(route.name);
  if (journey.probe === route.name) journey.probe = null;
  emit({ type: 'entered', idempotencyKey: run.key, route: route.name, position });
  const ended = (outcome: ChargesError['outcome'] | 'succeeded', error: ChargesError | null) => {
    emit({
      type: 'ended',
      idempotencyKey: run.key,
      route: route.name,
      outcome,
      code: error?.code ?? null,
      declineCode: error instanceof CardError ? error.declineCode : null,
    });
  };
  try {
    const charge = await route.client.create(params, {
      ...run.options,
      idempotencyKey: run.key,
      deadlineMs: leftMs,
    });
    health.report(route.name, 'well', isProbe);
    ended('succeeded', null);
    return { charge: await keep(journey, placed(charge, route.name)) };
  } catch (error) {
    if (!(error instanceof ChargesError)) {
      health.report(route.name, 'none', isProbe);
      await keeper.settle(session, 'unknown', { sent: true });
      throw error;
    }
    sayAdapt(error, route);
    health.report(route.name, signOf(error), isProbe);
    ended(error.outcome, error);
    return { error };
  }
};

/** An earlier call with the key may have moved money, though this one was aborted before it began. */
const abortedBefore = async (context: RouterContext, run: RouterRun): Promise<AbortError> => {
  const stored = await context.protocol.store.get(context.scope, run.key).catch(() => undefined);
  const isMoved = stored === undefined || (stored !== null && mayHaveMoved(stored.record));
  return new AbortError({
    provider: routerName,
    operation: 'create',
    idempotencyKey: run.key,
    outcome: isMoved ? 'unknown' : 'not_sent',
    message: 'create was aborted by its signal before it was sent',
  });
};
