import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createChargesClient } from '../../../src/create-charges-client.js';
import { stripeProvider } from '../../../src/providers/stripe/index.js';
import { systemRuntime, type Runtime } from '../../../src/runtime.js';
import { capturedCharge, paidIntent, wireCharge, wireIntent, wireList, wireRefund } from './wire-objects.js';

const hour = 60 * 60 * 1000;

/** A clock that stands still until it is moved; nothing waits. */
const movableRuntime = (): Runtime & { move(milliseconds: number): void } => {
  let time = 1_795_000_000_000;
  return {
    ...systemRuntime,
    now: () => time,
    monotonic: () => time,
    sleep: async (milliseconds) => {
      time += milliseconds;
    },
    move: (milliseconds) => {
      time += milliseconds;
    },
  };
};

const host = 'https://api.stripe.com';
const stamped = { metadata: { unicharge_key: 'order-81' } };
const key = { idempotencyKey: 'order-81' };
const params = { amount: 4590, currency: 'EUR', source: 'pm_card_visa' } as const;

const setUp = (api: 'payment_intents' | 'charges' = 'payment_intents') => {
  const runtime = movableRuntime();
  const settings = { secretKey: 'sk_test_a1', api, maxRetries: 0, deadlineMs: hour } as const;
  return { runtime, stripe: createChargesClient(stripeProvider, settings, { runtime }) };
};

/** Stripe may have done it: something between here and there answered instead. */
const losesAnswer = (path: string) => nock(host).post(path).reply(504, '<html>Gateway Timeout</html>');

beforeAll(() => {
  nock.disableNetConnect();
});
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => {
  nock.enableNetConnect();
});

describe('a create whose answer was lost', () => {
  const lost = async () => {
    const client = setUp();
    losesAnswer('/v1/payment_intents');
    await expect(client.stripe.create(params, key)).rejects.toMatchObject({
      outcome: 'unknown',
      idempotencyKey: 'order-81',
    });
    return client;
  };

  it('is asked for again with the same key while Stripe remembers it', async () => {
    const { stripe, runtime } = await lost();
    runtime.move(22 * hour);
    nock(host, { reqheaders: { 'idempotency-key': 'order-81' } })
      .post('/v1/payment_intents')
      .reply(200, paidIntent({}, stamped) as unknown as nock.Body);
    expect((await stripe.create(params, key)).id).toBe('pi_demoA1');
  });

  it('is looked for by its stamp after that, and not sent again', async () => {
    const { stripe, runtime } = await lost();
    runtime.move(25 * hour);
    const asked: string[] = [];
    nock(host)
      .get((path) => path.startsWith('/v1/payment_intents?'))
      .reply(200, (path) => {
        asked.push(decodeURIComponent(path));
        return wireList([
          paidIntent({}, { id: 'pi_other' }),
          paidIntent({}, stamped),
        ]) as unknown as nock.Body;
      });
    nock(host)
      .get('/v1/payment_intents/pi_demoA1?expand[0]=latest_charge')
      .reply(200, paidIntent({}, stamped) as unknown as nock.Body);
    expect((await stripe.create(params, key)).id).toBe('pi_demoA1');
    const start = 1_795_000_000 - 27 * 60 * 60;
    expect(asked).toEqual([
      `/v1/payment_intents?limit=100&created[gte]=${start}&expand[0]=data.latest_charge`,
    ]);
  });

  it('is sent again only after every page has been read without it', async () => {
    const { stripe, runtime } = await lost();
    runtime.move(25 * hour);
    const page = (ids: string[], more: boolean) =>
      wireList(
        ids.map((id) => paidIntent({}, { id })),
        more,
      ) as unknown as nock.Body;
    for (let look = 1; look <= 2; look += 1) {
      nock(host)
        .get('/v1/payment_intents')
        .query({ limit: 100, 'created[gte]': 1_794_902_800, 'expand[0]': 'data.latest_charge' })
        .reply(200, page(['pi_3', 'pi_2'], true));
      nock(host)
        .get('/v1/payment_intents')
        .query({
          limit: 100,
          starting_after: 'pi_2',
          'created[gte]': 1_794_902_800,
          'expand[0]': 'data.latest_charge',
        })
        .reply(200, page(['pi_1'], false));
    }
    nock(host)
      .post('/v1/payment_intents')
      .reply(200, paidIntent({}, stamped) as unknown as nock.Body);
    expect((await stripe.create(params, key)).id).toBe('pi_demoA1');
  });

  it('can be reconciled by its key alone, by search where the list is long', async () => {
    const { stripe } = setUp();
    nock(host)
      .get('/v1/payment_intents/search')
      .query({ query: 'metadata["unicharge_key"]:"order-81"', 'expand[0]': 'data.latest_charge' })
      .reply(200, wireList([paidIntent({}, stamped)]) as unknown as nock.Body);
    nock(host)
      .get('/v1/payment_intents/pi_demoA1?expand[0]=latest_charge')
      .reply(200, paidIntent({}, stamped) as unknown as nock.Body);
    expect(await stripe.reconcile('order-81')).toMatchObject({
      outcome: 'happened',
      charge: { id: 'pi_demoA1' },
    });
  });

  it('can be reconciled where Stripe offers no search', async () => {
    const { stripe } = setUp();
    nock(host)
      .get((path) => path.startsWith('/v1/payment_intents/search'))
      .reply(400, {
        error: { type: 'invalid_request_error', message: 'Search is not available in your country.' },
      });
    nock(host)
      .get((path) => path.startsWith('/v1/payment_intents?'))
      .reply(200, wireList([paidIntent({}, stamped)]) as unknown as nock.Body);
    nock(host)
      .get('/v1/payment_intents/pi_demoA1?expand[0]=latest_charge')
      .reply(200, paidIntent({}, stamped) as unknown as nock.Body);
    expect(await stripe.reconcile('order-81')).toMatchObject({
      outcome: 'happened',
      charge: { id: 'pi_demoA1' },
    });
  });
});

