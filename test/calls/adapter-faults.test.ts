import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { smallProvider } from '../../bench/simulate/small-provider.js';
import type { ChargesClient, ProviderSpec } from '../../src/index.js';
import { scriptReplies } from '../scripted-replies.js';

const params = { amount: 100, currency: 'EUR' };
const options = { idempotencyKey: 'order-1' };

/** What the bugs of an adapter throw. Before anything is sent, the second and third mean that an id or a text is wrong. */
const faults = [
  new TypeError('no such field'),
  new RangeError('not an id'),
  new URIError('half a character'),
];

const throwing = (fault: Error) => () => {
  throw fault;
};

const broken = (row: 'create' | 'list', fault: Error): ProviderSpec => {
  const { operations } = smallProvider;
  const response = z.unknown().transform(throwing(fault));
  return {
    ...smallProvider,
    operations: { ...operations, [row]: { ...operations[row], response } },
  };
};

describe.each(faults)('an adapter that throws a $name', (fault) => {
  const settings = { secretKey: 'sk_small', lookupFirst: false, maxRetries: 0 };

  it('while it reads the answer to a write leaves the outcome open, and the write is not sent again', async () => {
    const script = scriptReplies({ body: { id: 'ch_1' } }, { body: { data: [] } });
    const client: ChargesClient = script.client(broken('create', fault), settings);
    await expect(client.create(params, options)).rejects.toMatchObject({
      name: 'InvalidResponseError',
      outcome: 'unknown',
      idempotencyKey: 'order-1',
    });
    await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(script.lines.filter((line) => line.startsWith('POST'))).toEqual(['POST /charges']);
  });

  it('while it reads a refusal of a write leaves the outcome open', async () => {
    const script = scriptReplies({ status: 400 });
    const client: ChargesClient = script.client({ ...smallProvider, failure: throwing(fault) }, settings);
    await expect(client.create(params, options)).rejects.toMatchObject({
      name: 'InvalidResponseError',
      outcome: 'unknown',
    });
  });

  it('while it reads the answer to a read says that nothing was sent', async () => {
    const script = scriptReplies({ body: { data: [] } });
    const client: ChargesClient = script.client(broken('list', fault), settings);
    await expect((async () => client.list())()).rejects.toMatchObject({
      name: 'InvalidResponseError',
      outcome: 'not_sent',
    });
  });
});

describe('an adapter that reads a refund where a charge was made', () => {
  it('leaves the outcome open', async () => {
    const refund = {
      provider: 'small',
      id: 're_1',
      chargeId: 'ch_1',
      amount: 100,
      currency: 'EUR',
      status: 'succeeded',
      reason: null,
      metadata: {},
      createdAt: null,
    };
    const { create } = smallProvider.operations;
    if (create === undefined) throw new Error('the small provider has no create');
    const spec: ProviderSpec = {
      ...smallProvider,
      operations: {
        ...smallProvider.operations,
        create: { ...create, response: z.unknown(), output: () => refund as never },
      },
    };
    const script = scriptReplies({ body: { id: 'ch_1' } }, { body: { data: [] } });
    const client: ChargesClient = script.client(spec, {
      secretKey: 'sk_small',
      lookupFirst: false,
      maxRetries: 0,
    });
    await expect(client.create(params, options)).rejects.toMatchObject({
      name: 'InvalidResponseError',
      outcome: 'unknown',
    });
  });
});

describe('an adapter that forgot to return something', () => {
  const settings = { secretKey: 'sk_small', lookupFirst: false, maxRetries: 0 };
  const forgetful = (row: 'create' | 'retrieve' | 'list', part: 'request' | 'output'): ProviderSpec => {
    const { operations } = smallProvider;
    return {
      ...smallProvider,
      operations: { ...operations, [row]: { ...operations[row], [part]: () => undefined } },
    };
  };

  it('leaves the outcome of a write open where it was sent', async () => {
    const script = scriptReplies({ body: { id: 'ch_1' } });
    const client: ChargesClient = script.client(forgetful('create', 'output'), settings);
    await expect(client.create(params, options)).rejects.toMatchObject({
      name: 'InvalidResponseError',
      outcome: 'unknown',
      idempotencyKey: 'order-1',
    });
  });

  it('sends nothing without a request', async () => {
    const script = scriptReplies();
    const client: ChargesClient = script.client(forgetful('create', 'request'), settings);
    await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'not_sent' });
    expect(script.lines).toEqual([]);
  });

  it.each(['request', 'output'] as const)('is no TypeError of a read: %s', async (part) => {
    const client = (row: 'retrieve' | 'list'): ChargesClient =>
      scriptReplies({ body: { id: 'ch_1', data: [] } }).client(forgetful(row, part), settings);
    await expect(client('retrieve').retrieve('ch_1')).rejects.toMatchObject({ name: 'InvalidResponseError' });
    await expect((async () => client('list').list())()).rejects.toMatchObject({
      name: 'InvalidResponseError',
    });
  });
});
