import type { MerchantSetup, RouteJob, RouteOrder } from '../messages.js';
import { openClients, type Clients } from './open-clients.js';
import { paramsOfRoute, reportOfRoute } from './routed.js';

/** Catches, and tries the next: every error looks like a reason. */
const payNaively = async ({ clientFor }: Clients, order: RouteOrder) => {
  let failure: unknown;
  for (const place of order.places) {
    const source = order.sources[place.provider];
    const params = { ...paramsOfRoute(order), ...(source === undefined ? {} : { source }) };
    try {
      return await clientFor(place).create(params, { idempotencyKey: order.key });
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
};

/** What a shop writes first. */
export const createFailoverJob = async (setup: MerchantSetup): Promise<RouteJob> => {
  const clients = await openClients(setup);
  return { route: (order) => reportOfRoute(payNaively(clients, order)) };
};
