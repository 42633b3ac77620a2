import { inspectClient } from '../calls/inspection.js';
import type { CallOptions, ChargesClient } from '../charges-client.js';
import { IntegrityError } from '../errors.js';
import type { Reconciliation } from '../models/reconciliation.js';
import { routerName } from './params.js';
import type { Position } from './plan.js';
import type { ReadRoute } from './read-settings.js';
import { placedWord } from './recorded.js';
import type { RoutedCharge, RoutedReconciliation } from './route.js';
import { routeNamed, type RouterContext } from './router-context.js';

/** What is known of a key; its charge names the route. */
export type Word = RoutedReconciliation;

/** The write named in a reconciliation of the router. */
export const writeOfKey = (key: string) => ({ idempotencyKey: key, operation: 'create', target: null });

export const unknown = (
  key: string,
  retryAfterMs: number | null,
  candidates: readonly string[] = [],
): Word => ({ ...writeOfKey(key), outcome: 'unknown', retryAfterMs, candidates });

export const happened = (key: string, charge: RoutedCharge): Word => ({
  ...writeOfKey(key),
  outcome: 'happened',
  charge,
  refund: null,
});

/** What a client knows, with the route in its charge and in what could be the charge. */
export const wordAt = (route: string, found: Reconciliation): Word =>
  found.outcome === 'unknown'
    ? { ...found, candidates: found.candidates.map((id) => `${route}:${id}`) }
    : placedWord(found, route);

/** What one client knows of a key. */
export const ask = async (route: ReadRoute, key: string, options: CallOptions | undefined): Promise<Word> =>
  wordAt(route.name, await route.client.reconcile(key, options));

export const chargeIn = (found: Word): RoutedCharge | null =>
  found.outcome === 'happened' ? found.charge : null;

export const several = (key: string, charges: readonly RoutedCharge[]): IntegrityError =>
  new IntegrityError({
    provider: routerName,
    operation: 'create',
    idempotencyKey: key,
    outcome: 'unknown',
    code: 'duplicate_charge',
    message: 'this idempotency key has charges at several routes',
    candidates: charges.map(({ id, route }) => `${route}:${id}`),
  });

/**
 * Asks every route for a key for which the router recorded no route: one charge is the answer. Without one, the operation is null
 * where no client has a record, and the wait is that of the route that knows last.
 */
export const askEverywhere = async (
  context: RouterContext,
  key: string,
  options: CallOptions | undefined,
): Promise<Word> => {
  const charges: RoutedCharge[] = [];
  const candidates: string[] = [];
  let retryAfterMs: number | null = null;
  let isHeardOf = false;
  for (const route of context.settings.routes) {
    const found = await ask(route, key, options);
    isHeardOf ||= found.operation !== null;
    const charge = chargeIn(found);
    if (charge !== null) charges.push(charge);
    if (found.outcome !== 'unknown') continue;
    candidates.push(...found.candidates);
    if (found.retryAfterMs !== null) retryAfterMs = Math.max(retryAfterMs ?? 0, found.retryAfterMs);
  }
  if (charges.length > 1) throw several(key, charges);
  const [charge] = charges;
  if (charge !== undefined) return happened(key, charge);
  const open = unknown(key, retryAfterMs, candidates);
  return isHeardOf ? open : { ...open, operation: null };
};

/** What the routes say that a payment has left. */
export interface LeftRoutes {
  /** Charges found there although the payment had left the route. */
  readonly charges: readonly RoutedCharge[];
  /** Whether every one answered conclusively. */
  readonly areSure: boolean;
  /** Charges that could be the one, as `route:id`. */
  readonly candidates: readonly string[];
}

/** What the client of a route knows of a key; null where the route is gone from the settings, or out of reach. */
export const askIfThere = async (
  context: RouterContext,
  name: string,
  key: string,
  options: CallOptions | undefined,
): Promise<Word | null> => {
  const route = routeNamed(context, name);
  if (route === null) return null;
  return ask(route, key, options).catch((error: unknown) => {
    // Contradicting charges are an answer, not an outage.
    if (error instanceof IntegrityError) throw error;
    return null;
  });
};

/**
 * Asks the routes that a payment has left. One that is gone from the settings, or out of reach, says nothing. An `unknown` counts
 * where the client has a record of the key, and after a decline also where its look did not see everything. After any other
 * end the client had sent nothing, and keeps no record: what the router recorded stands.
 */
export const askLeft = async (
  context: RouterContext,
  key: string,
  { ended }: Pick<Position, 'ended'>,
  options: CallOptions | undefined,
): Promise<LeftRoutes> => {
  const charges: RoutedCharge[] = [];
  const candidates: string[] = [];
  let areSure = true;
  for (const { route: name, declineCode } of ended) {
    const found = await askIfThere(context, name, key, options);
    const charge = found === null ? null : chargeIn(found);
    if (charge !== null) charges.push(charge);
    if (found === null) areSure = false;
    if (found?.outcome !== 'unknown') continue;
    if (found.operation !== null || (declineCode !== null && found.retryAfterMs !== null)) areSure = false;
    candidates.push(...found.candidates);
  }
  return { charges, areSure, candidates };
};

/** The word on a key of which the router has a record, and its clients have none: their lookup was complete and found nothing. */
const unheardOf = (key: string, found: Word): Word =>
  found.outcome === 'unknown' && found.retryAfterMs === null && found.candidates.length === 0
    ? { ...writeOfKey(key), outcome: 'did_not_happen', charge: null }
    : found;

/**
 * The word of the client of one route on a key of which the router has a record. Without a record of its own, a complete look is
 * enough: the process died before the client heard of the key, or the client forgot a refusal that the router recorded. Every
 * other `unknown` counts: that of a record, and that of a look that did not see everything.
 */
export const wordOf = (key: string, found: Word): Word =>
  found.operation === null ? unheardOf(key, found) : found;

/** How far a look of clients that are not this library's is believed to go back: as far as that of this one. */
const usualLookbackMs = 24 * 60 * 60_000;

/** How long ago a write may have begun for a client without a record of it to find what it made. A durable store forgets none. */
const remembersMs = (client: ChargesClient): number => {
  const told = inspectClient(client);
  if (told === null) return usualLookbackMs;
  if (told.routes === null && told.store?.durable === true) return Infinity;
  const below = (told.routes ?? []).map((route) => remembersMs(route.client));
  return Math.min(told.looksBackMs, ...below);
};

/**
 * The word on a write that is still open at the router and began so long ago. Where it is older than what the clients look back,
 * finding nothing says nothing.
 */
export const wordOfOpen = (key: string, found: Word, routes: readonly ReadRoute[], ageMs: number): Word => {
  const isForgotten = routes.some(({ client }) => remembersMs(client) < ageMs);
  return isForgotten && found.operation === null && found.outcome === 'unknown'
    ? unknown(key, found.retryAfterMs, found.candidates)
    : wordOf(key, found);
};
