import { describe, expect, it } from 'vitest';
import { smallProvider, toCharge, wireSchema, type Wire } from '../../bench/simulate/small-provider.js';
import type { ChargesClient, ProviderFailure, ProviderSpec, RequestRow } from '../../src/index.js';
import { scriptReplies, type Reply } from '../scripted-replies.js';

const params = { amount: 100, currency: 'EUR' };
const options = { idempotencyKey: 'order-1' };
const made: Wire = {
  id: 'ch_1',
  ...params,
  created: 1_795_000_000_000,
  metadata: { unicharge_key: 'order-1' },
};

/** A charge whose id begins with `declined` was declined. */
const read = (wire: Wire) => {
  const charge = toCharge(wire);
  // A copy would lose the stamp that rides on the charge.
  return wire.id.startsWith('declined')
    ? Object.assign(charge, { status: 'failed' as const, amountCaptured: 0 })
    : charge;
};

const retrieve: RequestRow<'retrieve', Wire> = {
  request: ({ id }) => ({ method: 'GET', route: '/charges/{id}', ids: { id } }),
  response: wireSchema,
  output: ({ wire }) => read(wire),
};

const open = (failure: ProviderFailure, replies: readonly Reply[], rows: object = { retrieve }) => {
  const spec = {
    ...smallProvider,
    operations: { ...smallProvider.operations, ...rows },
    failure: () => failure,
  } as ProviderSpec;
  const script = scriptReplies({ status: 502, body: { error: 'ch_1' } }, ...replies);
  const settings = { secretKey: 'sk_small', lookupFirst: false, maxRetries: 0 };
  const client: ChargesClient = script.client(spec, settings);
  return { script, client, create: () => client.create(params, options) };
};

const unclear = (chargeId: string | null): ProviderFailure => ({
  kind: 'provider',
  outcome: 'unknown',
  message: 'a fault',
  chargeId,
});

describe('a create that ends unclear and names a charge', () => {
  it('is what the charge says, where it carries the key', async () => {
    const { script, create } = open(unclear('ch_1'), [{ body: made }]);
    await expect(create()).resolves.toMatchObject({ id: 'ch_1', status: 'captured' });
    expect(script.lines).toEqual(['POST /charges', 'GET /charges/ch_1']);
  });

  it('stays unclear where the charge carries another key', async () => {
    const other = { ...made, metadata: { unicharge_key: 'order-2' } };
    const { create } = open(unclear('ch_1'), [{ body: other }]);
    await expect(create()).rejects.toMatchObject({ name: 'ProviderError', outcome: 'unknown' });
  });

  it('is declined where the charge is', async () => {
    const { create } = open(unclear('declined_1'), [{ body: { ...made, id: 'declined_1' } }]);
    await expect(create()).rejects.toMatchObject({
      name: 'CardError',
      outcome: 'rejected',
      chargeId: 'declined_1',
    });
  });

  it.each([
    ['amount', { amount: 101 }],
    ['currency', { currency: 'USD' }],
  ])('is no success where the charge has another %s', async (_, change) => {
    const { create } = open(unclear('ch_1'), [{ body: { ...made, ...change } }]);
    await expect(create()).rejects.toMatchObject({ name: 'IntegrityError', outcome: 'unknown' });
  });

  it('stays unclear where the charge cannot be read', async () => {
    const { create } = open(unclear('ch_1'), ['answer_lost']);
    await expect(create()).rejects.toMatchObject({ name: 'ProviderError', outcome: 'unknown' });
  });

  it('is not read where it names none, or where the provider reads no single charge', async () => {
    const unnamed = open(unclear(null), []);
    await expect(unnamed.create()).rejects.toMatchObject({ name: 'ProviderError', outcome: 'unknown' });
    expect(unnamed.script.lines).toEqual(['POST /charges']);
    const rowless = open(unclear('ch_1'), [], {});
    await expect(rowless.create()).rejects.toMatchObject({ name: 'ProviderError', outcome: 'unknown' });
    expect(rowless.script.lines).toEqual(['POST /charges']);
  });
});

describe('a create that is refused and names a charge', () => {
  const refusal = (kind: 'card' | 'invalid_request'): ProviderFailure => ({
    kind,
    outcome: 'rejected',
    message: 'refused',
    chargeId: 'declined_1',
  });

  it('shows the declined charge with the decline', async () => {
    const { create } = open(refusal('card'), [{ body: { ...made, id: 'declined_1' } }]);
    await expect(create()).rejects.toMatchObject({
      name: 'CardError',
      outcome: 'rejected',
      charge: { id: 'declined_1', status: 'failed' },
    });
  });

  it('is a decline also where the charge cannot be read', async () => {
    const { create } = open(refusal('card'), ['answer_lost']);
    await expect(create()).rejects.toMatchObject({ name: 'CardError', outcome: 'rejected', charge: null });
  });

  it('is not read where it is clear and no decline', async () => {
    const { script, create } = open(refusal('invalid_request'), []);
    await expect(create()).rejects.toMatchObject({ name: 'InvalidRequestError', outcome: 'rejected' });
    expect(script.lines).toEqual(['POST /charges']);
  });
});

describe('a capture that ends unclear', () => {
  it('is not taken for done because the charge can be read', async () => {
    const capture: RequestRow<'capture', Wire> = {
      request: ({ id }) => ({ method: 'POST', route: '/charges/{id}/capture', ids: { id } }),
      response: wireSchema,
      output: ({ wire }) => read(wire),
    };
    const { script, client } = open(unclear('ch_1'), [{ body: made }, { body: made }], { retrieve, capture });
    await expect(client.capture('ch_1', {}, options)).rejects.toMatchObject({
      name: 'ProviderError',
      outcome: 'unknown',
    });
    expect(script.lines).toEqual(['POST /charges/ch_1/capture']);
  });
});
