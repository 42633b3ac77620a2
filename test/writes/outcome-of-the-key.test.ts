import { describe, expect, it } from 'vitest';
import {
  memoryStore,
  type Charge,
  type ChargesClient,
  type ChargesError,
  type OperationStore,
} from '../../src/index.js';
import { startSimulator } from '../../src/testing/index.js';
import { ExchangeFailure } from '../../src/transport/exchange.js';
import { createPin } from '../../src/providers/pin/index.js';
import {
  createWorld,
  ending,
  providerNames,
  type AttackedWorld,
  type ProviderName,
} from '../attacks/attacked-world.js';

/** What a checkout changes when the payer tries again under the same key. */
const changes = ['another token', 'other metadata', 'another amount'] as const;

const changed = (world: AttackedWorld, provider: ProviderName, params: object, change: string): object => {
  switch (change) {
    case 'another token':
      return { ...params, source: world.providers.source(provider, 'approved') };
    case 'other metadata':
      return { ...params, metadata: { try: '2' } };
    default:
      return { ...params, amount: 5000 };
  }
};

const standing = (world: AttackedWorld, provider: ProviderName) =>
  world.providers.ledger.charges(provider).filter(({ state }) => state !== 'failed');

const options = { idempotencyKey: 'order-81' };

/** The same client, another process with the same records, another process without them. */
const callers = [
  'the same client',
  'another process on the same store',
  'a process without the record',
] as const;

const open = (world: AttackedWorld, provider: ProviderName) => {
  const store: OperationStore = { ...memoryStore({ runtime: world.runtime }), durable: true };
  const first = world.client(provider, { store, maxRetries: 0 });
  return {
    first,
    second: (caller: (typeof callers)[number]): ChargesClient => {
      if (caller === 'the same client') return first;
      return caller === 'another process on the same store'
        ? world.client(provider, { store })
        : world.client(provider);
    },
  };
};

