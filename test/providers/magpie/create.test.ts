import { describe, expect, it } from 'vitest';
import { CardError, IntegrityError, InvalidRequestError, ProviderError } from '../../../src/errors.js';
import type { ChargesClient } from '../../../src/charges-client.js';
import type { ClientEvent } from '../../../src/models/client-event.js';
import failed from '../../fixtures/magpie/charge-failed.json' with { type: 'json' };
import validation from '../../fixtures/magpie/error-validation.json' with { type: 'json' };
import listed from '../../fixtures/magpie/list.json' with { type: 'json' };
import { client, fresh, held, key, manual, mockProvider, provider } from './mocked-provider.js';
import { type Fields } from './wire-charges.js';

mockProvider();

const order = {
  amount: 50000,
  currency: 'PHP',
  source: 'src_1dd1',
  description: 'Order 80',
  statementDescriptor: 'TINDAHAN',
} as const;
const nothingListed = () => provider().get('/v2/charges/').reply(200, { object: 'list', data: [] });

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
    // The charge of another key is somebody else's: its id would lead there.
    ['stamp', { metadata: { unicharge_key: 'order-81' } }],
  ])('does not accept an answer of another %s', async (field, change) => {
    nothingListed();
    provider().post('/v2/charges/').reply(201, fresh(change));
    const error = await client()
      .create(order, key)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(IntegrityError);
    expect(error).toMatchObject({
      outcome: 'unknown',
      chargeId: field === 'stamp' ? null : 'ch_1cc1',
    });
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
      issues: ['description', 'statementDescriptor', 'source'].map((path) =>
        expect.objectContaining({ path }),
      ),
    });
  });
});
