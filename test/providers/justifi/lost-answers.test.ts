import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { justifiHost, type Answer, type SeenRequest } from './justifi-server.js';
import { payment, refund } from './wire-samples.js';

beforeAll(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());
afterAll(() => nock.enableNetConnect());

const hour = 60 * 60 * 1000;
const params = { amount: 2599, currency: 'USD', source: 'pm_DemoC3', metadata: { order: '81' } } as const;
const options = { idempotencyKey: 'order-81', maxRetries: 0 };
const stamped = { order: '81', unicharge_key: 'order-81' };
const lost: Answer = { status: 504, body: '' };
const single = (data: { readonly id: string }): Answer => ({
  body: { id: data.id, type: 'x', data, page_info: null },
});
const page = (data: readonly object[], end_cursor: string | null = null): Answer => ({
  body: { id: null, type: 'array', data, page_info: { end_cursor, has_next: end_cursor !== null } },
});
const sent = (seen: readonly SeenRequest[], method: string) =>
  seen.filter((request) => request.method === method && !request.path.startsWith('/oauth'));

describe('a create whose answer was lost', () => {
  it('is repeated with its key while JustiFi is trusted to know it', async () => {
    const { charges, seen, clock } = justifiHost({
      'POST /v1/payments': [
        lost,
        { status: 201, ...single(payment({ status: 'succeeded', metadata: stamped })) },
      ],
    });
    await expect(charges.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    clock.advance(hour - 120_000);
    expect(await charges.create(params, options)).toMatchObject({ id: 'py_DemoA1', status: 'captured' });
    const posts = sent(seen, 'POST');
    expect(posts.length).toBe(2);
    expect(posts[1]?.body).toEqual(posts[0]?.body);
    expect(sent(seen, 'GET')).toEqual([]);
  });

  it('is looked up by its stamp after that hour, never sent again', async () => {
    const { charges, seen, clock } = justifiHost({
      'POST /v1/payments': lost,
      'GET /v1/payments': (request) =>
        request.path.includes('after_cursor')
          ? page([payment({ status: 'succeeded', metadata: stamped, created_at: clock.iso(-hour) })])
          : page(
              [
                payment({
                  id: 'py_Other',
                  metadata: { unicharge_key: 'order-82' },
                  created_at: clock.iso(0),
                }),
              ],
              'one',
            ),
      'GET /v1/payments/py_DemoA1': () => single(payment({ status: 'succeeded', metadata: stamped })),
    });
    await expect(charges.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    clock.advance(hour + 1);
    expect(await charges.create(params, options)).toMatchObject({ id: 'py_DemoA1', status: 'captured' });
    expect(sent(seen, 'POST').length).toBe(1);
    expect(sent(seen, 'GET')[0]?.path).toMatch(/^\/v1\/payments\?limit=100&created_after=/);
  });

  it('is sent again after that hour only when the whole list has been read without it', async () => {
    const { charges, seen, clock } = justifiHost({
      'POST /v1/payments': [
        lost,
        { status: 201, ...single(payment({ status: 'succeeded', metadata: stamped })) },
      ],
      'GET /v1/payments': page([]),
    });
    await expect(charges.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    clock.advance(2 * hour);
    expect(await charges.create(params, options)).toMatchObject({ status: 'captured' });
    expect(seen.map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`)).toEqual([
      'POST /oauth/token',
      'POST /v1/payments',
      'GET /v1/payments',
      'GET /v1/payments',
      'POST /v1/payments',
    ]);
  });

  it('stays open after that hour when the list cannot be read to its end', async () => {
    const { charges, seen, clock } = justifiHost({
      'POST /v1/payments': lost,
      'GET /v1/payments': { body: { data: [], page_info: { has_next: true, end_cursor: null } } },
    });
    await expect(charges.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    clock.advance(2 * hour);
    await expect(charges.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(sent(seen, 'POST').length).toBe(1);
  });

  it('survives an update in between: the stamp stays in the metadata', async () => {
    const { charges, seen } = justifiHost({
      'GET /v1/payments/py_DemoA1': single(payment({ metadata: stamped })),
      'PATCH /v1/payments/py_DemoA1': (request) => single(payment(request.body as Record<string, unknown>)),
    });
    await charges.update('py_DemoA1', { metadata: { order: null, note: 'x' } });
    expect(sent(seen, 'PATCH')[0]?.body).toEqual({ metadata: { note: 'x', unicharge_key: 'order-81' } });
  });
});

describe('a full refund whose answer was lost', () => {
  const paid = payment({ status: 'succeeded', amount_refundable: 2599 });
  const emptied = payment({
    status: 'fully_refunded',
    amount_refunded: 2599,
    amount_refundable: 0,
    refunds: [refund({ amount: 2599, metadata: { unicharge_key: 'order-81' } })],
  });

  it('is repeated with the amount of the first time, though nothing is left', async () => {
    const { charges, seen } = justifiHost({
      'GET /v1/payments/py_DemoA1': [single(paid), single(emptied)],
      'POST /v1/payments/py_DemoA1/refunds': [
        lost,
        { status: 201, ...single(refund({ amount: 2599, metadata: { unicharge_key: 'order-81' } })) },
      ],
    });
    await expect(charges.refund('py_DemoA1', {}, options)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(await charges.refund('py_DemoA1', {}, options)).toMatchObject({
      amount: 2599,
      status: 'succeeded',
    });
    expect(sent(seen, 'POST').map(({ body }) => (body as { amount: number }).amount)).toEqual([2599, 2599]);
  });

  it('is found by its stamp after the hour', async () => {
    const { charges, seen, clock } = justifiHost({
      'GET /v1/payments/py_DemoA1': [single(paid), single(emptied)],
      'POST /v1/payments/py_DemoA1/refunds': lost,
    });
    await expect(charges.refund('py_DemoA1', {}, options)).rejects.toMatchObject({ outcome: 'unknown' });
    clock.advance(hour + 1);
    expect(await charges.refund('py_DemoA1', {}, options)).toMatchObject({ id: 're_DemoD4', amount: 2599 });
    expect(sent(seen, 'POST').length).toBe(1);
  });
});

describe('a void whose answer was lost', () => {
  it('is believed when the payment shows it, though a repeat would come too late', async () => {
    const { charges, seen, clock } = justifiHost({
      'POST /v1/payments/py_DemoA1/void': [
        lost,
        { status: 422, body: { error: { code: 'payment_outside_void_window' } } },
      ],
      'GET /v1/payments/py_DemoA1': single(payment({ status: 'canceled' })),
    });
    await expect(charges.void('py_DemoA1', options)).rejects.toMatchObject({ outcome: 'unknown' });
    clock.advance(30 * 60_000);
    expect(await charges.void('py_DemoA1', options)).toMatchObject({ status: 'voided' });
    expect(sent(seen, 'POST').length).toBe(2);
  });
});
