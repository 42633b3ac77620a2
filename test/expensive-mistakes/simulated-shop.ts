import { connect } from '../../bench/simulate/clients.js';
import { paramsFor, reusableSource } from '../../bench/simulate/sources.js';
import type { ChargesClient } from '../../src/charges-client.js';
import type { ChargeEvent } from '../../src/models/event.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import { memoryStore } from '../../src/stores/memory.js';
import { createInstantRuntime } from '../../src/testing/in-memory-exchange.js';
import {
  createSimulatedProviders,
  type LedgerCharge,
  type SimulatedProvider,
  type SimulatedProviders,
  type SimulatedProvidersOptions,
} from '../../src/simulator/index.js';
import type { OutgoingWebhook } from '../../src/simulator/webhooks-outgoing.js';
import { ExchangeFailure, type Exchange } from '../../src/transport/exchange.js';
import { secrets } from '../webhooks/merchants.js';

export const settleMs = 5 * 60_000;
export const hour = 60 * 60_000;

/** A shop at one simulated provider, in time that passes only when somebody waits. */
export interface SimulatedShop {
  readonly providers: SimulatedProviders;
  /** A client; one that is given no store has a memory of its own. */
  client(settings?: object): ChargesClient;
  /** A store by the shop's clock, that several clients can share. */
  store(): OperationStore;
  /** Params of a create with a source that could be charged twice. */
  params(amount: number): Promise<{ amount: number } & Record<string, unknown>>;
  pass(milliseconds: number): void;
  /** Charges that took money or hold it, by order number. */
  charged(order: string): LedgerCharge[];
  /** Everything that the provider has told by webhook so far, in the order in which it happened. */
  news(): Promise<ChargeEvent[]>;
  /** How many requests came, by method and path. */
  readonly requests: string[];
  /** Changes what a provider answers, as a provider would whose lists are late. */
  tamper: (path: string, body: string) => string;
}

export const openShop = (
  provider: SimulatedProvider,
  switches: SimulatedProvidersOptions['switches'] = {},
): SimulatedShop => {
  const runtime = createInstantRuntime(Date.UTC(2026, 10, 21, 12));
  const providers = createSimulatedProviders({
    runtime,
    seed: 7,
    providers: [provider],
    switches: { magpie: { vaultedSources: true }, ...switches },
    origin: (name) => `https://${name}.simulator.test`,
  });
  const told: OutgoingWebhook[] = [];
  providers.subscribeToWebhooks((webhook) => told.push(webhook));
  const requests: string[] = [];
  const exchange: Exchange = async ({ method, url, headers, body }) => {
    const { pathname, search } = new URL(url);
    requests.push(`${method} ${pathname}`);
    const request = { method, path: pathname, query: search.slice(1), headers, body: body ?? '' };
    const delivery = await providers.handle(provider, request);
    if (delivery.outcome !== 'answered') throw new ExchangeFailure('connection', true, 'ECONNRESET');
    const { response } = delivery;
    const text = method === 'GET' ? shop.tamper(pathname, response.body) : response.body;
    return { status: response.status, headers: response.headers, text };
  };
  const { settleMs: _settle, abandonedMs: _abandoned, ...settings } = providers.settings(provider);
  const shop: SimulatedShop = {
    providers,
    requests,
    tamper: (_, body) => body,
    client: (more = {}) =>
      connect(provider, {
        settings: { ...settings, settleMs, ...more },
        internals: { runtime, exchange },
        plant: null,
      }),
    news: () => {
      const listener = shop.client({ webhookSecret: secrets[provider] });
      return Promise.all(
        told.map(({ body }) =>
          listener.parseWebhook(body, providers.signWebhook(provider, body, secrets[provider])),
        ),
      );
    },
    store: () => ({ ...memoryStore({ runtime }), durable: true }),
    params: async (amount) => ({
      amount,
      source: await reusableSource(providers, provider),
      ...paramsFor(provider),
    }),
    pass: (milliseconds) => {
      runtime.pass(milliseconds);
    },
    charged: (order) =>
      providers.ledger
        .charges(provider)
        .filter(({ metadata, state }) => metadata['order'] === order && state !== 'failed'),
  };
  return shop;
};
