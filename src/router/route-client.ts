import type { ChargesClient } from '../charges-client.js';
import type { Charge } from '../models/charge.js';
import { listOf } from '../paginate.js';
import type { ChargeList, Page } from '../models/page.js';
import { callerKeyIn } from '../calls/caller-key.js';
import { placed } from './recorded.js';
import type { ReadRoute } from './read-settings.js';
import type { RoutedCharge } from './route.js';
import type { RouterContext } from './router-context.js';

/** A page whose charges name their routes. It iterates over its own items. */
const placedPage = (page: Page<Charge>, route: string): Page<Charge> => {
  for (const charge of page.data) placed(charge, route);
  return page;
};

const placedList = (list: ChargeList, route: string): ChargeList =>
  listOf(
    () => Promise.resolve(list).then((page) => placedPage(page, route)),
    async function* everyCharge() {
      for await (const charge of list) yield placed(charge, route);
    },
  );

/**
 * The client of one route, for everything but new charges: a key that is used here for a create could live at two routes.
 * Its charges name the route.
 */
export type RouteClient = Omit<ChargesClient, 'create'>;

export const createRouteClient = (
  { ownKeys, chargesScope }: Pick<RouterContext, 'ownKeys' | 'chargesScope'>,
  { name, client }: ReadRoute,
): RouteClient => {
  /** Keeps the key of a write in mind: where the store cannot say where a charge lives, a repeat must not pass for unsent. */
  const noted = <Output>(options: unknown, write: () => Promise<Output>): Promise<Output> => {
    const key = callerKeyIn(options);
    if (key === null) return write();
    return ownKeys.hold(chargesScope, key, (held) => {
      held.begins();
      return write();
    });
  };
  const routed = async (charge: Promise<Charge>): Promise<RoutedCharge> => placed(await charge, name);
  return {
    provider: client.provider,
    capabilities: client.capabilities,
    supports: (operation) => client.supports(operation),
    retrieve: (id, options) => routed(client.retrieve(id, options)),
    update: (id, params, options) => noted(options, () => routed(client.update(id, params, options))),
    list: (params, options) => placedList(client.list(params, options), name),
    search: (params, options) => placedList(client.search(params, options), name),
    capture: (id, params, options) => noted(options, () => routed(client.capture(id, params, options))),
    void: (id, options) => noted(options, () => routed(client.void(id, options))),
    reverse: (id, options) => noted(options, () => routed(client.reverse(id, options))),
    expire: (id, options) => noted(options, () => routed(client.expire(id, options))),
    refund: (id, params, options) => noted(options, () => client.refund(id, params, options)),
    listRefunds: (id, options) => client.listRefunds(id, options),
    retrieveRefund: (id, refundId, options) => client.retrieveRefund(id, refundId, options),
    verify3DS: (params, options) => noted(options, () => routed(client.verify3DS(params, options))),
    reconcile: async (keyOrError, options) => {
      const found = await client.reconcile(keyOrError, options);
      if (found.outcome !== 'unknown' && found.charge !== null) placed(found.charge, name);
      return found;
    },
    reconcilePending: (options) => client.reconcilePending(options),
    parseWebhook: async (rawBody, headers) => {
      const event = await client.parseWebhook(rawBody, headers);
      if (event.charge !== null) placed(event.charge, name);
      return event;
    },
  };
};
