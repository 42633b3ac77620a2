import { describe, expect, it } from 'vitest';
import { confirmed, createStripeWire } from './stripe-wire.js';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('authentication', () => {
  it('takes the key as bearer or as the user of basic authentication', async () => {
    const stripe = createStripeWire();
    const { secretKey } = stripe.simulated.settings('stripe');
    for (const authorization of [`Bearer ${secretKey}`, basic(`${secretKey}:`)]) {
      expect((await stripe.get('/v1/charges', {}, { authorization })).status).toBe(200);
    }
  });

  it('refuses a missing or wrong key with 401 and does not repeat the key', async () => {
    const stripe = createStripeWire();
    for (const authorization of ['', 'Bearer sk_test_wrongwrongwrong', basic('sk_live_wrongwrongwrong:')]) {
      const { status, body } = await stripe.get('/v1/charges', {}, { authorization });
      expect(status).toBe(401);
      expect(JSON.stringify(body)).not.toContain('wrongwrong');
    }
  });
});

describe('parameters', () => {
  it('reads nested and indexed names, raw or percent-encoded', async () => {
    const stripe = createStripeWire();
    const { secretKey } = stripe.simulated.settings('stripe');
    const delivery = await stripe.simulated.handle('stripe', {
      method: 'POST',
      path: '/v1/charges',
      query: '',
      headers: { authorization: `Bearer ${secretKey}` },
      body:
        'amount=500&currency=eur&source=tok_visa&metadata[a]=1%20%26+2&metadata%5Bb%5D=%C3%A9&expand[]=customer' +
        '&expand[1]=refunds&shipping[name]=Sam&shipping[address][line1]=Main+St',
    });
    if (delivery.outcome !== 'answered') throw new Error(delivery.outcome);
    const charge = JSON.parse(delivery.response.body);
    expect(charge.metadata).toEqual({ a: '1 & 2', b: 'é' });
    expect(charge.shipping).toMatchObject({
      name: 'Sam',
      carrier: null,
      address: { line1: 'Main St', city: null },
    });
    expect(charge.refunds).toMatchObject({ object: 'list', data: [] });
  });

  it('refuses unknown ones, also nested, with parameter_unknown', async () => {
    const stripe = createStripeWire();
    const top = await stripe.post('/v1/charges', {
      amount: 500,
      currency: 'eur',
      source: 'tok_visa',
      sourc: 'x',
    });
    const nested = await stripe.post('/v1/payment_intents', confirmed({ shipping: { nam: 'Sam' } }));
    expect([top.status, top.body.error.code, top.body.error.param]).toEqual([
      400,
      'parameter_unknown',
      'sourc',
    ]);
    expect([nested.status, nested.body.error.param]).toEqual([400, 'shipping[nam]']);
    expect(stripe.simulated.ledger.charges()).toEqual([]);
  });

  it.each([
    [{ currency: 'eur' }, 'parameter_missing', 'amount'],
    [{ amount: 500 }, 'parameter_missing', 'currency'],
    [{ amount: '', currency: 'eur' }, 'parameter_invalid_empty', 'amount'],
    [{ amount: '4.5', currency: 'eur' }, 'parameter_invalid_integer', 'amount'],
    [{ amount: 'abc', currency: 'eur' }, 'parameter_invalid_integer', 'amount'],
    [{ amount: 500, currency: 'eur' }, 'parameter_missing', 'source'],
  ])('refuses %j with %s', async (params, code, param) => {
    const { status, body } = await createStripeWire().post('/v1/charges', params);
    expect([status, body.error.code, body.error.param]).toEqual([400, code, param]);
  });

  it('refuses JSON bodies', async () => {
    const { status } = await createStripeWire().post(
      '/v1/charges',
      { amount: 500 },
      { 'content-type': 'application/json' },
    );
    expect(status).toBe(400);
  });

  it('holds metadata to 50 keys of 40 characters with values of 500 and no brackets', async () => {
    const stripe = createStripeWire();
    const send = (metadata: Record<string, string>) =>
      stripe.post('/v1/charges', { amount: 500, currency: 'eur', source: 'tok_visa', metadata });
    const keys = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));
    expect((await send(keys(50))).status).toBe(200);
    expect((await send(keys(51))).status).toBe(400);
    expect((await send({ ['k'.repeat(40)]: 'v'.repeat(500) })).status).toBe(200);
    expect((await send({ ['k'.repeat(41)]: 'v' })).status).toBe(400);
    expect((await send({ k: 'v'.repeat(501) })).status).toBe(400);
    expect((await send({ 'a[b]': 'v' })).status).toBe(400);
    expect((await send({ 0: 'first', 1: 'second' })).body.metadata).toEqual({ 0: 'first', 1: 'second' });
  });

  it('refuses statement descriptors of more than 22 characters and limits outside 1 to 100', async () => {
    const stripe = createStripeWire();
    const charge = { amount: 500, currency: 'eur', source: 'tok_visa' };
    expect(
      (await stripe.post('/v1/charges', { ...charge, statement_descriptor: 'x'.repeat(23) })).status,
    ).toBe(400);
    for (const limit of [0, 101]) expect((await stripe.get('/v1/charges', { limit })).status).toBe(400);
  });
});

