import { describe, expect, it } from 'vitest';
import type { ChargesClient } from '../../src/charges-client.js';
import { InvalidRequestError } from '../../src/errors.js';
import { createJustifi } from '../../src/providers/justifi/index.js';
import { createMagpie } from '../../src/providers/magpie/index.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { createPin } from '../../src/providers/pin/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';

type Fields = Readonly<Record<string, unknown>>;

interface Subject {
  readonly client: ChargesClient;
  readonly params: Fields;
}

/** Every provider, with params that it would take. Nothing here is ever sent. */
const subjects: Readonly<Record<string, Subject>> = {
  stripe: {
    client: createStripe({ secretKey: 'sk_test_messages' }),
    params: { amount: 5000, currency: 'EUR', source: 'pm_1' },
  },
  omise: {
    client: createOmise({ secretKey: 'skey_test_messages' }),
    params: { amount: 5000, currency: 'THB', source: 'tokn_1' },
  },
  pin: {
    client: createPin({
      secretKey: 'messages',
      environment: 'test',
      defaults: { email: 'kim@shop.example', description: 'Order 81', ip: '198.51.100.7' },
    }),
    params: { amount: 5000, currency: 'AUD', source: 'card_1' },
  },
  justifi: {
    client: createJustifi({ clientId: 'test_1', clientSecret: 'messages', subAccount: 'acc_1' }),
    params: { amount: 5000, currency: 'USD', source: 'pm_1' },
  },
  magpie: {
    client: createMagpie({
      platform: 'magpie',
      secretKey: 'sk_test_messages',
      defaults: { description: 'Order 81', statementDescriptor: 'SHOP' },
    }),
    params: { amount: 5000, currency: 'PHP', source: 'src_1' },
  },
};

const names = Object.keys(subjects);

/** What the one refused field is told, as `path: message`. */
const refusalOf = async (provider: string, fields: Fields): Promise<string[]> => {
  const { client, params } = subjects[provider] as Subject;
  const error: unknown = await client
    .create({ ...params, ...fields } as never)
    .catch((each: unknown) => each);
  expect(error).toBeInstanceOf(InvalidRequestError);
  const { issues, outcome } = error as InvalidRequestError;
  expect(outcome).toBe('not_sent');
  return issues.map(({ path, message }) => `${path}: ${message}`);
};

const safeInteger =
  'amount: must be a safe integer in minor units, such as 4590 for 45.90 (money.fromDecimal converts)';
const isoCode = 'currency: must be an ISO 4217 code';
const sourceTypes = 'token, customer, card, bank_account, redirect';

/** What every provider refuses in the same words. */
const alike: Array<[what: string, fields: Fields, ...refusals: string[]]> = [
  ['no amount', { amount: undefined }, 'amount: is required'],
  ['an amount of 0', { amount: 0 }, 'amount: must be greater than 0'],
  ['half a minor unit', { amount: 1.5 }, safeInteger],
  ['an amount beyond the safe integers', { amount: 10 ** 16 }, safeInteger],
  ['an amount as text', { amount: '5000' }, safeInteger],
  ['no currency', { currency: undefined }, 'currency: is required'],
  ['a currency that is no code', { currency: 'xxx' }, isoCode],
  ['a currency that is nearly one', { currency: 'EURO' }, `${isoCode}; did you mean EUR?`],
  [
    'a currency that is none any more',
    { currency: 'hrk' },
    'currency: was retired from ISO 4217: charge in EUR',
  ],
  ['a currency in letters that look alike', { currency: 'ınr' }, isoCode],
  ['a currency that is no text', { currency: 978 }, 'currency: must be text'],
  ['an empty source', { source: '' }, 'source: must not be empty'],
  ['a source with a space', { source: 'pm 1' }, 'source: must not contain spaces'],
  ['a source of another type', { source: 5 }, 'source: must be text or an object'],
  [
    'an unheard-of kind of source',
    { source: { type: 'cash' } },
    `source.type: must be one of ${sourceTypes}`,
  ],
  [
    'a wrong card',
    { source: { type: 'card', number: '4242', expMonth: 13, expYear: 31, cvc: 'x' } },
    'source.number: must be 12 to 19 digits',
    'source.expMonth: must be at most 12',
    'source.expYear: must be at least 2000',
    'source.cvc: must be 3 or 4 digits',
  ],
  ['an unknown field', { ammount: 1 }, 'ammount: is not a known field; did you mean amount?'],
  ...[
    ['payment_method', 'source'],
    ['card', 'source'],
    ['capture_method', 'capture: false'],
    ['receipt_email', 'email'],
    ['return_uri', 'returnUrl'],
  ].map(([name = '', meant = '']): [string, Fields, string] => [
    `a field of other libraries, ${name}`,
    { [name]: 'x' },
    `${name}: is not a known field; did you mean ${meant}?`,
  ]),
  ['a metadata value that is a number', { metadata: { order: 81 } }, 'metadata.order: must be text'],
  ['a list as metadata', { metadata: ['81'] }, 'metadata: must be an object'],
  ['a metadata entry without a name', { metadata: { '': '81' } }, 'metadata.: must have a name'],
  ['an empty description', { description: '' }, 'description: must not be empty'],
  ['a description that is no text', { description: 81 }, 'description: must be text'],
  ['an email address that is none', { email: 'kim' }, 'email: must be an email address'],
  ['an IP address that is none', { ip: '1.2.3' }, 'ip: must be an IP address'],
  ['a yes in words', { capture: 'yes' }, 'capture: must be true or false'],
  ['an unknown option', { providerOptions: { fo: 1 } }, 'providerOptions.fo: is not a known field'],
];

