import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import type { Charge, ChargesClient, Refund } from '../../../src/index.js';
import { stripeProvider } from '../../../src/providers/stripe/index.js';
import { createWorld } from '../../attacks/attacked-world.js';
import { paramsIn } from '../../providers/seam.js';

/* The simulator forgets no option: every key of every schema of options comes back in a resource, or says why it does not. */

const names = ['create', 'update', 'capture', 'refund', 'list'] as const;

interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly innerType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
}

/** The names of the leaves of a schema. */
const leaves = (schema: z.ZodType, path: string): string[] => {
  const { shape, innerType, options, type } = schema.def as unknown as Definition;
  if (innerType !== undefined) return leaves(innerType, path);
  if (shape !== undefined) {
    return Object.entries(shape).flatMap(([name, inner]) =>
      leaves(inner, path === '' ? name : `${path}.${name}`),
    );
  }
  const objects = (options ?? []).filter((option) => (option.def as unknown as Definition).type === 'object');
  return type === 'union' && objects.length > 0
    ? [...new Set(objects.flatMap((option) => leaves(option, path)))]
    : [path];
};

const leavesOf = (name: (typeof names)[number]): string[] => {
  const { providerOptions } = paramsIn(stripeProvider, name).shape;
  // A field of a schema is a schema.
  return leaves(providerOptions as z.ZodType, '');
};

type Api = 'payment_intents' | 'charges';

interface Trial {
  readonly options: object;
  readonly api: Api;
  /** Where the resource shows it. */
  shows(raw: never): unknown;
  readonly echo: unknown;
  readonly params?: object;
  /** Options of the create that a later write needs. */
  readonly before?: object;
}

const both = (trial: Omit<Trial, 'api'>): Trial[] => [
  { ...trial, api: 'payment_intents' },
  { ...trial, api: 'charges' },
];
const intent = (trial: Omit<Trial, 'api'>): Trial[] => [{ ...trial, api: 'payment_intents' }];
const bare = (trial: Omit<Trial, 'api'>): Trial[] => [{ ...trial, api: 'charges' }];

interface Shown {
  readonly [name: string]: unknown;
  readonly latest_charge?: Shown;
  readonly transfer_data?: Shown;
  readonly radar_options?: Shown;
  readonly payment_method_details?: { readonly [type: string]: Shown };
}
const chargeIn = (raw: Shown): Shown => raw.latest_charge ?? raw;

const consent = (acceptance: object) => ({ mandateData: { customerAcceptance: acceptance } });
const online = { ipAddress: '203.0.113.7', userAgent: 'Browser/1' };
const mandated = (acceptance: object): Trial[] =>
  intent({
    options: consent(acceptance),
    shows: (raw: Shown) => chargeIn(raw).payment_method_details?.['card']?.['mandate'],
    echo: expect.stringMatching(/^mandate_/),
  });
const share = { transferData: { destination: 'acct_1', amount: 900 } };

