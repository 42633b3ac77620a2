import { isObject, memberOf } from '../models/objects.js';
import * as z from 'zod';
import { ConfigurationError } from '../errors.js';
import { checkInput, refuseInput, type Refuser } from '../calls/check-input.js';
import { createParamsSchema, type CreateParams } from '../models/params.js';
import { showName } from '../models/nearest-name.js';
import { paymentSourceSchema, sourceObject } from '../models/payment-source.js';
import { describeIssues, fieldIssues } from '../models/validation.js';
import { fingerprintOf } from '../writes/fingerprint.js';
import type { Runtime } from '../runtime.js';
import type { ReadRoute, ReadRouterSettings } from './read-settings.js';
import type { RouterCreateParams, RoutingFacts } from './route.js';

/** The name of a router in the errors that are its own. */
export const routerName = 'router';

/** Where a router keeps its records: those of payments by their keys, and those that tell where a charge lives. */
export const routerScopes = (namespace: string): { readonly keys: string; readonly charges: string } => ({
  keys: `${namespace}/${routerName}/keys`,
  charges: `${namespace}/${routerName}/charges`,
});

/** What takes the params of a payment. */
export type RouterOperation = 'create' | 'explain';

export const refuser: Refuser = { spec: { provider: routerName }, secrets: [] };

const routerCreateParamsSchema = createParamsSchema.extend({
  sources: z.record(z.string(), paymentSourceSchema).exactOptional(),
});

/** What is wrong with sources that name routes which the router does not have. */
export const routesUnknownIn = (
  { routes }: Pick<ReadRouterSettings, 'routes'>,
  { sources = {} }: RouterCreateParams,
): { readonly path: string; readonly message: string }[] => {
  const names = routes.map(({ name }) => name);
  const unknown = Object.keys(sources).filter((name) => !names.includes(name));
  if (unknown.length === 0) return [];
  const shown = unknown.slice(0, 5).map(showName).join(', ');
  const message = `names a route that this router does not have: ${shown} (it has ${names.join(', ')})`;
  return [{ path: 'sources', message }];
};

/**
 * Checks what a create or an explain was given, before anything is recorded, but for the names of the routes. Every client checks its own part
 * again.
 */
export const readCreateParams = (
  settings: Pick<ReadRouterSettings, 'sources'>,
  operation: RouterOperation,
  given: unknown,
): RouterCreateParams => {
  const params = checkInput(refuser, operation, routerCreateParamsSchema, given);
  if (params.source !== undefined && params.sources !== undefined && settings.sources === null)
    throw refuseInput(refuser, operation, [
      { path: 'source', message: 'must not stand beside sources: one of them would be left out' },
    ]);
  return params;
};

export const factsOf = (params: CreateParams): RoutingFacts => ({
  amount: params.amount,
  currency: params.currency,
  country: params.billing?.address?.country ?? null,
  metadata: params.metadata ?? {},
});

/** What a function of the settings threw, by its class alone: its message may hold anything. */
export const threw = (error: unknown): string => {
  const name = memberOf(error, 'name');
  return typeof name === 'string' && /^[A-Z]\w{0,59}$/.test(name) ? `threw ${name}` : 'threw';
};

/** A failure of a function of the settings, which ends the payment before anything was sent. */
export const settingsFailure = (
  operation: RouterOperation,
  route: string,
  name: string,
  message: string,
): ConfigurationError =>
  new ConfigurationError({
    provider: routerName,
    operation,
    outcome: 'not_sent',
    message: `the route ${route} cannot be used: ${name} ${message}`,
  });

/** Who asks a function of the settings, and until when it is waited for, on the monotonic clock. */
export interface Asking {
  readonly operation: RouterOperation;
  readonly runtime: Pick<Runtime, 'monotonic' | 'timer'>;
  readonly deadline: number;
}

const isLate = Symbol('late');

type Source = CreateParams['source'];

const mayBePromise = (given: Source | PromiseLike<Source>): given is PromiseLike<Source> =>
  memberOf(given, 'then') !== undefined;

