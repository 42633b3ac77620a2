import type { Runtime } from '../runtime.js';
import { createAgenda } from './agenda.js';
import { checkProvidersOptions, guardMembers } from './check-options.js';
import {
  checkFunction,
  checkNumber,
  checkObject,
  checkProvider,
  checkSurplus,
  checkText,
  checkWord,
} from './check-values.js';
import { createClock, type SimulatorClock } from './clock.js';
import { deliver, type Delivery, type Exchange } from './delivery.js';
import {
  sourceKinds,
  type Face,
  type FaceContext,
  type FaceDefinition,
  type SimulatorRequest,
  type SourceKind,
  type SourceOptions,
} from './face.js';
import {
  faces,
  type SimulatedProvider,
  type SimulatedSettings,
  type SimulatedSource,
  type SimulatedSwitches,
} from './faces.js';
import {
  checkFault,
  checkOperation,
  createFaultQueue,
  type FaultOrder,
  type PendingFault,
} from './faults.js';
import { createIds } from './ids.js';
import { Ledger, type LedgerChange, type LedgerCharge } from './ledger.js';
import { checkMembers, meant } from './nearest-name.js';
import { createPayerDesk, type PayerDecision } from './payer.js';
import { createRequestLog, type ReceivedRequest } from './request-log.js';
import { type OutgoingWebhook, subscribeToWebhooks } from './webhooks-outgoing.js';

/** What `createSimulatedProviders` takes. */
export interface SimulatedProvidersOptions {
  /** The clock, waits, randomness and ids that everything runs by. */
  runtime: Runtime;
  /** The same seed and the same requests give the same ids and answers. */
  seed: number;
  /** Which providers; all unless told. */
  providers?: readonly SimulatedProvider[] | undefined;
  /** Behaviour that a provider's documentation leaves open, per provider. */
  switches?: { [Provider in SimulatedProvider]?: Partial<SimulatedSwitches[Provider]> } | undefined;
  /** The origin of each provider; only URLs in answers use it. */
  origin?: ((provider: SimulatedProvider) => string) | undefined;
  /** How many requests are remembered; all unless told. */
  requestLimit?: number | undefined;
}

/** The ledger as a test reads it. */
export interface LedgerReader {
  /** Every charge that exists, oldest first. Reading lets everything lapse that is due. */
  charges(provider?: SimulatedProvider): LedgerCharge[];
  /** Hears of every change, after the request that made it is complete; the returned function ends it. */
  subscribe(listener: (change: LedgerChange) => void): () => void;
}

/** All simulated providers in memory, without sockets and timers. */
export interface SimulatedProviders {
  /** The names of the providers that are simulated. */
  readonly providers: readonly SimulatedProvider[];
  /** Delivers one request, with the faults injected for it, and tells what the client would see. */
  handle(provider: SimulatedProvider, request: SimulatorRequest): Promise<Delivery>;
  /** Settings for the provider's client factory, such as its keys. */
  settings<Provider extends SimulatedProvider>(provider: Provider): SimulatedSettings<Provider>;
  /** A fresh source for `create`. Throws where the provider has no such kind. */
  source<Provider extends SimulatedProvider>(
    provider: Provider,
    kind: SourceKind,
    options?: SourceOptions,
  ): SimulatedSource<Provider>;
  /** The key with which the page of a shop makes tokens; null where the provider has none. */
  publishableKey(provider: SimulatedProvider): string | null;
  /** Behaviour that a provider's documentation leaves open. */
  readonly switches: SimulatedSwitches;
  /** Ground truth: every charge that exists. */
  readonly ledger: LedgerReader;
  /** Every request received, without bodies and secrets. */
  requests(): ReceivedRequest[];
  /** Lets the next fitting requests meet a fault. */
  inject(order: FaultOrder): void;
  /** Forgets injected faults that have not struck yet. */
  clearFaults(): void;
  /** Injected faults that have not struck as often as they are to, oldest first. */
  pendingFaults(): PendingFault[];
  /** Decides on a payer page; answers with the URL that the payer is sent back to. */
  pay(url: string, decision: PayerDecision): string;
  /** Hears of every notification that a provider sends about a charge from now on; the returned function ends it. */
  subscribeToWebhooks(listener: (webhook: OutgoingWebhook) => void): () => void;
  /** The headers with which a provider signs a notification now. */
  signWebhook(provider: SimulatedProvider, body: string, secret: string): Record<string, string>;
  /** The simulator's time, which a test can move forward. */
  readonly clock: SimulatorClock;
  /** How long search lags behind writes, in milliseconds; 0 unless set. */
  indexDelayMs: number;
  /** Ends waits of delayed requests; they are not executed any more. */
  stop(): void;
}

// Each definition has types of its own; inside the driver only the common ones matter.
type AnyFace = Face;
type AnyDefinition = FaceDefinition<unknown, unknown, object>;

const checkSourceKind = (kind: unknown): void => {
  const known: readonly string[] = sourceKinds;
  if (typeof kind === 'string' && !known.includes(kind))
    throw new RangeError(
      `There is no source of the kind '${kind}'.${meant(kind, known)} Known are ${known.join(', ')}.`,
    );
  checkWord('The kind of a source', kind, known);
};

