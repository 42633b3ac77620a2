import { describe, expect, it } from 'vitest';
import type { Operation } from '../../src/charges-client.js';
import { failureOf } from '../../src/adapter/failure.js';
import { capabilitiesOf } from '../../src/calls/capabilities.js';
import type { OperationInputs, ProviderSpec } from '../../src/provider.js';
import { recordedCall, type CallFacts } from '../providers/pin/call.js';
import { fits, issuesOf, outputOf, paramsIn, requestOf, rowIn } from '../providers/seam.js';
import { penny, pennyAlone, pennyInOne } from './penny.js';

const pay = { id: 'pay_1', state: 'done', amount: 500, currency: 'EUR', back: 0 };
const back = { id: 'back_1', pay: 'pay_1', amount: 200, state: 'done' };

const prepare = async <Name extends Operation>(
  spec: ProviderSpec,
  name: Name,
  input: OperationInputs[Name],
  facts: CallFacts,
) => {
  const call = recordedCall({ idempotencyKey: 'k', ...facts });
  return { prepared: await rowIn(spec, name).prepare?.(input, call), sent: call.sent };
};

describe('what a definition declares', () => {
  it('is what the client says of itself', () => {
    expect(capabilitiesOf(penny)).toMatchObject({
      create: { supported: false },
      update: { supported: true, fields: ['description', 'metadata'] },
      list: { order: 'newest_first' },
      search: { maxPages: 3 },
      capture: { partial: true },
      void: { captured: false },
      refund: { partial: true, metadata: true },
      verify3DS: { by: ['chargeId'] },
    });
  });

  it('holds for the params: options of an operation that takes none are refused', () => {
    expect(paramsIn(penny, 'capture').safeParse({ providerOptions: { tip: 1 } }).success).toBe(true);
    expect(paramsIn(penny, 'capture').safeParse({ providerOptions: { tips: 1 } }).success).toBe(false);
    expect(paramsIn(penny, 'refund').safeParse({ providerOptions: { tip: 1 } }).success).toBe(false);
  });

  it('is refused where it is exceeded', () => {
    const call = recordedCall();
    expect(issuesOf(penny, 'update', { id: 'pay_1', params: { email: 'a@b.example' } }, call)).toEqual([
      { path: 'email', message: 'cannot be changed at Penny: only description and metadata can' },
    ]);
    expect(issuesOf(penny, 'verify3DS', { params: { sessionToken: 's' } }, call)).toEqual([
      { path: 'chargeId', message: 'is required' },
      { path: 'sessionToken', message: 'does not exist at Penny: the charge is read by chargeId' },
    ]);
    const change = { email: 'a@b.example', metadata: { a: null, b: 'much too long', order: 'c' } };
    expect(issuesOf(pennyInOne, 'update', { id: 'pay_1', params: change }, call)).toEqual([
      { path: 'email', message: 'would send a letter' },
      {
        path: 'metadata',
        message: 'must have at most 1 entries: 2 are kept, and 1 holds the idempotency key',
      },
      { path: 'metadata.b', message: 'must have at most 5 characters' },
      { path: 'metadata', message: 'must have names of at most 4 characters' },
    ]);
    expect(issuesOf(pennyInOne, 'verify3DS', { params: {} }, call)).toEqual([
      { path: 'chargeId', message: 'is required' },
    ]);
  });
});

describe('a charge', () => {
  const read = (change: object) =>
    outputOf(penny, 'retrieve', { body: { ...pay, ...change } }, recordedCall(), { id: 'pay_1' });

  it('of which nobody knows how much was captured gave everything back once its amount is back', async () => {
    expect(await read({ taken: null, back: 499 })).toMatchObject({ refundStatus: 'partial' });
    expect(await read({ taken: null, back: 500 })).toMatchObject({
      amountCaptured: null,
      refundStatus: 'full',
    });
    expect(await read({ taken: 300, back: 300 })).toMatchObject({ refundStatus: 'full' });
  });

  it('that becomes unknown is asked for what depends on its status as an unknown one', async () => {
    expect(await read({})).toMatchObject({ status: 'captured', threeDS: { status: 'unknown' } });
    expect(await read({ back: null })).toMatchObject({ status: 'unknown', threeDS: null });
  });
});

