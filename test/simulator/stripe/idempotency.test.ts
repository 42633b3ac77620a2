import { describe, expect, it } from 'vitest';
import { confirmed, createStripeWire, day } from './stripe-wire.js';

const key = { 'idempotency-key': 'order-81' };

describe('the same key', () => {
  it('replays the first answer and marks it', async () => {
    const stripe = createStripeWire();
    const first = await stripe.post('/v1/payment_intents', confirmed(), key);
    const second = await stripe.post('/v1/payment_intents', confirmed(), key);
    expect(second.body).toEqual(first.body);
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect(second.headers).toMatchObject({
      'idempotent-replayed': 'true',
      'original-request': first.headers['request-id'],
      'idempotency-key': 'order-81',
    });
    expect(second.headers['request-id']).not.toBe(first.headers['request-id']);
    expect(stripe.simulated.ledger.charges()).toHaveLength(1);
  });

  it('replays declines and refusals of the execution', async () => {
    const stripe = createStripeWire();
    const declined = confirmed({ payment_method: 'pm_card_chargeDeclined' });
    const first = await stripe.post('/v1/payment_intents', declined, key);
    const second = await stripe.post('/v1/payment_intents', declined, key);
    expect(second.body.error.charge).toBe(first.body.error.charge);
    expect(second.headers['idempotent-replayed']).toBe('true');
    const missing = { 'idempotency-key': 'other' };
    await stripe.post('/v1/refunds', { charge: 'ch_nobody' }, missing);
    expect(
      (await stripe.post('/v1/refunds', { charge: 'ch_nobody' }, missing)).headers['idempotent-replayed'],
    ).toBe('true');
  });

  it('does not keep refused parameters, a wrong key, or a rate limit', async () => {
    const stripe = createStripeWire();
    expect((await stripe.post('/v1/payment_intents', confirmed({ amount: 'x' }), key)).status).toBe(400);
    expect(
      (await stripe.post('/v1/payment_intents', confirmed(), { ...key, authorization: 'Bearer x' })).status,
    ).toBe(401);
    stripe.simulated.inject({ fault: 'rate_limited' });
    expect((await stripe.post('/v1/payment_intents', confirmed(), key)).status).toBe(429);
    expect((await stripe.post('/v1/payment_intents', confirmed(), key)).status).toBe(200);
  });

  it('refuses other parameters and other calls with idempotency_error', async () => {
    const stripe = createStripeWire();
    const { body: intent } = await stripe.post('/v1/payment_intents', confirmed(), key);
    for (const answer of [
      await stripe.post('/v1/payment_intents', confirmed({ amount: 4591 }), key),
      await stripe.post('/v1/refunds', { payment_intent: intent.id }, key),
    ]) {
      expect([answer.status, answer.body.error.type]).toEqual([400, 'idempotency_error']);
    }
    expect(stripe.simulated.ledger.charges()).toMatchObject([{ amountRefunded: 0 }]);
  });

  it('refuses the same call on another object', async () => {
    const stripe = createStripeWire();
    const create = async () =>
      (await stripe.post('/v1/payment_intents', { amount: 500, currency: 'eur' })).body.id;
    const [first, second] = [await create(), await create()];
    expect((await stripe.post(`/v1/payment_intents/${first}/cancel`, {}, key)).status).toBe(200);
    expect((await stripe.post(`/v1/payment_intents/${second}/cancel`, {}, key)).body.error.type).toBe(
      'idempotency_error',
    );
  });

  it('takes the same parameters in another order', async () => {
    const stripe = createStripeWire();
    const params = confirmed({ metadata: { a: '1', b: '2' } });
    await stripe.post('/v1/payment_intents', params, key);
    const reversed = Object.fromEntries(
      Object.entries({ ...params, metadata: { b: '2', a: '1' } }).toReversed(),
    );
    expect((await stripe.post('/v1/payment_intents', reversed, key)).headers['idempotent-replayed']).toBe(
      'true',
    );
  });

  it('is forgotten after 24 hours: the request runs again', async () => {
    const stripe = createStripeWire();
    const first = await stripe.post('/v1/payment_intents', confirmed(), key);
    stripe.simulated.clock.advance(day - 1);
    expect((await stripe.post('/v1/payment_intents', confirmed(), key)).body.id).toBe(first.body.id);
    stripe.simulated.clock.advance(1);
    expect((await stripe.post('/v1/payment_intents', confirmed(), key)).body.id).not.toBe(first.body.id);
    expect(stripe.simulated.ledger.charges()).toHaveLength(2);
  });

  it('is another key in another account', async () => {
    const stripe = createStripeWire();
    await stripe.post('/v1/payment_intents', confirmed(), key);
    const other = await stripe.post('/v1/payment_intents', confirmed(), {
      ...key,
      'stripe-account': 'acct_1',
    });
    expect(other.headers).not.toHaveProperty('idempotent-replayed');
  });

  it('means nothing on GET, may be 255 characters long, and not more', async () => {
    const stripe = createStripeWire();
    const { body: intent } = await stripe.post('/v1/payment_intents', { amount: 500, currency: 'eur' });
    const path = `/v1/payment_intents/${intent.id}`;
    await stripe.get(path, {}, key);
    await stripe.post(path, { description: 'changed' });
    expect((await stripe.get(path, {}, key)).body.description).toBe('changed');
    const long = (length: number) => ({ 'idempotency-key': 'k'.repeat(length) });
    expect((await stripe.post(path, {}, long(255))).status).toBe(200);
    expect((await stripe.post(path, {}, long(256))).status).toBe(400);
  });
});

