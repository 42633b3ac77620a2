import type { CallOptions } from '../charges-client.js';
import { typedStore } from '../stores/bounded.js';
import { refuseInput } from '../calls/check-input.js';
import type { ChargesError } from '../errors.js';
import { CardError } from '../errors.js';
import { readAnyError, readErrorJSON } from '../errors/from-json.js';
import type { OperationRecord, StoredOperation } from '../models/operation-store.js';
import { wrongKeyOrError } from '../writes/key-or-error.js';
import { isOpen, leaseMarginMs, tookNoEffect } from '../writes/protocol.js';
import { missTrustedFrom, unclearRetryMs } from '../writes/resolve.js';
import { isIdempotencyKey } from '../transport/idempotency.js';
import {
  ask,
  askIfThere,
  askEverywhere,
  askLeft,
  chargeIn,
  happened,
  several,
  unknown,
  wordAt,
  wordOf,
  wordOfOpen,
  type Word,
  writeOfKey,
  type LeftRoutes,
} from './ask-routes.js';
import { locate, routeOrRefusal } from './locate.js';
import { refuser, routerName } from './params.js';
import { readPosition, type Position } from './plan.js';
import type { ReadRoute } from './read-settings.js';
import { placed, placedWord, restoreRouted, snapshotRouted } from './recorded.js';
import type { RoutedCharge } from './route.js';
import { rememberCharge, type RouterContext } from './router-context.js';

export const storeTyped = ({ protocol }: RouterContext) => typedStore(protocol.store, routerName, []);

/**
 * The result of a finished record. The clients are asked once more: a charge that one finds overrides the record, and what the
 * client of the route does not know, the router does not know either.
 */
const finished = async (
  context: RouterContext,
  record: OperationRecord,
  position: Position,
  options: CallOptions | undefined,
): Promise<Word> => {
  const { key } = record;
  const made = record.state === 'succeeded' ? restoreRouted(record.result, key) : null;
  const name = position.steps[position.position]?.route ?? '';
  const now = await ask(routeOrRefusal(context, name, 'reconcile'), key, options);
  // The payer of what was recorded was declined since.
  const declined = now.outcome === 'did_not_happen' && now.charge?.id === made?.id ? now.charge : null;
  const recorded = declined === null ? made : null;
  const left = await askLeft(context, key, position, options);
  const charge = chargeIn(now);
  const found = [...left.charges, ...(charge === null ? [] : [charge])];
  const isFound = recorded === null || found.some(({ route }) => route === recorded.route);
  const charges = isFound ? found : [...found, recorded];
  if (charges.length > 1) throw several(key, charges);
  const [one] = charges;
  if (one !== undefined) return happened(key, one);
  const word = wordOf(key, now);
  if (word.outcome === 'unknown') return unknown(key, word.retryAfterMs, word.candidates);
  if (!left.areSure) return unknown(key, unclearRetryMs, left.candidates);
  const refusal = record.state === 'rejected' ? readErrorJSON(record.result?.value) : null;
  const refused = refusal instanceof CardError ? refusal.charge : null;
  return {
    ...writeOfKey(key),
    outcome: 'did_not_happen',
    charge: refused === null ? declined : placed(refused, name),
  };
};

/**
 * The word on a record that somebody else owns: what happened at its route has happened, also before the owner has recorded it.
 * A client settles its own record earlier, and what it told must not be taken back. Nothing is written.
 */
const wordOfHeld = async (
  context: RouterContext,
  key: string,
  position: Position | null,
  options: CallOptions | undefined,
  open: Word,
): Promise<Word> => {
  const step = position?.steps[position.position];
  if (position === null || step === undefined) return open;
  const found = await askIfThere(context, step.route, key, options);
  const charge = found === null ? null : chargeIn(found);
  if (charge === null) return open;
  const left = await askLeft(context, key, position, options);
  if (left.charges.length > 0) throw several(key, [...left.charges, charge]);
  return happened(key, charge);
};