const trials: Readonly<Record<string, readonly Trial[] | string>> = {
  'create applicationFeeAmount': both({
    options: { applicationFeeAmount: 90 },
    shows: (raw: Shown) => [raw['application_fee_amount'], chargeIn(raw)['application_fee_amount']],
    echo: [90, 90],
  }),
  'create onBehalfOf': both({
    options: { onBehalfOf: 'acct_1' },
    shows: (raw: Shown) => [raw['on_behalf_of'], chargeIn(raw)['on_behalf_of']],
    echo: ['acct_1', 'acct_1'],
  }),
  'create transferData.destination': both({
    options: { transferData: { destination: 'acct_1' } },
    shows: (raw: Shown) => chargeIn(raw).transfer_data?.['destination'],
    echo: 'acct_1',
  }),
  'create transferData.amount': both({
    options: share,
    shows: (raw: Shown) => chargeIn(raw).transfer_data?.['amount'],
    echo: 900,
  }),
  'create transferData.description': both({
    options: { transferData: { destination: 'acct_1', description: 'share' } },
    shows: (raw: Shown) => chargeIn(raw).transfer_data?.['description'],
    echo: 'share',
  }),
  'create transferGroup': both({
    options: { transferGroup: 'order-81' },
    shows: (raw: Shown) => [raw['transfer_group'], chargeIn(raw)['transfer_group']],
    echo: ['order-81', 'order-81'],
  }),
  'create radarOptions.session': both({
    options: { radarOptions: { session: 'rse_1' } },
    shows: (raw: Shown) => chargeIn(raw).radar_options?.['session'],
    echo: 'rse_1',
  }),
  'create receiptEmail': both({
    options: { receiptEmail: 'sam@shop.test' },
    shows: (raw: Shown) => raw['receipt_email'],
    echo: 'sam@shop.test',
  }),
  'create statementDescriptor': bare({
    options: { statementDescriptor: 'SHOP' },
    shows: (raw: Shown) => raw['statement_descriptor'],
    echo: 'SHOP',
  }),
  'create setupFutureUsage': intent({
    options: { setupFutureUsage: 'off_session' },
    shows: (raw: Shown) => raw['setup_future_usage'],
    echo: 'off_session',
  }),
  'create offSession': 'decides how the payment goes; Stripe shows it nowhere',
  'create errorOnRequiresAction': 'decides how the payment goes; Stripe shows it nowhere',
  'create paymentMethodOptions.card.requestThreeDSecure': intent({
    options: { paymentMethodOptions: { card: { requestThreeDSecure: 'any' } } },
    shows: (raw: Shown) =>
      (raw['payment_method_options'] as { card: { request_three_d_secure: string } }).card
        .request_three_d_secure,
    echo: 'any',
  }),
  'create mandateData.customerAcceptance.type': mandated({ type: 'offline' }),
  'create mandateData.customerAcceptance.acceptedAt': 'is kept in the mandate, which is an object of its own',
  'create mandateData.customerAcceptance.online.ipAddress':
    'is kept in the mandate, which is an object of its own',
  'create mandateData.customerAcceptance.online.userAgent':
    'is kept in the mandate, which is an object of its own',
  'create mandate': intent({
    options: { mandate: 'mandate_1' },
    shows: (raw: Shown) => chargeIn(raw).payment_method_details?.['card']?.['mandate'],
    echo: 'mandate_1',
  }),
  'update receiptEmail': both({
    options: { receiptEmail: 'kim@shop.test' },
    shows: (raw: Shown) => raw['receipt_email'],
    echo: 'kim@shop.test',
  }),
  'update transferGroup': both({
    options: { transferGroup: 'order-81' },
    shows: (raw: Shown) => raw['transfer_group'],
    echo: 'order-81',
  }),
  'update fraudDetails.userReport': bare({
    options: { fraudDetails: { userReport: 'safe' } },
    shows: (raw: Shown) => raw['fraud_details'],
    echo: { user_report: 'safe' },
  }),
  'capture applicationFeeAmount': both({
    options: { applicationFeeAmount: 70 },
    shows: (raw: Shown) => [raw['application_fee_amount'], chargeIn(raw)['application_fee_amount']],
    echo: [70, 70],
  }),
  'capture transferData.amount': both({
    options: { transferData: { amount: 800 } },
    before: share,
    shows: (raw: Shown) => [raw.transfer_data, chargeIn(raw).transfer_data],
    echo: [
      { destination: 'acct_1', amount: 800 },
      { destination: 'acct_1', amount: 800 },
    ],
  }),
  'refund refundApplicationFee': 'makes a refund of the application fee, which is an object of its own',
  'refund reverseTransfer': both({
    options: { reverseTransfer: true },
    before: share,
    shows: (raw: Shown) => raw['transfer_reversal'],
    echo: expect.stringMatching(/^trr_/),
  }),
  'refund instructionsEmail': both({
    options: { instructionsEmail: 'sam@shop.test' },
    shows: (raw: Shown) => raw['instructions_email'],
    echo: 'sam@shop.test',
  }),
  'list paymentIntent': 'is a filter',
  'list transferGroup': 'is a filter',
};

