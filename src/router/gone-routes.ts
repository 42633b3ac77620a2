import { refuseInput } from '../calls/check-input.js';
import { withDetails } from '../errors/with-details.js';
import { refuser, routesUnknownIn } from './params.js';
import type { RouterCreateParams } from './route.js';
import type { RouterContext, RouterRun } from './router-context.js';

/**
 * Refuses sources of routes that the router does not have. Not where it has a record of the key: the payment was begun when it
 * had that route, and the record says what became of it.
 */
export const refuseUnknownRoutes = async (
  { settings, protocol, scope }: RouterContext,
  { operation, key, keyIsCallers }: Pick<RouterRun, 'operation' | 'key' | 'keyIsCallers'>,
  params: RouterCreateParams,
): Promise<void> => {
  const issues = routesUnknownIn(settings, params);
  if (issues.length === 0) return;
  const stored = keyIsCallers ? await protocol.store.get(scope, key).catch(() => undefined) : null;
  if (stored !== null && stored !== undefined) return;
  const refusal = refuseInput(refuser, operation, issues, { idempotencyKey: key });
  // A store that fails does not say that there is no record.
  throw stored === undefined ? withDetails(refusal, { outcome: 'unknown' }) : refusal;
};
