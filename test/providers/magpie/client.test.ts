import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  CardError,
  ConfigurationError,
  ConflictError,
  IntegrityError,
  InvalidRequestError,
  InvalidResponseError,
  NotFoundError,
  ProviderError,
  UnsupportedOperationError,
} from '../../../src/errors.js';
import type { ChargesClient } from '../../../src/charges-client.js';
import type { ClientEvent } from '../../../src/models/client-event.js';
import { createMagpie, type MagpieSettings } from '../../../src/providers/magpie/index.js';
import failed from '../../fixtures/magpie/charge-failed.json' with { type: 'json' };
import validation from '../../fixtures/magpie/error-validation.json' with { type: 'json' };
import listed from '../../fixtures/magpie/list.json' with { type: 'json' };
import { wireCharge, type Fields } from './wire-charges.js';

const secretKey = 'sk_test_c4n4ry';
const origin = 'https://api.magpie.im';
const client = (settings: MagpieSettings = {}) =>
  createMagpie({ secretKey, platform: 'magpie', settleMs: 1, abandonedMs: 1, maxRetries: 0, ...settings });

/** Only requests with the right authorization are answered. */
const provider = (address = origin) =>
  nock(address).matchHeader('authorization', 'Basic c2tfdGVzdF9jNG40cnk6');

const order = {
  amount: 50000,
  currency: 'PHP',
  source: 'src_1dd1',
  description: 'Order 80',
  statementDescriptor: 'TINDAHAN',
} as const;
const fresh = (change: Fields = {}) => wireCharge({ amount_refunded: 0, refunds: [], ...change });
const manual = { order: '80', unicharge_capture: 'manual', unicharge_key: 'order-80' };
const held = { authorized: true, captured: false, status: 'pending', metadata: manual };
const key = { idempotencyKey: 'order-80' };
const nothingListed = () => provider().get('/v2/charges/').reply(200, { object: 'list', data: [] });

beforeAll(() => {
  nock.disableNetConnect();
});
afterEach(() => {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  expect(pending).toEqual([]);
});
afterAll(() => {
  nock.restore();
});

