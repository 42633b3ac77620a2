import axios, { type AxiosInstance } from 'axios';
import { afterAll } from 'vitest';
import type { ChargesClient } from '../../src/charges-client.js';
import type { ConformanceOptions, ConformanceOverrides } from '../../src/testing/conformance/index.js';
import { startSimulator, type SimulatedProvider, type SimulatedSettings } from '../../src/simulator/index.js';

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