/** What a function of the settings gives, if it does in time. A vault that does not answer must not hold a payment for ever. */
const inTime = async (
  given: Source | PromiseLike<Source>,
  { runtime, deadline }: Asking,
): Promise<Source | typeof isLate> => {
  if (!mayBePromise(given)) return given;
  const leftMs = Math.max(1, deadline - runtime.monotonic());
  let cancel = (): void => undefined;
  const late = new Promise<typeof isLate>((resolve) => {
    cancel = runtime.timer(leftMs, () => {
      resolve(isLate);
    });
  });
  try {
    return await Promise.race([given, late]);
  } finally {
    cancel();
  }
};

/** What is wrong with a source that a function of the settings gave, without its values; null where it is one, or none is given. */
const wrongSource = (given: unknown): string | null => {
  if (given === undefined || given === null) return null;
  const { error } = paymentSourceSchema.safeParse(given);
  return error === undefined ? null : describeIssues(fieldIssues(paymentSourceSchema, error));
};

/** What is sent at a route: its source, and what `adapt` changes. Null where the route has no source. */
export const paramsAt = async (
  settings: Pick<ReadRouterSettings, 'sources'>,
  route: ReadRoute,
  params: RouterCreateParams,
  asking: Asking,
): Promise<CreateParams | null> => {
  const failure = (name: string, message: string) =>
    settingsFailure(asking.operation, route.name, name, message);
  const { sources, source: plain, ...rest } = params;
  let source = plain;
  let isPerRoute = false;
  if (settings.sources !== null) {
    isPerRoute = true;
    let given: Source | typeof isLate;
    try {
      given = await inTime(settings.sources(params, route.name), asking);
    } catch (error) {
      throw failure('sources', threw(error));
    }
    if (given === isLate) throw failure('sources', 'gave no source before the deadline of the call');
    const wrong = wrongSource(given);
    if (wrong !== null) throw failure('sources', `gave what is no source: ${wrong}`);
    source = given;
  } else if (sources !== undefined) {
    isPerRoute = true;
    source = Object.hasOwn(sources, route.name) ? sources[route.name] : undefined;
  }
  // A database column without a token is null.
  if (isPerRoute && source == null) return null;
  const routed: CreateParams = { ...rest, ...(source === undefined ? {} : { source }) };
  if (route.adapt === undefined) return routed;
  let adapted: CreateParams | null | undefined;
  try {
    adapted = route.adapt(routed);
  } catch (error) {
    throw failure('adapt', threw(error));
  }
  if (memberOf(adapted, 'then') !== undefined)
    throw failure('adapt', 'gave a promise: it has to give the params at once');
  if (!isObject(adapted)) throw failure('adapt', 'gave no params: it has to return them');
  const wrong = wrongSource(adapted.source);
  if (wrong !== null) throw failure('adapt', `gave a source that is none: ${wrong}`);
  // The record, the plan and every other route speak of this amount.
  const currency: unknown = adapted.currency;
  if (adapted.amount !== params.amount || String(currency).toUpperCase() !== params.currency)
    throw failure('adapt', 'changed the amount or the currency');
  if ((adapted.capture ?? true) !== (params.capture ?? true))
    throw failure('adapt', 'changed or left out capture: an authorization would be a payment');
  return adapted;
};

/** Whether a source means nothing to another provider. */
export const belongsToOneRoute = (source: CreateParams['source']): boolean => {
  if (source === undefined) return false;
  const { type } = sourceObject(source);
  return type === 'token' || type === 'customer';
};

/** The fingerprint of a create at the router: the same for the same params, whatever route they take. */
export const routerFingerprint = (params: RouterCreateParams) => {
  const { amount, currency, sources, ...rest } = params;
  const single = (source: CreateParams['source']) =>
    fingerprintOf({ operation: 'create', target: null, amount: null, currency: null, params: { source } })
      .hash;
  const hashes = Object.entries(sources ?? {}).map(([name, source]) => [name, single(source)]);
  return fingerprintOf({
    operation: 'create',
    target: null,
    amount,
    currency,
    // A raw card counts by last four and expiry in every place where a source may stand.
    params: { ...rest, amount, currency, ...(sources === undefined ? {} : { sources: hashes }) },
  });
};