describe('create', () => {
  it('looks for the key first, then posts exactly these bytes and no idempotency header', async () => {
    nothingListed();
    let sent: { body: unknown; headers: Record<string, unknown> } | undefined;
    provider()
      .post('/v2/charges/')
      .reply(201, function (_uri, body) {
        sent = { body, headers: this.req.headers };
        return fresh() as never;
      });
    const charge = await client().create({ ...order, metadata: { order: '80' } }, key);
    expect(JSON.stringify(sent?.body)).toBe(
      '{"amount":50000,"currency":"PHP","source":"src_1dd1","description":"Order 80",' +
        '"statement_descriptor":"TINDAHAN","capture":true,"metadata":{"order":"80","unicharge_key":"order-80"}}',
    );
    expect(Object.keys(sent?.headers ?? {}).filter((name) => /idempotency/i.test(name))).toEqual([]);
    expect(sent?.headers).toMatchObject({ 'content-type': 'application/json', accept: 'application/json' });
    expect(charge).toMatchObject({
      id: 'ch_1cc1',
      status: 'captured',
      amountCaptured: 50000,
      metadata: { order: '80' },
    });
  });

  it('authorizes only, with a mark of its own that nobody sees', async () => {
    nothingListed();
    provider()
      .post('/v2/charges/', (body: Fields) => {
        expect(body).toMatchObject({ capture: false, require_auth: false, cvc: '123', metadata: manual });
        return true;
      })
      .reply(201, fresh(held));
    const charge = await client().create(
      {
        ...order,
        capture: false,
        metadata: { order: '80' },
        source: { type: 'token', token: 'src_1dd1' },
        providerOptions: { cvc: '123', requireAuth: false },
      },
      key,
    );
    expect(charge).toMatchObject({ status: 'authorized', amountCaptured: 0, metadata: { order: '80' } });
  });

  it('takes the texts of the settings', async () => {
    nothingListed();
    provider()
      .post(
        '/v2/charges/',
        (body: Fields) => body['statement_descriptor'] === 'SARI SARI' && body['description'] === 'An order',
      )
      .reply(201, fresh());
    const defaults = { description: 'An order', statementDescriptor: 'SARI SARI' };
    await client({ defaults }).create({ amount: 50000, currency: 'PHP', source: 'src_1dd1' }, key);
  });

  it('resolves where the payer has to act', async () => {
    nothingListed();
    const action = { type: 'redirect_to_url', url: 'https://api.magpie.im/v2/charges/auth/ra_1' };
    provider()
      .post('/v2/charges/')
      .reply(201, fresh({ status: 'pending', authorized: false, captured: false, action }));
    await expect(client().create(order, key)).resolves.toMatchObject({
      status: 'requires_action',
      nextAction: { type: 'redirect', url: 'https://api.magpie.im/v2/charges/auth/ra_1' },
      threeDS: { status: 'required' },
    });
  });

  it('rejects a decline that comes as a failed charge', async () => {
    nothingListed();
    provider()
      .post('/v2/charges/')
      .reply(201, { ...failed, metadata: { unicharge_key: 'order-80' } });
    const error = await client()
      .create(order, key)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CardError);
    expect(error).toMatchObject({
      outcome: 'rejected',
      declineCode: 'authentication_required',
      advice: 'fix_details',
      chargeId: 'ch_1cc2',
      charge: { status: 'failed' },
      idempotencyKey: 'order-80',
    });
  });

  it('rejects a decline that comes as an error, with the charge that it names', async () => {
    nothingListed();
    provider()
      .post('/v2/charges/')
      .reply(402, {
        error: {
          message: 'Declined.',
          code: 'card_declined',
          decline_code: 'lost_card',
          charge_id: 'ch_1cc2',
        },
      });
    provider().get('/v2/charges/ch_1cc2').reply(200, failed);
    await expect(client().create(order, key)).rejects.toMatchObject({
      name: 'CardError',
      outcome: 'rejected',
      statusCode: 402,
      declineCode: 'lost_or_stolen_card',
      advice: 'do_not_retry',
      charge: { id: 'ch_1cc2', status: 'failed' },
    });
  });

  it('tells which field the provider refused', async () => {
    nothingListed();
    provider().post('/v2/charges/').reply(422, validation, { 'x-request-id': 'req_7' });
    const error = await client()
      .create(order, key)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({
      outcome: 'rejected',
      requestId: 'req_7',
      issues: [
        { path: 'amount', message: 'value is not a valid integer' },
        { path: 'source', message: 'field required' },
      ],
    });
  });

  it('is sent once where the answer is lost, and found by its stamp when it is called again', async () => {
    const charges = client();
    nothingListed();
    provider().post('/v2/charges/').reply(504, '');
    await expect(charges.create(order, key)).rejects.toMatchObject({
      name: 'ProviderError',
      outcome: 'unknown',
    });
    provider()
      .get('/v2/charges/')
      .reply(200, { object: 'list', next: null, data: [fresh()] });
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh());
    await expect(charges.create(order, key)).resolves.toMatchObject({ id: 'ch_1cc1' });
  });

  it('finds its stamp on the last page, whatever the order', async () => {
    const charges = client();
    nothingListed();
    provider().post('/v2/charges/').reply(502, '<html>Bad gateway</html>', { 'content-type': 'text/html' });
    await expect(charges.create(order, key)).rejects.toMatchObject({
      name: 'ProviderError',
      outcome: 'unknown',
    });
    const oldestFirst = { ...listed, data: listed.data.toReversed() };
    provider().get('/v2/charges/').reply(200, oldestFirst);
    provider()
      .get('/v2/charges/?start_after=ch_0aa2')
      .reply(200, { data: [fresh()], next: '' });
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh());
    await expect(charges.create(order, key)).resolves.toMatchObject({ id: 'ch_1cc1' });
  });

  it('finds its stamp behind two charges that happen to stand newest first', async () => {
    const charges = client();
    nothingListed();
    provider().post('/v2/charges/').reply(500, { detail: 'Oops.' });
    await expect(charges.create(order, key)).rejects.toMatchObject({ outcome: 'unknown' });
    provider().get('/v2/charges/').reply(200, listed);
    provider()
      .get('/v2/charges/?start_after=ch_0aa2')
      .reply(200, { data: [fresh()] });
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh());
    await expect(charges.create(order, key)).resolves.toMatchObject({ id: 'ch_1cc1' });
  });

  it('reads no further than the start of the window where many charges prove the order', async () => {
    const charges = client();
    const many = Array.from({ length: 12 }, (_, index) => ({
      ...listed.data[0],
      id: `ch_old${index}`,
      created_at: `2025-02-03T10:11:${String(59 - index)}+08:00`,
    }));
    nothingListed();
    provider().post('/v2/charges/').reply(500, { detail: 'Oops.' });
    await expect(charges.create(order, key)).rejects.toMatchObject({ outcome: 'unknown' });
    provider().get('/v2/charges/').twice().reply(200, { next: 'ch_old11', data: many });
    provider().post('/v2/charges/').reply(201, fresh());
    await expect(charges.create(order, key)).resolves.toMatchObject({ id: 'ch_1cc1' });
  });

  it('is never sent again from a list whose next page cannot be read', async () => {
    const charges = client();
    nothingListed();
    provider().post('/v2/charges/').reply(500, { detail: 'Oops.' });
    await expect(charges.create(order, key)).rejects.toBeInstanceOf(ProviderError);
    provider()
      .get('/v2/charges/')
      .reply(200, { ...listed, next: 7 });
    await expect(charges.create(order, key)).rejects.toMatchObject({ outcome: 'unknown' });
  });

  it('is sent again once two looks have shown that it does not exist', async () => {
    const charges = client();
    nothingListed();
    provider().post('/v2/charges/').reply(500, { detail: 'Oops.' });
    await expect(charges.create(order, key)).rejects.toMatchObject({ outcome: 'unknown' });
    provider()
      .get('/v2/charges/')
      .twice()
      .reply(200, { ...listed, next: '' });
    provider()
      .post('/v2/charges/', (body: Fields) => (body['metadata'] as Fields)['unicharge_key'] === 'order-80')
      .reply(201, fresh());
    await expect(charges.create(order, key)).resolves.toMatchObject({ id: 'ch_1cc1' });
  });

  it('is the same request with another security code, which no record holds', async () => {
    const charges = client();
    nothingListed();
    provider().post('/v2/charges/').reply(201, fresh());
    const first = await charges.create({ ...order, providerOptions: { cvc: '123' } }, key);
    const second = await charges.create({ ...order, providerOptions: { cvc: '321' } }, key);
    expect(second).toEqual(first);
  });

  it('follows no redirect', async () => {
    nothingListed();
    provider().post('/v2/charges/').reply(307, '', { location: 'https://evil.test/v2/charges' });
    await expect(client().create(order, key)).rejects.toMatchObject({
      name: 'ProviderError',
      outcome: 'unknown',
      statusCode: 307,
    });
  });

  it.each<[name: string, change: Fields]>([
    ['amount', { amount: 50001 }],
    ['currency', { currency: 'USD' }],
    ['mode', { livemode: true }],
    ['stamp', { metadata: { unicharge_key: 'order-81' } }],
  ])('does not accept an answer of another %s', async (_, change) => {
    nothingListed();
    provider().post('/v2/charges/').reply(201, fresh(change));
    const error = await client()
      .create(order, key)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(IntegrityError);
    expect(error).toMatchObject({ outcome: 'unknown', chargeId: 'ch_1cc1' });
  });

  it('leaves the outcome open where the answer lacks what is critical', async () => {
    nothingListed();
    provider()
      .post('/v2/charges/')
      .reply(201, { id: 'ch_1cc1', amount: '50000', currency: 'PHP', status: 'succeeded' });
    await expect(client().create(order, key)).rejects.toMatchObject({
      name: 'InvalidResponseError',
      outcome: 'unknown',
      chargeId: 'ch_1cc1',
    });
  });

  it('reads an answer without all that the schema of the provider requires', async () => {
    nothingListed();
    const events: ClientEvent[] = [];
    const body = {
      id: 'ch_1cc1',
      amount: 50000,
      currency: 'php',
      status: 'succeeded',
      captured: true,
      livemode: 'no',
    };
    provider().post('/v2/charges/').reply(201, body);
    const charge = await client({ onEvent: (event) => events.push(event) }).create(order, key);
    expect(charge).toMatchObject({
      status: 'captured',
      amountCaptured: 50000,
      livemode: null,
      refunds: null,
    });
    const drifts = events.flatMap((event) => (event.type === 'drift' ? [[event.path, event.kind]] : []));
    expect(drifts).toEqual(
      expect.arrayContaining([
        ['livemode', 'wrong_type'],
        ['amount_refunded', 'missing'],
        ['metadata', 'stamp_lost'],
      ]),
    );
  });

  it('refuses what the provider cannot honour before a byte is sent', async () => {
    const charges: ChargesClient = client();
    await expect(charges.create({ ...order, customer: 'cus_1' })).rejects.toMatchObject({
      outcome: 'not_sent',
      issues: [expect.objectContaining({ path: 'customer' })],
    });
    await expect(charges.create({ amount: 1, currency: 'PHP' })).rejects.toMatchObject({
      issues: ['source', 'description', 'statementDescriptor'].map((path) =>
        expect.objectContaining({ path }),
      ),
    });
  });
});

