import { describe, expect, it } from 'vitest';
import { InvalidRequestError, type ChargesClient } from '../../src/index.js';
import { createFakeClient } from '../../src/testing/index.js';
import { createWorld, ending, paramsOf, providerNames, type ProviderName } from './attacked-world.js';

/* A field that is there and undefined is a value that got lost: `order.refundAmount` of an order that has none. */

const message = 'is undefined: leave it out, or give a value';

interface Subject {
  readonly client: ChargesClient;
  /** How many requests have left. */
  readonly sent: () => number;
  /** Good params of a create. */
  readonly params: (more?: object) => never;
}

const subjects: readonly (readonly [string, () => Subject])[] = [
  ...providerNames.map((provider) => {
    const make = (): Subject => {
      const world = createWorld();
      return {
        client: world.client(provider),
        sent: () => world.sent.length,
        params: (more) => world.params(provider, more) as never,
      };
    };
    return [provider, make] as const;
  }),
  [
    'the fake client',
    () => {
      const client = createFakeClient();
      return {
        client,
        sent: () => client.control.requests().length,
        params: (more) => paramsOf('stripe', 'approved', more) as never,
      };
    },
  ],
];

/** What decides how much, whose or whether, by the method that takes it. */
const deciding: readonly (readonly [method: string, path: string, lost: object])[] = [
  ['create', 'source', { source: undefined, customer: 'cus_1' }],
  ['create', 'source.card', { source: { type: 'customer', customer: 'cus_1', card: undefined } }],
  ['create', 'capture', { capture: undefined }],
  ['create', 'expiresAt', { expiresAt: undefined }],
  ['create', 'returnUrl', { returnUrl: undefined }],
  ['create', 'metadata.order', { metadata: { order: undefined } }],
  ['capture', 'amount', { amount: undefined }],
  ['refund', 'amount', { amount: undefined }],
  ['refund', 'refundedBefore', { amount: 1000, refundedBefore: undefined }],
  ['list', 'customer', { customer: undefined }],
  ['list', 'createdAfter', { createdAfter: undefined }],
  ['list', 'createdBefore', { createdBefore: undefined }],
  ['list', 'maxItems', { maxItems: undefined }],
  ['search', 'query', { query: undefined }],
  ['search', 'status', { status: undefined }],
  ['search', 'amount', { amount: undefined }],
  ['search', 'currency', { currency: undefined }],
  ['search', 'createdAfter', { createdAfter: undefined }],
  ['search', 'createdBefore', { createdBefore: undefined }],
  ['search', 'metadata', { metadata: undefined }],
  ['search', 'metadata.order', { metadata: { order: undefined } }],
  ['search', 'customer', { customer: undefined }],
  ['search', 'maxItems', { maxItems: undefined }],
  ['verify3DS', 'chargeId', { chargeId: undefined, sessionToken: 'se_1' }],
  ['verify3DS', 'expected', { chargeId: 'ch_1', expected: undefined }],
  ['verify3DS', 'expected.amount', { chargeId: 'ch_1', expected: { amount: undefined } }],
  ['verify3DS', 'expected.currency', { chargeId: 'ch_1', expected: { currency: undefined } }],
  ['verify3DS', 'expected.chargeId', { chargeId: 'ch_1', expected: { chargeId: undefined } }],
];

const fail = (): never => {
  throw new Error('no such provider');
};

const call = ({ client, params }: Subject, method: string, lost: object): unknown => {
  switch (method) {
    case 'create':
      return client.create(params(lost));
    case 'capture':
    case 'refund':
      return client[method]('ch_1', lost);
    case 'list':
    case 'search':
    case 'verify3DS':
      return client[method](lost);
    default:
      throw new Error(method);
  }
};

const refusalOf = async (subject: Subject, work: () => unknown): Promise<InvalidRequestError> => {
  const before = subject.sent();
  const end = await ending(work);
  expect(subject.sent(), 'requests').toBe(before);
  if ('resolved' in end) throw new Error('it resolved');
  expect(end.rejected).toBeInstanceOf(InvalidRequestError);
  expect(end.rejected).toMatchObject({ outcome: 'not_sent' });
  return end.rejected as InvalidRequestError;
};

