import type { Charge } from '../../src/models/charge.js';
import type { CreateParams } from '../../src/models/params.js';
import type { PaymentSource } from '../../src/models/payment-source.js';
import { createJustifi } from '../../src/providers/justifi/index.js';
import { createMagpie } from '../../src/providers/magpie/index.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { createPaymongo } from '../../src/providers/paymongo/index.js';
import { createPin } from '../../src/providers/pin/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';
import type { ChargesClient } from '../../src/charges-client.js';
import type { SimulatedProvider, Simulator } from '../../src/testing/index.js';

/** A shop at one provider of the simulator. */
export interface Merchant {
  readonly provider: SimulatedProvider;
  readonly secret: string;
  readonly charges: ChargesClient;
  /** What the shop charges, in a currency that the provider has. */
  params(source: unknown, more?: Partial<CreateParams>): CreateParams;
}

const informing = {
  email: 'kim@shop.example',
  description: 'Order 81',
  statementDescriptor: 'SHOPFRONT',
  ip: '198.51.100.7',
};

const currencies: Readonly<Record<SimulatedProvider, string>> = {
  stripe: 'EUR',
  omise: 'THB',
  justifi: 'USD',
  pin: 'AUD',
  magpie: 'PHP',
  paymongo: 'PHP',
};

export const secrets: Readonly<Record<SimulatedProvider, string>> = {
  stripe: 'whsec_of_the_simulator',
  omise: Buffer.from('the secret of the simulator').toString('base64'),
  justifi: 'publisher secret'.replace(' ', '-'),
  pin: 'endpoint-key',
  magpie: 'magpie-secret',
  paymongo: 'whsk_of_the_simulator',
};

interface MoreSettings {
  readonly webhookToleranceMs?: number;
}

const clientOf = (
  simulator: Simulator,
  provider: SimulatedProvider,
  moreSettings: MoreSettings,
): ChargesClient => {
  const more = { ...moreSettings, webhookSecret: secrets[provider] };
  switch (provider) {
    case 'stripe':
      return createStripe({ ...simulator.settings('stripe'), ...more });
    case 'omise':
      return createOmise({ ...simulator.settings('omise'), ...more });
    case 'justifi':
      return createJustifi({ ...simulator.settings('justifi'), ...more });
    case 'pin':
      return createPin({ ...simulator.settings('pin'), ...more });
    case 'magpie':
      return createMagpie({ ...simulator.settings('magpie'), ...more });
    case 'paymongo':
      return createPaymongo({ ...simulator.settings('paymongo'), ...more });
  }
};

/** The shop of a provider. */
export const merchantOf = (
  simulator: Simulator,
  provider: SimulatedProvider,
  moreSettings: MoreSettings = {},
): Merchant => ({
  provider,
  secret: secrets[provider],
  charges: clientOf(simulator, provider, moreSettings),
  params: (source, more = {}) => ({
    amount: 45_900,
    currency: currencies[provider],
    source: source as PaymentSource,
    ...informing,
    ...more,
  }),
});

/** The address to which the payer has to go. */
export const addressFor = (charge: Charge): string => {
  if (charge.nextAction?.type !== 'redirect') throw new Error(`${charge.id} has nowhere to go.`);
  return charge.nextAction.url;
};