const run = async (operation: string, { api, options, before }: Trial): Promise<Charge | Refund> => {
  const world = createWorld();
  const client: ChargesClient = world.client('stripe', { api });
  const source = api === 'charges' ? 'tok_visa' : 'pm_card_visa';
  const params = world.params('stripe', { source, capture: operation !== 'capture' });
  const providerOptions = options as Record<string, unknown>;
  if (operation === 'create') return client.create({ ...params, providerOptions });
  const { id } = await client.create({
    ...params,
    providerOptions: (before ?? {}) as Record<string, unknown>,
  });
  if (operation === 'update') return client.update(id, { providerOptions });
  if (operation === 'capture') return client.capture(id, { providerOptions });
  return client.refund(id, { providerOptions });
};

describe('every option', () => {
  const all = names.flatMap((name) => leavesOf(name).map((leaf) => `${name} ${leaf}`));

  it('has an echo, or a reason to have none', () => {
    expect(all.length).toBeGreaterThan(25);
    expect(Object.keys(trials).toSorted()).toEqual(all.toSorted());
  });

  const echoed = Object.entries(trials).flatMap(([name, trial]) =>
    typeof trial === 'string' ? [] : trial.map((each) => [name, each.api, each] as const),
  );

  it.each(echoed)('%s of %s comes back', async (name, _, trial) => {
    const { raw } = await run(name.split(' ')[0] ?? '', trial);
    expect(trial.shows(raw as never)).toEqual(trial.echo);
  });

  it('of a consent told online makes a mandate', async () => {
    const [trial] = mandated({ type: 'online', online, acceptedAt: '2026-11-20T10:00:00Z' });
    if (trial === undefined) throw new Error('no trial');
    const { raw } = await run('create', trial);
    expect(trial.shows(raw as never)).toEqual(trial.echo);
  });
});

describe('the filters of a list', () => {
  it('find what they name', async () => {
    const world = createWorld();
    const made = await world.client('stripe').create(world.params('stripe'));
    const charges = world.client('stripe', { api: 'charges' });
    const grouped = await charges.create(
      world.params('stripe', { source: 'tok_visa', providerOptions: { transferGroup: 'order-81' } }),
    );
    const ids = async (providerOptions: Record<string, unknown>) =>
      (await charges.list({ providerOptions })).data.map(({ id }) => id);
    const { latest_charge: latest } = made.raw as { latest_charge: { id: string } };
    expect(await ids({ paymentIntent: made.id })).toEqual([latest.id]);
    expect(await ids({ transferGroup: 'order-81' })).toEqual([grouped.id]);
    expect(await ids({ transferGroup: 'another' })).toEqual([]);
  });
});

describe('a confirmation token', () => {
  it('is charged once', async () => {
    const world = createWorld();
    const client = world.client('stripe');
    const token = await world.providers.handle('stripe', {
      method: 'POST',
      path: '/v1/test_helpers/confirmation_tokens',
      query: '',
      headers: {
        authorization: `Bearer ${world.providers.settings('stripe').secretKey}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'payment_method=pm_card_visa',
    });
    if (token.outcome !== 'answered') throw new Error(token.outcome);
    const { id: source } = JSON.parse(token.response.body) as { id: string };
    expect(source).toMatch(/^ctoken_/);
    expect(await client.create(world.params('stripe', { source }))).toMatchObject({
      status: 'captured',
      paymentMethod: { type: 'card', card: { brand: 'visa' } },
    });
    await expect(client.create(world.params('stripe', { source }))).rejects.toMatchObject({
      outcome: 'rejected',
      issues: [{ path: 'source' }],
    });
  });
});

describe('the fee', () => {
  it.each(['payment_intents', 'charges'] as const)('of %s is told on request', async (api) => {
    const world = createWorld();
    const client: ChargesClient = world.client('stripe', { api });
    const source = api === 'charges' ? 'tok_visa' : 'pm_card_visa';
    const { id } = await client.create(world.params('stripe', { source }));
    expect((await client.retrieve(id)).fee).toBeNull();
    expect((await client.retrieve(id, { include: ['fee'] })).fee).toEqual({ amount: 163, currency: 'EUR' });
    const page = await client.list({}, { include: ['fee'] });
    expect(page.data.map(({ fee }) => fee?.amount)).toEqual([163]);
  });
});