describe('a row with a preparation of its own', () => {
  it('builds its request from what was recorded', async () => {
    const input = { id: 'pay_1', params: { providerOptions: { tip: 5 } } };
    const { prepared } = await prepare(penny, 'capture', input, { answers: [pay] });
    expect(prepared).toEqual({ amount: 500 });
    const call = recordedCall({ prepared, settings: { shop: 's' } });
    expect(requestOf(penny, 'capture', input, call)).toEqual({
      method: 'POST',
      route: '/pays/{id}/take',
      ids: { id: 'pay_1' },
      json: { amount: 500, tip: 5, shop: 's' },
    });
  });

  it('builds none from a record that it cannot have written: an amount left out would take everything', () => {
    const call = recordedCall({ prepared: { amount: 'all' } });
    expect(() => requestOf(penny, 'capture', { id: 'pay_1', params: {} }, call)).toThrow('amount');
  });

  it('takes an answer about another charge for nothing', async () => {
    const answers = [{ ...pay, id: 'pay_2' }];
    await expect(prepare(penny, 'capture', { id: 'pay_1', params: {} }, { answers })).rejects.toMatchObject({
      code: 'crossed_answers',
    });
  });

  it('may choose its endpoint, its ids and its answer', async () => {
    const call = recordedCall({ prepared: { key: 'hold' } });
    expect(requestOf(penny, 'void', { id: 'h_1' }, call)).toMatchObject({
      method: 'DELETE',
      route: '/holds/{hold}',
      ids: { hold: 'h_1' },
    });
    const body = { gone: { ...pay, state: 'gone' } };
    expect(await outputOf(penny, 'void', { body }, call, { id: 'pay_1' })).toMatchObject({
      status: 'voided',
    });
  });
});

describe('metadata of an update', () => {
  const id = 'pay_1';
  const was = { ...pay, metadata: { unicharge_key: 'k', order: '7', old: 'x' } };
  const params = { metadata: { order: '8', old: null, never: null, unicharge_key: 'mine' } };

  it('goes out whole where it replaces what is there, with our stamp and without removed keys', async () => {
    const { prepared } = await prepare(penny, 'update', { id, params }, { answers: [was] });
    expect(prepared).toEqual({ metadata: { unicharge_key: 'k', order: '8' } });
    expect(requestOf(penny, 'update', { id, params }, recordedCall({ prepared })).json).toEqual({
      note: undefined,
      metadata: { unicharge_key: 'k', order: '8' },
    });
    expect((await prepare(penny, 'update', { id, params: { description: 'x' } }, {})).prepared).toEqual({});
  });

  it('is not written anew where the map that is there cannot be read: our stamp would be lost', async () => {
    for (const metadata of [null, 'x']) {
      const answers = [{ ...pay, metadata }];
      await expect(prepare(pennyInOne, 'update', { id, params }, { answers })).rejects.toThrow('metadata');
    }
  });

  it('has null in the place of removed keys where nobody knows whether it replaces or merges', async () => {
    const { prepared } = await prepare(pennyInOne, 'update', { id, params }, { answers: [was] });
    expect(prepared).toEqual({ metadata: { unicharge_key: 'k', order: '8', old: null } });
    const { prepared: nothing } = await prepare(pennyInOne, 'update', { id, params: {} }, {});
    expect(nothing).toEqual({ metadata: null });
    const call = recordedCall({ prepared: nothing });
    expect(requestOf(pennyInOne, 'update', { id, params: {} }, call).json).toEqual({ metadata: undefined });
  });
});

describe('a refund of everything', () => {
  const id = 'pay_1';
  const everything = (charge: object) => prepare(penny, 'refund', { id, params: {} }, { answers: [charge] });

  it('names what the charge has left, in the currency of the charge', async () => {
    const { prepared } = await everything({ ...pay, back: 200 });
    expect(prepared).toEqual({ amount: 300, currency: 'EUR' });
    const params = { metadata: { order: '7' } };
    const call = recordedCall({ prepared, idempotencyKey: 'k' });
    expect(requestOf(penny, 'refund', { id, params }, call).json).toEqual({
      amount: 300,
      currency: 'EUR',
      metadata: { order: '7', unicharge_key: 'k' },
    });
  });

  it.each([
    ['nothing is left to refund', { ...pay, back: 500 }],
    ['the charge is authorized, not captured', { ...pay, state: 'held' }],
  ])('is refused where %s', async (message, charge) => {
    await expect(everything(charge)).rejects.toMatchObject({
      name: 'ConflictError',
      message,
      outcome: 'rejected',
      provider: 'penny',
      operation: 'refund',
      idempotencyKey: 'k',
      chargeId: id,
    });
  });

  it('of a part sends that part', async () => {
    const { prepared, sent } = await prepare(
      penny,
      'refund',
      { id, params: { amount: 7 } },
      { answers: [pay] },
    );
    expect(prepared).toEqual({ amount: 7, currency: 'EUR' });
    expect(sent).toHaveLength(1);
  });
});

