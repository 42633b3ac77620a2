import type { CallOptions } from '../charges-client.js';
import { typedStore } from '../stores/bounded.js';
import { refuseInput } from '../calls/check-input.js';
import type { ChargesError } from '../errors.js';
import { CardError, IntegrityError } from '../errors.js';
import { readAnyError, readErrorJSON } from '../errors/from-json.js';
import type { OperationRecord, StoredOperation } from '../models/operation-store.js';
import type { Reconciliation } from '../models/reconciliation.js';
import { isOpen, leaseMarginMs } from '../writes/protocol.js';
import { missTrustedFrom } from '../writes/resolve.js';
import { isIdempotencyKey } from '../transport/idempotency.js';
import { locate, routeOrRefusal } from './locate.js';
import { refuser, routerName } from './params.js';
import { readPosition, type Position } from './plan.js';
import type { ReadRoute } from './read-settings.js';
import { placed, restoreRouted, snapshotRouted } from './recorded.js';
import type { RoutedCharge } from './route.js';
import { rememberCharge, type RouterContext } from './router-context.js';

export const storeTyped = ({ protocol }: RouterContext) => typedStore(protocol.store, routerName, []);

const write = (key: string) => ({ idempotencyKey: key, operation: 'create', target: null });

export const unknown = (key: string, retryAfterMs: number | null): Reconciliation => ({
  ...write(key),
  outcome: 'unknown',
  retryAfterMs,
  candidates: [],
});

const happened = (key: string, charge: RoutedCharge): Reconciliation => ({
  ...write(key),
  outcome: 'happened',
  charge,
  refund: null,
});

/** What one client knows of a key; its charge names the route. */
const ask = async (
  route: ReadRoute,
  key: string,
  options: CallOptions | undefined,
): Promise<Reconciliation> => {
  const found = await route.client.reconcile(key, options);
  if (found.outcome !== 'unknown' && found.charge !== null) placed(found.charge, route.name);
  return found;
};

const chargeIn = (found: Reconciliation | null): RoutedCharge | null =>
  found?.outcome === 'happened' ? (found.charge as RoutedCharge | null) : null;

const several = (key: string, charges: readonly RoutedCharge[]): IntegrityError =>
  new IntegrityError({
    provider: routerName,
    operation: 'create',
    idempotencyKey: key,
    outcome: 'unknown',
    code: 'duplicate_charge',
    message: 'this idempotency key has charges at several routes',
    candidates: charges.map(({ id, route }) => `${route}:${id}`),
  });

/** Asks every route for a key that has no position: one charge is the answer. */
const askEverywhere = async (
  context: RouterContext,
  key: string,
  options: CallOptions | undefined,
): Promise<Reconciliation> => {
  const charges: RoutedCharge[] = [];
  let open: Reconciliation | null = null;
  for (const route of context.settings.routes) {
    const found = await ask(route, key, options);
    const charge = chargeIn(found);
    if (charge !== null) charges.push(charge);
    else if (found.outcome === 'unknown' && found.retryAfterMs !== null) open ??= found;
  }
  if (charges.length > 1) throw several(key, charges);
  const [charge] = charges;
  if (charge !== undefined) return happened(key, charge);
  return open ?? unknown(key, null);
};

/** Charges with the key at routes that it has left: what was declined there may have had a second copy. */
const chargesBefore = async (
  context: RouterContext,
  key: string,
  { ended }: Position,
  options: CallOptions | undefined,
): Promise<readonly RoutedCharge[]> => {
  const charges: RoutedCharge[] = [];
  for (const { route: name } of ended) {
    const route = context.settings.routes.find((each) => each.name === name);
    const found = route === undefined ? null : await ask(route, key, options).catch(() => null);
    const charge = chargeIn(found);
    if (charge !== null) charges.push(charge);
  }
  return charges;
};

/**
 * The result of a finished record. The route's client is asked once more: a charge that it finds overrides
 * the record.
 */
const finished = async (
  context: RouterContext,
  record: OperationRecord,
  position: Position,
  options: CallOptions | undefined,
): Promise<Reconciliation> => {
  const { key } = record;
  const recorded = record.state === 'succeeded' ? restoreRouted(record.result, key) : null;
  const name = recorded?.route ?? position.steps[position.position]?.route ?? '';
  const now = await ask(routeOrRefusal(context, name, 'reconcile'), key, options);
  const charge = chargeIn(now) ?? recorded;
  const charges = [
    ...(await chargesBefore(context, key, position, options)),
    ...(charge === null ? [] : [charge]),
  ];
  if (charges.length > 1) throw several(key, charges);
  const [one] = charges;
  if (one !== undefined) return happened(key, one);
  const refusal = record.state === 'rejected' ? readErrorJSON(record.result?.value) : null;
  return {
    ...write(key),
    outcome: 'did_not_happen',
    charge: refusal instanceof CardError ? refusal.charge : null,
  };
};

