export {
  anotherAcquirer,
  isNeverTriedAgain,
  type AnotherAcquirer,
  type AnotherAcquirerRow,
} from '../models/another-acquirer.js';
export { createRouter, type Router } from './create-router.js';
export type { RouteHealth, RouterEvent, RouterEventListener, StayReason } from './events.js';
export type { ExplainedPlan, ExplainedRoute } from './explain.js';
export type { Misfit } from './plan.js';
export type { RouteClient } from './route-client.js';
export type { RouterInternals } from './router-context.js';
export type {
  CascadeRules,
  HealthRules,
  Route,
  RouteConditions,
  RoutedCharge,
  RoutedEvent,
  RoutedReconciliation,
  RouterCreateParams,
  RouterSettings,
  RouterWriteOptions,
  RouteSources,
  RouteTest,
  RoutingFacts,
} from './route.js';
