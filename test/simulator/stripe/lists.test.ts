import { describe, expect, it } from 'vitest';
import { confirmed, createStripeWire, type StripeWire } from './stripe-wire.js';

const ids = (body: { data: { id: string }[] }): string[] => body.data.map((each) => each.id);

const pay = async (stripe: StripeWire, count: number): Promise<string[]> => {
  const made: string[] = [];
  for (let index = 0; index < count; index += 1) {
    made.push((await stripe.post('/v1/payment_intents', confirmed({ metadata: { index } }))).body.id);
    stripe.simulated.clock.advance(1000);
  }
  return made;
};

describe('lists', () => {
  it('give ten at a time, newest first', async () => {
    const stripe = createStripeWire();
    const made = await pay(stripe, 12);
    const { body } = await stripe.get('/v1/payment_intents');
    expect(body).toMatchObject({ object: 'list', has_more: true, url: '/v1/payment_intents' });
    expect(ids(body)).toEqual(made.toReversed().slice(0, 10));
  });

  it('go on after an object, in both directions, without gaps', async () => {
    const stripe = createStripeWire();
    const newestFirst = (await pay(stripe, 7)).toReversed();
    const page = async (params: Record<string, string | number>) =>
      (await stripe.get('/v1/payment_intents', params)).body;
    const second = await page({ limit: 3, starting_after: newestFirst[2]! });
    expect([ids(second), second.has_more]).toEqual([newestFirst.slice(3, 6), true]);
    const third = await page({ limit: 3, starting_after: newestFirst[5]! });
    expect([ids(third), third.has_more]).toEqual([newestFirst.slice(6), false]);
    const back = await page({ limit: 3, ending_before: newestFirst[6]! });
    expect([ids(back), back.has_more]).toEqual([newestFirst.slice(3, 6), true]);
    const first = await page({ limit: 3, ending_before: newestFirst[1]! });
    expect([ids(first), first.has_more]).toEqual([newestFirst.slice(0, 1), false]);
  });

  it('say that there is no more when the last page is full', async () => {
    const stripe = createStripeWire();
    await pay(stripe, 3);
    expect((await stripe.get('/v1/payment_intents', { limit: 3 })).body.has_more).toBe(false);
  });

  it('refuse cursors that are unknown or point in two directions', async () => {
    const stripe = createStripeWire();
    const [id] = await pay(stripe, 1);
    expect((await stripe.get('/v1/payment_intents', { starting_after: 'pi_nobody' })).body.error.code).toBe(
      'resource_missing',
    );
    const both = await stripe.get('/v1/payment_intents', { starting_after: id, ending_before: id });
    expect(both.body.error.code).toBe('parameters_exclusive');
  });

  it('filter by time with open and closed ends', async () => {
    const stripe = createStripeWire();
    const made = await pay(stripe, 5);
    const times = (await stripe.get('/v1/payment_intents')).body.data
      .map((intent: { created: number }) => intent.created)
      .toReversed() as number[];
    const found = async (created: number | Record<string, number>) =>
      ids((await stripe.get('/v1/payment_intents', { created })).body).toReversed();
    expect(await found({ gte: times[1]!, lt: times[3]! })).toEqual(made.slice(1, 3));
    expect(await found({ gt: times[1]!, lte: times[3]! })).toEqual(made.slice(2, 4));
    expect(await found(times[2]!)).toEqual([made[2]]);
  });

  it('filter by customer, intent and transfer group', async () => {
    const stripe = createStripeWire();
    const { body: customer } = await stripe.post('/v1/customers', { source: 'tok_visa' });
    const bare = { amount: 500, currency: 'eur' };
    const ofCustomer = (await stripe.post('/v1/charges', { ...bare, customer: customer.id })).body;
    const ofGroup = (await stripe.post('/v1/charges', { ...bare, source: 'tok_visa', transfer_group: 'g' }))
      .body;
    const { body: intent } = await stripe.post('/v1/payment_intents', confirmed());
    const found = async (params: Record<string, string>) =>
      ids((await stripe.get('/v1/charges', params)).body);
    expect(await found({ customer: customer.id })).toEqual([ofCustomer.id]);
    expect(await found({ transfer_group: 'g' })).toEqual([ofGroup.id]);
    expect(await found({ payment_intent: intent.id })).toEqual([intent.latest_charge]);
    expect(await found({})).toEqual([intent.latest_charge, ofGroup.id, ofCustomer.id]);
  });
});

describe('expand', () => {
  it('goes several levels deep, also below data', async () => {
    const stripe = createStripeWire();
    await pay(stripe, 1);
    const { body } = await stripe.get('/v1/payment_intents', {
      expand: ['data.latest_charge.balance_transaction', 'data.payment_method'],
    });
    expect(body.data[0]).toMatchObject({
      latest_charge: {
        object: 'charge',
        balance_transaction: { object: 'balance_transaction', type: 'charge' },
      },
      payment_method: { object: 'payment_method' },
    });
  });

  it('refuses what cannot be expanded, before anything happens', async () => {
    const stripe = createStripeWire();
    for (const expand of ['amount', 'latest_charge.amount', 'data.latest_charge', 'a.b.c.d.e']) {
      expect((await stripe.post('/v1/payment_intents', confirmed({ expand: [expand] }))).status).toBe(400);
    }
    expect(stripe.simulated.ledger.charges()).toEqual([]);
    for (const expand of ['latest_charge', 'items.latest_charge', 'total_count']) {
      expect((await stripe.get('/v1/payment_intents', { expand: [expand] })).status).toBe(400);
    }
  });

  it('follows every reference of a refund and of a balance transaction', async () => {
    const stripe = createStripeWire();
    const { body: customer } = await stripe.post('/v1/customers', { payment_method: 'pm_card_visa' });
    const { body: intent } = await stripe.post('/v1/payment_intents', confirmed({ customer: customer.id }));
    const { body: refund } = await stripe.post('/v1/refunds', {
      payment_intent: intent.id,
      expand: ['charge', 'payment_intent', 'payment_method', 'customer', 'balance_transaction'],
    });
    for (const name of ['charge', 'payment_intent', 'payment_method', 'customer', 'balance_transaction']) {
      expect(refund[name].object).toBe(name);
    }
    const entry = await stripe.get(`/v1/balance_transactions/${refund.balance_transaction.id}`, {
      expand: ['source'],
    });
    expect(entry.body).toMatchObject({
      amount: -4590,
      type: 'refund',
      source: { object: 'refund', id: refund.id },
    });
  });
});