/** The same among the parameters that one provider has alone. */
const ofOneProvider: readonly (readonly [
  provider: ProviderName,
  method: string,
  path: string,
  options: object,
])[] = [
  ['stripe', 'create', 'applicationFeeAmount', { applicationFeeAmount: undefined }],
  ['stripe', 'create', 'onBehalfOf', { onBehalfOf: undefined }],
  ['stripe', 'create', 'transferData', { transferData: undefined }],
  ['stripe', 'create', 'transferData.amount', { transferData: { destination: 'acct_1', amount: undefined } }],
  ['stripe', 'create', 'paymentMethodOptions', { paymentMethodOptions: undefined }],
  ['stripe', 'create', 'paymentMethodOptions.card', { paymentMethodOptions: { card: undefined } }],
  [
    'stripe',
    'create',
    'paymentMethodOptions.card.requestThreeDSecure',
    { paymentMethodOptions: { card: { requestThreeDSecure: undefined } } },
  ],
  ['stripe', 'capture', 'applicationFeeAmount', { applicationFeeAmount: undefined }],
  ['stripe', 'capture', 'transferData', { transferData: undefined }],
  ['stripe', 'refund', 'refundApplicationFee', { refundApplicationFee: undefined }],
  ['stripe', 'refund', 'reverseTransfer', { reverseTransfer: undefined }],
  ['justifi', 'create', 'applicationFeeAmount', { applicationFeeAmount: undefined }],
  ['justifi', 'create', 'fees', { fees: undefined }],
  ['justifi', 'refund', 'fees', { fees: undefined }],
  ['justifi', 'list', 'paymentStatus', { paymentStatus: undefined }],
  ['justifi', 'search', 'paymentMethodId', { paymentMethodId: undefined }],
  ['justifi', 'list', 'voidId', { voidId: undefined }],
  ['omise', 'create', 'authorizationType', { authorizationType: undefined }],
  ['omise', 'create', 'authentication', { authentication: undefined }],
  ['omise', 'create', 'platformFee', { platformFee: undefined }],
  ['omise', 'create', 'platformFee.fixed', { platformFee: { fixed: undefined } }],
  ['omise', 'create', 'platformFee.percentage', { platformFee: { percentage: undefined } }],
  ['omise', 'create', 'zeroInterestInstallments', { zeroInterestInstallments: undefined }],
  ['omise', 'create', 'linkedAccount', { linkedAccount: undefined }],
  ['omise', 'refund', 'void', { void: undefined }],
  ['pin', 'create', 'threeDSecure', { threeDSecure: undefined }],
  ['pin', 'create', 'platformAdjustment', { platformAdjustment: undefined }],
];

describe('what only one provider has is refused alike', () => {
  it.each(ofOneProvider)('%s %s: %s', async (provider, method, path, providerOptions) => {
    const subject = (subjects.find(([name]) => name === provider) ?? fail())[1]();
    const { issues } = await refusalOf(subject, () => call(subject, method, { providerOptions }));
    expect(issues).toEqual([{ path: `providerOptions.${path}`, message }]);
  });
});

describe.each(subjects)('%s refuses a lost value before a byte leaves', (name, make) => {
  const subject = make();

  it.each(deciding.filter(([method]) => !(name === 'justifi' && method === 'verify3DS')))(
    '%s: %s',
    async (method, path, lost) => {
      const { issues } = await refusalOf(subject, () => call(subject, method, lost));
      expect(issues).toEqual([{ path, message }]);
    },
  );

  const writes: readonly (readonly [string, (options: object) => unknown])[] = [
    ['create', (options) => subject.client.create(subject.params(), options)],
    ['capture', (options) => subject.client.capture('ch_1', {}, options)],
    ['void', (options) => subject.client.void('ch_1', options)],
    ['reverse', (options) => subject.client.reverse('ch_1', options)],
    ['expire', (options) => subject.client.expire('ch_1', options)],
    ['refund', (options) => subject.client.refund('ch_1', {}, options)],
    ['update', (options) => subject.client.update('ch_1', { description: 'x' }, options)],
    ['verify3DS', (options) => subject.client.verify3DS({ chargeId: 'ch_1' }, options)],
  ];

  it.each(writes.filter(([method]) => subject.client.supports(method as 'create')))(
    '%s: the idempotency key, and the headers that choose an account',
    async (_, write) => {
      const { issues } = await refusalOf(subject, () => write({ idempotencyKey: undefined }));
      expect(issues).toEqual([{ path: 'idempotencyKey', message }]);
      const other = await refusalOf(subject, () => write({ headers: undefined }));
      expect(other.issues).toEqual([{ path: 'headers', message }]);
      const inside = await refusalOf(subject, () => write({ headers: { 'stripe-account': undefined } }));
      expect(inside.issues).toEqual([{ path: 'headers.stripe-account', message }]);
    },
  );

  it('takes undefined where a field only informs, and where nothing is passed', async () => {
    const { client, params } = subject;
    const informing = {
      description: params({})['description'],
      statementDescriptor: params({})['statementDescriptor'],
      metadata: undefined,
      customer: undefined,
      billing: undefined,
      shipping: undefined,
      providerOptions: undefined,
    };
    const reading = { signal: undefined, timeoutMs: undefined, deadlineMs: undefined, maxRetries: undefined };
    const charge = await client.create(params({ ...informing, capture: false }), reading);
    expect(charge.status).toBe('authorized');
    expect((await client.capture(charge.id)).status).toBe('captured');
    expect((await client.refund(charge.id, { reason: undefined, metadata: undefined })).amount).toBe(4590);
    for (const params of [undefined, {}]) {
      const other = await client.create(subject.params({ capture: false }), undefined);
      expect((await client.capture(other.id, params, undefined)).status).toBe('captured');
      expect((await client.refund(other.id, params, undefined)).amount).toBe(4590);
      expect((await client.list(params, undefined)).data.length).toBeGreaterThan(0);
    }
  });
});
