import { describe, expect, it } from 'vitest';
import { NotFoundError, InvalidResponseError, OutcomeUnknownError } from '../../../src/errors.js';
import { stampOf } from '../../../src/models/attachments.js';
import { refundSchema, type Refund } from '../../../src/models/refund.js';
import { magpieProvider } from '../../../src/providers/magpie/index.js';
import { fits, outputOf, requestOf, rowIn } from '../seam.js';
import { recordedCall } from './call.js';
import { readRefunds, wireCharge, type Fields } from './wire-charges.js';

const entry = {
  id: 're_1',
  amount: 700,
  currency: 'php',
  reason: 'duplicate',
  status: 'succeeded',
  created_at: '2025-02-05T09:30:00+08:00',
};

const readRefund = (change: Fields = {}) => {
  const given = Object.entries({ ...entry, ...change }).filter(([, value]) => value !== undefined);
  const { refunds, drifts } = readRefunds({ id: 'ch_1', refunds: [Object.fromEntries(given)] });
  const [refund, ...others] = refunds;
  if (refund === undefined) throw new Error('no refund was read');
  expect(others).toEqual([]);
  return { refund, drifts };
};

describe('an entry of a charge', () => {
  it('is a refund of that charge', () => {
    const { refund: made, drifts } = readRefund();
    expect(made).toEqual({
      provider: 'magpie',
      id: 're_1',
      chargeId: 'ch_1',
      amount: 700,
      currency: 'PHP',
      status: 'succeeded',
      reason: 'duplicate',
      providerReason: 'duplicate',
      failure: null,
      createdAt: '2025-02-05T01:30:00.000Z',
      metadata: {},
    });
    expect(refundSchema.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
    expect(made.raw).toEqual(entry);
    expect(stampOf(made)).toBeNull();
    expect(drifts).toEqual([]);
  });

  it.each<[wire: string | null | undefined, status: Refund['status'], drifts: unknown[]]>([
    ['pending', 'pending', []],
    ['succeeded', 'succeeded', []],
    ['failed', 'failed', []],
    ['canceled', 'unknown', [['refunds.status', 'unknown_value']]],
    ['toString', 'unknown', [['refunds.status', 'unknown_value']]],
    [null, 'unknown', [['refunds.status', 'missing']]],
    [undefined, 'unknown', [['refunds.status', 'missing']]],
  ])('with the status %s is %s', (wire, status, expected) => {
    const { refund: made, drifts } = readRefund({ status: wire });
    expect(made.status).toBe(status);
    expect(made.failure?.code).toBe(status === 'failed' ? 'generic_decline' : undefined);
    expect(drifts).toEqual(expected);
  });

  it.each<[wire: string | null | undefined, reason: Refund['reason'], providerReason: string | null]>([
    ['duplicate', 'duplicate', 'duplicate'],
    ['fraudulent', 'fraudulent', 'fraudulent'],
    ['fradulent', 'fraudulent', 'fradulent'],
    ['requested_by_customer', 'requested_by_customer', 'requested_by_customer'],
    ['customer_request', 'requested_by_customer', 'customer_request'],
    ['other', 'other', 'other'],
    ['others', 'other', 'others'],
    ['it rained', null, 'it rained'],
    ['', null, null],
    [null, null, null],
    [undefined, null, null],
  ])('with the reason %s is %s', (wire, reason, providerReason) => {
    expect(readRefund({ reason: wire }).refund).toMatchObject({ reason, providerReason });
  });

  it('takes the currency of its charge where it has none', () => {
    expect(readRefund({ currency: undefined }).refund.currency).toBe('PHP');
  });
});

describe('a refund', () => {
  const old = { ...entry, id: 're_old', amount: 200 };
  const manual = { unicharge_capture: 'manual' };

  /** What goes out after a charge was read, and what comes of the answer. */
  const run = async (before: Fields, after: Fields, params: { amount?: number } = {}) => {
    const input = { id: 'ch_1cc1', params };
    const reading = recordedCall({ bodies: [wireCharge(before)] });
    const prepared: unknown = await rowIn(magpieProvider, 'refund').prepare?.(input, reading.call);
    // As a store gives it back.
    const { call } = recordedCall({ prepared: JSON.parse(JSON.stringify(prepared)) });
    return {
      prepared,
      request: requestOf(magpieProvider, 'refund', input, call),
      read: reading.sent,
      output: () => outputOf(magpieProvider, 'refund', { body: wireCharge(after) }, call, input) as Refund,
    };
  };

  it('reads the charge first, and sends no amount for everything', async () => {
    const result = await run({ amount_refunded: 0, refunds: [] }, { refunds: [{ ...entry, amount: 50000 }] });
    expect(result.read).toEqual([{ method: 'GET', route: '/v2/charges/{id}', ids: { id: 'ch_1cc1' } }]);
    expect(result.prepared).toEqual({ refundIdsBefore: [], amount: null, expectedAmount: 50000 });
    expect(result.request.json).toEqual({});
    expect(result.output()).toMatchObject({ id: 're_1', amount: 50000, chargeId: 'ch_1cc1' });
  });

  it('sends what is left after earlier refunds, also where they are still pending', async () => {
    const left = await run(
      { amount_refunded: 200, refunds: [old] },
      { refunds: [old, { ...entry, amount: 49800 }] },
    );
    expect(left.request.json).toEqual({ amount: 49800 });
    expect(left.output().id).toBe('re_1');
    const pending = await run({ amount_refunded: 0, refunds: [{ ...old, status: 'pending' }] }, {});
    expect(pending.request.json).toEqual({ amount: 49800 });
    const failed = await run({ amount_refunded: 0, refunds: [{ ...old, status: 'failed' }] }, {});
    expect(failed.request.json).toEqual({});
  });

  it('leaves the amount to the provider where nothing is left, or what was captured is not known', async () => {
    expect((await run({ amount_refunded: 50000, refunds: [] }, {})).request.json).toEqual({});
    expect((await run({ amount_refunded: 200, refunds: [old], metadata: manual }, {})).request.json).toEqual(
      {},
    );
  });

  it('sends the asked amount', async () => {
    const result = await run({ refunds: [] }, { refunds: [entry] }, { amount: 700 });
    expect(result.request.json).toEqual({ amount: 700 });
    expect(result.output().id).toBe('re_1');
  });

  it('is the new entry, whatever the order', async () => {
    const twin = { ...entry, id: 're_twin' };
    for (const refunds of [
      [twin, entry],
      [entry, twin],
    ]) {
      const result = await run({ refunds: [twin] }, { refunds }, { amount: 700 });
      expect(result.output().id).toBe('re_1');
    }
  });

  it('is the new entry with the asked amount, where somebody refunds by hand at the same moment', async () => {
    const byHand = { ...entry, id: 're_hand', amount: 100 };
    const result = await run({ refunds: [] }, { refunds: [byHand, entry] }, { amount: 700 });
    expect(result.output().id).toBe('re_1');
  });

  it('is not guessed between two new entries of the same amount', async () => {
    const twin = { ...entry, id: 're_twin' };
    const result = await run({ refunds: [] }, { refunds: [twin, entry] }, { amount: 700 });
    expect(result.output).toThrow(OutcomeUnknownError);
    expect(result.output).toThrow(
      expect.objectContaining({ outcome: 'unknown', candidates: ['re_twin', 're_1'] }),
    );
  });

  it('is unknown where the answer shows no new entry', async () => {
    const result = await run({ refunds: [old] }, { refunds: [old] }, { amount: 700 });
    expect(result.output).toThrow(InvalidResponseError);
    expect(result.output).toThrow(expect.objectContaining({ outcome: 'unknown', chargeId: 'ch_1cc1' }));
  });

  it('of another amount is handed on, for the engine to refuse', async () => {
    const result = await run({ refunds: [] }, { refunds: [{ ...entry, amount: 50000 }] }, { amount: 700 });
    expect(result.output().amount).toBe(50000);
  });

  it('shows how much was refunded of an authorization', async () => {
    const result = await run(
      { refunds: [], metadata: manual },
      { refunds: [{ ...entry, amount: 40000 }], metadata: manual },
    );
    expect(result.output().amount).toBe(40000);
  });
});

describe('the refunds of a charge', () => {
  const { call } = recordedCall();
  const input = { id: 'ch_1cc1' };

  it('are read from the charge', () => {
    const { refunds } = readRefunds({ refunds: [entry, { ...entry, id: 're_2', status: 'failed' }] });
    expect(requestOf(magpieProvider, 'listRefunds', input, call)).toEqual({
      method: 'GET',
      route: '/v2/charges/{id}',
      ids: { id: 'ch_1cc1' },
    });
    expect(refunds.map(({ id, status, chargeId }) => [id, status, chargeId])).toEqual([
      ['re_1', 'succeeded', 'ch_1cc1'],
      ['re_2', 'failed', 'ch_1cc1'],
    ]);
  });

  it('include the one that is asked for, or it does not exist', async () => {
    const { call: reading, drifts } = recordedCall();
    const body = wireCharge({ refunds: [entry, { ...entry, id: 're_2', status: 'strange' }] });
    const one = (refundId: string) =>
      outputOf(magpieProvider, 'retrieveRefund', { body }, reading, { ...input, refundId });
    expect(await one('re_1')).toMatchObject({ id: 're_1', chargeId: 'ch_1cc1' });
    // What another refund deviates in is told by who asks for it.
    expect(drifts).toEqual([]);
    await expect(one('re_9')).rejects.toThrow(NotFoundError);
    await expect(one('re_9')).rejects.toMatchObject({ outcome: 'not_sent', chargeId: 'ch_1cc1' });
  });

  it.each([
    ['a list', { refunds: [], amount_refunded: 12000 }, true],
    ['no list, and nothing refunded', { refunds: null, amount_refunded: 0 }, true],
    ['no list at all, and nothing refunded', { refunds: undefined, amount_refunded: 0 }, true],
    ['no list, and something refunded', { refunds: null, amount_refunded: 1 }, false],
    ['no list, and no total', { refunds: undefined, amount_refunded: undefined }, false],
  ])('are readable from %s: %s', (_, change, expected) => {
    for (const name of ['refund', 'listRefunds', 'retrieveRefund'] as const) {
      expect(fits(magpieProvider, name, wireCharge(change))).toBe(expected);
    }
  });
});
