import { createHash } from 'node:crypto';
import * as z from 'zod';
import { refuseInput } from '../calls/check-input.js';
import { InvalidRequestError } from '../errors.js';
import { sourceObject } from '../models/payment-source.js';
import type { CreateParams } from '../models/params.js';
import type { Health } from './health.js';
import {
  belongsToOneRoute,
  factsOf,
  paramsAt,
  refuser,
  routerName,
  settingsFailure,
  threw,
  type Asking,
} from './params.js';
import { asList, type ReadRoute, type ReadRouterSettings } from './read-settings.js';
import type { RouterCreateParams, RoutingFacts } from './route.js';
import { memberOf } from '../models/objects.js';

/** Why a route does not fit a payment. */
export type Misfit =
  /** `when` names other currencies. */
  | 'currency'
  | 'amount'
  | 'country'
  | 'metadata'
  /** The function in `when` said no. */
  | 'when'
  /** No source is known for this route. */
  | 'no_source'
  /** The provider does not take this kind of source. */
  | 'source_type'
  /** The provider does not take this currency. */
  | 'currency_not_taken'
  /** The provider cannot honour a param that was given. */
  | 'param_refused'
  /** The provider requires a param that was not given. */
  | 'param_missing';

const stepSchema = z.object({
  route: z.string(),
  /** Its weight when the plan was made; null where it had none. */
  weight: z.number().nullable(),
  health: z.enum(['well', 'resting', 'probing']),
});

/** What is recorded with a payment before its first byte, and with every move. */
export const positionSchema = z.object({
  version: z.literal(1),
  steps: z.array(stepSchema).min(1),
  position: z.int().min(0),
  /** How the routes before this one ended. */
  ended: z.array(z.object({ route: z.string(), code: z.string(), declineCode: z.string().nullable() })),
});

export type Step = z.infer<typeof stepSchema>;
export type Position = z.infer<typeof positionSchema>;

/** The recorded position; null where none was recorded yet. */
export const readPosition = (resolved: unknown): Position | null => {
  if (resolved === null || resolved === undefined) return null;
  return positionSchema.parse(resolved);
};

/** What of a route's condition a payment does not fit. */
const misfitsOfCondition = (
  { name, when }: ReadRoute,
  facts: RoutingFacts,
  { operation }: Asking,
): Misfit[] => {
  if (when === null) return [];
  if (typeof when === 'function') {
    let fits: unknown;
    try {
      fits = when(facts);
    } catch (error) {
      throw settingsFailure(operation, name, 'when', threw(error));
    }
    if (typeof fits !== 'boolean')
      throw settingsFailure(operation, name, 'when', 'gave neither true nor false');
    return fits ? [] : ['when'];
  }
  const misfits: Misfit[] = [];
  if (when.currency !== undefined && !asList(when.currency).includes(facts.currency))
    misfits.push('currency');
  const { min = 0, max = Infinity } = when.amount ?? {};
  if (facts.amount < min || facts.amount > max) misfits.push('amount');
  if (when.country !== undefined && !asList(when.country).includes(facts.country ?? ''))
    misfits.push('country');
  const pairs = Object.entries(when.metadata ?? {});
  if (pairs.some(([key, value]) => !Object.hasOwn(facts.metadata, key) || facts.metadata[key] !== value))
    misfits.push('metadata');
  return misfits;
};

/** What the provider says of itself that rules a payment out. */
const misfitsOfProvider = ({ client }: ReadRoute, params: CreateParams): Misfit[] => {
  const { currencies, sources, refuses = [], requires = [] } = client.capabilities.create;
  const given = (name: string) => memberOf(params, name) !== undefined;
  const misfits: Misfit[] = [];
  if (currencies !== undefined && !currencies.includes(params.currency)) misfits.push('currency_not_taken');
  if (sources !== undefined && params.source !== undefined) {
    if (!sources.includes(sourceObject(params.source).type)) misfits.push('source_type');
  }
  if (refuses.some(given)) misfits.push('param_refused');
  // A dotted or worded requirement is the provider's own to check.
  if (requires.some((name) => /^\w+$/.test(name) && !given(name))) misfits.push('param_missing');
  return misfits;
};

