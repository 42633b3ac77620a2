import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios, { type AxiosInstance } from 'axios';
import { afterAll } from 'vitest';
import type { ChargesClient } from '../../src/charges-client.js';
import type { ConformanceOptions, ConformanceOverrides } from '../../src/testing/conformance/index.js';
import { systemRuntime } from '../../src/runtime.js';
import {
  createSimulatedProviders,
  startSimulator,
  type SimulatedProvider,
  type SimulatedSettings,
  type Simulator,
} from '../../src/simulator/index.js';

type Extra = ConformanceOverrides & { readonly axios?: AxiosInstance };

/** An axios of the merchant's own, behind which every answer is changed. */
const tamperingAxios = (change: (body: unknown) => unknown): AxiosInstance => {
  const instance = axios.create();
  instance.interceptors.response.use((response) => ({
    ...response,
    data: JSON.stringify(change(JSON.parse(String(response.data)))),
  }));
  return instance;
};

/** Secrets of webhooks in the form that each provider gives them; without one at a provider that signs nothing. */
const webhookSecrets: Readonly<Record<SimulatedProvider, string | undefined>> = {
  justifi: 'justifi-webhook-secret-81',
  magpie: undefined,
  omise: Buffer.from('the webhook secret of order 81').toString('base64'),
  paymongo: 'whsk_simulatedSecret81',
  pin: 'pin-webhook-key-81',
  stripe: 'whsec_simulatedSecret81',
};

/** Collects what the provider delivers over HTTP, and signs it as the provider would have at another time. */
const collectWebhooks = async (simulator: Simulator, provider: SimulatedProvider) => {
  const secret = webhookSecrets[provider];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString('utf8'));
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => server.close());
  const { port } = server.address() as AddressInfo;
  simulator.webhooks.deliverTo(provider, `http://127.0.0.1:${port}/`, secret ?? 'none');
  const headersAt = (body: string, ageMs: number): Record<string, string> => {
    const runtime = { ...systemRuntime, now: () => systemRuntime.now() - ageMs };
    const signing = createSimulatedProviders({ runtime, seed: 81, providers: [provider] });
    return signing.signWebhook(provider, body, secret ?? 'none');
  };
  return {
    secret,
    deliver: async (chargeId: string, ageMs: number) => {
      await simulator.webhooks.flush();
      const rawBody = bodies.findLast((body) => body.includes(chargeId)) ?? '';
      return { rawBody, headers: headersAt(rawBody, ageMs) };
    },
  };
};

/** Everything that the kit wants to know of a simulated provider, but the currency and the params. */
export const simulatedAccount = async <Provider extends SimulatedProvider>(
  provider: Provider,
  makeClient: (settings: SimulatedSettings<Provider> & Extra) => ChargesClient,
) => {
  const simulator = await startSimulator({ providers: [provider], seed: 81 });
  afterAll(() => simulator.close());
  const settings: SimulatedSettings<Provider> = simulator.settings(provider);
  const make = (extra: Extra = {}) => makeClient(Object.assign({}, settings, extra));
  const options = {
    createClient: make,
    sources: {
      approved: () => simulator.source(provider, 'approved'),
      declined: () => simulator.source(provider, 'declined'),
      insufficientFunds: () => simulator.source(provider, 'insufficient_funds'),
    },
    livemode: false,
    faults: { inject: simulator.inject, clear: simulator.clearFaults },
    ledger: () => simulator.ledger.charges(provider),
    requests: simulator.requests,
    webhooks: await collectWebhooks(simulator, provider),
    payer: simulator.payer,
    tamperedClient: (change) => make({ axios: tamperingAxios(change) }),
    secrets: Object.entries(settings).flatMap(([name, value]) =>
      /key|secret/i.test(name) && typeof value === 'string' ? [value] : [],
    ),
  } satisfies Partial<ConformanceOptions>;
  const challenged = {
    requires3DS: (returnUrl: string) => simulator.source(provider, 'requires_3ds', { returnUrl }),
  };
  return { simulator, options, challenged };
};