describe('headers', () => {
  it('answers with a request id, the version in effect, the key and the account', async () => {
    const { headers } = await createStripeWire().post(
      '/v1/charges',
      { amount: 500, currency: 'eur', source: 'tok_visa' },
      { 'idempotency-key': 'k1', 'stripe-version': '2026-08-26.dahlia', 'stripe-account': 'acct_other' },
    );
    expect(headers['request-id']).toMatch(/^req_/);
    expect(headers).toMatchObject({
      'stripe-version': '2026-08-26.dahlia',
      'idempotency-key': 'k1',
      'stripe-account': 'acct_other',
      date: 'Sat, 21 Nov 2026 12:00:00 GMT',
    });
  });

  it('refuses a version that is none, and an account together with a context', async () => {
    const stripe = createStripeWire();
    expect((await stripe.get('/v1/charges', {}, { 'stripe-version': 'latest' })).status).toBe(400);
    const both = { 'stripe-account': 'acct_1', 'stripe-context': 'acct_1' };
    expect((await stripe.get('/v1/charges', {}, both)).status).toBe(400);
    expect((await stripe.get('/v1/charges', {}, { 'stripe-account': 'nobody' })).status).toBe(403);
  });
});

describe('paths', () => {
  it('answers unknown ones with 404', async () => {
    const stripe = createStripeWire();
    for (const path of ['/v1/nothing', '/v2/charges', '/v1/charges//capture', '/v1/charges/ch_1/nothing']) {
      expect((await stripe.post(path)).status).toBe(404);
    }
    expect((await stripe.send('DELETE', '/v1/charges/ch_1')).status).toBe(404);
  });

  it('takes an empty id for the list, as Stripe does', async () => {
    expect((await createStripeWire().get('/v1/charges/')).body.object).toBe('list');
  });

  it('answers ids that do not exist with resource_missing', async () => {
    const stripe = createStripeWire();
    for (const kind of ['charges', 'payment_intents', 'refunds', 'customers', 'payment_methods']) {
      const { status, body } = await stripe.get(`/v1/${kind}/xx_nobody`);
      expect([status, body.error.code]).toEqual([404, 'resource_missing']);
    }
  });
});

describe('connected accounts', () => {
  it('see nothing of each other or of the platform', async () => {
    const stripe = createStripeWire();
    const account = { 'stripe-account': 'acct_one' };
    const { body } = await stripe.post('/v1/payment_intents', confirmed(), account);
    expect((await stripe.get(`/v1/payment_intents/${body.id}`, {}, account)).status).toBe(200);
    expect((await stripe.get(`/v1/payment_intents/${body.id}`)).status).toBe(404);
    expect(
      (await stripe.get(`/v1/payment_intents/${body.id}`, {}, { 'stripe-account': 'acct_two' })).status,
    ).toBe(404);
    expect(stripe.simulated.ledger.charges()).toMatchObject([{ id: body.id, account: 'acct_one' }]);
  });
});

describe('versions', () => {
  const types = (version: string) =>
    createStripeWire().post(
      '/v1/payment_intents',
      { amount: 500, currency: 'eur', payment_method_types: ['card'] },
      { 'stripe-version': version },
    );

  it('refuse payment_method_types since 2026-09-30 and take them before', async () => {
    expect((await types('2026-08-26.dahlia')).status).toBe(200);
    for (const version of ['2026-09-30.endive', '2026-10-28.endive']) {
      const { status, body } = await types(version);
      expect([status, body.error.code]).toEqual([400, 'payment_method_types_no_longer_supported']);
    }
  });

  it('know allowed_payment_method_types since 2026-07-29, and not beside other choices', async () => {
    const send = (version: string, more = {}) =>
      createStripeWire().post(
        '/v1/payment_intents',
        { amount: 500, currency: 'eur', allowed_payment_method_types: ['card'], ...more },
        { 'stripe-version': version },
      );
    expect((await send('2026-06-24.clover')).body.error.code).toBe('parameter_unknown');
    expect((await send('2026-10-28.endive')).body.allowed_payment_method_types).toEqual(['card']);
    const both = await send('2026-10-28.endive', { automatic_payment_methods: { enabled: true } });
    expect(both.body.error.code).toBe('parameters_exclusive');
  });

  it('before 2022-11-15 embed refunds in charges and charges in intents', async () => {
    const stripe = createStripeWire();
    const old = { 'stripe-version': '2020-08-27' };
    const { body: intent } = await stripe.post('/v1/payment_intents', confirmed(), old);
    expect(intent.latest_charge).toBeUndefined();
    expect(intent.charges.data).toHaveLength(1);
    const charge = (await stripe.get(`/v1/charges/${intent.charges.data[0].id}`, {}, old)).body;
    expect(charge).toMatchObject({
      refunds: { data: [] },
      invoice: null,
      destination: null,
      dispute: null,
      order: null,
    });
    const today = (await stripe.get(`/v1/charges/${charge.id}`)).body;
    for (const name of ['refunds', 'invoice', 'destination', 'dispute', 'order'])
      expect(today).not.toHaveProperty(name);
  });
});