describe.each(providerNames)('%s: the key of a create, used again with other params', (provider) => {
  describe.each(changes)('by %s', (change) => {
    it.each(callers)('is no "not sent" after a success: by %s', async (caller) => {
      const world = createWorld();
      const { first, second } = open(world, provider);
      const params = world.params(provider);
      const charge = await first.create(params, options);
      const again = changed(world, provider, params, change);
      const end = await ending(() => second(caller).create(again as never, options));
      expect(standing(world, provider)).toHaveLength(1);
      // At providers without keys a process without the record compares the amount and the currency only.
      if ('resolved' in end) {
        expect(caller).toBe('a process without the record');
        expect(change).not.toBe('another amount');
        expect((end.resolved as Charge).id).toBe(charge.id);
        return;
      }
      expect(end.rejected).toMatchObject({
        name: 'IdempotencyConflictError',
        outcome: 'unknown',
        isRetryable: false,
        chargeId: charge.id,
        charge: { id: charge.id, amount: 4590, status: 'captured' },
        unresolved: null,
      });
      expect((end.rejected as Error).message).not.toMatch(/new key|another key|other than/);
      // The error is enough for a process that has nothing else.
      const json = JSON.parse(JSON.stringify(end.rejected)) as Record<string, unknown>;
      expect(await world.client(provider).reconcile(json)).toMatchObject({
        outcome: 'happened',
        charge: { id: charge.id },
      });
    });

    it.each(callers)('is no "not sent" after a lost answer: by %s', async (caller) => {
      const world = createWorld();
      const { first, second } = open(world, provider);
      const params = world.params(provider);
      world.providers.inject({ provider, operation: 'create', fault: 'cut_after_commit' });
      await expect(first.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
      const again = changed(world, provider, params, change);
      const end = await ending(() => second(caller).create(again as never, options));
      const [charge] = standing(world, provider);
      expect(standing(world, provider)).toHaveLength(1);
      if ('resolved' in end) {
        expect(caller).toBe('a process without the record');
        expect((end.resolved as Charge).id).toBe(charge?.id);
        return;
      }
      expect(end.rejected).toMatchObject({ name: 'IdempotencyConflictError', outcome: 'unknown' });
      expect((end.rejected as Error).message).not.toMatch(/new key|another key|other than/);
      if (caller === 'a process without the record')
        expect(end.rejected).toMatchObject({ chargeId: charge?.id, charge: { id: charge?.id } });
      else expect(end.rejected).toMatchObject({ unresolved: { operation: 'create', amount: 4590 } });
    });

    it('names a new key once it was refused for good', async () => {
      const world = createWorld();
      const { first } = open(world, provider);
      const params = world.params(provider, { source: world.providers.source(provider, 'declined') });
      await expect(first.create(params, options)).rejects.toMatchObject({ name: 'CardError' });
      const again = changed(world, provider, params, change);
      await expect(first.create(again as never, options)).rejects.toMatchObject({
        name: 'IdempotencyConflictError',
        outcome: 'rejected',
        charge: null,
        message: expect.stringContaining('new key') as string,
      });
      expect(standing(world, provider)).toHaveLength(0);
    });
  });

  it.each(changes)(
    'is a refusal where its charge was declined, in a process without the record: %s',
    async (change) => {
      // Without keys at the provider a declined charge is no reason not to try again.
      if (provider !== 'stripe' && provider !== 'justifi') return;
      const world = createWorld();
      const params = world.params(provider, { source: world.providers.source(provider, 'declined') });
      const first = world.client(provider);
      await expect(first.create(params, options)).rejects.toMatchObject({ name: 'CardError' });
      const process = world.client(provider);
      const again = changed(world, provider, params, change);
      const end = await ending(() => process.create(again as never, options));
      expect(end).toMatchObject({ rejected: { outcome: 'rejected' } });
      expect(['CardError', 'IdempotencyConflictError']).toContain(
        ('rejected' in end && (end.rejected as Error).name) || '',
      );
      const json = JSON.parse(JSON.stringify('rejected' in end && end.rejected)) as Record<string, unknown>;
      for (const asked of [options.idempotencyKey, json])
        expect(await process.reconcile(asked)).toMatchObject({ outcome: 'did_not_happen' });
      expect(world.providers.ledger.charges(provider)).toHaveLength(1);
    },
  );

  it('says the same when it is asked again, and reconciles to the charge', async () => {
    const world = createWorld();
    const params = world.params(provider);
    const charge = await world.client(provider).create(params, options);
    const process = world.client(provider);
    const again = { ...world.params(provider), amount: 5000 };
    for (let call = 0; call < 3; call += 1) {
      await expect(process.create(again, options)).rejects.toMatchObject({
        name: 'IdempotencyConflictError',
        outcome: 'unknown',
        chargeId: charge.id,
      });
    }
    const third = { ...world.params(provider), amount: 6000 };
    await expect(process.create(third, options)).rejects.toMatchObject({
      outcome: 'unknown',
      chargeId: charge.id,
    });
    expect(await process.reconcile(options.idempotencyKey)).toMatchObject({
      outcome: 'happened',
      charge: { id: charge.id },
    });
    expect(standing(world, provider)).toHaveLength(1);
  });

  it('is found by reconcile, also by a process whose own attempt never left', async () => {
    const world = createWorld();
    const params = world.params(provider);
    const charge = await world.client(provider).create(params, options);
    const process = world.client(provider, { lookupFirst: false, maxRetries: 0 });
    world.providers.inject({ provider, operation: 'create', fault: 'refuse' });
    const end = await ending(() => process.create(params, options));
    expect(end).toMatchObject({ rejected: { outcome: 'not_sent' } });
    const json = JSON.parse(JSON.stringify('rejected' in end && end.rejected)) as Record<string, unknown>;
    for (const asked of [options.idempotencyKey, json])
      expect(await process.reconcile(asked)).toMatchObject({
        outcome: 'happened',
        charge: { id: charge.id },
      });
  });

  it('is no "rejected" of a refund that it made', async () => {
    const world = createWorld();
    const client = world.client(provider);
    const { id } = await client.create(world.params(provider));
    const refund = await client.refund(id, { amount: 1000 }, { idempotencyKey: 'refund-81' });
    const end = await ending(() => client.refund(id, { amount: 1100 }, { idempotencyKey: 'refund-81' }));
    expect(end).toMatchObject({
      rejected: {
        name: 'IdempotencyConflictError',
        outcome: 'unknown',
        chargeId: id,
        refund: { id: refund.id, amount: 1000 },
      },
    });
    // The error is enough for a process that has nothing else.
    const json = JSON.parse(JSON.stringify('rejected' in end && end.rejected)) as Record<string, unknown>;
    expect(await world.client(provider).reconcile(json)).toMatchObject({
      outcome: 'happened',
      charge: null,
      refund: { id: refund.id, amount: 1000 },
    });
    const elsewhere = await ending(() =>
      world.client(provider).refund(id, { amount: 1100 }, { idempotencyKey: 'refund-81' }),
    );
    // Without the record and without a key on refunds nothing tells the second amount from a second refund.
    if (provider === 'pin' || provider === 'magpie') return;
    expect('rejected' in elsewhere && elsewhere.rejected).toMatchObject({ outcome: 'unknown' });
    expect(standing(world, provider)[0]?.refunds).toHaveLength(1);
  });

  it('is "not sent" for another operation, or another charge', async () => {
    const world = createWorld();
    const client = world.client(provider);
    const first = await client.create(world.params(provider, { capture: false }), options);
    const second = await client.create(world.params(provider, { capture: false }));
    await expect(client.capture(first.id, {}, options)).rejects.toMatchObject({
      name: 'IdempotencyConflictError',
      outcome: 'not_sent',
      message: expect.stringContaining('another operation, create') as string,
    });
    await client.capture(first.id, {}, { idempotencyKey: 'capture-81' });
    await expect(client.capture(second.id, {}, { idempotencyKey: 'capture-81' })).rejects.toMatchObject({
      outcome: 'not_sent',
      message: expect.stringContaining('another charge') as string,
    });
  });
});

describe('stripe: a token that has to become a payment method first', () => {
  it('is no "rejected" for the key of the step, where the charge exists', async () => {
    const world = createWorld();
    const client = world.client('stripe');
    const params = world.params('stripe', { source: 'tok_visa' });
    const charge = await client.create(params, options);
    const end = await ending(() =>
      world.client('stripe').create({ ...params, source: 'tok_mastercard' }, options),
    );
    expect(end).toMatchObject({
      rejected: { name: 'IdempotencyConflictError', outcome: 'unknown', chargeId: charge.id },
    });
    expect((end as { rejected: Error }).rejected.message).not.toMatch(/order-81:1|other than/);
  });
});

describe('justifi: a full refund whose key the provider has forgotten', () => {
  it('is the refund that was made, in a process without the record', async () => {
    const world = createWorld();
    const { id } = await world.client('justifi').create(world.params('justifi'));
    const key = { idempotencyKey: 'refund-81' };
    const refund = await world.client('justifi').refund(id, {}, key);
    world.runtime.pass(2 * 60 * 60_000);
    await expect(world.client('justifi').refund(id, {}, key)).resolves.toMatchObject({ id: refund.id });
    expect(standing(world, 'justifi')[0]?.refunds).toHaveLength(1);
  });
});

describe.each(['stripe', 'omise', 'justifi'] as const)(
  '%s: a refund of an earlier process, where the next one sent nothing',
  (provider) => {
    it('is found by reconcile from the error that the next one told', async () => {
      const world = createWorld();
      const { id } = await world.client(provider).create(world.params(provider));
      const key = { idempotencyKey: 'refund-81' };
      const refund = await world.client(provider).refund(id, { amount: 400 }, key);
      world.tamper = () => Promise.reject(new ExchangeFailure('connection', false, 'ECONNREFUSED'));
      const next = world.client(provider, { maxRetries: 0 });
      const told = await ending(() => next.refund(id, { amount: 400 }, key));
      expect(told).toMatchObject({ rejected: { outcome: 'not_sent' } });
      world.tamper = null;
      const error = 'rejected' in told ? told.rejected : null;
      expect(await next.reconcile(error as ChargesError)).toMatchObject({
        outcome: 'happened',
        refund: { id: refund.id },
      });
    });

    it('did not happen where there is none', async () => {
      const world = createWorld();
      const { id } = await world.client(provider).create(world.params(provider));
      const client = world.client(provider, { maxRetries: 0 });
      world.tamper = () => Promise.reject(new ExchangeFailure('connection', false, 'ECONNREFUSED'));
      const told = await ending(() => client.refund(id, { amount: 400 }, { idempotencyKey: 'refund-81' }));
      world.tamper = null;
      const error = 'rejected' in told ? told.rejected : null;
      expect(await client.reconcile(error as ChargesError)).toMatchObject({ outcome: 'did_not_happen' });
    });
  },
);

describe('two clients of one process with the default store', () => {
  it('send one key once at the same time', async () => {
    const simulator = await startSimulator();
    try {
      const settings = {
        ...simulator.settings('pin'),
        defaults: { email: 'payer@shop.test', description: 'Order', ip: '203.0.113.7' },
      };
      const source = simulator.source('pin', 'approved');
      const params = { amount: 4590, currency: 'AUD', source } as const;
      simulator.inject({ provider: 'pin', operation: 'create', fault: 'delay' });
      const ends = await Promise.allSettled([
        createPin(settings).create(params, options),
        createPin(settings).create(params, options),
      ]);
      expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { name: 'OperationInProgressError', outcome: 'unknown' },
      });
      expect(simulator.ledger.charges()).toHaveLength(1);
    } finally {
      await simulator.close();
    }
  });
});

