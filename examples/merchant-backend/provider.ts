import type { ChargesClient, OperationStore, PaymentSource } from 'unicharge';
import { createJustifi } from 'unicharge/justifi';
import { createMagpie } from 'unicharge/magpie';
import { createOmise } from 'unicharge/omise';
import { createPin } from 'unicharge/pin';
import { createStripe } from 'unicharge/stripe';
import type { SimulatedProvider, Simulator, SourceKind } from 'unicharge/testing';
import type { TestSource } from './shop.js';

/** What every provider's factory takes here. */
export interface ProviderOptions {
  readonly store: OperationStore;
  readonly webhookSecret: string;
  /** The simulator's settings; without them everything comes from the provider's own environment variables. */
  readonly settings?: object | undefined;
}

/** The one place that knows that there are several providers. */
export const providers: Readonly<
  Record<
    SimulatedProvider,
    {
      readonly currency: string;
      readonly kinds: readonly SourceKind[];
      /**
       * What the provider's own form makes in the browser. Nothing else is taken from a payer: a customer or a saved card that
       * a form names could be somebody else's. (This shop saves none. One that does keeps their ids with the payer's account.)
       */
      readonly token: RegExp;
      create(options: ProviderOptions): ChargesClient;
    }
  >
> = {
  stripe: {
    currency: 'EUR',
    kinds: ['approved', 'declined', 'requires_3ds'],
    token: /^(?:pm|tok)_\w+$/,
    create: ({ settings, ...own }) => createStripe({ ...settings, ...own }),
  },
  omise: {
    currency: 'THB',
    kinds: ['approved', 'declined', 'requires_3ds', 'redirect'],
    token: /^(?:tokn|src)_\w+$/,
    create: ({ settings, ...own }) => createOmise({ ...settings, ...own }),
  },
  pin: {
    currency: 'AUD',
    kinds: ['approved', 'declined', 'requires_3ds'],
    token: /^(?:card|ps)_\w+$/,
    create: ({ settings, ...own }) => createPin({ ...settings, ...own }),
  },
  magpie: {
    currency: 'PHP',
    kinds: ['approved', 'declined', 'requires_3ds', 'redirect'],
    token: /^src_\w+$/,
    create: ({ settings, ...own }) => createMagpie({ platform: 'magpie', ...settings, ...own }),
  },
  justifi: {
    currency: 'USD',
    kinds: ['approved', 'declined'],
    token: /^pm_\w+$/,
    create: ({ settings, ...own }) => createJustifi({ ...settings, ...own }),
  },
};

/** Which provider the environment asks for. */
export const readProvider = (name = 'stripe'): SimulatedProvider => {
  if (!Object.hasOwn(providers, name)) {
    throw new Error(`PROVIDER must be one of ${Object.keys(providers).join(', ')}, not ${name}.`);
  }
  return name as SimulatedProvider;
};

const labels: Readonly<Record<SourceKind, string>> = {
  approved: 'A good card',
  declined: 'A card that is declined',
  insufficient_funds: 'A card without funds',
  requires_3ds: 'A card with 3-D Secure',
  redirect: 'A wallet',
};

/** The simulator's test cards for the checkout page. */
export const testSourcesOf = (simulator: Simulator, provider: SimulatedProvider): TestSource[] =>
  providers[provider].kinds.map((kind) => ({
    value: kind,
    label: labels[kind],
    make: (returnUrl): PaymentSource => simulator.source(provider, kind, { returnUrl }),
  }));
