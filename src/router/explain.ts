import type { OperationState } from '../models/operation-store.js';
import { typedStore } from '../stores/bounded.js';
import type { RouteHealth } from './events.js';
import { routerName } from './params.js';
import { fitRoutes, makePlan, readPosition, type Misfit } from './plan.js';
import type { RouterCreateParams } from './route.js';
import { askingOf, type RouterContext, type RouterRun } from './router-context.js';

/** One route in a plan that is explained. */
export interface ExplainedRoute {
  /** The name of the route in the settings. */
  readonly name: string;
  /** Whether the payment could be charged here. */
  readonly fits: boolean;
  /** Why not. */
  readonly misfits: readonly Misfit[];
  /** Its share of new payments against the other weights; null where the settings give none. */
  readonly weight: number | null;
  /** What this process thinks of it now. */
  readonly health: RouteHealth;
  /** Its place in the plan, from 0; null where it is not in it. */
  readonly order: number | null;
}

/** How a payment would go, or goes. */
export interface ExplainedPlan {
  /** The key that was given; without one, the order is that of some key. */
  readonly idempotencyKey: string | null;
  /** Whether the order was recorded by an earlier call, so that nothing changes it any more. */
  readonly recorded: boolean;
  /** Where the payment lives; null where nothing is recorded. */
  readonly route: string | null;
  /** Where it stands; null where nothing is recorded. */
  readonly state: OperationState | null;
  /** All routes, in the order of the settings. */
  readonly routes: readonly ExplainedRoute[];
  /** The routes in the order in which they would be tried, at most `maxRoutes`. */
  readonly order: readonly string[];
}

/** Says which routes fit a payment and why not, and in which order they are taken. Sends and records nothing. */
export const explainPlan = async (
  context: RouterContext,
  params: RouterCreateParams,
  { key: given, keyIsCallers, deadline }: Pick<RouterRun, 'key' | 'keyIsCallers' | 'deadline'>,
): Promise<ExplainedPlan> => {
  const key = keyIsCallers ? given : null;
  const { settings, health, protocol } = context;
  const stored =
    key === null ? null : await typedStore(protocol.store, routerName, [], 'explain').get(context.scope, key);
  const position = readPosition(stored?.record.resolved);
  const fits = await fitRoutes(settings, params, askingOf(context, { operation: 'explain', deadline }));
  const steps = position?.steps ?? makePlan(fits, given, health);
  const order = steps.map(({ route }) => route);
  return {
    idempotencyKey: key,
    recorded: position !== null,
    route: position === null ? null : (order[position.position] ?? null),
    state: stored?.record.state ?? null,
    routes: fits.map(({ route: { name, weight }, misfits }) => {
      const place = order.indexOf(name);
      return {
        name,
        fits: misfits.length === 0,
        misfits,
        weight,
        health: health.of(name),
        order: place === -1 ? null : place,
      };
    }),
    order: order.slice(0, settings.maxRoutes),
  };
};