describe('a key in flight', () => {
  it('meets 409 until the first request is through', async () => {
    const stripe = createStripeWire();
    stripe.simulated.inject({ operation: 'create', fault: { type: 'delay', ms: 5000 } });
    const first = stripe.post('/v1/payment_intents', confirmed(), key);
    const second = await stripe.post('/v1/payment_intents', confirmed(), key);
    expect([second.status, second.body.error.code]).toEqual([409, 'idempotency_key_in_use']);
    expect(stripe.simulated.ledger.charges()).toEqual([]);
    await stripe.time.advance(5000);
    expect((await first).status).toBe(200);
    expect((await stripe.post('/v1/payment_intents', confirmed(), key)).headers['idempotent-replayed']).toBe(
      'true',
    );
    expect(stripe.simulated.ledger.charges()).toHaveLength(1);
  });
});

describe('faults and keys', () => {
  it('a lost answer is found by a replay, a stored 500 stays a 500', async () => {
    const stripe = createStripeWire();
    stripe.simulated.inject({ fault: 'cut_after_commit' });
    expect(await stripe.deliver('POST', '/v1/payment_intents', confirmed(), key)).toEqual({ outcome: 'cut' });
    const replay = await stripe.post('/v1/payment_intents', confirmed(), key);
    expect(replay.headers['idempotent-replayed']).toBe('true');

    const other = { 'idempotency-key': 'order-82' };
    stripe.simulated.inject({ fault: 'server_error_after_commit' });
    expect((await stripe.post('/v1/payment_intents', confirmed(), other)).status).toBe(500);
    expect((await stripe.post('/v1/payment_intents', confirmed(), other)).status).toBe(500);
    expect(stripe.simulated.ledger.charges()).toMatchObject([{ state: 'captured' }, { state: 'captured' }]);
  });

  it('a duplicate delivery runs once with a key and twice without', async () => {
    const stripe = createStripeWire();
    stripe.simulated.inject({ fault: 'duplicate_delivery', times: 2 });
    await stripe.post('/v1/payment_intents', confirmed(), key);
    expect(stripe.simulated.ledger.charges()).toHaveLength(1);
    await stripe.post('/v1/payment_intents', confirmed());
    expect(stripe.simulated.ledger.charges()).toHaveLength(3);
  });
});
