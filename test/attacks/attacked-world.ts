import { createChargesClient } from '../../src/create-charges-client.js';
import type { ChargesClient } from '../../src/index.js';
import type { ProviderSpec } from '../../src/provider.js';
import { justifiProvider } from '../../src/providers/justifi/provider.js';
import { magpieProvider } from '../../src/providers/magpie/provider.js';
import { omiseProvider } from '../../src/providers/omise/provider.js';
import { paymongoProvider } from '../../src/providers/paymongo/provider.js';
import { pinProvider } from '../../src/providers/pin/provider.js';
import { stripeProvider } from '../../src/providers/stripe/provider.js';
import type { Runtime } from '../../src/runtime.js';
import { createInstantRuntime } from '../../src/testing/in-memory-exchange.js';
import {
  createSimulatedProviders,
  type SimulatedProvider,
  type SimulatedProviders,
} from '../../src/simulator/index.js';
import {
  ExchangeFailure,
  type Exchange,
  type ExchangeAnswer,
  type ExchangeRequest,
} from '../../src/transport/exchange.js';

export const providerNames = ['stripe', 'omise', 'magpie', 'justifi', 'pin'] as const;
export type ProviderName = (typeof providerNames)[number];
/** Every provider that a world has. PayMongo's creates are two requests, which most attacks do not expect. */
type WorldProvider = ProviderName | 'paymongo';

export const specs: Readonly<Record<WorldProvider, ProviderSpec>> = {
  stripe: stripeProvider,
  omise: omiseProvider,
  magpie: magpieProvider,
  justifi: justifiProvider,
  pin: pinProvider,
  paymongo: paymongoProvider,
};

const requiredParams: Readonly<Record<WorldProvider, { readonly currency: string }>> = {
  stripe: { currency: 'EUR' },
  paymongo: { currency: 'PHP' },
  omise: { currency: 'THB' },
  magpie: { currency: 'PHP', description: 'Order', statementDescriptor: 'SHOP' } as { currency: string },
  justifi: { currency: 'USD', description: 'Order' } as { currency: string },
  pin: { currency: 'AUD', description: 'Order', email: 'payer@shop.test', ip: '203.0.113.7' } as {
    currency: string;
  },
};

type WorldParams = { amount: number; currency: string } & Record<string, never>;

/** Good params of a create. */
export const paramsOf = (provider: WorldProvider, source: unknown, more: object = {}): WorldParams =>
  ({ amount: 4590, ...requiredParams[provider], source, ...more }) as never;

/** A request that a client sent, and a way to answer it otherwise than the simulator would. */
export type Tamper = (
  request: ExchangeRequest,
  /** What the simulator answers: to this request, or to another one that arrives in its place. */
  honest: (instead?: ExchangeRequest) => Promise<ExchangeAnswer>,
) => Promise<ExchangeAnswer>;

/** Simulated providers in memory and clients of them: no sockets, and time passes only in waits. */
export interface AttackedWorld {
  readonly providers: SimulatedProviders;
  readonly runtime: Runtime & { pass(milliseconds: number): void };
  /** Everything that left a client, oldest first. */
  readonly sent: ExchangeRequest[];
  tamper: Tamper | null;
  /** `skewMs`: how far the wall clock of the client's machine is off just now. `spec`: another adapter of the provider. */
  client(
    provider: WorldProvider,
    settings?: object,
    skewMs?: () => number,
    spec?: ProviderSpec,
  ): ChargesClient;
  /** Good params of a create with a fresh approved source. */
  params(provider: WorldProvider, more?: object): WorldParams;
  /** A key that no other call has. */
  key(): string;
}

const start = Date.UTC(2026, 10, 21, 12);

export const createWorld = (seed = 1): AttackedWorld => {
  const runtime = createInstantRuntime(start);
  const providers = createSimulatedProviders({
    runtime,
    seed,
    origin: (provider) => `http://127.0.0.1:1/${provider}`,
  });
  let keys = 0;
  const exchangeOf =
    (provider: SimulatedProvider): Exchange =>
    async (request) => {
      world.sent.push(request);
      if (request.signal?.aborted === true) throw new ExchangeFailure('aborted', false);
      const honest = async (instead: ExchangeRequest = request): Promise<ExchangeAnswer> => {
        const address = new URL(instead.url);
        const delivery = await providers.handle(provider, {
          method: instead.method,
          path: address.pathname.slice(`/${provider}`.length),
          query: address.search.slice(1),
          headers: instead.headers,
          body: instead.body ?? '',
        });
        switch (delivery.outcome) {
          case 'answered': {
            const { status, headers, body } = delivery.response;
            return { status, headers, text: body };
          }
          case 'refused':
            throw new ExchangeFailure('connection', false, 'ECONNREFUSED');
          case 'cut':
            throw new ExchangeFailure('connection', true, 'ECONNRESET');
          case 'half_answered':
            throw new ExchangeFailure('truncated', true, 'ECONNRESET', delivery.response.status);
        }
      };
      return world.tamper === null ? honest() : world.tamper(request, honest);
    };
  const world: AttackedWorld = {
    providers,
    runtime,
    sent: [],
    tamper: null,
    client: (provider, settings = {}, skewMs = () => 0, spec = specs[provider]) =>
      createChargesClient(
        spec,
        { ...providers.settings(provider), ...settings },
        {
          runtime: { ...runtime, now: () => runtime.now() + skewMs() },
          exchange: exchangeOf(provider),
        },
      ),
    params: (provider, more = {}) => paramsOf(provider, providers.source(provider, 'approved'), more),
    key: () => `order-${(keys += 1)}`,
  };
  return world;
};

/** What a call came to. */
export type Ending = { readonly resolved: unknown } | { readonly rejected: unknown };

/** Waits for a call that may throw at once, reject or resolve. */
export const ending = async (work: () => unknown): Promise<Ending> => {
  try {
    return { resolved: await work() };
  } catch (error) {
    return { rejected: error };
  }
};