/**
 * The word on a key of which the router has a record, and its clients have none: their look saw everything, and nothing of it. Its
 * process died before a client heard of the key.
 */
const unheardOf = (key: string, found: Reconciliation): Reconciliation =>
  found.outcome === 'unknown' && found.retryAfterMs === null && found.candidates.length === 0
    ? { ...write(key), outcome: 'did_not_happen', charge: null }
    : found;

/** Resolves one record of the router as its new owner: by what the client of its route knows. */
export const reconcileStored = async (
  context: RouterContext,
  { record, now }: StoredOperation,
  options: CallOptions | undefined,
): Promise<Reconciliation> => {
  const { key, scope } = record;
  const { settings, runtime } = context;
  const store = storeTyped(context);
  const known = readPosition(record.resolved);
  if (record.state !== 'started' && record.state !== 'unknown') {
    if (known !== null) return finished(context, record, known, options);
    // A charge that was found before anything was sent has no position.
    return record.state === 'succeeded'
      ? happened(key, restoreRouted(record.result, key))
      : unheardOf(key, await askEverywhere(context, key, options));
  }
  const leaseLeft = record.leaseUntil - now;
  if (record.state === 'started' && leaseLeft > 0)
    return unknown(key, leaseLeft + (record.prepared ? settings.abandonedMs : 0));
  const leaseMs = (options?.deadlineMs ?? settings.deadlineMs) + 2 * leaseMarginMs;
  const owner = runtime.uuid();
  const claimed = await store.claim({ scope, key, attempt: record.attempt, owner, leaseMs });
  if (claimed === null) return unknown(key, 1_000);
  const ownership = { scope, key, owner, attempt: claimed.record.attempt };
  const leave = () => store.settle(ownership, { state: 'unknown', result: record.result });
  let found: Reconciliation;
  const step = known?.steps[known.position];
  try {
    found =
      step === undefined
        ? await askEverywhere(context, key, options)
        : await ask(routeOrRefusal(context, step.route, 'reconcile'), key, options);
    if (step === undefined || found.operation === null) found = unheardOf(key, found);
  } catch (error) {
    await leave().catch(() => false);
    throw error;
  }
  const charge = chargeIn(found);
  if (charge !== null) {
    await store.settle(ownership, { state: 'succeeded', result: snapshotRouted(charge) });
    await rememberCharge(context, charge.id, charge.route);
    return found;
  }
  if (found.outcome === 'unknown') {
    await leave();
    return found;
  }
  // Without a durable store a client may be surer than it can be: its route is left only after our own time, too.
  const waitMs = isOpen(claimed.record) ? missTrustedFrom(claimed.record, settings) - claimed.now : 0;
  if (waitMs > 0) {
    await leave();
    return unknown(key, waitMs);
  }
  const isSettled = await store.settle(ownership, { state: 'did_not_happen', result: null });
  return isSettled ? found : unknown(key, 1_000);
};

/** The route of an error of a follow-up: where its charge lives, or the only one of its provider. */
const routeOfError = async (context: RouterContext, error: ChargesError): Promise<ReadRoute> => {
  const ofProvider = context.settings.routes.filter(({ client }) => client.provider === error.provider);
  const [only] = ofProvider;
  if (ofProvider.length === 1 && only !== undefined) return only;
  const id = error.unresolved?.target ?? error.chargeId;
  return (await locate(context, 'reconcile', id)).route;
};

/** What became of a write, by its key or its error. Never sends a write. */
export const reconcileAtRoutes = async (
  context: RouterContext,
  input: unknown,
  options: CallOptions | undefined,
): Promise<Reconciliation> => {
  const error = typeof input === 'object' ? readAnyError(input) : null;
  const key = typeof input === 'string' ? input : error?.idempotencyKey;
  if (!isIdempotencyKey(key))
    throw refuseInput(refuser, 'reconcile', [
      {
        path: 'keyOrError',
        message: 'must be an idempotency key, an error of a write, or the toJSON() of one',
      },
    ]);
  const isCreate = error === null || error.operation === null || error.operation === 'create';
  if (error !== null && !isCreate)
    return (await routeOfError(context, error)).client.reconcile(error, options);
  const stored = await storeTyped(context).get(context.scope, key);
  if (stored !== null) return reconcileStored(context, stored, options);
  if (error === null || error.provider === routerName) return askEverywhere(context, key, options);
  const route = await routeOfError(context, error);
  const found = await route.client.reconcile(error, options);
  if (found.outcome !== 'unknown' && found.charge !== null) placed(found.charge, route.name);
  return found;
};
