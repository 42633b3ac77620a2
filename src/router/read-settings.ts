import * as z from 'zod';
import { inspectClient, type Inspection } from '../calls/inspection.js';
import type { ChargesClient } from '../charges-client.js';
import { ConfigurationError } from '../errors.js';
import { anotherAcquirer } from '../models/another-acquirer.js';
import { isCountryCode, wrongCountry } from '../models/country-names.js';
import { declineCodes, declineCodeSchema, type DeclineCode } from '../models/decline.js';
import type { OperationStore } from '../models/operation-store.js';
import { currencyParamSchema } from '../models/params.js';
import { describeIssues, fieldIssues, lostFields } from '../models/validation.js';
import { hiddenFields, isFunction, isObject, isRecord, memberOf } from '../models/objects.js';
import { hasMethod } from '../options.js';
import { checkWaits, listenerSchema, namespaceSchema, settingOf, storeSchema } from '../settings.js';
import type { RouterEvent, RouterEventListener } from './events.js';
import type { ReadHealthRules } from './health.js';
import { routerScopes } from './params.js';
import type { Route, RouterSettings, RouteSources, RouteTest } from './route.js';

const milliseconds = z.int().min(1).max(2_147_483_647);
const country = z.custom<string>(isCountryCode, { error: ({ input }) => wrongCountry(input) });
const oneOrSeveral = <Item extends z.ZodType>(item: Item) => z.union([item, z.array(item).min(1).max(300)]);

const amountBound = z.int('must be an integer in minor units').min(0);

const conditionsSchema = z.strictObject({
  currency: oneOrSeveral(currencyParamSchema).exactOptional(),
  amount: z
    .strictObject({ min: amountBound.exactOptional(), max: amountBound.exactOptional() })
    .exactOptional(),
  country: oneOrSeveral(country).exactOptional(),
  metadata: z.record(z.string(), z.string()).exactOptional(),
});

/** One value, or several, as a list. */
export const asList = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;

type Conditions = z.output<typeof conditionsSchema>;

const clientSchema = settingOf<ChargesClient>('a client', [
  'create',
  'retrieve',
  'reconcile',
  'reconcilePending',
]);

const routeSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][\w-]{0,31}$/, 'must be 1 to 32 letters, digits, hyphens or underscores'),
  client: clientSchema,
  when: z
    .union([
      z.custom<RouteTest>(isFunction, 'must be a function, or an object such as { currency }'),
      conditionsSchema,
    ])
    .exactOptional(),
  weight: z.number().min(0).max(1_000_000).exactOptional(),
  adapt: z.custom<NonNullable<Route['adapt']>>(isFunction, 'must be a function').exactOptional(),
});

const settingsSchema = z.strictObject({
  store: storeSchema,
  routes: z.array(routeSchema).min(1).max(100),
  sources: z.custom<RouteSources>(isFunction, 'must be a function').exactOptional(),
  cascade: z
    .strictObject({
      declines: z.array(declineCodeSchema).exactOptional(),
      failures: z.boolean().exactOptional(),
    })
    .exactOptional(),
  health: z
    .union([
      z.literal(false, 'must be false, or an object such as { restMs }'),
      z.strictObject({
        windowMs: milliseconds.exactOptional(),
        minimum: z.int().min(1).max(500).exactOptional(),
        failureRate: z.number().gt(0).max(1).exactOptional(),
        restMs: milliseconds.exactOptional(),
      }),
    ])
    .exactOptional(),
  maxRoutes: z.int().min(1).max(100).exactOptional(),
  deadlineMs: milliseconds.exactOptional(),
  namespace: namespaceSchema.exactOptional(),
  settleMs: milliseconds.exactOptional(),
  abandonedMs: milliseconds.exactOptional(),
  requireIdempotencyKey: z.boolean().exactOptional(),
  onEvent: listenerSchema<RouterEventListener>().exactOptional(),
});

/** A route whose conditions were read. */
export interface ReadRoute extends Pick<Route, 'name' | 'client' | 'adapt'> {
  readonly when: Conditions | RouteTest | null;
  /** Null where the settings name none. */
  readonly weight: number | null;
}

