import { describe, expect, it, vi } from 'vitest';
import { ConfigurationError } from '../src/errors.js';
import { createJustifi } from '../src/providers/justifi/index.js';
import { createMagpie } from '../src/providers/magpie/index.js';
import { createOmise } from '../src/providers/omise/index.js';
import { createPaymongo } from '../src/providers/paymongo/index.js';
import { createPin } from '../src/providers/pin/index.js';
import { createStripe } from '../src/providers/stripe/index.js';
import { memoryStore } from '../src/stores/memory.js';

const secretKey = 'sk_test_demo';
const messageOf = (make: () => unknown): string => {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as ConfigurationError).outcome).toBe('not_sent');
    return (error as ConfigurationError).message;
  }
  throw new Error('nothing was refused');
};
const withSettings = (settings: object) => () => createStripe(settings);

describe('a required setting', () => {
  it('may come from the environment, and the argument beats it', () => {
    vi.stubEnv('OMISE_SECRET_KEY', 'skey_test_environment');
    expect(createOmise().provider).toBe('omise');
    expect(messageOf(() => createOmise({ secretKey: 'pkey_test_1' }))).toContain('must be a secret key');
  });

  it('that is missing everywhere is asked for by both of its names', () => {
    vi.stubEnv('STRIPE_SECRET_KEY', '');
    expect(messageOf(() => createStripe())).toBe(
      'stripe: secretKey is missing: pass it as secretKey, or set STRIPE_SECRET_KEY',
    );
    vi.stubEnv('JUSTIFI_CLIENT_ID', 'test_1');
    vi.stubEnv('JUSTIFI_CLIENT_SECRET', undefined);
    expect(messageOf(() => createJustifi())).toContain('JUSTIFI_CLIENT_SECRET');
  });

  it('that is misspelt is recognized', () => {
    vi.stubEnv('STRIPE_SECRET_KEY', undefined);
    const message = messageOf(withSettings({ secretkey: secretKey }));
    expect(message).toContain('secretkey: is not a known field; did you mean secretKey?');
    expect(message).not.toContain(secretKey);
  });

  it('that is called as other libraries call it is recognized', () => {
    vi.stubEnv('STRIPE_SECRET_KEY', undefined);
    expect(messageOf(withSettings({ apiKey: secretKey }))).toBe(
      'stripe: settings are wrong: secretKey: is missing; apiKey: is not a known field; did you mean secretKey?',
    );
  });

  it.each([
    [createStripe, 'pk_test_81canary', 'a secret or restricted key of Stripe, not the publishable key'],
    [
      createStripe,
      'skey_test_81canary',
      "a secret or restricted key of Stripe, not another provider's secret key",
    ],
    [
      createStripe,
      'whsec_81canary',
      'a secret or restricted key of Stripe, not the secret of a webhook endpoint',
    ],
    [createPin, 'pk_81canary', 'a secret key of Pin Payments, not the publishable key'],
    [createPin, 'skey_test_81canary', "a secret key of Pin Payments, not another provider's secret key"],
  ])('of another kind is refused by what it begins with, and not shown: %#', (create, key, refusal) => {
    const message = messageOf(() => create({ secretKey: key }));
    expect(message).toContain(`secretKey: must be ${refusal}`);
    expect(message).not.toContain('canary');
  });
});

