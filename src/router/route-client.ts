import type { ChargesClient } from '../charges-client.js';
import type { Charge } from '../models/charge.js';
import { isRecord, memberOf } from '../models/objects.js';
import type { Verify3DSParams } from '../models/params.js';
import { createPage, listOf } from '../paginate.js';
import type { ChargeEvent } from '../models/event.js';
import type { ChargeList } from '../models/page.js';
import { pendingReconciliations, type PendingReconciliations } from '../models/reconciliation.js';
import { callerKeyIn } from '../calls/caller-key.js';
import { refuseInput } from '../calls/check-input.js';
import { inspectClient } from '../calls/inspection.js';
import { refuser } from './params.js';
import { placed, placedWord } from './recorded.js';
import type { ReadRoute } from './read-settings.js';
import type {
  RoutedCharge,
  RoutedEvent,
  RoutedMethod,
  RoutedMethods,
  RoutedReconciliation,
} from './route.js';
import type { RouterContext } from './router-context.js';

/** A list whose charges name their route. */
const placedList = (list: ChargeList, route: string): ChargeList<RoutedCharge> =>
  listOf(
    async () => {
      const page = await list;
      return createPage(
        page.data.map((charge) => placed(charge, route)),
        page,
      );
    },
    async function* everyCharge() {
      for await (const charge of list) yield placed(charge, route);
    },
  );

async function* placedWords(
  list: PendingReconciliations,
  route: string,
): AsyncGenerator<RoutedReconciliation, void, undefined> {
  for await (const found of list) yield placedWord(found, route);
}

/** What rides on an event unseen, such as `raw`, stays. */
const placedEvent = (event: ChargeEvent, route: string): RoutedEvent => {
  const own = Object.isExtensible(event) ? event : { ...event };
  return Object.assign(own, { charge: event.charge === null ? null : placed(event.charge, route) });
};

/**
 * The client of one route, for everything but new charges: a key that is used here for a create could live at two routes.
 * Its charges name the route.
 */
export type RouteClient = Omit<ChargesClient, 'create' | RoutedMethod> & RoutedMethods;

/** Whether a client is a router itself that has a route of this name: then an id may begin with it. */
const isRouterWith = (client: ChargesClient, name: string): boolean =>
  (inspectClient(client)?.routes ?? []).some((route) => route.name === name);

export const createRouteClient = (
  { ownKeys, chargesScope, settings }: Pick<RouterContext, 'ownKeys' | 'chargesScope' | 'settings'>,
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
  /** An id without this route before it: both name the same charge here. */
  const own = <Id>(id: Id): Id | string =>
    typeof id === 'string' && id.startsWith(`${name}:`) ? id.slice(name.length + 1) : id;
  /** The same, where the charge lives here: the provider would be asked for an id that it never gave. */
  const ownOf = <Id>(operation: string, given: Id, path = 'id'): Id | string => {
    const id = own(given);
    const other = settings.routes.find((route) => typeof id === 'string' && id.startsWith(`${route.name}:`));
    if (other === undefined || other.name === name || isRouterWith(client, other.name)) return id;
    const message = `is of the route ${other.name}, and this client of the route ${name}: call router.for('${other.name}')`;
    throw refuseInput(refuser, operation, [{ path, message }]);
  };
  /** Calls the client with its own id of a charge. */
  const at = async <Output>(
    operation: string,
    id: string,
    call: (id: string) => Promise<Output>,
  ): Promise<Output> => call(ownOf(operation, id));
  const routed = async (charge: Promise<Charge>): Promise<RoutedCharge> => placed(await charge, name);
  /** The same of a write that gives the charge. */
  const changed = (
    operation: string,
    id: string,
    options: unknown,
    call: (id: string) => Promise<Charge>,
  ): Promise<RoutedCharge> => at(operation, id, (ours) => noted(options, () => routed(call(ours))));
  /** What is to be verified, and what it is compared with, by the ids of the provider. */
  const verified = (params: Verify3DSParams): Verify3DSParams => {
    // A caller in JavaScript may pass anything: the client says what is wrong with it.
    if (!isRecord(params)) return params;
    const chargeId = memberOf(params, 'chargeId');
    const expected = memberOf(params, 'expected');
    const expectedId = memberOf(expected, 'chargeId');
    return {
      ...params,
      ...(typeof chargeId === 'string' ? { chargeId: ownOf('verify3DS', chargeId, 'chargeId') } : {}),
      ...(isRecord(expected) && typeof expectedId === 'string'
        ? { expected: { ...expected, chargeId: own(expectedId) } }
        : {}),
    };
  };
  return {
    provider: client.provider,
    capabilities: client.capabilities,
    supports: (operation) => client.supports(operation),
    retrieve: (id, options) => at('retrieve', id, (ours) => routed(client.retrieve(ours, options))),
    update: (id, params, options) =>
      changed('update', id, options, (ours) => client.update(ours, params, options)),
    list: (params, options) => placedList(client.list(params, options), name),
    search: (params, options) => placedList(client.search(params, options), name),
    capture: (id, params, options) =>
      changed('capture', id, options, (ours) => client.capture(ours, params, options)),
    void: (id, options) => changed('void', id, options, (ours) => client.void(ours, options)),
    reverse: (id, options) => changed('reverse', id, options, (ours) => client.reverse(ours, options)),
    expire: (id, options) => changed('expire', id, options, (ours) => client.expire(ours, options)),
    refund: (id, params, options) =>
      at('refund', id, (ours) => noted(options, () => client.refund(ours, params, options))),
    listRefunds: (id, options) => at('listRefunds', id, (ours) => client.listRefunds(ours, options)),
    retrieveRefund: (id, refundId, options) =>
      at('retrieveRefund', id, (ours) => client.retrieveRefund(ours, refundId, options)),
    verify3DS: async (params, options) => {
      const ours = verified(params);
      return noted(options, () => routed(client.verify3DS(ours, options)));
    },
    reconcile: async (keyOrError, options) => placedWord(await client.reconcile(keyOrError, options), name),
    reconcilePending: (options) =>
      pendingReconciliations(placedWords(client.reconcilePending(options), name)),
    parseWebhook: async (rawBody, headers) => placedEvent(await client.parseWebhook(rawBody, headers), name),
  };
};
