import type { ChargesClient } from '../charges-client.js';
import type { Charge } from '../models/charge.js';
import { isRecord, memberOf } from '../models/objects.js';
import type { Verify3DSParams } from '../models/params.js';
import { listOf } from '../paginate.js';
import type { ChargeList, Page } from '../models/page.js';
import { callerKeyIn } from '../calls/caller-key.js';
import { placed } from './recorded.js';
import type { ReadRoute } from './read-settings.js';
import type { RoutedCharge, RoutedMethod, RoutedMethods } from './route.js';
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
export type RouteClient = Omit<ChargesClient, 'create' | RoutedMethod> & RoutedMethods;

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
  /** An id without this route before it: both name the same charge here. */
  const own = <Id>(id: Id): Id | string =>
    typeof id === 'string' && id.startsWith(`${name}:`) ? id.slice(name.length + 1) : id;
  /** What is to be verified, and what it is compared with, by the ids of the provider. */
  const verified = (params: Verify3DSParams): Verify3DSParams => {
    // A caller in JavaScript may pass anything: the client says what is wrong with it.
    if (!isRecord(params)) return params;
    const chargeId = memberOf(params, 'chargeId');
    const expected = memberOf(params, 'expected');
    const expectedId = memberOf(expected, 'chargeId');
    return {
      ...params,
      ...(typeof chargeId === 'string' ? { chargeId: own(chargeId) } : {}),
      ...(isRecord(expected) && typeof expectedId === 'string'
        ? { expected: { ...expected, chargeId: own(expectedId) } }
        : {}),
    };
  };
  return {
    provider: client.provider,
    capabilities: client.capabilities,
    supports: (operation) => client.supports(operation),
    retrieve: (id, options) => routed(client.retrieve(own(id), options)),
    update: (id, params, options) => noted(options, () => routed(client.update(own(id), params, options))),
    list: (params, options) => placedList(client.list(params, options), name),
    search: (params, options) => placedList(client.search(params, options), name),
    capture: (id, params, options) => noted(options, () => routed(client.capture(own(id), params, options))),
    void: (id, options) => noted(options, () => routed(client.void(own(id), options))),
    reverse: (id, options) => noted(options, () => routed(client.reverse(own(id), options))),
    expire: (id, options) => noted(options, () => routed(client.expire(own(id), options))),
    refund: (id, params, options) => noted(options, () => client.refund(own(id), params, options)),
    listRefunds: (id, options) => client.listRefunds(own(id), options),
    retrieveRefund: (id, refundId, options) => client.retrieveRefund(own(id), refundId, options),
    verify3DS: (params, options) => noted(options, () => routed(client.verify3DS(verified(params), options))),
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
