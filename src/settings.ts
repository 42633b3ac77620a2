import * as z from 'zod';
import { ConfigurationError } from './errors.js';
import { wrongListener } from './event-listeners.js';
import type { EventListener } from './models/client-event.js';
import { lacksValue } from './models/missing-value.js';
import { attemptMilliseconds, milliseconds } from './models/milliseconds.js';
import type { OperationStore } from './models/operation-store.js';
import { Secret, secretSchema } from './models/secret.js';
import { describeIssues, fieldIssues } from './models/validation.js';
import { hasMethod } from './options.js';
import type { Connection, ProviderSpec } from './provider.js';
import { isRecord, isThenable, memberOf } from './models/objects.js';

/** A setting that is an object of ours with these methods: a promise of one, and one that lacks a method, are told from something else. */
export const settingOf = <Value>(what: string, methods: readonly string[]): z.ZodCustom<Value, Value> => {
  const missing = (value: unknown): readonly string[] => methods.filter((name) => !hasMethod(value, name));
  return z.custom<Value>((value) => missing(value).length === 0, {
    error: ({ input }) => {
      if (isThenable(input)) return 'is a promise: await it first';
      const lacks = missing(input);
      return `must be ${what}${lacks.length < methods.length ? `: it has no method ${lacks.join(', ')}` : ''}`;
    },
  });
};

/** The setting `store` of clients and routers. */
export const storeSchema = settingOf<OperationStore>('an operation store, such as memoryStore()', [
  'begin',
  'claim',
  'prepare',
  'settle',
  'release',
  'get',
  'claimedRefunds',
  'listUnresolved',
]);

/** The setting `onEvent` of clients and routers. */
export const listenerSchema = <Listener>(): z.ZodCustom<Listener, Listener> =>
  z.custom<Listener>((value) => wrongListener(value) === null, {
    error: ({ input }) => wrongListener(input) ?? 'must be a function',
  });

/** The setting `namespace` of clients and routers: two shops whose names both got lost would share every key. */
export const namespaceSchema = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, hyphens or underscores')
  .refine((name) => !lacksValue(name), 'holds undefined, null or NaN: a value was missing when it was made');

/** Settings that every provider has. */
const commonShape = {
  /** An origin such as `https://api.example.com`; a path prefix is kept. The version path belongs to the adapter. */
  baseUrl: z.string().optional(),
  /** Allows plain http to a host that is not this machine, with a test key only. */
  insecureBaseUrl: z.boolean().optional(),
  /** Milliseconds that one attempt may take, connect to last byte; 10 or more. Default 60 000. */
  timeoutMs: attemptMilliseconds.optional(),
  /** Milliseconds for everything together: attempts, waits and look-ups. Default 120 000. */
  deadlineMs: milliseconds.optional(),
  /** Further attempts after the first, where another attempt is safe. Default 2. */
  maxRetries: z.int().min(0).max(20).optional(),
  /** Receives calls, requests, answers, retries, drift and store events. */
  onEvent: listenerSchema<EventListener>().optional(),
  /** A caller's own axios instance: proxy, certificates, interceptors. */
  axios: z
    .custom<AxiosInstanceLike>(
      (value) => typeof memberOf(value, 'request') === 'function',
      'must be an axios instance',
    )
    .optional(),
  /** The secret of the webhook endpoint; several while one is being rotated. */
  webhookSecret: z.union([secretSchema, z.array(secretSchema).min(1)]).optional(),
  /** How far the signed time of a webhook may be off, both ways. Default 300 000, unless the provider needs more. */
  webhookToleranceMs: z.int().min(0).optional(),
  /** Turns drift in answers into an `InvalidResponseError`, for a continuous integration run. */
  strictResponses: z.boolean().optional(),
  /** Where operations are recorded. Default: `memoryStore()`, one per client. */
  store: storeSchema.optional(),
  /**
   * Part of the scope of idempotency keys. Two accounts of one provider that share a store need two namespaces. With another
   * namespace the store does not know the keys of before, and a repeat of one may charge again: do not change it while operations
   * are open. Default `default`.
   */
  namespace: namespaceSchema.optional(),
  /** How long after a reported unknown outcome a missing charge is believed to be missing. Default 5 minutes. */
  settleMs: milliseconds.optional(),
  /** The same where the process never reported: counted from the end of its lease. Default 15 minutes. */
  abandonedMs: milliseconds.optional(),
  /** What a write does when the store fails before sending. Default `refuse`; `send` gives the protection up. */
  storeFailure: z.enum(['refuse', 'send']).optional(),
  /**
   * How long a key is remembered where neither a durable store nor the provider keeps it: so far back the provider's list is
   * read before a first attempt with a key of yours, 100 charges a request. Default 24 hours.
   */
  lookbackMs: milliseconds.optional(),
  /** Look at the provider before sending with a caller's key, where neither a durable store nor the provider protects. Default true. */
  lookupFirst: z.boolean().optional(),
  /** Refuses writes without an `idempotencyKey`; a `verify3DS` that only reads needs none. Default false. */
  requireIdempotencyKey: z.boolean().optional(),
};

/** The part of an axios 1.x instance that is used. */
export interface AxiosInstanceLike {
  // The boundary to another copy of axios: its config type differs in details that do not matter here.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  request(config: any): Promise<{ status: number; headers: unknown; data: unknown }>;
  readonly defaults: { adapter?: unknown };
}

type OrUndefined<Input> = { [Key in keyof Input]?: Input[Key] | undefined };

type CommonSchema = z.ZodObject<typeof commonShape>;

/** Settings that every provider has, as the caller writes them. */
export type CommonSettings = OrUndefined<z.input<CommonSchema>>;
/** Common settings with defaults filled in. */
export type ReadCommonSettings = z.output<CommonSchema>;

