import type { CallOptions, ChargesClient, WebhookBody, WebhookHeaders } from '../charges-client.js';
import { limitArguments } from '../calls/arguments.js';
import { attachInspection, type Inspection } from '../calls/inspection.js';
import { writeOptionsSchema } from '../calls/call-options.js';
import { callerKeyIn, withCallerKey } from '../calls/caller-key.js';
import { checkInput, refuseInput } from '../calls/check-input.js';
import { ConfigurationError, InvalidRequestError } from '../errors.js';
import {
  listParamsSchema,
  searchParamsSchema,
  type ListParams,
  type SearchParams,
} from '../models/params.js';
import { listOf } from '../paginate.js';
import type { ChargeList } from '../models/page.js';
import { capabilitiesOfRoutes } from './capabilities.js';
import { createAtRoutes } from './create.js';
import { explainPlan, type ExplainedPlan } from './explain.js';
import { refuseUnknownRoutes } from './gone-routes.js';
import { listRoutes } from './lists.js';
import { locate, ofKey, onlyRouteWith } from './locate.js';
import { readCreateParams, refuser, routerName, type RouterOperation } from './params.js';
import type { ReadRoute } from './read-settings.js';
import { reconcileAtRoutes } from './reconcile.js';
import { reconcileOwnScope, reconcilePendingAtRoutes } from './reconcile-pending.js';
import { createRouteClient, type RouteClient } from './route-client.js';
import type {
  RoutedCharge,
  RoutedMethod,
  RoutedMethods,
  RouterCreateParams,
  RouterSettings,
  RouterWriteOptions,
} from './route.js';
import {
  createRouterContext,
  routeNamed,
  type RouterContext,
  type RouterInternals,
  type RouterRun,
} from './router-context.js';
import { unknownName } from '../models/nearest-name.js';
import { isThenable, memberOf } from '../models/objects.js';
import { pendingReconciliations } from '../models/reconciliation.js';

/** A `ChargesClient` over several routes. A key lives at one of them at a time. */
export interface Router extends Omit<ChargesClient, 'create' | 'provider' | RoutedMethod>, RoutedMethods {
  /** Always `router`: each charge names its own provider. */
  readonly provider: 'router';
  /**
   * Charges at the first route of the plan, and at the next one only after a definite end there. The charge names its route.
   */
  create(params: RouterCreateParams, options?: RouterWriteOptions): Promise<RoutedCharge>;
  /** Which routes fit and why not, and in which order they are taken. Sends and records nothing. */
  explain(params: RouterCreateParams, options?: RouterWriteOptions): Promise<ExplainedPlan>;
  /** The client of a charge's route, or of a route by its name, for everything but new charges: follow-ups and webhooks. */
  for(chargeOrRoute: string | { readonly route: string }): RouteClient;
}

const routerOptionsSchema = writeOptionsSchema.omit({ headers: true });

