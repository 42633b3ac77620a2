import type { ChargesClient } from '../../src/charges-client.js';
import type { StoreConnection } from '../../src/cli/open-store.js';
import { withRoutes, type ConfiguredClient, type Surroundings } from '../../src/cli/stores.js';

import { inspectClient } from '../../src/calls/inspection.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import { createJustifi } from '../../src/providers/justifi/index.js';
import { createMagpie } from '../../src/providers/magpie/index.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { createPaymongo } from '../../src/providers/paymongo/index.js';
import { createPin } from '../../src/providers/pin/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';
import type { CommonSettings } from '../../src/settings.js';
import type { CreateParams } from '../../src/models/params.js';
import type { SimulatedProvider } from '../../src/testing/index.js';
import type { Simulator } from '../../src/simulator/simulator.js';

/** What every provider wants of a charge, so that one create fits all. */
export const orderAt = (simulator: Simulator, provider: SimulatedProvider): CreateParams => {
  const currencies = {
    stripe: 'EUR',
    omise: 'THB',
    magpie: 'PHP',
    pin: 'AUD',
    justifi: 'USD',
    paymongo: 'PHP',
  } as const;
  const required = {
    stripe: {},
    omise: {},
    magpie: { description: 'Order 81', statementDescriptor: 'SHOP' },
    pin: { description: 'Order 81', email: 'kim@shop.example', ip: '198.51.100.7' },
    justifi: {},
    paymongo: {},
  };
  return {
    amount: 45_900,
    currency: currencies[provider],
    source: simulator.source(provider, 'approved'),
    ...required[provider],
  };
};

/** Clients of every provider over the simulator. */
export const clientsOf = (
  simulator: Simulator,
  settings: CommonSettings,
): Record<SimulatedProvider, ChargesClient> => ({
  stripe: createStripe({ ...simulator.settings('stripe'), ...settings }),
  omise: createOmise({ ...simulator.settings('omise'), ...settings }),
  magpie: createMagpie({ ...simulator.settings('magpie'), ...settings }),
  pin: createPin({ ...simulator.settings('pin'), ...settings }),
  justifi: createJustifi({ ...simulator.settings('justifi'), ...settings }),
  paymongo: createPaymongo({ ...simulator.settings('paymongo'), ...settings }),
});

export const configured = (
  clients: Readonly<Record<string, ConfiguredClient['client']>>,
): ConfiguredClient[] =>
  withRoutes(
    Object.entries(clients).map(([name, client]) => {
      const inspection = inspectClient(client);
      if (inspection === null) throw new Error(`${name} cannot be inspected`);
      return { name, client, inspection };
    }),
  );

export const surroundingsOf = (
  stores: readonly OperationStore[],
  clients: Readonly<Record<string, ConfiguredClient['client']>> = {},
  connection: StoreConnection | null = null,
): Surroundings => ({
  stores,
  connection,
  clients: configured(clients),
  secrets: [],
  close: () => Promise.resolve(),
});