describe.each(['omise', 'magpie', 'pin'] as const)(
  '%s: after an answer that could not be read',
  (provider) => {
    it('a repeat and a changed request still name the charge that it was about', async () => {
      const world = createWorld();
      const client = world.client(provider, { maxRetries: 0, deadlineMs: 60_000, settleMs: 600_000 });
      const params = world.params(provider);
      world.tamper = async (request, honest) => {
        const answer = await honest();
        return request.method === 'POST'
          ? { ...answer, text: answer.text.replace(/"amount":\s*\d+/, '"amount":"?"') }
          : answer;
      };
      const first = await ending(() => client.create(params, { idempotencyKey: 'order-81' }));
      const [made] = world.providers.ledger.charges(provider);
      expect(first).toMatchObject({ rejected: { outcome: 'unknown', chargeId: made?.id } });
      // The list lags, so that the look of the repeat does not find it.
      world.tamper = async (request, honest) => {
        const answer = await honest();
        return request.method === 'GET'
          ? { ...answer, text: answer.text.replaceAll('order-81', 'other') }
          : answer;
      };
      for (const again of [params, { ...params, amount: 5000 }]) {
        const end = await ending(() => client.create(again, { idempotencyKey: 'order-81' }));
        expect(end).toMatchObject({ rejected: { outcome: 'unknown', chargeId: made?.id } });
      }
      expect(world.providers.ledger.charges(provider)).toHaveLength(1);
    });
  },
);