describe('retrieve', () => {
  it('reads one charge', async () => {
    provider().get('/v2/charges/ch_1cc1').reply(200, wireCharge());
    const charge = await client().retrieve('ch_1cc1');
    expect(charge).toMatchObject({ id: 'ch_1cc1', amountRefunded: 12000, refundStatus: 'partial' });
    expect(charge.refunds).toHaveLength(1);
  });

  it('rejects what does not exist', async () => {
    provider().get('/v2/charges/ch_9').reply(404, { detail: 'Not Found' });
    const error = await client()
      .retrieve('ch_9')
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ outcome: 'not_sent', statusCode: 404 });
  });

  it('lets no id change the address', async () => {
    await expect(client().retrieve('../me')).rejects.toBeInstanceOf(InvalidRequestError);
  });
});

describe('capture', () => {
  it('reads the amount and sends it where none is given', async () => {
    provider().get('/v2/charges/ch_1cc1').twice().reply(200, fresh(held));
    provider()
      .post('/v2/charges/ch_1cc1/capture', { amount: 50000 })
      .reply(200, fresh({ metadata: manual }));
    await expect(client().capture('ch_1cc1', {}, key)).resolves.toMatchObject({
      status: 'captured',
      amountCaptured: 50000,
    });
  });

  it.each([50000, 40000])(
    'of a part shows the part, whether the amount shrinks or not (%i)',
    async (amount) => {
      provider().get('/v2/charges/ch_1cc1').reply(200, fresh(held));
      provider()
        .post('/v2/charges/ch_1cc1/capture', { amount: 40000 })
        .reply(200, fresh({ amount, metadata: manual }));
      const charge = await client().capture('ch_1cc1', { amount: 40000 }, key);
      expect(charge).toMatchObject({ status: 'captured', amountCaptured: 40000 });
    },
  );

  it('whose answer still shows an authorization is no success', async () => {
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh(held));
    provider().post('/v2/charges/ch_1cc1/capture').reply(200, fresh(held));
    await expect(client().capture('ch_1cc1', { amount: 50000 }, key)).rejects.toMatchObject({
      name: 'InvalidResponseError',
      outcome: 'unknown',
    });
  });

  it('whose answer is lost is read off the charge', async () => {
    const charges = client();
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh(held));
    provider().post('/v2/charges/ch_1cc1/capture').reply(500, { detail: 'Oops.' });
    await expect(charges.capture('ch_1cc1', { amount: 40000 }, key)).rejects.toMatchObject({
      outcome: 'unknown',
    });
    provider()
      .get('/v2/charges/ch_1cc1')
      .reply(200, fresh({ metadata: manual }));
    await expect(charges.capture('ch_1cc1', { amount: 40000 }, key)).resolves.toMatchObject({
      status: 'captured',
      amountCaptured: null,
    });
  });

  it('of a captured charge is a conflict', async () => {
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh(held));
    provider().post('/v2/charges/ch_1cc1/capture').reply(409, { detail: 'Already captured.' });
    await expect(client().capture('ch_1cc1', { amount: 1 }, key)).rejects.toMatchObject({
      name: 'ConflictError',
      outcome: 'rejected',
    });
  });
});