const checkSourceOptions = (options: SourceOptions): void => {
  checkObject('The options of a source', options, "{ returnUrl: 'https://shop.example/return' }");
  checkMembers('The source', options, ['returnUrl']);
  const { returnUrl } = options;
  if (returnUrl !== undefined)
    checkText('The returnUrl of a source', returnUrl, 'https://shop.example/return');
};

/** Makes simulated providers over one ledger, driven in memory. The HTTP server is a thin layer over this. */
export const createSimulatedProviders = (options: SimulatedProvidersOptions): SimulatedProviders => {
  checkProvidersOptions(options, Object.keys(faces));
  const providers = options.providers ?? (Object.keys(faces) as SimulatedProvider[]);
  const origin = options.origin ?? ((provider) => `http://${provider}.simulator.test`);
  const agenda = createAgenda();
  const ids = createIds(options.seed);
  const payer = createPayerDesk(ids);
  const faults = createFaultQueue();
  const log = createRequestLog(options.requestLimit);
  const stop = new AbortController();

  const settle = (): void => {
    agenda.runDue(clock.now());
    ledger.flush();
  };
  const clock = createClock(options.runtime, settle);
  const ledger = new Ledger(() => clock.now());

  const state = { indexDelayMs: 0 };
  const switches = {} as Record<string, object>;
  const faceOf = new Map<string, AnyFace>();
  for (const provider of providers) {
    const definition = faces[provider] as AnyDefinition;
    const changed = options.switches?.[provider] ?? {};
    checkMembers(`'${provider}'`, changed, Object.keys(definition.switches));
    // Setting one that there is not throws.
    switches[provider] = Object.seal({ ...definition.switches, ...changed });
    const context: FaceContext = {
      now: () => clock.now(),
      ids,
      ledger: ledger.forProvider(provider),
      agenda,
      payer,
      origin: () => origin(provider),
      indexDelayMs: () => state.indexDelayMs,
    };
    faceOf.set(provider, definition.create(context, switches[provider]));
  }

  const face = (method: string, provider: string): AnyFace => {
    const found = faceOf.get(provider);
    if (found !== undefined) return found;
    checkProvider(method, provider, providers);
    throw new RangeError(`This simulator runs without '${provider}'.`);
  };

  const simulated: SimulatedProviders = {
    providers,
    handle: (provider, request) => {
      const exchange: Exchange = {
        provider,
        face: face('handle', provider),
        payer,
        faults,
        log,
        now: () => clock.now(),
        sleep: (milliseconds) => options.runtime.sleep(milliseconds, stop.signal),
        settle,
      };
      return deliver(exchange, request);
    },
    settings: (provider, ...more: unknown[]) => {
      checkSurplus('settings', more, 'spread what it gives, and add yours.');
      return face('settings', provider).settings(origin(provider)) as SimulatedSettings<typeof provider>;
    },
    source: (provider, kind, sourceOptions = {}, ...more: unknown[]) => {
      const one = face('source', provider);
      checkSurplus('source', more, 'it takes a provider, a kind and { returnUrl }.');
      checkSourceKind(kind);
      checkSourceOptions(sourceOptions);
      return one.source(kind, sourceOptions) as SimulatedSource<typeof provider>;
    },
    publishableKey: (provider) => face('publishableKey', provider).browser?.publishableKey ?? null,
    // Each is set by its members: the provider keeps the object that it began with.
    switches: Object.freeze(switches) as SimulatedSwitches,
    ledger: {
      // Without parameters of its own, so that the length of the method is no count of charges.
      charges: (...given: unknown[]) => {
        const [provider, ...more] = given;
        checkSurplus('ledger.charges', more, 'it takes a provider, or nothing.');
        if (provider !== undefined) checkProvider('ledger.charges', provider, providers);
        settle();
        return ledger.charges(provider as SimulatedProvider | undefined);
      },
      subscribe: (listener) => {
        checkFunction('The listener of ledger.subscribe', listener);
        return ledger.subscribe(listener);
      },
    },
    requests: (...given: unknown[]) => {
      checkSurplus('requests', given, 'it gives the requests to every provider; filter them.');
      return log.all();
    },
    inject: (order) => {
      checkFault(order);
      const hit = order.provider === undefined ? [...faceOf.values()] : [face('inject', order.provider)];
      checkOperation(order, [...new Set(hit.flatMap(({ operations }) => operations))].sort());
      faults.add(order);
    },
    clearFaults: () => {
      faults.clear();
    },
    pendingFaults: (...given: unknown[]) => {
      checkSurplus('pendingFaults', given, 'it gives those of every provider; filter them.');
      return faults.pending();
    },
    pay: (url, decision) => {
      settle();
      const sentTo = payer.decide(url, decision);
      settle();
      return sentTo;
    },
    subscribeToWebhooks: (listener) =>
      subscribeToWebhooks(ledger, (provider) => face('subscribeToWebhooks', provider).webhooks, listener),
    signWebhook: (provider, body, secret) =>
      face('deliverTo', provider).webhooks.headers(body, secret, clock.now()),
    clock,
    get indexDelayMs() {
      return state.indexDelayMs;
    },
    set indexDelayMs(milliseconds) {
      checkNumber('indexDelayMs', milliseconds, 0);
      state.indexDelayMs = milliseconds;
    },
    stop: () => {
      stop.abort(new Error('The simulator was stopped.'));
    },
  };
  return guardMembers(simulated, ['indexDelayMs']);
};