describe.each(names)('a create at %s', (provider) => {
  it.each(alike)(
    'is refused for %s, in the words of every other provider',
    async (_, fields, ...refusals) => {
      expect(await refusalOf(provider, fields)).toEqual(refusals);
    },
  );
});

describe('a limit of one provider', () => {
  const long = 'x'.repeat(50_000);

  it.each([
    ['stripe', 40_000],
    ['magpie', 255],
  ])('on descriptions at %s says how many characters fit', async (provider, most) => {
    expect(await refusalOf(provider, { description: long })).toEqual([
      `description: must have at most ${most} characters`,
    ]);
  });

  it.each([
    ['stripe', 50, 40, 500],
    ['pin', 25, 50, 500],
  ])('on metadata at %s names the field, and no name that is too long', async (provider, ...limits) => {
    const [entries, name, value] = limits;
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`k${index}`, 'v']));
    expect(await refusalOf(provider, { metadata: many })).toEqual([
      `metadata: must have at most ${entries - 1} entries: ${entries} are kept, and 1 holds the idempotency key`,
    ]);
    expect(await refusalOf(provider, { metadata: { [long]: 'v' } })).toEqual([
      `metadata: must have names of at most ${name} characters`,
    ]);
    expect(await refusalOf(provider, { metadata: { order: long } })).toEqual([
      `metadata.order: must have at most ${value} characters`,
    ]);
  });

  it.each([
    ['stripe', 'IQD', 'has no unit that Stripe documents'],
    ['omise', 'IQD', 'must be one of AUD, CAD, CHF, CNY, DKK, EUR, GBP, HKD, IDR, JPY, MYR, SGD, THB, USD'],
    [
      'pin',
      'IQD',
      'must be one of AUD, CAD, EUR, GBP, HKD, IDR, JPY, MYR, NZD, PHP, SGD, THB, TWD, USD, ZAR',
    ],
    ['justifi', 'IQD', 'must be one of USD, CAD'],
    ['magpie', 'IQD', 'must be PHP'],
  ])('on currencies at %s says which it takes, not which was given', async (provider, currency, message) => {
    expect(await refusalOf(provider, { currency })).toContain(`currency: ${message}`);
  });

  it.each([
    ['stripe', 'must be one of token, customer'],
    ['omise', 'must be one of token, customer, redirect'],
    ['pin', 'must be one of token, customer, card'],
    ['magpie', 'must be token'],
  ])('on sources at %s says which it takes, not which was given', async (provider, message) => {
    const account = {
      type: 'bank_account',
      routingNumber: '110000000',
      accountNumber: '000123456789',
      accountType: 'checking',
      ownerType: 'individual',
      holderName: 'Kim Lee',
    };
    const [refusal, ...others] = await refusalOf(provider, { source: account });
    expect(refusal?.split(': ').slice(0, 2)).toEqual(['source.type', message]);
    expect(others).toEqual([]);
  });

  it('on sources at JustiFi says which it takes, not which was given', async () => {
    const source = { type: 'redirect', method: 'gcash' };
    expect(await refusalOf('justifi', { source })).toEqual([
      'source.type: must be one of token, card, bank_account',
    ]);
  });

  it.each(['stripe', 'pin', 'justifi', 'magpie'])(
    'on the expiry at %s says that it cannot be chosen',
    async (provider) => {
      const [refusal] = await refusalOf(provider, { expiresAt: '2030-01-01T00:00:00Z' });
      expect(refusal?.startsWith('expiresAt: cannot be chosen')).toBe(true);
    },
  );
});

describe('a page of a list', () => {
  it.each(names)('of no size is refused by %s in words', async (provider) => {
    const { client } = subjects[provider] as Subject;
    const error: unknown = await Promise.resolve(client.list({ limit: 0, maxItems: 1.5 })).catch(
      (each: unknown) => each,
    );
    expect((error as InvalidRequestError).issues).toEqual([
      { path: 'limit', message: 'must be at least 1' },
      { path: 'maxItems', message: 'must be a whole number' },
    ]);
  });
});

describe('the table of what create takes', () => {
  it.each(names)('at %s requires nothing that every create has', (provider) => {
    const { requires = [] } = (subjects[provider] as Subject).client.capabilities.create;
    expect(requires.filter((name) => ['amount', 'currency', 'source'].includes(name))).toEqual([]);
  });

  it.each(names)(
    'at %s leaves out the billing details: at most a raw card or a token takes them',
    (provider) => {
      expect((subjects[provider] as Subject).client.capabilities.create.leavesOut).toContain('billing');
    },
  );
});