describe('void', () => {
  it.each(['voided', 'canceled'])('posts without a body and reads %s', async (status) => {
    let body: unknown;
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh(held));
    provider()
      .post('/v2/charges/ch_1cc1/void', (sent: unknown) => {
        body = sent;
        return true;
      })
      .reply(200, fresh({ status, captured: false }));
    const charge = await client().reverse('ch_1cc1', key);
    expect(charge).toMatchObject({ status: 'voided', amountCaptured: 0, amountRefunded: 0 });
    expect(body).toBe('');
  });

  it.each(['failed', 'succeeded', 'undone'])('whose answer says %s is no success', async (status) => {
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh(held));
    provider().post('/v2/charges/ch_1cc1/void').reply(200, fresh({ status }));
    await expect(client().void('ch_1cc1', key)).rejects.toMatchObject({ outcome: 'unknown' });
  });
});

describe('refund', () => {
  const entry = {
    id: 're_2',
    amount: 500,
    currency: 'PHP',
    reason: 'duplicate',
    status: 'pending',
    created_at: '2025-02-06T09:00:00+08:00',
  };
  const old = wireCharge().refunds ?? [];

  it('is the new entry of the charge that answers', async () => {
    provider().get('/v2/charges/ch_1cc1').twice().reply(200, wireCharge());
    provider()
      .post('/v2/charges/ch_1cc1/refund', { amount: 500, reason: 'duplicate' })
      .reply(200, wireCharge({ amount_refunded: 12500, refunds: [...old, entry] }));
    const refund = await client().refund('ch_1cc1', { amount: 500, reason: 'duplicate' }, key);
    expect(refund).toMatchObject({
      id: 're_2',
      chargeId: 'ch_1cc1',
      amount: 500,
      status: 'pending',
      reason: 'duplicate',
    });
  });

  it('of everything sends an empty object', async () => {
    let body: unknown;
    provider().get('/v2/charges/ch_1cc1').twice().reply(200, fresh());
    provider()
      .post('/v2/charges/ch_1cc1/refund', (sent: unknown) => {
        body = sent;
        return true;
      })
      .reply(
        200,
        fresh({ status: 'refunded', amount_refunded: 50000, refunds: [{ ...entry, amount: 50000 }] }),
      );
    await expect(client().refund('ch_1cc1', {}, key)).resolves.toMatchObject({ amount: 50000 });
    expect(body).toEqual({});
  });

  it('whose answer is lost is found among the refunds that were not there before', async () => {
    const charges = client();
    provider().get('/v2/charges/ch_1cc1').twice().reply(200, wireCharge());
    provider().post('/v2/charges/ch_1cc1/refund').reply(504, '');
    await expect(charges.refund('ch_1cc1', { amount: 500 }, key)).rejects.toMatchObject({
      outcome: 'unknown',
    });
    provider()
      .get('/v2/charges/ch_1cc1')
      .reply(200, wireCharge({ refunds: [entry, ...old] }));
    await expect(charges.refund('ch_1cc1', { amount: 500 }, key)).resolves.toMatchObject({ id: 're_2' });
  });

  it('of another amount than was asked is no success', async () => {
    provider().get('/v2/charges/ch_1cc1').twice().reply(200, fresh());
    provider()
      .post('/v2/charges/ch_1cc1/refund')
      .reply(200, fresh({ amount_refunded: 50000, refunds: [{ ...entry, amount: 50000 }] }));
    await expect(client().refund('ch_1cc1', { amount: 500 }, key)).rejects.toMatchObject({
      name: 'IntegrityError',
      outcome: 'unknown',
    });
  });

  it('that the merchant cannot pay is a conflict, no decline', async () => {
    provider().get('/v2/charges/ch_1cc1').twice().reply(200, fresh());
    provider().post('/v2/charges/ch_1cc1/refund').reply(402, { detail: 'Balance too low.' });
    const error = await client()
      .refund('ch_1cc1', { amount: 500 }, key)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConflictError);
  });

  it('is listed and read from the charge', async () => {
    provider().get('/v2/charges/ch_1cc1').times(3).reply(200, wireCharge());
    await expect(client().listRefunds('ch_1cc1')).resolves.toMatchObject([{ id: 're_1ff1' }]);
    await expect(client().retrieveRefund('ch_1cc1', 're_1ff1')).resolves.toMatchObject({ amount: 12000 });
    await expect(client().retrieveRefund('ch_1cc1', 're_9')).rejects.toBeInstanceOf(NotFoundError);
  });

  it('is not listed from an answer that could hide some', async () => {
    provider()
      .get('/v2/charges/ch_1cc1')
      .reply(200, wireCharge({ refunds: null }));
    await expect(client().listRefunds('ch_1cc1')).rejects.toBeInstanceOf(InvalidResponseError);
  });
});