/** Settings after the checks. */
export interface ReadRouterSettings {
  readonly store: OperationStore;
  readonly routes: readonly ReadRoute[];
  readonly sources: RouteSources | null;
  readonly declines: ReadonlySet<DeclineCode>;
  readonly failures: boolean;
  readonly health: ReadHealthRules | null;
  readonly maxRoutes: number;
  readonly deadlineMs: number;
  readonly namespace: string;
  readonly settleMs: number;
  readonly abandonedMs: number;
  readonly requireIdempotencyKey: boolean;
  readonly emit: (event: RouterEvent) => void;
}

const refuse = (message: string): never => {
  throw new ConfigurationError({ message: `createRouter: ${message}`, outcome: 'not_sent' });
};

/** Declines after which another route is tried unless the settings say otherwise. */
export const defaultDeclines: readonly DeclineCode[] = declineCodes.filter(
  (code) => anotherAcquirer[code].mayDecideOtherwise === 'yes',
);

const quiet =
  (listener: ((event: RouterEvent) => unknown) | undefined): ((event: RouterEvent) => void) =>
  (event) => {
    try {
      const outcome: unknown = listener?.(event);
      if (outcome instanceof Promise) outcome.catch(() => undefined);
    } catch {
      // Watching must not change what happens.
    }
  };

/** A client, and those of its routes where it is a router itself. */
const clientsIn = (client: ChargesClient): readonly ChargesClient[] => [
  client,
  ...(inspectClient(client)?.routes ?? []).flatMap((route) => clientsIn(route.client)),
];

/** Whether two clients record what they do under the same keys of the same store. */
const sharesKeys = (one: Recorded | null, other: Recorded | null): boolean =>
  one?.store != null && one.store === other?.store && one.scope === other.scope;

type Recorded = Pick<Inspection, 'store' | 'scope'>;

/**
 * Two routes with one scope on one store share every key: after a decline at the first, the second would refuse the key. A
 * router among the routes would find the record of its own caller there.
 */
const checkScope = (
  place: string,
  client: ChargesClient,
  earlier: readonly { readonly name: string; readonly client: ChargesClient }[],
  router: Recorded,
): void => {
  const own = clientsIn(client);
  const records = own.map(inspectClient);
  if (records.some((each) => sharesKeys(each, router)))
    refuse(
      `${place}.client: is a router that shares its store and the scope of its keys with this one: give one of the two a namespace`,
    );
  const twin = earlier.find((route) =>
    clientsIn(route.client).some(
      (theirs) => own.includes(theirs) || records.some((each) => sharesKeys(each, inspectClient(theirs))),
    ),
  );
  if (twin !== undefined)
    refuse(
      `${place}.client: shares its store and the scope of its keys with the route ${twin.name}: give one of the clients a namespace`,
    );
};

/** The mode and the address of every client below a route. */
const accountsAt = (client: ChargesClient): readonly Pick<Inspection, 'livemode' | 'baseUrl'>[] =>
  clientsIn(client).flatMap((each) => inspectClient(each) ?? []);

/** A payment that went on from a live account to a test account would be captured, and take no money. */
const checkModes = (routes: readonly { readonly name: string; readonly client: ChargesClient }[]): void => {
  const isOf = (livemode: boolean) => (route: { readonly client: ChargesClient }) =>
    accountsAt(route.client).some((account) => account.livemode === livemode);
  const live = routes.find(isOf(true));
  const test = routes.findIndex(isOf(false));
  if (live !== undefined && test >= 0)
    refuse(
      `routes.${test}.client: is in test mode, and the route ${live.name} is live: what went on there would take no money`,
    );
};

/** A condition that no payment can fit is a slip: its route would never be taken, and nobody would be told. */
const checkConditions = (place: string, { currency, amount }: Conditions, client: ChargesClient): void => {
  if (amount !== undefined) {
    const { min = 0, max = Infinity } = amount;
    if (typeof currency !== 'string')
      refuse(`${place}.amount: needs one currency beside it: an amount means nothing without`);
    if (min > max) refuse(`${place}.amount: min is above max, so that nothing fits`);
    if (max === 0) refuse(`${place}.amount: max is 0, so that nothing fits`);
  }
  // A client of somebody else may tell nothing of itself.
  const taken = memberOf(memberOf(memberOf(client, 'capabilities'), 'create'), 'currencies');
  if (
    currency !== undefined &&
    Array.isArray(taken) &&
    !asList(currency).some((code) => taken.includes(code))
  )
    refuse(`${place}.currency: is nothing that this client can charge, so that nothing fits`);
};