/** A route, and what of a payment it does not fit. */
export interface Fit {
  readonly route: ReadRoute;
  readonly misfits: readonly Misfit[];
  /** What would be sent there; null where that is not known. */
  readonly params: CreateParams | null;
}

/** Judges every route for a payment. Nothing is sent or recorded. */
export const fitRoutes = async (
  settings: ReadRouterSettings,
  params: RouterCreateParams,
  asking: Asking,
): Promise<readonly Fit[]> => {
  const facts = factsOf(params);
  const fits: Fit[] = [];
  for (const route of settings.routes) {
    const misfits = misfitsOfCondition(route, facts, asking);
    // A source is not asked for where the route is out anyway.
    const routed = misfits.length > 0 ? null : await paramsAt(settings, route, params, asking);
    if (misfits.length === 0 && routed === null) misfits.push('no_source');
    if (routed !== null) misfits.push(...misfitsOfProvider(route, routed));
    fits.push({ route, misfits, params: routed });
  }
  return fits;
};

/** Refuses a payment for which no route fits, and one whose token could belong to any of several. */
export const checkFits = (
  settings: Pick<ReadRouterSettings, 'sources'>,
  fits: readonly Fit[],
  params: RouterCreateParams,
  idempotencyKey: string,
): void => {
  const fitting = fits.filter(({ misfits }) => misfits.length === 0);
  if (fitting.length === 0) {
    const shown = fits.map(({ route, misfits }) => `${route.name} (${misfits.join(', ')})`).join('; ');
    throw new InvalidRequestError({
      provider: routerName,
      operation: 'create',
      idempotencyKey,
      outcome: 'not_sent',
      code: 'no_route',
      message: `create was not sent: no route fits: ${shown}`,
    });
  }
  if (settings.sources !== null || params.sources !== undefined || !belongsToOneRoute(params.source)) return;
  const sharing = fitting.filter((fit) => fit.params?.source === params.source);
  if (sharing.length < 2) return;
  const message = `belongs to one provider, and ${sharing.length} routes fit: pass sources, by the names of the routes`;
  throw refuseInput(refuser, 'create', [{ path: 'source', message }], { idempotencyKey });
};

/** A number in [0, 1) that a key always draws again. */
const draw = (key: string, turn: number): number =>
  createHash('sha256').update(`${turn} ${key}`).digest().readUIntBE(0, 6) / 2 ** 48;

/** Routes in the order in which a key takes them: by a draw of their weights, then the spare ones as they are listed. */
const inOrder = (routes: readonly ReadRoute[], key: string): readonly ReadRoute[] => {
  const order: ReadRoute[] = [];
  let left = routes.filter(({ weight }) => (weight ?? 0) > 0);
  const spare = routes.filter(({ weight }) => (weight ?? 0) === 0);
  while (left.length > 0) {
    const total = left.reduce((sum, { weight }) => sum + (weight ?? 0), 0);
    let point = draw(key, order.length) * total;
    const index = left.findIndex(({ weight }) => (point -= weight ?? 0) < 0);
    // A sum of fractions may end a hair below its total.
    const chosen = left.at(index);
    if (chosen === undefined) break;
    order.push(chosen);
    left = left.filter((route) => route !== chosen);
  }
  return [...order, ...spare];
};

/** The plan of a new payment: fitting routes by their weights, those that rest last. */
export const makePlan = (fits: readonly Fit[], key: string, health: Health): readonly Step[] => {
  const order = inOrder(
    fits.filter(({ misfits }) => misfits.length === 0).map(({ route }) => route),
    key,
  );
  const isUp = ({ name }: ReadRoute) => health.of(name) === 'well' || health.mayProbe(name);
  return [...order.filter(isUp), ...order.filter((route) => !isUp(route))].map(({ name, weight }) => ({
    route: name,
    weight,
    health: health.of(name),
  }));
};