describe('list', () => {
  it('reads every page by its cursor, and sends neither limit nor filter', async () => {
    provider().get('/v2/charges/').reply(200, listed);
    provider()
      .get('/v2/charges/?start_after=ch_0aa2')
      .reply(200, { object: 'list', next: null, data: [wireCharge()] });
    const ids: string[] = [];
    const filter = { limit: 50, createdAfter: '2025-01-01T00:00:00Z', createdBefore: '2026-01-01T00:00:00Z' };
    for await (const charge of client().list(filter)) ids.push(charge.id);
    expect(ids).toEqual(['ch_0aa1', 'ch_0aa2', 'ch_1cc1']);
  });

  it('is cut to the limit here, and goes on from there', async () => {
    provider().get('/v2/charges/').reply(200, listed);
    const page = await client().list({ limit: 1 });
    expect(page.data.map(({ id }) => id)).toEqual(['ch_0aa1']);
    expect(page.nextCursor).toBe('ch_0aa1');
    provider()
      .get('/v2/charges/?start_after=ch_0aa1')
      .reply(200, { object: 'list', data: [listed.data[1]] });
    const rest = await client().list({ cursor: 'ch_0aa1' });
    expect(rest.data.map(({ id }) => id)).toEqual(['ch_0aa2']);
    expect(rest.nextCursor).toBeNull();
  });

  it('never sends the key to the address that next names', async () => {
    provider()
      .get('/v2/charges/')
      .reply(200, { ...listed, next: 'https://evil.test/v2/charges/?start_after=ch_0aa2' });
    provider().get('/v2/charges/?start_after=ch_0aa2').reply(200, { data: [] });
    const ids: string[] = [];
    for await (const charge of client().list()) ids.push(charge.id);
    expect(ids).toEqual(['ch_0aa1', 'ch_0aa2']);
  });

  it('ends where a cursor comes again', async () => {
    provider().get('/v2/charges/').reply(200, listed);
    provider()
      .get('/v2/charges/?start_after=ch_0aa2')
      .reply(200, { ...listed, data: [wireCharge()] });
    const ids: string[] = [];
    for await (const charge of client().list()) ids.push(charge.id);
    expect(ids).toEqual(['ch_0aa1', 'ch_0aa2', 'ch_1cc1']);
  });

  it('refuses a filter that no charge could pass', async () => {
    await expect(client().list({ customer: 'cus_1' })).rejects.toBeInstanceOf(InvalidRequestError);
  });
});