/** Checks that the schema cannot express: duplicate names or clients, and conditions that nothing fits. */
const checkRoutes = (routes: readonly z.output<typeof routeSchema>[], router: Recorded): void => {
  routes.forEach(({ name, client, when }, index) => {
    const place = `routes.${index}`;
    const earlier = routes.slice(0, index);
    if (earlier.some((other) => other.name === name)) refuse(`${place}.name: another route has this name`);
    if (earlier.some((other) => other.client === client))
      refuse(`${place}.client: another route has this client, and a second try there is none`);
    checkScope(place, client, earlier, router);
    if (typeof when === 'object') checkConditions(`${place}.when`, when, client);
  });
};

/** A condition in a private field would be none, and its route would take every payment. */
const refuseHiddenFields = ({ routes, health, cascade }: Partial<RouterSettings>): void => {
  const check = (place: string, value: unknown): void => {
    if (isObject(value) && !Array.isArray(value) && !isRecord(value)) refuse(`${place}: ${hiddenFields}`);
  };
  check('health', health);
  check('cascade', cascade);
  if (!Array.isArray(routes)) return;
  routes.forEach((route: unknown, index) => {
    if (hasMethod(route, 'create')) refuse(`routes.${index}: is a client: give { name, client }`);
    check(`routes.${index}`, route);
    check(`routes.${index}.when`, memberOf(route, 'when'));
    check(`routes.${index}.when.amount`, memberOf(memberOf(route, 'when'), 'amount'));
  });
};

/** Reads the settings of a router. Throws a `ConfigurationError` that names every wrong one, never a value. */
export const readRouterSettings = (settings: RouterSettings): ReadRouterSettings => {
  if (!isRecord(settings)) return refuse('settings must be a plain object such as { store, routes }');
  refuseHiddenFields(settings);
  const parsed = settingsSchema.safeParse(settings);
  if (!parsed.success) {
    const lost = lostFields(settingsSchema, settings);
    const issues = lost.length > 0 ? lost : fieldIssues(settingsSchema, parsed.error);
    return refuse(`settings are wrong: ${describeIssues(issues)}`);
  }
  const { routes, sources, cascade, health, onEvent, ...rest } = parsed.data;
  const namespace = rest.namespace ?? 'default';
  checkRoutes(routes, { store: rest.store, scope: routerScopes(namespace).keys });
  checkModes(routes);
  for (const { livemode, baseUrl } of routes.flatMap(({ client }) => accountsAt(client)))
    checkWaits('createRouter', rest, livemode, baseUrl);
  const declines = cascade?.declines ?? defaultDeclines;
  const never = declines.find((code) => anotherAcquirer[code].mayDecideOtherwise === 'never');
  if (never !== undefined)
    refuse(`cascade.declines: ${never} never cascades: ${anotherAcquirer[never].because}`);
  return {
    store: rest.store,
    routes: routes.map(({ when, weight, ...route }) => ({
      ...route,
      when: when ?? null,
      weight: weight ?? null,
    })),
    sources: sources ?? null,
    declines: new Set(declines),
    failures: cascade?.failures ?? true,
    health:
      health === false ? null : { windowMs: 60_000, minimum: 5, failureRate: 0.5, restMs: 30_000, ...health },
    maxRoutes: rest.maxRoutes ?? 2,
    deadlineMs: rest.deadlineMs ?? 120_000,
    namespace,
    settleMs: rest.settleMs ?? 5 * 60_000,
    abandonedMs: rest.abandonedMs ?? 15 * 60_000,
    requireIdempotencyKey: rest.requireIdempotencyKey ?? false,
    emit: quiet(onEvent),
  };
};