/** The settings of a provider's client. What is left out may come from the environment. */
export type ClientSettings<Spec extends ProviderSpec> = CommonSettings &
  OrUndefined<z.input<z.ZodObject<Spec['settings']>>>;

/** Settings after the checks. */
export interface ReadSettings {
  readonly common: ReadCommonSettings;
  /** The provider's own settings. */
  readonly own: Readonly<Record<string, unknown>>;
  /** Every secret, for masking what a provider says. */
  readonly secrets: readonly Secret[];
}

const refuse = (provider: string, message: string): never => {
  throw new ConfigurationError({ message: `${provider}: ${message}`, provider, outcome: 'not_sent' });
};

const secretsIn = (values: readonly unknown[]): Secret[] =>
  values.flat().filter((value): value is Secret => value instanceof Secret);

/** Common settings whose absence means less protection, or another scope. A store may be chosen: `isLive ? postgresStore(pool) : undefined`. */
const protecting: ReadonlySet<string> = new Set(['namespace', 'requireIdempotencyKey']);

/**
 * Whether a setting that holds undefined is a value that got lost on its way: doing without it would charge another account, in
 * another mode, or with less protection. What may come from the environment may be undefined.
 */
const isNeverUndefined = (spec: Pick<ProviderSpec, 'settings' | 'environment'>, name: string): boolean =>
  protecting.has(name) || (Object.hasOwn(spec.settings, name) && !Object.hasOwn(spec.environment, name));

/** Reads settings: the argument, else the environment, else a ConfigurationError that names both. Unknown keys are refused. */
export const readSettings = (
  spec: Pick<ProviderSpec, 'provider' | 'settings' | 'environment'>,
  settings: object,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ReadSettings => {
  if (!isRecord(settings)) {
    const needed = Object.keys(spec.environment).filter((name) => spec.environment[name]?.required === true);
    const example = needed.length === 0 ? '{ timeoutMs }' : `{ ${needed.join(', ')} }`;
    // What was given instead is most likely a key.
    return refuse(spec.provider, `settings must be a plain object such as ${example}`);
  }
  const lost = Object.entries(settings).find(
    ([name, value]) => value === undefined && isNeverUndefined(spec, name),
  );
  if (lost !== undefined)
    return refuse(spec.provider, `${lost[0]} is undefined: leave it out, or give a value`);
  const given: Record<string, unknown> = Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined),
  );
  const schema = z.strictObject({ ...commonShape, ...spec.settings });
  // A misspelt name is probably the one that is missing: then the schema says which was meant.
  const isMisspelt = Object.keys(given).some((name) => !Object.hasOwn(schema.shape, name));
  for (const [name, { variable, required }] of Object.entries(spec.environment)) {
    if (given[name] !== undefined) continue;
    const value = environment[variable];
    if (value !== undefined && value !== '') given[name] = value;
    else if (required && !isMisspelt)
      refuse(spec.provider, `${name} is missing: pass it as ${name}, or set ${variable}`);
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    return refuse(spec.provider, `settings are wrong: ${describeIssues(fieldIssues(schema, parsed.error))}`);
  }
  const own: Record<string, unknown> = {};
  const common: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parsed.data)) {
    (Object.hasOwn(spec.settings, name) ? own : common)[name] = value;
  }
  return {
    common,
    own,
    secrets: secretsIn(Object.values(parsed.data)),
  };
};

/**
 * The least that these may be where real money moves, in milliseconds: below it, seconds, minutes or hours were meant. 1 is taken:
 * nobody means anything by it but no wait at all.
 */
const leastWithMoney = { settleMs: 1_000, abandonedMs: 1_000, lookbackMs: 60_000 } as const;

/**
 * Refuses waits that are over before a late request is executed: the charge would be believed to be missing, and made again.
 * With a test key, and at this machine, a test may be in a hurry.
 */
export const checkWaits = (
  provider: string,
  settings: Pick<ReadCommonSettings, keyof typeof leastWithMoney>,
  livemode: boolean | null,
  baseUrl: string,
): void => {
  if (livemode !== true || isLoopback(new URL(baseUrl).hostname)) return;
  for (const [name, least] of Object.entries(leastWithMoney)) {
    const value = memberOf(settings, name);
    if (typeof value === 'number' && value > 1 && value < least)
      refuse(provider, `${name} is in milliseconds, and with a live key at least ${least}`);
  }
};

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);

/** The base address without a trailing slash. Refuses what would send a key in the clear or to nowhere. */
export const readBaseUrl = (
  provider: string,
  settings: Pick<ReadCommonSettings, 'baseUrl' | 'insecureBaseUrl'>,
  { origin, originFrom, livemode }: Pick<Connection, 'origin' | 'originFrom' | 'livemode'>,
): string => {
  const text = settings.baseUrl ?? origin;
  if (text === null) {
    const choices = originFrom === undefined ? 'baseUrl' : `${originFrom}, or baseUrl`;
    return refuse(provider, `no address is known: set ${choices}`);
  }
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refuse(provider, 'baseUrl must be an address such as https://api.example.com');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return refuse(provider, 'baseUrl must hold no credentials, query or fragment');
  }
  const insecureAllowed =
    isLoopback(url.hostname) || (settings.insecureBaseUrl === true && livemode === false);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && insecureAllowed)) {
    return refuse(
      provider,
      'baseUrl must be https (http only to this machine, or with insecureBaseUrl and a test key)',
    );
  }
  let path = url.pathname;
  while (path.endsWith('/')) path = path.slice(0, -1);
  return url.origin + path;
};