describe('a secret that is the text of a variable which is not set', () => {
  const makers = {
    stripe: (key: string) => createStripe({ secretKey: key }),
    omise: (key: string) => createOmise({ secretKey: key }),
    magpie: (key: string) => createMagpie({ secretKey: key, platform: 'magpie' }),
    paymongo: (key: string) => createPaymongo({ secretKey: key }),
    justifi: (key: string) => createJustifi({ clientId: 'test_1', clientSecret: key, subAccount: 'acc_1' }),
    pin: (key: string) => createPin({ secretKey: key }),
    webhooks: (key: string) => createStripe({ secretKey, webhookSecret: key }),
  };

  it.each(Object.entries(makers))('is refused: %s', (_name, make) => {
    for (const text of ['undefined', 'null'])
      expect(messageOf(() => make(text))).toMatch(
        new RegExp(`ecret(?:Key)?: is the text '${text}': the variable that it came from is not set$`),
      );
    expect(messageOf(() => make(''))).toMatch(/ecret(?:Key)?: must not be empty$/);
    expect(messageOf(() => make('"sk_test_canary"'))).toMatch(
      /stands between quotes: leave them out|must be/,
    );
    expect(messageOf(() => make('"sk_test_canary"'))).not.toContain('canary');
  });
});

describe('settings', () => {
  const secret = 'sk_test_4242canary';
  const notSettings = [secret, null, 81, [secret], Promise.resolve({ secretKey: secret }), () => secret];
  const factories: readonly (readonly [string, (settings: never) => unknown, string])[] = [
    ['stripe', createStripe, '{ secretKey }'],
    ['omise', createOmise, '{ secretKey }'],
    ['magpie', createMagpie, '{ secretKey }'],
    ['justifi', createJustifi, '{ clientId, clientSecret }'],
    ['pin', createPin, '{ secretKey }'],
  ];

  it.each(factories)(
    'of %s that are no object are refused once, and not shown',
    (provider, create, example) => {
      for (const settings of notSettings) {
        expect(messageOf(() => create(settings as never))).toBe(
          `${provider}: settings must be a plain object such as ${example}`,
        );
      }
    },
  );
});

describe('an unknown setting', () => {
  it('is refused with the nearest known name, and never with its value', () => {
    const message = messageOf(withSettings({ secretKey, timeout: 4242 }));
    expect(message).toBe(
      'stripe: settings are wrong: timeout: is not a known field; did you mean timeoutMs?',
    );
  });

  it('of the name that other SDKs have is repeated: it holds no secret', () => {
    expect(messageOf(withSettings({ secret_key: 'sk_live_0000000000000000' }))).toContain(
      'secret_key: is not a known field; did you mean secretKey?',
    );
    expect(messageOf(withSettings({ secretKey, secret_0000live: 1 }))).not.toContain('0000live');
  });

  it('that is undefined is none', () => {
    expect(createStripe({ secretKey, timeoutMs: undefined }).provider).toBe('stripe');
  });

  it.each([
    ['namespace', createStripe],
    ['requireIdempotencyKey', createStripe],
    ['account', createStripe],
    ['sellerAccount', createJustifi],
    ['environment', createPin],
    ['platform', createMagpie],
    ['apiVersion', createOmise],
  ] as const)(
    'whose absence means another account or less protection is not undefined: %s',
    (name, create) => {
      const make = create as (settings: object) => unknown;
      expect(messageOf(() => make({ [name]: undefined }))).toContain(
        `${name} is undefined: leave it out, or give a value`,
      );
    },
  );

  it('that holds what a missing value left is no namespace: two shops would share their keys', () => {
    for (const namespace of ['shop-undefined', 'null', 'NaN.eu'])
      expect(messageOf(withSettings({ secretKey, namespace }))).toContain('namespace: holds undefined');
    expect(createStripe({ secretKey, namespace: 'null-island' }).provider).toBe('stripe');
  });

  it('that comes from the environment as well may be undefined', () => {
    vi.stubEnv('STRIPE_SECRET_KEY', 'sk_test_environment');
    expect(createStripe({ secretKey: undefined, webhookSecret: undefined, store: undefined }).provider).toBe(
      'stripe',
    );
  });
});

describe('settings in two arguments', () => {
  it.each([createStripe, createOmise, createMagpie, createJustifi, createPin, createPaymongo])(
    'are refused: the second would have no effect',
    (create) => {
      const make = create as (...given: unknown[]) => unknown;
      expect(messageOf(() => make({}, { maxRetries: 0 }))).toContain('takes one argument, its settings');
    },
  );
});