const startRun = (context: RouterContext, operation: RouterOperation, given: unknown): RouterRun => {
  const options = checkInput(refuser, operation, routerOptionsSchema, given ?? {}, { takesKey: true });
  const { settings, runtime } = context;
  if (options.idempotencyKey === undefined && settings.requireIdempotencyKey)
    throw refuseInput(refuser, operation, [
      { path: 'idempotencyKey', message: 'is required by the router settings' },
    ]);
  const { signal, timeoutMs, maxRetries } = options;
  return {
    operation,
    key: options.idempotencyKey ?? runtime.uuid(),
    keyIsCallers: options.idempotencyKey !== undefined,
    deadline: runtime.monotonic() + (options.deadlineMs ?? settings.deadlineMs),
    options: {
      ...(signal === undefined ? {} : { signal }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(maxRetries === undefined ? {} : { maxRetries }),
    },
  };
};

/** The route that a charge names; its caller may be untyped code. */
const routeIn = (charge: unknown): unknown => memberOf(charge, 'route');

/** What is wrong with what is neither a route nor names one. It never repeats the text. */
const wrongRoute = (given: unknown, route: unknown, known: readonly string[]): string => {
  const wanted = 'pass a charge of this router, or the name of its route';
  if (isThenable(given)) return 'is a promise: await it first';
  if (typeof route === 'string')
    return route.includes(':')
      ? `is an id: ${wanted} alone`
      : `${unknownName('route', route, known)}: this router has ${known.join(', ')}`;
  if (typeof memberOf(given, 'chargeId') === 'string')
    return `is about a charge and names no route: ${wanted}`;
  return `names no route: ${wanted}`;
};

/** A list whose params are checked when it is awaited or iterated, like every other. */
const deferred = (make: () => ChargeList<RoutedCharge>): ChargeList<RoutedCharge> => {
  let made: ChargeList<RoutedCharge> | undefined;
  return listOf(
    async () => (made ??= make()),
    async function* everyCharge() {
      yield* (made ??= make());
    },
  );
};

/**
 * Makes one client of several: payments go to the route that fits, and on to another one only after a definite end.
 *
 * @throws ConfigurationError when settings are missing, unknown or contradict each other.
 * @example
 * const charges = createRouter({
 *   store: postgresStore(pool),
 *   routes: [
 *     { name: 'main', client: stripe, weight: 90 },
 *     { name: 'spare', client: justifi, weight: 10 },
 *   ],
 * });
 * const charge = await charges.create({ amount, currency, sources }, { idempotencyKey });
 * await charges.for(charge).refund(charge.id);
 */
export const createRouter = (settings: RouterSettings, internals: RouterInternals = {}): Router => {
  const context = createRouterContext(settings, internals);
  const router = limitArguments(refuser, createMethods(context));
  attachInspection(router, inspectionOf(context));
  return router;
};

/** What `npx unicharge` learns of a router: its own records, and the clients below it. */
const inspectionOf = (context: RouterContext): Inspection => ({
  provider: routerName,
  livemode: null,
  baseUrl: '',
  apiVersion: null,
  store: context.settings.store,
  scope: context.scope,
  headersFor: (scope) => (scope === context.scope || scope === context.chargesScope ? {} : null),
  webhooks: { kind: 'none' },
  clockOffsetMs: () => null,
  looksBackMs: Infinity,
  routes: context.settings.routes.map(({ name, client }) => ({ name, client })),
  reconcilePending: (scope) => reconcileOwnScope(context, scope),
  watch: () => () => undefined,
});

const createMethods = (context: RouterContext): Router => {
  const { routes } = context.settings;
  const clients = new Map<ReadRoute, RouteClient>();
  const clientOf = (route: ReadRoute): RouteClient => {
    const client = clients.get(route) ?? createRouteClient(context, route);
    clients.set(route, client);
    return client;
  };

  const follow = async <Output>(
    operation: string,
    id: unknown,
    call: (client: RouteClient, id: string) => Promise<Output>,
    options: unknown = null,
  ): Promise<Output> => {
    const located = await locate(context, operation, id).catch((error: unknown) => {
      throw ofKey(context, callerKeyIn(options), error);
    });
    return call(clientOf(located.route), located.id);
  };
  const followWrite = <Output>(
    operation: string,
    id: unknown,
    options: unknown,
    call: (client: RouteClient, id: string) => Promise<Output>,
  ): Promise<Output> => withCallerKey(options, () => follow(operation, id, call, options));

  return {
    provider: routerName,
    capabilities: capabilitiesOfRoutes(routes),
    supports: (operation) => routes.some(({ client }) => client.supports(operation)),
    create: (params, options) =>
      withCallerKey(options, async () => {
        const checked = readCreateParams(context.settings, 'create', params);
        const run = startRun(context, 'create', options);
        await refuseUnknownRoutes(context, run, checked);
        return createAtRoutes(context, run, checked);
      }),
    explain: async (params, options) => {
      const checked = readCreateParams(context.settings, 'explain', params);
      const run = startRun(context, 'explain', options);
      await refuseUnknownRoutes(context, run, checked);
      return explainPlan(context, checked, run);
    },
    for: (chargeOrRoute) => {
      const given: unknown = typeof chargeOrRoute === 'string' ? chargeOrRoute : routeIn(chargeOrRoute);
      const route = typeof given === 'string' ? routeNamed(context, given) : null;
      if (route !== null) return clientOf(route);
      const message = wrongRoute(
        chargeOrRoute,
        given,
        routes.map(({ name }) => name),
      );
      throw new InvalidRequestError({
        provider: routerName,
        operation: 'for',
        outcome: 'not_sent',
        message: `for: the argument ${message}`,
        issues: [{ path: 'route', message }],
      });
    },
    retrieve: (id, options) => follow('retrieve', id, (client, own) => client.retrieve(own, options)),
    update: (id, params, options) =>
      followWrite('update', id, options, (client, own) => client.update(own, params, options)),
    list: (params, options) =>
      deferred(() => {
        const checked = checkInput<ListParams>(refuser, 'list', listParamsSchema, params ?? {});
        return listRoutes(context, 'list', checked, options);
      }),
    search: (params, options) =>
      deferred(() => {
        const checked = checkInput<SearchParams>(refuser, 'search', searchParamsSchema, params);
        return listRoutes(context, 'search', checked, options);
      }),
    capture: (id, params, options) =>
      followWrite('capture', id, options, (client, own) => client.capture(own, params, options)),
    void: (id, options) => followWrite('void', id, options, (client, own) => client.void(own, options)),
    reverse: (id, options) =>
      followWrite('reverse', id, options, (client, own) => client.reverse(own, options)),
    expire: (id, options) => followWrite('expire', id, options, (client, own) => client.expire(own, options)),
    refund: (id, params, options) =>
      followWrite('refund', id, options, (client, own) => client.refund(own, params, options)),
    listRefunds: (id, options) =>
      follow('listRefunds', id, (client, own) => client.listRefunds(own, options)),
    retrieveRefund: (id, refundId, options) =>
      follow('retrieveRefund', id, (client, own) => client.retrieveRefund(own, refundId, options)),
    verify3DS: (params, options) =>
      withCallerKey(options, async () => {
        const chargeId: unknown = memberOf(params, 'chargeId');
        if (chargeId === undefined) {
          const route = onlyRouteWith(context, 'verify3DS', 'chargeId');
          return clientOf(route).verify3DS(params, options);
        }
        return follow('verify3DS', chargeId, (client) => client.verify3DS(params, options), options);
      }),
    reconcile: async (keyOrError, options) => reconcileAtRoutes(context, keyOrError, options),
    reconcilePending: (options?: CallOptions) =>
      pendingReconciliations(reconcilePendingAtRoutes(context, options)),
    parseWebhook: async (rawBody: WebhookBody, headers: WebhookHeaders) => {
      const [only] = routes;
      if (routes.length === 1 && only !== undefined) return clientOf(only).parseWebhook(rawBody, headers);
      throw new ConfigurationError({
        provider: routerName,
        operation: 'parseWebhook',
        outcome: 'not_sent',
        message:
          'a webhook does not say whose it is: give every route an address of its own, and call router.for(route).parseWebhook there',
      });
    },
  };
};