describe('search', () => {
  it('filters the pages of the list', async () => {
    provider().get('/v2/charges/').reply(200, listed);
    provider()
      .get('/v2/charges/?start_after=ch_0aa2')
      .reply(200, { object: 'list', next: null, data: [wireCharge()] });
    const ids: string[] = [];
    for await (const charge of client().search({
      status: 'captured',
      amount: 50000,
      metadata: { order: '80' },
    })) {
      ids.push(charge.id);
    }
    expect(ids).toEqual(['ch_1cc1']);
  });

  it('stops at its bound', async () => {
    let asked = 0;
    provider()
      .get(/^\/v2\/charges\//)
      .times(20)
      .reply(200, () => {
        asked += 1;
        return { object: 'list', next: `/v2/charges/?start_after=ch_${asked}`, data: [listed.data[0]] };
      });
    const page = await client().search({ status: 'voided' });
    expect(page.data).toEqual([]);
    expect(page.nextCursor).toBe('ch_20');
    expect(client().capabilities.search).toMatchObject({ supported: true, maxPages: 20, pushedDown: [] });
  });
});

describe('verify3DS', () => {
  const otp = { confirmationId: 'conf_123', code: '000111' };
  const open = { status: 'pending', authorized: false, captured: false };

  it('reads the charge after the redirect', async () => {
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh());
    const expected = { chargeId: 'ch_1cc1', amount: 50000, currency: 'PHP' };
    await expect(client().verify3DS({ chargeId: 'ch_1cc1', expected })).resolves.toMatchObject({
      status: 'captured',
    });
  });

  it('rejects the charge of another order', async () => {
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh());
    const expected = { amount: 99900 };
    await expect(client().verify3DS({ chargeId: 'ch_1cc1', expected })).rejects.toBeInstanceOf(
      IntegrityError,
    );
  });

  it('rejects a charge that failed', async () => {
    provider().get('/v2/charges/ch_1cc2').reply(200, failed);
    await expect(client().verify3DS({ chargeId: 'ch_1cc2' })).rejects.toMatchObject({
      name: 'CardError',
      declineCode: 'authentication_required',
    });
  });

  it('sends a one-time password', async () => {
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh(open));
    provider()
      .post('/v2/charges/ch_1cc1/verify', { confirmation_id: 'conf_123', otp: '000111' })
      .reply(200, fresh());
    await expect(client().verify3DS({ chargeId: 'ch_1cc1', otp })).resolves.toMatchObject({
      status: 'captured',
    });
  });

  it('sends it once: where the answer is lost, the charge is read', async () => {
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh(open));
    provider().post('/v2/charges/ch_1cc1/verify').reply(502, '');
    provider().get('/v2/charges/ch_1cc1').reply(200, fresh());
    await expect(client({ maxRetries: 3 }).verify3DS({ chargeId: 'ch_1cc1', otp })).resolves.toMatchObject({
      status: 'captured',
    });
  });

  it('sends none to a charge that is through', async () => {
    provider().get('/v2/charges/ch_1cc1').twice().reply(200, fresh());
    await expect(client().verify3DS({ chargeId: 'ch_1cc1', otp })).resolves.toMatchObject({
      status: 'captured',
    });
  });
});

