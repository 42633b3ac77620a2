import type { ChargesClient, OperationStore, PaymentSource } from 'unicharge';
import { createJustifi } from 'unicharge/justifi';
import { createMagpie } from 'unicharge/magpie';
import { createOmise } from 'unicharge/omise';
import { createPaymongo } from 'unicharge/paymongo';
import { createPin } from 'unicharge/pin';
import { createStripe } from 'unicharge/stripe';
import type { SimulatedProvider, Simulator, SourceKind } from 'unicharge/testing';
import type { TokenMaker } from './card-form.js';
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
      /** What an account of the shop takes; the first is its own. */
      readonly currencies: readonly string[];
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
    currencies: ['EUR', 'THB', 'AUD', 'PHP', 'USD'],
    kinds: ['approved', 'declined', 'requires_3ds'],
    token: /^(?:pm|tok)_\w+$/,
    create: ({ settings, ...own }) => createStripe({ ...settings, ...own }),
  },
  omise: {
    currencies: ['THB', 'USD'],
    kinds: ['approved', 'declined', 'requires_3ds', 'redirect'],
    token: /^(?:tokn|src)_\w+$/,
    create: ({ settings, ...own }) => createOmise({ ...settings, ...own }),
  },
  pin: {
    currencies: ['AUD', 'USD', 'PHP'],
    kinds: ['approved', 'declined', 'requires_3ds'],
    token: /^(?:card|ps)_\w+$/,
    create: ({ settings, ...own }) => createPin({ ...settings, ...own }),
  },
  magpie: {
    currencies: ['PHP'],
    kinds: ['approved', 'declined', 'requires_3ds', 'redirect'],
    token: /^src_\w+$/,
    create: ({ settings, ...own }) => createMagpie({ platform: 'magpie', ...settings, ...own }),
  },
  justifi: {
    currencies: ['USD'],
    kinds: ['approved', 'declined'],
    token: /^pm_\w+$/,
    create: ({ settings, ...own }) => createJustifi({ ...settings, ...own }),
  },
  paymongo: {
    currencies: ['PHP'],
    kinds: ['approved', 'declined', 'requires_3ds', 'redirect'],
    token: /^pm_\w+$/,
    create: ({ settings, ...own }) => createPaymongo({ ...settings, ...own }),
  },
};

/** Which providers the environment asks for, in the order in which they are tried. */
export const readProviders = (names = 'stripe'): SimulatedProvider[] =>
  [...new Set(names.split(','))].map((name) => {
    if (!Object.hasOwn(providers, name)) {
      throw new Error(`PROVIDERS must be of ${Object.keys(providers).join(', ')}, not ${name}.`);
    }
    return name as SimulatedProvider;
  });

/** The currency of the shop: the first that all of its providers take. */
export const currencyOf = (names: readonly SimulatedProvider[]): string => {
  const [first, ...others] = names;
  const shared = (first === undefined ? [] : providers[first].currencies).find((currency) =>
    others.every((name) => providers[name].currencies.includes(currency)),
  );
  if (shared === undefined) throw new Error(`${names.join(' and ')} share no currency here.`);
  return shared;
};

/** By route, which has the name of its provider: what its own form makes. */
export const tokensOf = (names: readonly SimulatedProvider[]): Record<string, RegExp> =>
  Object.fromEntries(names.map((name) => [name, providers[name].token]));

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

/** Where the page makes tokens of the simulator: with publishable keys, which JustiFi does not have. */
export const tokenMakersOf = (simulator: Simulator, names: readonly SimulatedProvider[]): TokenMaker[] =>
  names.map((route) => {
    const publishableKey = simulator.publishableKey(route);
    if (publishableKey === null)
      throw new Error(`${route} has no publishable key: its own web components make tokens.`);
    return { route, url: simulator.url(route), publishableKey };
  });
