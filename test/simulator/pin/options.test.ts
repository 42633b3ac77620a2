import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createPin,
  pinProvider,
  type PinClient,
  type PinCreateOptions,
} from '../../../src/providers/pin/index.js';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.js';
import { paramsIn } from '../../providers/seam.js';
import { nested, optionsOf, valueAt, type Echo } from '../option-echo.js';

let simulator: Simulator;
let pin: PinClient;

beforeAll(async () => {
  simulator = await startSimulator({ providers: ['pin'], seed: 1 });
  pin = createPin(simulator.settings('pin'));
});
afterAll(() => simulator.close());

const create = (providerOptions: PinCreateOptions) =>
  pin.create({
    amount: 4590,
    currency: 'AUD',
    source: simulator.source('pin', 'approved'),
    email: 'kim@shop.example',
    description: 'Order 81',
    ip: '198.51.100.7',
    returnUrl: 'https://shop.example/orders/81',
    providerOptions,
  });

const notTold = 'charges of Pin have no field that tells of 3-D Secure';
const created: Readonly<Record<string, Echo>> = {
  'threeDSecure.fallbackOk': { notShown: notTold },
  'threeDSecure.version': { notShown: notTold },
  'threeDSecure.eci': { notShown: notTold },
  'threeDSecure.cavv': { notShown: notTold },
  'threeDSecure.transactionId': { notShown: notTold },
  'platformAdjustment.amount': { given: 100, shownAt: 'platform_adjustment.amount' },
  'platformAdjustment.currency': { given: 'NZD', shownAt: 'platform_adjustment.currency' },
};

describe('every option of create', () => {
  it('is known here', () => {
    expect(optionsOf(paramsIn(pinProvider, 'create')).toSorted()).toEqual(Object.keys(created).toSorted());
  });

  it.each(
    Object.entries(created).flatMap(([path, echo]) => ('notShown' in echo ? [] : [[path, echo] as const])),
  )('%s is shown by the charge', async (path, { given, shownAt }) => {
    const whole = { platformAdjustment: { amount: 50, currency: 'AUD' } };
    const [name = '', field = ''] = path.split('.');
    const changed = { [name]: { ...whole.platformAdjustment, ...(nested(field, given) as object) } };
    const charge = await create(changed);
    expect(valueAt(charge.raw, shownAt)).toEqual(given);
    expect(valueAt((await pin.retrieve(charge.id)).raw, shownAt)).toEqual(given);
  });

  it('of 3-D Secure done elsewhere lets a card through that asks for it', async () => {
    const source = simulator.source('pin', 'requires_3ds');
    const fields = {
      amount: 4590,
      currency: 'AUD',
      email: 'kim@shop.example',
      description: 'Order 81',
      ip: '198.51.100.7',
    };
    const threeDSecure = {
      version: '2.1.0',
      eci: '05',
      cavv: 'AAABBZEEBgAAAAAAAAQGAAAAAAA=',
      transactionId: 'tx-1',
    };
    const charge = await pin.create({ ...fields, source, providerOptions: { threeDSecure } });
    expect(charge.status).toBe('captured');
  });
});

describe('every other operation', () => {
  it('has no option of its own', () => {
    const others = ['list', 'search', 'capture', 'refund', 'verify3DS'] as const;
    const rows = others.map((name) => paramsIn(pinProvider, name));
    expect(rows.flatMap(optionsOf)).toEqual([]);
  });
});

describe('the endpoint that makes charges', () => {
  const post = async (change: Record<string, unknown>) => {
    const { secretKey } = simulator.settings('pin');
    const response = await fetch(`${simulator.url('pin')}/1/charges`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        email: 'kim@shop.example',
        description: 'Order 81',
        amount: 4590,
        ip_address: '198.51.100.7',
        currency: 'AUD',
        card_token: simulator.source('pin', 'approved'),
        ...change,
      }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it.each<[string, Record<string, unknown>, string]>([
    ['no description', { description: undefined }, 'description'],
    ['no email', { email: '' }, 'email'],
    ['no address of the payer', { ip_address: undefined }, 'ip_address'],
    ['an amount below the minimum', { amount: 99 }, 'amount'],
    ['a currency that Pin does not have', { currency: 'CHF' }, 'currency'],
    ['two sources', { customer_token: 'cus_1' }, 'card_token'],
    ['nested metadata', { metadata: { order: { id: 7 } } }, 'metadata'],
    ['3-D Secure without an address', { three_d_secure: { enabled: true } }, 'three_d_secure.callback_url'],
    [
      'an adjustment without an amount',
      { platform_adjustment: { currency: 'AUD' } },
      'platform_adjustment.amount',
    ],
    [
      'an adjustment in a currency that is none',
      { platform_adjustment: { amount: 100, currency: 'dollars' } },
      'platform_adjustment.currency',
    ],
  ])('refuses %s, naming the field', async (_, change, param) => {
    const { status, body } = await post(change);
    expect([status, body['error']]).toEqual([422, 'invalid_resource']);
    expect(body['messages']).toContainEqual(expect.objectContaining({ param }));
  });

  it('keeps numbers in metadata as text', async () => {
    const { body } = await post({ metadata: { order: 81, paid: true } });
    expect(valueAt(body, 'response.metadata')).toEqual({ order: '81', paid: 'true' });
  });
});
