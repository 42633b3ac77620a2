import { describe, expect, it } from 'vitest';
import { confirmed, createStripeWire, type StripeWire } from './stripe-wire.js';

const prepare = async (): Promise<{ stripe: StripeWire; found: (query: string) => Promise<string[]> }> => {
  const stripe = createStripeWire();
  const charge = async (name: string, params: object) => {
    const { body } = await stripe.post('/v1/charges', {
      amount: 1000,
      currency: 'eur',
      source: 'tok_visa',
      metadata: { name },
      ...params,
    });
    stripe.simulated.clock.advance(1000);
    return body;
  };
  await charge('small', { amount: 100 });
  await charge('dollars', { currency: 'usd', metadata: { name: 'dollars', order: 'A "quoted" \\ order' } });
  await charge('amex', { source: 'tok_amex' });
  const part = await charge('part', { amount: 3000 });
  const full = await charge('full', {});
  await stripe.post('/v1/refunds', { charge: part.id, amount: 1 });
  await stripe.post('/v1/refunds', { charge: full.id });
  await stripe.post('/v1/charges', {
    amount: 1000,
    currency: 'eur',
    source: 'tok_chargeDeclined',
    metadata: { name: 'failed' },
  });
  const found = async (query: string) =>
    (await stripe.get('/v1/charges/search', { query, limit: 100 })).body.data.map(
      (each: { metadata: { name: string } }) => each.metadata.name,
    );
  return { stripe, found };
};

describe('queries', () => {
  it.each([
    ['amount>1000', ['part']],
    ['amount>=1000 currency:"usd"', ['dollars']],
    ['amount<1000', ['small']],
    ['amount<=100', ['small']],
    ['amount:3000', ['part']],
    ['amount:"3000"', ['part']],
    ['currency:"USD"', ['dollars']],
    ['-currency:"eur"', ['dollars']],
    ["status:'failed'", ['failed']],
    ['refunded:"true"', ['full']],
    ['refunded:"false"', ['part']],
    ['-refunded:null', ['full', 'part']],
    ['metadata["name"]:"small" OR metadata["name"]:"part"', ['part', 'small']],
    ['metadata["name"]:"SMALL"', ['small']],
    ['-metadata["order"]:null', ['dollars']],
    ['metadata["order"]:"A \\"quoted\\" \\\\ order"', ['dollars']],
    ['payment_method_details.card.brand:"amex"', ['amex']],
    [
      'payment_method_details.card.last4:"4242" AND amount<2000 AND status:"succeeded"',
      ['full', 'dollars', 'small'],
    ],
    ['payment_method_details.card_present.last4:"4242"', []],
    ['customer:null AND disputed:"false" AND amount:100', ['small']],
  ])('%s', async (query, names) => {
    expect(await (await prepare()).found(query)).toEqual(names);
  });

  it.each([
    '',
    'amount',
    'amount>',
    'amount>ten',
    'currency:usd',
    'currency:"usd',
    'currency>"usd"',
    'status~"succ"',
    'description:"x"',
    'metadata:"x"',
    'metadata["k"]:"a" AND amount>1 OR amount<5',
    'amount>1 AND',
    'amount>null',
    'amount:1(currency:"eur")',
    'currency:"eur"amount:1',
    `metadata["k"]:"${'x'.repeat(5000)}"`,
  ])('refuses %s', async (query) => {
    const { status, body } = await createStripeWire().get('/v1/charges/search', { query });
    expect([status, body.error.param]).toEqual([400, 'query']);
  });

  it('are not known to versions before 2020-08-27', async () => {
    const old = { 'stripe-version': '2019-12-03' };
    expect((await createStripeWire().get('/v1/charges/search', { query: 'amount>1' }, old)).status).toBe(400);
  });
});

describe('pages', () => {
  it('follow each other and count on demand', async () => {
    const { stripe } = await prepare();
    const seen: string[] = [];
    let page: string | undefined;
    do {
      const { body } = await stripe.get('/v1/charges/search', {
        query: 'amount>=1000',
        limit: 2,
        page,
        expand: ['total_count'],
      });
      expect(body).toMatchObject({ object: 'search_result', total_count: 5, url: '/v1/charges/search' });
      seen.push(...body.data.map((each: { metadata: { name: string } }) => each.metadata.name));
      page = body.next_page ?? undefined;
      expect(body.has_more).toBe(page !== undefined);
    } while (page !== undefined);
    expect(seen).toEqual(['failed', 'full', 'part', 'amex', 'dollars']);
    expect((await stripe.get('/v1/charges/search', { query: 'amount>1', page: 'nonsense' })).status).toBe(
      400,
    );
  });

  it('skip nothing when an object stops to fit between two of them', async () => {
    const { stripe } = await prepare();
    const query = 'refunded:null AND status:"succeeded"';
    const { body: first } = await stripe.get('/v1/charges/search', { query, limit: 1 });
    await stripe.post('/v1/refunds', { charge: first.data[0].id });
    const { body: second } = await stripe.get('/v1/charges/search', {
      query,
      limit: 1,
      page: first.next_page,
    });
    expect(second.data[0].metadata.name).toBe('dollars');
  });
});

describe('the index', () => {
  it('lags behind new objects and behind changes', async () => {
    const stripe = createStripeWire();
    stripe.simulated.indexDelayMs = 60_000;
    const { body: intent } = await stripe.post(
      '/v1/payment_intents',
      confirmed({ metadata: { order: '81' } }),
    );
    const count = async (query: string) =>
      (await stripe.get('/v1/payment_intents/search', { query })).body.data.length as number;
    const byOrder = 'metadata["order"]:"81"';
    expect(await count(byOrder)).toBe(0);
    stripe.simulated.clock.advance(60_000);
    expect(await count(byOrder)).toBe(1);
    await stripe.post(`/v1/payment_intents/${intent.id}`, { metadata: { order: '82' } });
    expect(await count(byOrder)).toBe(1);
    stripe.simulated.clock.advance(60_000);
    expect([await count(byOrder), await count('metadata["order"]:"82"')]).toEqual([0, 1]);
  });

  it('holds intents with fields of their own', async () => {
    const stripe = createStripeWire();
    await stripe.post('/v1/payment_intents', { amount: 500, currency: 'eur' });
    const search = (query: string) => stripe.get('/v1/payment_intents/search', { query });
    expect((await search('status:"requires_payment_method"')).body.data).toHaveLength(1);
    expect((await search('refunded:null')).status).toBe(400);
  });
});
