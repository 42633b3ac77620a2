import { createRouter, type Router } from '../../../src/router/index.js';
import type { MerchantSetup, Place, RouteJob } from '../messages.js';
import { openClients, type Clients } from './open-clients.js';
import { paramsOfRoute, reportOfRoute } from './routed.js';

/** A router over accounts of one namespace, in their order. */
export const createPlacedRouter = (
  { store, clientFor }: Clients,
  places: readonly Place[],
  { deadlineMs, settleMs, abandonedMs }: MerchantSetup,
): Router =>
  createRouter({
    store,
    namespace: places[0]?.namespace ?? '',
    routes: places.map((place) => ({ name: place.provider, client: clientFor(place) })),
    cascade: { declines: ['generic_decline', 'do_not_honor', 'processing_error'] },
    // A route rests and comes back many times in a run.
    health: { minimum: 2, windowMs: 2_000, restMs: 300 },
    deadlineMs: 2 * deadlineMs,
    settleMs,
    abandonedMs,
  });

/** The router, used as its documentation says. */
export const createRouterJob = async (setup: MerchantSetup): Promise<RouteJob> => {
  const clients = await openClients(setup);
  const routers = new Map<string, Router>();
  const routerFor = (places: readonly Place[]): Router => {
    const name = places.map(({ namespace, baseUrl }) => `${namespace} ${baseUrl}`).join(' then ');
    const router = routers.get(name) ?? createPlacedRouter(clients, places, setup);
    routers.set(name, router);
    return router;
  };
  return {
    route: (order) => {
      const params = { ...paramsOfRoute(order), sources: order.sources };
      return reportOfRoute(routerFor(order.places).create(params, { idempotencyKey: order.key }));
    },
  };
};