describe('the refunds of a charge', () => {
  it('are read to the end of their list, in the largest pages', async () => {
    const second = { ...back, id: 'back_2' };
    const third = { ...back, id: 'back_3' };
    const call = recordedCall({
      answers: [
        { data: [back, second], total: 3 },
        { data: [third], total: 3 },
      ],
    });
    const refunds = await rowIn(penny, 'listRefunds').run({ id: 'pay_1' }, call);
    expect(refunds.map(({ id }) => id)).toEqual(['back_1', 'back_2', 'back_3']);
    expect(call.sent.map(({ query }) => query)).toEqual([
      { count: 2, from: 0 },
      { count: 2, from: 2 },
    ]);
  });

  it('of another charge are nobody’s', async () => {
    const call = recordedCall({ answers: [{ data: [{ ...back, pay: 'pay_2' }], total: 1 }] });
    await expect(rowIn(penny, 'listRefunds').run({ id: 'pay_1' }, call)).rejects.toMatchObject({
      code: 'crossed_answers',
    });
  });

  it('are told by the charge that carries them', async () => {
    const body = { ...pay, metadata: { backs: [back] } };
    const call = recordedCall();
    const listed = outputOf(pennyInOne, 'listRefunds', { body }, call, { id: 'pay_1' });
    expect(await listed).toMatchObject([{ id: 'back_1', chargeId: 'pay_1' }]);
    const one = (refundId: string) =>
      outputOf(pennyInOne, 'retrieveRefund', { body }, call, { id: 'pay_1', refundId });
    expect(await one('back_1')).toMatchObject({ amount: 200 });
    await expect(one('back_2')).rejects.toMatchObject({ name: 'NotFoundError', operation: 'retrieveRefund' });
    const other = outputOf(pennyInOne, 'retrieveRefund', { body }, call, { id: 'pay_2', refundId: 'back_1' });
    await expect(other).rejects.toMatchObject({ code: 'crossed_answers' });
    expect([
      fits(pennyInOne, 'listRefunds', pay),
      fits(pennyInOne, 'retrieve', { ...pay, back: null }),
    ]).toEqual([true, true]);
    expect(fits(pennyInOne, 'listRefunds', { ...pay, back: null })).toBe(false);
  });

  it('one by one: the request names the charge, so another one is left to the comparison of the answer', async () => {
    const asked = { id: 'pay_2', refundId: 'back_1' };
    expect(await outputOf(penny, 'retrieveRefund', { body: back }, recordedCall(), asked)).toMatchObject({
      chargeId: 'pay_1',
    });
    const wrong = outputOf(penny, 'retrieveRefund', { body: back }, recordedCall(), {
      id: 'pay_1',
      refundId: 'back_2',
    });
    await expect(wrong).rejects.toMatchObject({ code: 'crossed_answers' });
  });
});

describe('a refund that is read by its own id alone', () => {
  const read = (asked: { id: string; refundId: string }, call = recordedCall({ answers: [pay] })) =>
    outputOf(pennyAlone, 'retrieveRefund', { body: back }, call, asked);

  it('is read with whatever else it needs', async () => {
    const call = recordedCall({ answers: [pay] });
    expect(await read({ id: 'pay_1', refundId: 'back_1' }, call)).toMatchObject({ id: 'back_1' });
    expect(call.sent).toHaveLength(1);
  });

  it('is none of another charge, and nothing more is read for it', async () => {
    const call = recordedCall();
    const output = async (asked: { id: string; refundId: string }) => read(asked, call);
    await expect(output({ id: 'pay_2', refundId: 'back_1' })).rejects.toMatchObject({
      name: 'NotFoundError',
      message: 'the charge has no such refund',
      chargeId: 'pay_2',
    });
    await expect(output({ id: 'pay_1', refundId: 'back_2' })).rejects.toMatchObject({
      code: 'crossed_answers',
    });
    expect(call.sent).toEqual([]);
  });
});

