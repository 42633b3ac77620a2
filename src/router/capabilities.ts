import type { Capabilities } from '../models/capabilities.js';
import type { ReadRoute } from './read-settings.js';

/** What some route can do. What is special about an operation differs from route to route: ask the client of the route. */
export const capabilitiesOfRoutes = (routes: readonly ReadRoute[]): Capabilities => {
  const each = routes.map(({ client }) => client.capabilities);
  const some = (name: Exclude<keyof Capabilities, 'writeSafety' | 'idempotencyKeyLifetimeMs'>) => ({
    supported: each.some((capabilities) => capabilities[name].supported),
  });
  const lists = each.map(({ create }) => create.sources);
  const sources = lists.some((list) => list === undefined) ? null : [...new Set(lists.flat())];
  const codes = each.map(({ create }) => create.currencies);
  const currencies = codes.some((list) => list === undefined) ? null : [...new Set(codes.flat())];
  const isKept = each.every(({ writeSafety }) => writeSafety === 'provider-key');
  return {
    writeSafety: isKept ? 'provider-key' : 'lookup',
    idempotencyKeyLifetimeMs: null,
    create: {
      ...some('create'),
      ...(sources === null ? {} : { sources: sources.filter((source) => source !== undefined) }),
      ...(currencies === null ? {} : { currencies: currencies.filter((code) => code !== undefined) }),
    },
    retrieve: some('retrieve'),
    update: some('update'),
    list: some('list'),
    search: some('search'),
    capture: some('capture'),
    void: some('void'),
    expire: some('expire'),
    refund: some('refund'),
    listRefunds: some('listRefunds'),
    retrieveRefund: some('retrieveRefund'),
    verify3DS: some('verify3DS'),
  };
};
