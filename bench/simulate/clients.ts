import type { ChargesClient } from '../../src/charges-client.js';
import { createChargesClient, type Internals } from '../../src/create-charges-client.js';
import type { ProviderSpec } from '../../src/provider.js';
import { justifiProvider } from '../../src/providers/justifi/provider.js';
import { magpieProvider } from '../../src/providers/magpie/provider.js';
import { omiseProvider } from '../../src/providers/omise/provider.js';
import { paymongoProvider } from '../../src/providers/paymongo/provider.js';
import { pinProvider } from '../../src/providers/pin/provider.js';
import { stripeProvider } from '../../src/providers/stripe/provider.js';
import type { SimulatedProvider } from '../../src/simulator/index.js';
import type { Plant } from './plants.js';

const specs: Readonly<Record<string, ProviderSpec>> = {
  stripe: stripeProvider,
  omise: omiseProvider,
  pin: pinProvider,
  justifi: justifiProvider,
  magpie: magpieProvider,
  paymongo: paymongoProvider,
};

/** A client of a provider for the simulation, with a planted bug in its spec where there is one. */
export const connect = (
  provider: SimulatedProvider,
  { settings, internals, plant }: { settings: object; internals: Internals; plant: Plant | null },
): ChargesClient => {
  const spec = specs[provider];
  if (spec === undefined) throw new RangeError(`there is no adapter for ${provider}`);
  const planted = plant?.spec?.(spec) ?? spec;
  return createChargesClient(planted, settings as never, internals);
};
