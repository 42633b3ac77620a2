import { createChargesClient } from '../../src/create-charges-client.js';
import type { Charge, ChargesClient, ClientEvent } from '../../src/index.js';
import type { ProviderSpec } from '../../src/provider.js';
import { justifiProvider } from '../../src/providers/justifi/provider.js';
import { magpieProvider } from '../../src/providers/magpie/provider.js';
import { omiseProvider } from '../../src/providers/omise/provider.js';
import { pinProvider } from '../../src/providers/pin/provider.js';
import { stripeProvider } from '../../src/providers/stripe/provider.js';
import { createInstantRuntime } from '../../src/testing/in-memory-exchange.js';
import { createSimulatedProviders } from '../../src/simulator/index.js';
import type { ExchangeRequest } from '../../src/transport/exchange.js';

const specs: Readonly<Record<string, ProviderSpec>> = {
  stripe: stripeProvider,
  omise: omiseProvider,
  magpie: magpieProvider,
  justifi: justifiProvider,
  pin: pinProvider,
};

export const fuzzedProviders = ['stripe', 'omise', 'magpie', 'justifi', 'pin'] as const;
export type FuzzedProvider = (typeof fuzzedProviders)[number];

const params: Readonly<Record<FuzzedProvider, object>> = {
  stripe: { currency: 'EUR' },
  omise: { currency: 'THB' },
  magpie: { currency: 'PHP', description: 'Order', statementDescriptor: 'SHOP' },
  justifi: { currency: 'USD', description: 'Order' },
  pin: { currency: 'AUD', description: 'Order', email: 'payer@shop.test', ip: '203.0.113.7' },
};

/** An answer that a whole provider gave, and how it reads. */
export interface WholeAnswer {
  readonly name: string;
  /** The field of the body that holds the items, for a page. */
  readonly items: string | null;
  readonly body: unknown;
  readonly truth: readonly Charge[];
  /** Reads another body in its place. */
  read(body: unknown): Promise<{ readonly charges: readonly Charge[]; readonly drifts: readonly string[] }>;
}

/** Charges in several states at one simulated provider, with the answers that tell of them. */
export const wholeAnswers = async (provider: FuzzedProvider): Promise<WholeAnswer[]> => {
  const runtime = createInstantRuntime(Date.UTC(2026, 10, 21, 12));
  const providers = createSimulatedProviders({
    runtime,
    seed: 1,
    origin: (name) => `http://127.0.0.1:1/${name}`,
  });
  /** What stands in the place of the next first answer; undefined for the honest one. */
  let instead: { readonly body: unknown } | null = null;
  let last: unknown;
  const exchange = async (request: ExchangeRequest) => {
    const address = new URL(request.url);
    const delivery = await providers.handle(provider, {
      method: request.method,
      path: address.pathname.slice(`/${provider}`.length),
      query: address.search.slice(1),
      headers: request.headers,
      body: request.body ?? '',
    });
    if (delivery.outcome !== 'answered') throw new Error('the simulator gave no answer');
    const { status, headers, body } = delivery.response;
    const text = instead === null ? body : JSON.stringify(instead.body);
    last ??= JSON.parse(body);
    instead = null;
    return { status, headers, text };
  };
  const drifts: string[] = [];
  const onEvent = (event: ClientEvent) => {
    if (event.type === 'drift') drifts.push(`${event.path} ${event.kind}`);
  };
  const client: ChargesClient = createChargesClient(
    specs[provider]!,
    { ...providers.settings(provider), onEvent, maxRetries: 0 },
    { runtime, exchange },
  );
  const create = (more: object = {}) =>
    client.create({
      amount: 4590,
      source: providers.source(provider, 'approved'),
      metadata: { order: '81' },
      ...params[provider],
      ...more,
    } as never);
  const paid = await create();
  const refunded = await create();
  await client.refund(refunded.id, { amount: 500 });
  await client.refund(refunded.id, { amount: 700 });
  const whole = await create();
  await client.refund(whole.id);
  const held = await create({ capture: false });

  const answerOf = async (
    name: string,
    items: string | null,
    ask: () => Promise<readonly Charge[]>,
  ): Promise<WholeAnswer> => {
    last = undefined;
    const truth = await ask();
    const body = last;
    return {
      name,
      items,
      body,
      truth,
      read: async (other) => {
        drifts.length = 0;
        instead = { body: other };
        try {
          return { charges: await ask(), drifts: [...drifts] };
        } finally {
          instead = null;
        }
      },
    };
  };
  const one = (name: string, { id }: Charge) => answerOf(name, null, async () => [await client.retrieve(id)]);
  return [
    await one('a paid charge', paid),
    await one('a charge refunded in part', refunded),
    await one('a refunded charge', whole),
    await one('an authorization', held),
    await answerOf(
      'a list',
      provider === 'pin' ? 'response' : 'data',
      async () => (await client.list()).data,
    ),
  ];
};
