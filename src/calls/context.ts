import { isIdle, quiet } from '../event-listeners.js';
import type { EventListener, EventOfCall, ResolvedBy } from '../models/client-event.js';
import type { OperationStore } from '../models/operation-store.js';
import { Secret } from '../models/secret.js';
import type { Connection, ProviderSpec } from '../provider.js';
import type { Protocol } from './protocol.js';
import { memoryStore } from '../stores/memory.js';
import { systemRuntime, type Runtime } from '../runtime.js';
import { checkWaits, readBaseUrl, readSettings, type ReadCommonSettings } from '../settings.js';
import { createCallerExchange } from '../transport/axios-exchange.js';
import type { Exchange } from '../transport/exchange.js';
import { createNodeExchange } from '../transport/node-exchange.js';
import { isShownId } from '../transport/redact.js';
import type { Transport } from '../transport/send.js';
import { version } from '../version.js';
import { boundedStore } from '../stores/bounded.js';
import { ownerOfKeys } from './in-flight.js';
import { createOwnKeys, type OwnKeys } from './own-keys.js';

/** What a test or a simulation replaces: the clock and randomness, and the way bytes travel. */
export interface Internals {
  readonly runtime?: Runtime;
  readonly exchange?: Exchange;
}

/** Everything that the calls of one client share. */
export interface Context {
  readonly spec: ProviderSpec;
  readonly common: ReadCommonSettings;
  readonly own: Readonly<Record<string, unknown>>;
  /** What is masked: the secrets of the settings, and what the connection has fetched so far. */
  readonly secrets: readonly Secret[];
  readonly connection: Connection;
  readonly transport: Transport;
  readonly protocol: Protocol;
  readonly runtime: Runtime;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly maxRetries: number;
  /** Emits an event of this context's call. */
  readonly emit: (event: EventOfCall) => void;
  /** Emits an event that names its call already. */
  readonly tell: EventListener;
  /** Whether anybody listens. */
  isWatched(): boolean;
  /** Notes what decided how a write or a reconcile ends; the last word counts. Null: nothing did. */
  noteResolvedBy(by: ResolvedBy | null): void;
  /** Who listens beside the listener of the settings. */
  readonly watchers: Set<EventListener>;
  readonly lookbackMs: number;
  /** The keys that this client sends under. */
  readonly ownKeys: OwnKeys;
  /**
   * Separates the in-flight keys of this account from those of others in this process; null if a durable
   * store or the provider's keys detect duplicates.
   */
  readonly keyOwner: string | null;
  /** What this client learned about the provider from its responses. */
  readonly observed: {
    /** How far its clock is ahead of ours, by the `Date` header of its last answer; null before the first. */
    clockOffsetMs: number | null;
    /** Whether it answered a write without the stamp that it was sent. */
    stampLost: boolean;
    /** Whose key made what was answered without its stamp: keys by the ids of charges and refunds, the latest of them. */
    readonly unstamped: Map<string, string>;
  };
}

const defaults = {
  timeoutMs: 60_000,
  deadlineMs: 120_000,
  maxRetries: 2,
  namespace: 'default',
  settleMs: 5 * 60_000,
  abandonedMs: 15 * 60_000,
  lookbackMs: 24 * 60 * 60_000,
} as const;

export const createContext = (spec: ProviderSpec, settings: object, internals: Internals): Context => {
  const { common, own, secrets } = readSettings(spec, settings);
  const runtime = internals.runtime ?? systemRuntime;
  const connection = spec.connect(own);
  const watchers = new Set<EventListener>();
  const { onEvent } = common;
  const listen = onEvent === undefined ? null : quiet(onEvent);
  const tell: EventListener = (event) => {
    listen?.(event);
    for (const watch of watchers) quiet(watch)(event);
  };
  const isWatched = () => (onEvent !== undefined && !isIdle(onEvent)) || watchers.size > 0;
  // Used outside of watched calls, such as when a listener is added in the middle of one.
  const emit = (event: EventOfCall): void => {
    if (isWatched()) tell({ ...event, callId: runtime.uuid(), callKey: null, account: connection.account });
  };
  const exchange =
    internals.exchange ??
    (common.axios === undefined ? createNodeExchange(runtime) : createCallerExchange(common.axios, runtime));
  const store: OperationStore = common.store ?? memoryStore({ runtime });
  const baseUrl = readBaseUrl(spec.provider, common, connection);
  checkWaits(spec.provider, common, connection.livemode, baseUrl);
  // A simulated runtime stands for several processes.
  const isAlone = !store.durable && spec.writeSafety.kind === 'lookup' && internals.runtime === undefined;
  const keys = Object.values(own).filter((value): value is Secret => value instanceof Secret);
  const allSecrets = (): readonly Secret[] =>
    connection.secrets === undefined ? secrets : [...secrets, ...connection.secrets()];
  return {
    spec,
    common,
    own,
    get secrets() {
      return allSecrets();
    },
    connection,
    runtime,
    emit,
    tell,
    isWatched,
    noteResolvedBy: () => undefined,
    watchers,
    timeoutMs: common.timeoutMs ?? defaults.timeoutMs,
    deadlineMs: common.deadlineMs ?? defaults.deadlineMs,
    maxRetries: common.maxRetries ?? defaults.maxRetries,
    lookbackMs: common.lookbackMs ?? defaults.lookbackMs,
    ownKeys: createOwnKeys(),
    keyOwner: isAlone ? ownerOfKeys(baseUrl, keys) : null,
    observed: { clockOffsetMs: null, stampLost: false, unstamped: new Map() },
    transport: {
      provider: spec.provider,
      exchange,
      runtime,
      connection,
      emit,
      isWatched,
      nextExchange: () => 1,
      baseUrl,
      origin: new URL(baseUrl).origin,
      userAgent: `unicharge/${version} node/${process.versions.node}`,
      requestIdHeaders: spec.requestIdHeaders ?? ['request-id', 'x-request-id'],
      isShownId: (id) => isShownId(id, allSecrets()),
      shouldRetryHeader: spec.shouldRetryHeader ?? null,
      rateLimitMeansNotExecuted: spec.rateLimitMeansNotExecuted,
    },
    protocol: {
      provider: spec.provider,
      store: boundedStore(store, runtime),
      runtime,
      emit,
      settleMs: common.settleMs ?? defaults.settleMs,
      abandonedMs: common.abandonedMs ?? defaults.abandonedMs,
      sendsWithoutStore: common.storeFailure === 'send',
      get secrets() {
        return allSecrets();
      },
      keyLifetimeMs: spec.writeSafety.kind === 'provider-key' ? spec.writeSafety.keyLifetimeMs : null,
    },
  };
};

/** The scope of idempotency keys: two accounts on one store never share a key. */
export const scopeOf = (context: Context, account: string | null): string => {
  const { livemode } = context.connection;
  const mode = livemode === null ? 'any' : livemode ? 'live' : 'test';
  return [context.common.namespace ?? defaults.namespace, context.spec.provider, mode, account ?? '-'].join(
    '/',
  );
};

/** What is documented of a call header, by its name in lower case. A name such as `constructor` is found in every object. */
export const documentedHeader = ({ spec }: Context, name: string) => {
  const documented = spec.callHeaders ?? {};
  return Object.hasOwn(documented, name) ? documented[name] : undefined;
};
