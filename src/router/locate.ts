import { wrongId } from '../calls/charge-id.js';
import { notBegun } from '../calls/check-input.js';
import { ChargesError, ConnectionError, InvalidRequestError, OutcomeUnknownError } from '../errors.js';
import { withDetails } from '../errors/with-details.js';
import { lacksTables, storeFailureReason } from '../stores/failure.js';
import { routerName } from './params.js';
import type { ReadRoute } from './read-settings.js';
import { routeNamed, routesOfCharge, type RouterContext } from './router-context.js';

/** A charge, and the route where it lives. */
export interface Located {
  readonly route: ReadRoute;
  readonly id: string;
}

const refuse = (operation: string, path: string, message: string): InvalidRequestError =>
  new InvalidRequestError({
    provider: routerName,
    operation,
    outcome: 'not_sent',
    message: `${notBegun(operation)}: ${path}: ${message}`,
    issues: [{ path, message }],
  });

/** The route of a name that was recorded. */
export const routeOrRefusal = (context: RouterContext, name: string, operation: string): ReadRoute => {
  const route = routeNamed(context, name);
  if (route !== null) return route;
  throw new OutcomeUnknownError({
    provider: routerName,
    operation,
    code: 'route_missing',
    outcome: 'not_sent',
    isRetryable: false,
    message: `${notBegun(operation)}: the charge lives at the route ${name}, which this router does not have`,
  });
};

/**
 * Where a charge lives: by the name of its route before the id (`th-main:ch_1`), because there is one route only, or because
 * the store remembers it. No provider is queried on a guess.
 */
export const locate = async (context: RouterContext, operation: string, given: unknown): Promise<Located> => {
  const { routes } = context.settings;
  const wrong = wrongId(given, []);
  if (typeof given !== 'string' || wrong !== null)
    throw refuse(operation, 'id', wrong ?? 'must be the id of a charge');
  const [name = '', ...rest] = given.split(':');
  const named = rest.length === 0 ? null : routeNamed(context, name);
  if (named !== null) return { route: named, id: rest.join(':') };
  const [first] = routes;
  if (routes.length === 1 && first !== undefined) return { route: first, id: given };
  let known: readonly string[];
  try {
    known = await routesOfCharge(context, given);
  } catch (error) {
    throw new ConnectionError({
      provider: routerName,
      operation,
      outcome: 'not_sent',
      code: 'store_unavailable',
      isRetryable: !lacksTables(error),
      message: `the operation store failed, so nothing was sent (${storeFailureReason(error, [])}): name the route`,
    });
  }
  const [only] = known;
  if (known.length === 1 && only !== undefined)
    return { route: routeOrRefusal(context, only, operation), id: given };
  const which =
    known.length > 1
      ? `is known at ${known.length} routes`
      : rest.length === 0
        ? 'names no route'
        : `names a route that this router does not have (it has ${routes.map((route) => route.name).join(', ')})`;
  const message = `${which}: call router.for(charge), or put the name of its route and a colon before it`;
  throw refuse(operation, 'id', message);
};

/** What a follow-up met before it knew its route says nothing of an earlier call with its key, which this router may have sent. */
export const ofKey = (
  { ownKeys, chargesScope }: Pick<RouterContext, 'ownKeys' | 'chargesScope'>,
  key: string | null,
  error: unknown,
): unknown =>
  key !== null && error instanceof ChargesError && ownKeys.mayBeSent(chargesScope, key)
    ? withDetails(error, { outcome: 'unknown' })
    : error;

/** The one route that has an operation, where only one has it. */
export const onlyRouteWith = (
  { settings }: RouterContext,
  operation: 'verify3DS',
  path: string,
): ReadRoute => {
  const able = settings.routes.filter(({ client }) => client.supports(operation));
  const [first] = able;
  if (able.length === 1 && first !== undefined) return first;
  throw refuse(operation, path, 'is needed to find the route: pass it, or call router.for(charge)');
};
