import { ChargesError } from '../errors.js';
import { withDetails } from '../errors/with-details.js';
import type { Position } from './plan.js';
import type { ReadRoute } from './read-settings.js';
import { placed } from './recorded.js';
import type { RoutedCharge } from './route.js';
import { routeNamed, type RouterContext, type RouterRun } from './router-context.js';

/**
 * Asks the clients of all routes of a plan for the key: a charge that is there is the answer, and a route with an unresolved
 * record is where the key lives. Where one cannot be asked, nothing is sent if `isStrict`.
 */
export const lookEverywhere = async (
  context: RouterContext,
  run: RouterRun,
  position: Position,
  isStrict: boolean,
): Promise<{ readonly charge: RoutedCharge } | { readonly position: Position; readonly open: boolean }> => {
  for (const step of position.steps) {
    const route = routeNamed(context, step.route) as ReadRoute;
    const deadlineMs = Math.max(1, Math.floor(run.deadline - context.runtime.monotonic()));
    const found = await route.client.reconcile(run.key, { deadlineMs }).catch((error: unknown) => {
      if (isStrict && error instanceof ChargesError) throw withDetails(error, { outcome: 'unknown' });
      if (isStrict) throw error;
      return null;
    });
    if (found?.outcome === 'happened' && found.charge !== null)
      return { charge: placed(found.charge, route.name) };
    // Without a record a client cannot say when to look again.
    if (found?.outcome === 'unknown' && found.retryAfterMs !== null) {
      const others = position.steps.filter((other) => other !== step);
      return { position: { ...position, steps: [step, ...others] }, open: true };
    }
  }
  return { position, open: false };
};