/** Resolves one record of the router as its new owner: by what the clients of its routes know. */
const reconcileOnce = async (
  context: RouterContext,
  { record, now }: StoredOperation,
  options: CallOptions | undefined,
): Promise<Word> => {
  const { key, scope } = record;
  const { settings, runtime } = context;
  const store = storeTyped(context);
  const known = readPosition(record.resolved);
  if (record.state !== 'started' && record.state !== 'unknown') {
    if (known !== null) return finished(context, record, known, options);
    // A charge that was found before anything was sent has no position.
    return record.state === 'succeeded'
      ? happened(key, restoreRouted(record.result, key))
      : wordOf(key, await askEverywhere(context, key, options));
  }
  const leaseLeft = record.leaseUntil - now;
  if (record.state === 'started' && leaseLeft > 0)
    return wordOfHeld(
      context,
      key,
      known,
      options,
      unknown(key, leaseLeft + (record.prepared ? settings.abandonedMs : 0)),
    );
  const leaseMs = (options?.deadlineMs ?? settings.deadlineMs) + 2 * leaseMarginMs;
  const owner = runtime.uuid();
  const claimed = await store.claim({ scope, key, attempt: record.attempt, owner, leaseMs });
  if (claimed === null) return wordOfHeld(context, key, known, options, unknown(key, 1_000));
  const ownership = { scope, key, owner, attempt: claimed.record.attempt };
  const leave = () => store.settle(ownership, { state: 'unknown', result: record.result });
  let found: Word;
  let left: LeftRoutes = { charges: [], areSure: true, candidates: [] };
  let charges: readonly RoutedCharge[];
  const step = known?.steps[known.position];
  try {
    const ageMs = claimed.now - record.startedAt;
    if (step === undefined) {
      found = wordOfOpen(key, await askEverywhere(context, key, options), settings.routes, ageMs);
    } else {
      const route = routeOrRefusal(context, step.route, 'reconcile');
      found = wordOfOpen(key, await ask(route, key, options), [route], ageMs);
    }
    if (known !== null) left = await askLeft(context, key, known, options);
    const charge = chargeIn(found);
    charges = [...left.charges, ...(charge === null ? [] : [charge])];
    if (charges.length > 1) throw several(key, charges);
  } catch (error) {
    await leave().catch(() => false);
    throw error;
  }
  const [charge] = charges;
  if (charge !== undefined) {
    // Also where the route of the position does not know yet: a repeat must not send there any more.
    await store.settle(ownership, { state: 'succeeded', result: snapshotRouted(charge) });
    await rememberCharge(context, charge.id, charge.route);
    return happened(key, charge);
  }
  if (found.outcome !== 'did_not_happen') {
    await leave();
    return found;
  }
  if (!left.areSure) {
    await leave();
    return unknown(key, unclearRetryMs, left.candidates);
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

/** Before it is told that nothing happened, the record is read again: a call with the key may have begun during the look. */
const lookAgain = async (
  context: RouterContext,
  key: string,
  found: Word,
  options: CallOptions | undefined,
): Promise<Word> => {
  if (found.outcome !== 'did_not_happen') return found;
  const current = await storeTyped(context).get(context.scope, key);
  return current === null || tookNoEffect(current.record) ? found : reconcileOnce(context, current, options);
};

/** What became of the payment of one record of the router. */
export const reconcileStored = async (
  context: RouterContext,
  stored: StoredOperation,
  options: CallOptions | undefined,
): Promise<Word> =>
  lookAgain(context, stored.record.key, await reconcileOnce(context, stored, options), options);

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
): Promise<Word> => {
  const error = typeof input === 'object' ? readAnyError(input) : null;
  const key = typeof input === 'string' ? input : error?.idempotencyKey;
  if (!isIdempotencyKey(key))
    throw refuseInput(refuser, 'reconcile', [{ path: 'keyOrError', message: wrongKeyOrError(input) }]);
  const isCreate = error === null || error.operation === null || error.operation === 'create';
  if (error !== null && !isCreate) {
    const { name, client } = await routeOfError(context, error);
    return placedWord(await client.reconcile(error, options), name);
  }
  const stored = await storeTyped(context).get(context.scope, key);
  if (stored !== null) return reconcileStored(context, stored, options);
  if (error === null || error.provider === routerName) return askEverywhere(context, key, options);
  const route = await routeOfError(context, error);
  return lookAgain(context, key, wordAt(route.name, await route.client.reconcile(error, options)), options);
};