describe('a page', () => {
  it('by offsets goes on after what was seen, and tells how many there are', async () => {
    const body = { data: [pay], total: 3 };
    const page = outputOf(penny, 'list', { body }, recordedCall(), { params: { limit: 1 }, cursor: '1' });
    expect(await page).toMatchObject({ total: 3, nextCursor: '2' });
    expect(requestOf(penny, 'list', { params: { limit: 1 }, cursor: '1' }, recordedCall()).query).toEqual({
      count: 1,
      from: 1,
    });
  });

  it('by offsets has no end where the total is below what was seen', async () => {
    const page = (total: number) =>
      outputOf(penny, 'list', { body: { data: [pay], total } }, recordedCall(), { params: {}, cursor: '2' });
    expect(await page(3)).toMatchObject({ nextCursor: null });
    await expect(page(2)).rejects.toMatchObject({ code: 'incomplete_list' });
  });

  it('of a provider without a page size is cut, and goes on after the last that is shown', async () => {
    const body = { data: [pay, { ...pay, id: 'pay_2' }, { ...pay, id: 'pay_3' }], next: 'pay_3' };
    const cut = await outputOf(pennyInOne, 'list', { body }, recordedCall(), {
      params: { limit: 2 },
      cursor: null,
    });
    expect(cut.data.map(({ id }) => id)).toEqual(['pay_1', 'pay_2']);
    expect(cut.nextCursor).toBe('pay_2');
    const whole = await outputOf(pennyInOne, 'list', { body }, recordedCall(), { params: {}, cursor: null });
    expect([whole.data.length, whole.nextCursor]).toEqual([3, 'pay_3']);
  });

  it('is not asked by a cursor of another list', () => {
    const input = { params: {}, cursor: 'pay_1' };
    expect(issuesOf(penny, 'list', input, recordedCall())).toMatchObject([{ path: 'cursor' }]);
    expect(issuesOf(pennyInOne, 'list', input, recordedCall())).toEqual([]);
  });
});

describe('an answer that is no 2xx, where a 429 has codes', () => {
  const read = (problem: string) =>
    failureOf({
      name: 'Penny',
      rateLimitHasCodes: true,
      read: (_body, _call, status) => ({
        isOwn: true,
        code: problem,
        providerCode: problem,
        message: `told with ${status}`,
        chargeId: null,
      }),
      declines: {},
      refusals: { open: { kind: 'in_progress', outcome: 'unknown', advice: null, mayBeOwnSuccess: true } },
      mayBeOwnSuccess: () => false,
    })({ status: 429, headers: {}, body: {}, requestId: null }, 'create', recordedCall());

  it('is judged by them, and by its status where it has none that is known', () => {
    expect(read('open')).toMatchObject({ kind: 'in_progress', outcome: 'unknown', mayBeOwnSuccess: true });
    expect(read('busy')).toMatchObject({ kind: 'rate_limit', outcome: 'unknown', message: 'told with 429' });
  });
});

describe('an answer that is no 2xx', () => {
  const read = (status: number, problem: string | null, operation: Operation = 'capture') =>
    penny.failure(
      { status, headers: {}, body: problem === null ? '<html>' : { problem }, requestId: null },
      operation,
      recordedCall(),
    );

  it.each([
    [402, 'broke', 'card', 'rejected'],
    [409, 'busy', 'in_progress', 'unknown'],
    [429, 'busy', 'rate_limit', 'rejected'],
    [429, 'late', 'rate_limit', 'rejected'],
    [400, 'late', 'conflict', 'rejected'],
    [404, 'gone', 'not_found', 'rejected'],
    [408, 'broke', 'provider', 'unknown'],
    [503, 'broke', 'provider', 'unknown'],
    [302, null, 'provider', 'unknown'],
  ])('%i %s is %s, %s', (status, problem, kind, outcome) => {
    expect(read(status, problem)).toMatchObject({ kind, outcome });
  });

  it('is no decline where no issuer is asked, and may be our own success where its row says so', () => {
    expect(read(402, 'broke', 'refund')).toMatchObject({ kind: 'conflict', outcome: 'rejected' });
    expect(read(400, 'late')).toMatchObject({ mayBeOwnSuccess: true });
    expect(read(400, null)).toMatchObject({ isUnreadable: true, message: 'Penny says nothing (400)' });
    expect(read(302, null).message).toBe('Penny points elsewhere (302)');
  });
});
