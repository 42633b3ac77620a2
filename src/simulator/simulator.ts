import { type Runtime, systemRuntime } from '../runtime.js';
import { checkOptions, checkPort, guardMembers } from './check-options.js';
import { checkObject, checkProvider } from './check-values.js';
import type { SimulatorClock } from './clock.js';
import type { SourceKind, SourceOptions } from './face.js';
import {
  faces,
  type SimulatedProvider,
  type SimulatedSettings,
  type SimulatedSource,
  type SimulatedSwitches,
} from './faces.js';
import type { FaultOrder, PendingFault } from './faults.js';
import { checkMembers } from './nearest-name.js';
import type { PayerDecision } from './payer.js';
import type { ReceivedRequest } from './request-log.js';
import { type LocalServer, serveLocally } from './server.js';
import {
  createSimulatedProviders,
  type LedgerReader,
  type SimulatedProvidersOptions,
} from './simulated-providers.js';
import { createWebhookDelivery, type SimulatedWebhooks } from './webhooks.js';

/** What `startSimulator` takes; nothing is required. */
export interface SimulatorOptions extends Partial<
  Pick<SimulatedProvidersOptions, 'providers' | 'switches' | 'requestLimit'>
> {
  /** The first of the ports; the providers take consecutive ones. Free ports unless told. */
  port?: number | undefined;
  /** Makes the ids; a fresh one unless told, so that two runs against one durable store do not meet the same ids. */
  seed?: number | undefined;
  /** The clock and waits; the system's unless told. */
  runtime?: Runtime | undefined;
}

const optionNames: readonly (keyof SimulatorOptions)[] = [
  'providers',
  'port',
  'seed',
  'switches',
  'requestLimit',
  'runtime',
];

/** A running simulator of all providers over real HTTP. */
export interface Simulator {
  /** What the ids are made from: give it to `startSimulator` to get the same ones again. */
  readonly seed: number;
  /** The names of the providers that are simulated. */
  readonly providers: readonly SimulatedProvider[];
  /** Settings for the provider's client factory: its keys, `baseUrl`, and short `settleMs` and `abandonedMs`. */
  settings<Provider extends SimulatedProvider>(provider: Provider): SimulatedSettings<Provider>;
  /** A fresh source for `create`. Throws where the provider has no such kind. */
  source<Provider extends SimulatedProvider>(
    provider: Provider,
    kind: SourceKind,
    options?: SourceOptions,
  ): SimulatedSource<Provider>;
  /** The key with which the page of a shop makes tokens; null at JustiFi, which has none. */
  publishableKey(provider: SimulatedProvider): string | null;
  /** The origin of a provider, without a trailing slash. */
  url(provider: SimulatedProvider): string;
  /** Ground truth: every charge that exists. */
  readonly ledger: LedgerReader;
  /** Every request received, without bodies and secrets. */
  requests(): ReceivedRequest[];
  /** Lets the next fitting requests meet a fault. */
  inject(order: FaultOrder): void;
  /** Forgets injected faults that have not struck yet. */
  clearFaults(): void;
  /** Injected faults that have not struck as often as they are to, oldest first: none when a test is over. */
  pendingFaults(): PendingFault[];
  /** The payer, without a browser. Both resolve to the URL that the payer is sent back to; the first decision stands. */
  readonly payer: {
    approve(url: string): Promise<string>;
    decline(url: string): Promise<string>;
  };
  /** Signed notifications to a merchant's server. */
  readonly webhooks: SimulatedWebhooks;
  /** The simulator's time, which a test can move forward. */
  readonly clock: SimulatorClock;
  /** How long search lags behind writes, in milliseconds; 0 unless set. */
  indexDelayMs: number;
  /** Behaviour that a provider's documentation leaves open. */
  readonly switches: SimulatedSwitches;
  /** Stops the servers. Delayed requests are not executed any more. */
  close(): Promise<void>;
}

/**
 * Starts simulated providers on ports of 127.0.0.1, all over one ledger.
 *
 * @example
 * const simulator = await startSimulator();
 * const charges = createStripe(simulator.settings('stripe'));
 * await charges.create({ amount: 4590, currency: 'EUR', source: simulator.source('stripe', 'approved') });
 * await simulator.close();
 */
export const startSimulator = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  checkObject('The options of startSimulator', options, "{ providers: ['stripe'] }");
  checkMembers('The simulator', options, optionNames);
  checkOptions(options, Object.keys(faces));
  const runtime = options.runtime ?? systemRuntime;
  const seed = options.seed ?? Math.floor(runtime.random() * 2 ** 32);
  const providers = options.providers ?? (Object.keys(faces) as SimulatedProvider[]);
  checkPort(options.port, providers.length);
  const servers = new Map<SimulatedProvider, LocalServer>();

  const origin = (provider: SimulatedProvider): string => {
    const server = servers.get(provider);
    if (server === undefined) checkProvider('url', provider, providers);
    return server?.origin ?? '';
  };
  const simulated = createSimulatedProviders({
    runtime,
    seed,
    providers,
    origin,
    switches: options.switches,
    requestLimit: options.requestLimit,
  });
  const webhooks = createWebhookDelivery(simulated, runtime, seed);
  const decide = (url: string, decision: PayerDecision): Promise<string> =>
    new Promise((resolve) => {
      resolve(simulated.pay(url, decision));
    });
  const close = async (): Promise<void> => {
    webhooks.stop();
    simulated.stop();
    await Promise.all([...servers.values()].map((server) => server.close()));
  };

  try {
    for (const [index, provider] of providers.entries()) {
      const port = options.port === undefined || options.port === 0 ? 0 : options.port + index;
      servers.set(provider, await serveLocally(port, (request) => simulated.handle(provider, request)));
    }
  } catch (error) {
    await close();
    throw error;
  }

  const simulator: Simulator = {
    seed,
    providers,
    settings: simulated.settings,
    source: simulated.source,
    publishableKey: simulated.publishableKey,
    url: origin,
    ledger: simulated.ledger,
    requests: simulated.requests,
    inject: simulated.inject,
    clearFaults: simulated.clearFaults,
    pendingFaults: simulated.pendingFaults,
    payer: {
      approve: (url) => decide(url, 'approve'),
      decline: (url) => decide(url, 'decline'),
    },
    webhooks,
    clock: simulated.clock,
    get indexDelayMs() {
      return simulated.indexDelayMs;
    },
    set indexDelayMs(milliseconds) {
      simulated.indexDelayMs = milliseconds;
    },
    switches: simulated.switches,
    close,
  };
  return guardMembers(simulator, ['indexDelayMs']);
};