describe('a store that nobody awaited', () => {
  it('is told from something that is no store', () => {
    const store = (given: unknown) => messageOf(withSettings({ secretKey, store: given }));
    expect(store(Promise.resolve(memoryStore()))).toContain('store: is a promise: await it first');
    expect(store({})).toMatch(/store: must be an operation store, such as memoryStore\(\)$/);
  });
});

describe('a store that lacks a method', () => {
  it('is refused when the client is made, by the name of the method', () => {
    const { claim: _claim, settle: _settle, ...rest } = memoryStore();
    expect(messageOf(withSettings({ secretKey, store: rest }))).toContain(
      'store: must be an operation store, such as memoryStore(): it has no method claim, settle',
    );
    const { release: _release, ...begins } = memoryStore();
    expect(messageOf(withSettings({ secretKey, store: begins }))).toContain('it has no method release');
  });

  it('is taken where the method may be left out, and as a copy or an instance', () => {
    const { listScopes: _, ...rest } = memoryStore();
    expect(createStripe({ secretKey, store: rest }).provider).toBe('stripe');
    expect(createStripe({ secretKey, store: Object.create(memoryStore()) as never }).provider).toBe('stripe');
    expect(createStripe({ secretKey, store: undefined }).provider).toBe('stripe');
  });
});

describe('a wait', () => {
  const live = 'sk_live_demo';

  it.each([{ settleMs: 5 }, { abandonedMs: 15 }, { lookbackMs: 24 }])(
    'that cannot be meant in milliseconds is refused with a live key: %j',
    (wait) => {
      expect(messageOf(() => createStripe({ secretKey: live, ...wait }))).toContain('is in milliseconds');
      expect(createStripe({ secretKey, ...wait }).provider).toBe('stripe');
      expect(createStripe({ secretKey: live, baseUrl: 'http://127.0.0.1:1', ...wait }).provider).toBe(
        'stripe',
      );
    },
  );

  it('that is short and sound is taken', () => {
    expect(createStripe({ secretKey: live, settleMs: 1, abandonedMs: 1 }).provider).toBe('stripe');
    const waits = { settleMs: 1_000, abandonedMs: 1_000, lookbackMs: 60_000 };
    expect(createStripe({ secretKey: live, ...waits }).provider).toBe('stripe');
  });
});

describe('baseUrl', () => {
  it.each([
    'http://api.example.com',
    'ftp://127.0.0.1',
    'https://user:password@api.example.com',
    'https://api.example.com?key=1',
    'api.example.com',
    'http://127.0.0.1.example.com',
  ])('%s is refused', (baseUrl) => {
    expect(messageOf(withSettings({ secretKey, baseUrl }))).toContain('baseUrl must');
  });

  it.each([
    'https://api.example.com/prefix/',
    'http://127.0.0.1:4010',
    'http://[::1]:4010',
    'http://localhost',
  ])('%s is taken', (baseUrl) => {
    expect(createStripe({ secretKey, baseUrl }).provider).toBe('stripe');
  });

  it('may be plain http elsewhere with a test key and by name only', () => {
    const settings = { baseUrl: 'http://stub.internal', insecureBaseUrl: true };
    expect(createStripe({ ...settings, secretKey }).provider).toBe('stripe');
    expect(messageOf(withSettings({ ...settings, secretKey: 'sk_live_demo' }))).toContain('must be https');
  });

  it('is asked for where a provider has no default address, with what chooses one', () => {
    expect(messageOf(() => createMagpie({ secretKey }))).toBe(
      "magpie: no address is known: set platform to 'magpie' or 'zip', or baseUrl",
    );
    expect(createMagpie({ secretKey, platform: 'zip' }).provider).toBe('magpie');
    expect(createMagpie({ secretKey, baseUrl: 'https://api.example.com' }).provider).toBe('magpie');
  });
});
