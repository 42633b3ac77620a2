import type { WriteOptions } from '../charges-client.js';
import type { EventOfCall } from '../models/client-event.js';
import type { OperationRecord } from '../models/operation-store.js';
import { boundedStore } from '../stores/bounded.js';
import { createOwnKeys, type OwnKeys } from '../calls/own-keys.js';
import type { Protocol } from '../calls/protocol.js';
import { storeFailureReason } from '../stores/failure.js';
import { systemRuntime, type Runtime } from '../runtime.js';
import type { RouterEvent } from './events.js';
import { createHealth, type Health } from './health.js';
import { routerName, routerScopes, type Asking, type RouterOperation } from './params.js';
import { readRouterSettings, type ReadRoute, type ReadRouterSettings } from './read-settings.js';
import type { RouterSettings } from './route.js';

/** What a test or a simulation replaces: the clock and randomness. */
export interface RouterInternals {
  /** The clock, waits, randomness and ids. Default: those of the system. */
  readonly runtime?: Runtime;
}

/** What all calls of one router share. */
export interface RouterContext {
  readonly settings: ReadRouterSettings;
  readonly runtime: Runtime;
  readonly health: Health;
  readonly emit: (event: RouterEvent) => void;
  /** The scope of the records of payments. */
  readonly scope: string;
  /** The scope of the records that tell where a charge lives. */
  readonly chargesScope: string;
  /** The keys that this router charges under, and those of its follow-ups. */
  readonly ownKeys: OwnKeys;
  readonly protocol: Pick<
    Protocol,
    'provider' | 'store' | 'runtime' | 'sendsWithoutStore' | 'secrets' | 'emit'
  >;
}

/** One create, or one look at how it would go: its key, its deadline on the monotonic clock, and what its clients are handed. */
export interface RouterRun {
  readonly operation: RouterOperation;
  readonly key: string;
  /** Whether the caller chose the key: then an earlier process may have used it. */
  readonly keyIsCallers: boolean;
  readonly deadline: number;
  readonly options: Pick<WriteOptions, 'signal' | 'timeoutMs' | 'maxRetries'>;
}

/** How a call asks the functions of the settings: they may take what is left of it. */
export const askingOf = (
  { runtime }: RouterContext,
  { operation, deadline }: Pick<RouterRun, 'operation' | 'deadline'>,
): Asking => ({ operation, runtime, deadline });

export const createRouterContext = (
  given: RouterSettings,
  { runtime = systemRuntime }: RouterInternals,
): RouterContext => {
  const settings = readRouterSettings(given);
  const { emit } = settings;
  const scopes = routerScopes(settings.namespace);
  return {
    settings,
    runtime,
    emit,
    health: createHealth(settings.health, runtime, emit),
    scope: scopes.keys,
    chargesScope: scopes.charges,
    ownKeys: createOwnKeys(),
    protocol: {
      provider: routerName,
      store: boundedStore(settings.store, runtime),
      runtime,
      sendsWithoutStore: false,
      secrets: [],
      emit: (event: EventOfCall) => {
        if (event.type === 'store') emit(event);
      },
    },
  };
};

export const routeNamed = ({ settings }: Pick<RouterContext, 'settings'>, name: string): ReadRoute | null =>
  settings.routes.find((route) => route.name === name) ?? null;

/**
 * Remembers where a charge lives, so that its id alone is enough for follow-ups while the store remembers. A failure costs only
 * that: the charge itself names its route.
 */
export const rememberCharge = async (
  { protocol, chargesScope, runtime, emit }: RouterContext,
  id: string,
  route: string,
): Promise<void> => {
  const { store } = protocol;
  const owner = runtime.uuid();
  try {
    const begun = await store.begin({
      scope: chargesScope,
      key: `${route}:${id}`,
      operation: 'create',
      target: null,
      fingerprint: {
        version: 1,
        hash: route,
        operation: 'create',
        target: null,
        amount: null,
        currency: null,
      },
      owner,
      leaseMs: 1000,
      refundLock: null,
    });
    if (begun.status !== 'made') return;
    const ownership = { scope: chargesScope, key: `${route}:${id}`, owner, attempt: begun.record.attempt };
    await store.settle(ownership, { state: 'succeeded', result: { kind: 'none', value: { route } } });
  } catch (error) {
    const reason = storeFailureReason(error, []);
    emit({
      type: 'store',
      provider: routerName,
      operation: 'create',
      action: 'remember',
      idempotencyKey: id,
      reason,
    });
  }
};

/** Ends the record of a charge whose process died while it remembered it. Its key says everything. */
export const settleRemembered = async (
  { protocol, chargesScope, runtime }: RouterContext,
  { key, attempt }: Pick<OperationRecord, 'key' | 'attempt'>,
): Promise<void> => {
  const { store } = protocol;
  const owner = runtime.uuid();
  const claimed = await store.claim({ scope: chargesScope, key, attempt, owner, leaseMs: 1000 });
  if (claimed === null) return;
  const [route = ''] = key.split(':');
  const ownership = { scope: chargesScope, key, owner, attempt: claimed.record.attempt };
  await store.settle(ownership, { state: 'succeeded', result: { kind: 'none', value: { route } } });
};

/** The routes that the store remembers for a charge. Two providers may have given one id. */
export const routesOfCharge = async (
  { protocol, chargesScope, settings }: RouterContext,
  id: string,
): Promise<readonly string[]> => {
  const names = settings.routes.map(({ name }) => name);
  // A process that died between two steps left the name as well.
  const known = await Promise.all(names.map((name) => protocol.store.get(chargesScope, `${name}:${id}`)));
  return names.filter((_, index) => known[index] !== null);
};
