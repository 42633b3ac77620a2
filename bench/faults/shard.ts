import type { ChargesClient } from '../../src/charges-client.js';
import type { PaymentSource } from '../../src/models/payment-source.js';
import { systemRuntime } from '../../src/runtime.js';
import {
  createSimulatedProviders,
  type LedgerCharge,
  type SimulatedProvider,
} from '../../src/simulator/index.js';
import { serveLocally, type LocalServer } from '../../src/simulator/server.js';
import { connect } from '../simulate/clients.js';
import { paramsFor, reusableSource } from '../simulate/sources.js';
import { makesCharge, makesRefund, type Kind } from './plan.js';
import type { Place } from './messages.js';
import { openProxy, type Proxy, type Treatment } from './proxy.js';

/** The way that a merchant takes. */
export type Route = 'steady' | 'flapping' | 'direct';

/** Some hundred operations with providers and a ledger of their own, so that lists stay as short as in a shop's day. */
export interface Shard {
  readonly namespace: string;
  place(provider: SimulatedProvider, route: Route): Place;
  /** What a write needs: a source that could be charged twice, or a charge of its own. */
  prepare(
    provider: SimulatedProvider,
    kind: Kind,
    amount: number,
  ): Promise<{ source: PaymentSource | null; target: string | null }>;
  /** A source that may be charged again and again. */
  source(provider: SimulatedProvider, kind: 'approved' | 'declined'): Promise<PaymentSource>;
  charges(provider: SimulatedProvider): LedgerCharge[];
  /** Requests that reached a provider, without those of `prepare`. */
  requestsTo(provider: SimulatedProvider): number;
  /** No more faults: only the direct way stays. */
  calmDown(): Promise<void>;
  close(): Promise<void>;
}

export interface ShardOptions {
  readonly seed: number;
  readonly namespace: string;
  readonly providers: readonly SimulatedProvider[];
  decide(request: { readonly method: string; readonly text: string }): Treatment;
}

export const openShard = async ({ seed, namespace, providers, decide }: ShardOptions): Promise<Shard> => {
  const servers = new Map<SimulatedProvider, LocalServer>();
  const proxies = new Map<SimulatedProvider, Proxy>();
  const clients = new Map<SimulatedProvider, ChargesClient>();
  const received = new Map<SimulatedProvider, number>();
  const of = <Value>(map: Map<SimulatedProvider, Value>, provider: SimulatedProvider): Value => {
    const value = map.get(provider);
    if (value === undefined) throw new RangeError(`this run is without ${provider}`);
    return value;
  };
  const simulated = createSimulatedProviders({
    runtime: systemRuntime,
    seed,
    providers,
    // Magpie's sources are good for one charge unless they are kept in its vault.
    switches: { magpie: { vaultedSources: true } },
    origin: (provider) => of(servers, provider).origin,
    requestLimit: 1,
  });
  for (const provider of providers) {
    const server = await serveLocally(0, (request) => {
      received.set(provider, (received.get(provider) ?? 0) + 1);
      return simulated.handle(provider, request);
    });
    servers.set(provider, server);
    proxies.set(provider, await openProxy({ upstreamPort: Number(new URL(server.origin).port), decide }));
  }
  const calmClient = (provider: SimulatedProvider): ChargesClient => {
    const known = clients.get(provider);
    if (known !== undefined) return known;
    // Straight into the simulator: preparing is no part of the experiment, nor of its count of requests.
    const client = connect(provider, {
      settings: { ...simulated.settings(provider) },
      internals: {
        runtime: systemRuntime,
        exchange: async ({ method, url, headers, body }) => {
          const { pathname, search } = new URL(url);
          const request = { method, path: pathname, query: search.slice(1), headers, body: body ?? '' };
          const delivery = await simulated.handle(provider, request);
          if (delivery.outcome !== 'answered') throw new Error('the laboratory injects its own faults');
          const { response } = delivery;
          return { status: response.status, headers: response.headers, text: response.body };
        },
      },
      plant: null,
    });
    clients.set(provider, client);
    return client;
  };

  return {
    namespace,
    place(provider, route) {
      const { settleMs: _settle, abandonedMs: _abandoned, ...settings } = simulated.settings(provider);
      const proxy = of(proxies, provider);
      const origins = {
        steady: proxy.origin,
        flapping: proxy.flappingOrigin,
        direct: of(servers, provider).origin,
      };
      return { provider, namespace, baseUrl: origins[route], settings };
    },
    async prepare(provider, kind, amount) {
      const source = await reusableSource(simulated, provider);
      if (makesCharge(kind)) return { source, target: null };
      const capture = makesRefund(kind);
      const params = { amount, source, capture, ...paramsFor(provider) };
      return { source: null, target: (await calmClient(provider).create(params)).id };
    },
    source: (provider, kind) => reusableSource(simulated, provider, kind),
    charges: (provider) => simulated.ledger.charges(provider),
    requestsTo: (provider) => received.get(provider) ?? 0,
    calmDown: async () => {
      await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
    },
    close: async () => {
      simulated.stop();
      await Promise.all([...servers.values()].map((server) => server.close()));
    },
  };
};
