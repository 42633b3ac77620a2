import { describe, expect, it } from 'vitest';
import { memoryStore, type OperationStore } from '../../src/index.js';
import { createWorld, type AttackedWorld } from '../attacks/attacked-world.js';

/*
 * A connection that gives one request the response of another. Where a look is given one, nothing else that the connection
 * brought is believed either; and a response that is right in everything may still be that of another key.
 */

const options = { idempotencyKey: 'order-81' };
const minute = 60_000;
const json = { 'content-type': 'application/json' };

const durableStore = (world: AttackedWorld) => ({
  ...memoryStore({ runtime: world.runtime }),
  durable: true,
});

describe('a create whose second copy is declined, while the look is given the response of another charge', () => {
  const declinedCopy = async (look: 'mixed up' | 'right') => {
    const world = createWorld();
    const client = world.client('pin', { store: durableStore(world), maxRetries: 0 });
    const other = await client.create(world.params('pin'));
    world.tamper = async (request, honest) => {
      if (request.method === 'POST') {
        await honest();
        const text = JSON.stringify({ error: 'card_declined', error_description: 'The card was declined' });
        return { status: 400, headers: json, text };
      }
      const isOne = /\/charges\/ch_/.test(request.url) && look === 'mixed up';
      return isOne ? honest({ ...request, url: request.url.replace(/ch_[^/]+$/, other.id) }) : honest();
    };
    const ending = client.create(world.params('pin'), options);
    const settled = await ending.then(
      (charge) => charge.status,
      (error: unknown) => (error as { outcome: string }).outcome,
    );
    world.tamper = null;
    world.runtime.pass(20 * minute);
    return { settled, client };
  };

  it('is unknown, and reconcile finds the charge', async () => {
    const { settled, client } = await declinedCopy('mixed up');
    expect(settled).toBe('unknown');
    await expect(client.reconcile('order-81')).resolves.toMatchObject({ outcome: 'happened' });
  });

  it('is the charge of the first copy where the look is given its own responses', async () => {
    expect((await declinedCopy('right')).settled).toBe('captured');
  });
});

describe.each(['pin', 'magpie'] as const)(
  '%s: a refund that is told of the refund of another key',
  (provider) => {
    const mixUp = async (changes: Partial<OperationStore> = {}) => {
      const world = createWorld();
      const store = { ...durableStore(world), ...changes };
      const client = world.client(provider, { store, maxRetries: 0 });
      const { id } = await client.create(world.params(provider));
      let first: string | null = null;
      let isBlind = false;
      world.tamper = async (request, honest) => {
        const response = await honest();
        if (request.method === 'POST') {
          first ??= response.text;
          return { ...response, text: first };
        }
        if (!isBlind) return response;
        // As the read before the refund of the first key was: none is there yet.
        const body = JSON.parse(response.text) as Record<string, unknown>;
        const none = Array.isArray(body['response'])
          ? { ...body, response: [], pagination: { current: 1, count: 0 } }
          : { ...body, refunds: [], amount_refunded: 0 };
        const text = JSON.stringify(none);
        return { ...response, text };
      };
      const refund = await client.refund(id, { amount: 500 }, { idempotencyKey: 'refund-1' });
      isBlind = true;
      const second = client.refund(id, { amount: 500 }, { idempotencyKey: 'refund-2' });
      return { world, client, store, refund, second };
    };

    it('is unknown: each refund is that of one key', async () => {
      const { second, client, refund } = await mixUp();
      await expect(second).rejects.toMatchObject({
        name: 'IntegrityError',
        code: 'crossed_answers',
        outcome: 'unknown',
      });
      // The key that made it is told of it as before.
      await expect(
        client.refund(refund.chargeId, { amount: 500 }, { idempotencyKey: 'refund-1' }),
      ).resolves.toMatchObject({ id: refund.id });
    });

    it('is unknown where the store refused the refund, and cannot say whose it is', async () => {
      const { second } = await mixUp({
        claimedRefunds: (_scope, ids) =>
          ids.length === 0 ? Promise.resolve([]) : Promise.reject(new Error('the store is away')),
      });
      await expect(second).rejects.toMatchObject({ outcome: 'unknown' });
    });

    it('is open in the store, and reconcile finds its own refund', async () => {
      const { world, second, client, refund } = await mixUp();
      await second.catch(() => undefined);
      world.tamper = null;
      world.runtime.pass(20 * minute);
      const found = await client.reconcile('refund-2');
      expect(found).toMatchObject({ outcome: 'happened', refund: { amount: 500 } });
      expect(found).not.toMatchObject({ refund: { id: refund.id } });
    });
  },
);

describe.each(['pin', 'justifi'] as const)('%s: did_not_happen', (provider) => {
  it('is not told of a key under which a call began while reconcile looked', async () => {
    const world = createWorld();
    const client = world.client(provider, { maxRetries: 0 });
    const params = world.params(provider);
    // Its request never left: the record says that it did not happen.
    world.providers.inject({ provider, operation: 'create', fault: 'refuse' });
    await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'not_sent' });
    const writes: Promise<unknown>[] = [];
    world.tamper = async (request, honest) => {
      const response = await honest();
      if (request.method === 'GET' && writes.length === 0) {
        writes.push(client.create(params, options));
        // Until its request is out.
        while (!world.sent.slice(1).some(({ method, url }) => method === 'POST' && !url.endsWith('token')))
          await new Promise((resolve) => setImmediate(resolve));
      }
      return response;
    };
    const told = await client.reconcile('order-81');
    await Promise.all(writes);
    expect(world.providers.ledger.charges(provider)).toHaveLength(1);
    expect(told.outcome).not.toBe('did_not_happen');
  });
});

describe('omise: an empty list of refunds that is that of another charge', () => {
  const refundRefused = async (look: 'mixed up' | 'right') => {
    const world = createWorld();
    const client = world.client('omise', { store: durableStore(world), maxRetries: 0 });
    const other = await client.create(world.params('omise'));
    const { id } = await client.create(world.params('omise'));
    world.tamper = async (request, honest) => {
      // The second copy of the request is refused, because the first one gave everything back.
      if (request.method === 'POST') {
        await honest();
        const text = JSON.stringify({
          object: 'error',
          code: 'failed_refund',
          message: 'charge was refunded',
        });
        return { status: 400, headers: json, text };
      }
      const isList = /\/refunds(?:\?|$)/.test(request.url) && look === 'mixed up';
      return isList ? honest({ ...request, url: request.url.replace(id, other.id) }) : honest();
    };
    return client.refund(id, {}, options).then(
      (refund) => refund.status,
      (error: unknown) => (error as { outcome: string }).outcome,
    );
  };

  it('confirms no refusal', async () => {
    expect(await refundRefused('mixed up')).toBe('unknown');
  });

  it('is believed, with the refund in it, where it is that of the charge', async () => {
    expect(await refundRefused('right')).toBe('succeeded');
  });
});