describe('parseWebhook', () => {
  it('reads the charge that a notification names', async () => {
    provider().get('/v2/charges/ch_1cc1').reply(200, wireCharge());
    const body = JSON.stringify({ type: 'charge.failed', data: { id: 'ch_1cc1', status: 'failed' } });
    await expect(client().parseWebhook(body, {})).resolves.toMatchObject({
      type: 'charge.captured',
      chargeId: 'ch_1cc1',
    });
  });

  it('refuses a charge that does not exist', async () => {
    provider().get('/v2/charges/ch_9').reply(404, { detail: 'Not Found' });
    await expect(client().parseWebhook('{"id":"ch_9"}', {})).rejects.toMatchObject({
      name: 'WebhookSignatureError',
    });
  });

  it('refuses what is no JSON object', async () => {
    await expect(client().parseWebhook('ok', {})).rejects.toMatchObject({ code: 'webhook_not_json' });
  });
});

describe('the client', () => {
  it('asks the company that was chosen', async () => {
    provider('https://api.zip.ph').get('/v2/charges/ch_1cc1').reply(200, wireCharge());
    await expect(client({ platform: 'zip' }).retrieve('ch_1cc1')).resolves.toMatchObject({
      provider: 'magpie',
    });
  });

  it('keeps the path of a base address', async () => {
    provider('https://proxy.test').get('/pay/v2/charges/ch_1cc1').reply(200, wireCharge());
    const charges = createMagpie({ secretKey, baseUrl: 'https://proxy.test/pay/' });
    await expect(charges.retrieve('ch_1cc1')).resolves.toMatchObject({ id: 'ch_1cc1' });
  });

  it('is not made without an address, a key, or with a public key', () => {
    expect(() => createMagpie({ secretKey })).toThrow(ConfigurationError);
    expect(() => createMagpie({ platform: 'magpie' })).toThrow(/MAGPIE_SECRET_KEY/);
    expect(() => createMagpie({ platform: 'magpie', secretKey: 'pk_test_1' })).toThrow(/secretKey/);
    expect(() =>
      createMagpie({ platform: 'magpie', secretKey, defaults: { statementDescriptor: 'Peña' } }),
    ).toThrow(/statementDescriptor/);
  });

  it('has no update and no expire', async () => {
    const charges: ChargesClient = client();
    expect([charges.supports('update'), charges.supports('expire'), charges.supports('reverse')]).toEqual([
      false,
      false,
      true,
    ]);
    await expect(charges.update('ch_1', {})).rejects.toBeInstanceOf(UnsupportedOperationError);
    await expect(charges.expire('ch_1')).rejects.toBeInstanceOf(UnsupportedOperationError);
    // @ts-expect-error The concrete client has no update.
    expect(() => client().update('ch_1', {})).toBeDefined();
  });

  it('says what it can do', () => {
    expect(client().capabilities).toMatchObject({
      writeSafety: 'lookup',
      idempotencyKeyLifetimeMs: null,
      create: { sources: ['token'], refuses: ['customer', 'expiresAt'], currencies: ['PHP'] },
      update: { supported: false },
      list: { order: 'unspecified', pushedDown: [] },
      capture: { partial: true },
      void: { captured: true },
      expire: { supported: false },
      refund: { partial: true, metadata: false },
      verify3DS: { by: ['chargeId', 'otp'] },
    });
  });
});