describe('a later write whose answer was lost', () => {
  it('is a capture that the intent shows', async () => {
    const { stripe } = setUp();
    losesAnswer('/v1/payment_intents/pi_demoA1/capture');
    const error = await stripe.capture('pi_demoA1', {}, key).catch((reason: unknown) => reason as never);
    nock(host)
      .get('/v1/payment_intents/pi_demoA1?expand[0]=latest_charge')
      .reply(200, paidIntent() as unknown as nock.Body);
    expect(await stripe.reconcile(error)).toMatchObject({
      outcome: 'happened',
      charge: { amountCaptured: 4590 },
    });
  });

  it('is a void that the intent shows', async () => {
    const { stripe } = setUp();
    losesAnswer('/v1/payment_intents/pi_demoA1/cancel');
    const error = await stripe.void('pi_demoA1', key).catch((reason: unknown) => reason as never);
    nock(host)
      .get('/v1/payment_intents/pi_demoA1?expand[0]=latest_charge')
      .reply(200, wireIntent({ status: 'canceled' }) as unknown as nock.Body);
    expect(await stripe.reconcile(error)).toMatchObject({
      outcome: 'happened',
      charge: { status: 'voided' },
    });
  });

  it('is a void by refund that the charge shows', async () => {
    const { stripe } = setUp('charges');
    nock(host)
      .get('/v1/charges/ch_demoA1')
      .reply(200, wireCharge() as unknown as nock.Body);
    losesAnswer('/v1/refunds');
    const error = await stripe.void('ch_demoA1', key).catch((reason: unknown) => reason as never);
    const released = wireCharge({ refunded: true, refunds: wireList([wireRefund({ reason: null })]) });
    nock(host)
      .get('/v1/charges/ch_demoA1')
      .reply(200, released as unknown as nock.Body);
    expect(await stripe.reconcile(error)).toMatchObject({
      outcome: 'happened',
      charge: { status: 'voided' },
    });
  });

  it('is a refund that is known by its stamp among others of the same amount', async () => {
    const { stripe } = setUp('charges');
    nock(host)
      .get('/v1/charges/ch_demoA1')
      .reply(200, capturedCharge() as unknown as nock.Body);
    losesAnswer('/v1/refunds');
    const error = await stripe
      .refund('ch_demoA1', { amount: 500 }, key)
      .catch((reason: unknown) => reason as never);
    nock(host)
      .get('/v1/charges/ch_demoA1')
      .reply(200, capturedCharge({ amount_refunded: 1000 }) as unknown as nock.Body);
    nock(host)
      .get('/v1/refunds?charge=ch_demoA1&limit=100')
      .reply(
        200,
        wireList([
          wireRefund({ id: 're_other' }),
          wireRefund({ id: 're_own', ...stamped }),
        ]) as unknown as nock.Body,
      );
    expect(await stripe.reconcile(error)).toMatchObject({
      outcome: 'happened',
      refund: { id: 're_own', amount: 500 },
    });
  });
});
