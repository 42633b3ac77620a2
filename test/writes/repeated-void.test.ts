import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/index.js';
import { ExchangeFailure } from '../../src/transport/exchange.js';
import { createWorld } from '../attacks/attacked-world.js';

/** A charge without an intent is released by a refund: of money that was captured since, the same request is a real one. */

const hour = 60 * 60_000;
const key = { idempotencyKey: 'order-81/void' };

const openShop = async () => {
  const world = createWorld();
  const store = { ...memoryStore({ runtime: world.runtime }), durable: true };
  const charges = world.client('stripe', { store, api: 'charges', maxRetries: 0 });
  const params = world.params('stripe', { source: 'tok_visa', capture: false });
  const { id } = await charges.create(params, { idempotencyKey: 'order-81' });
  /** A void whose request or answer is lost. */
  const loseVoid = async (failure: ExchangeFailure, isExecuted: boolean) => {
    world.tamper = async (request, honest) => {
      if (request.method === 'GET') return honest();
      if (isExecuted) await honest();
      throw failure;
    };
    await expect(charges.void(id, key)).rejects.toMatchObject({ name: 'ConnectionError' });
    world.tamper = null;
  };
  const refunded = () => world.providers.ledger.charges('stripe').map(({ amountRefunded }) => amountRefunded);
  return { world, charges, id, loseVoid, refunded };
};

const lost = new ExchangeFailure('connection', true, 'ECONNRESET');
const refused = new ExchangeFailure('connection', false, 'ECONNREFUSED');

describe('a void that is repeated with its key', () => {
  it.each([
    ['never left', refused, 2 * hour, 'rejected'],
    ['was lost, and may still be under way', lost, 2 * hour, 'unknown'],
    ['was lost a day ago', lost, 25 * hour, 'rejected'],
  ] as const)(
    'refunds nothing that was captured since, where the first one %s',
    async (_, failure, wait, outcome) => {
      const { world, charges, id, loseVoid, refunded } = await openShop();
      await loseVoid(failure, false);
      await charges.capture(id, {}, { idempotencyKey: 'order-81/capture' });
      world.runtime.pass(wait);
      await expect(charges.void(id, key)).rejects.toMatchObject({ name: 'ConflictError', outcome });
      expect(refunded()).toEqual([0]);
      await expect(charges.reconcile(key.idempotencyKey)).resolves.toMatchObject({
        outcome: 'did_not_happen',
      });
    },
  );

  it('succeeds where it was executed and only its answer was lost', async () => {
    const { charges, id, loseVoid } = await openShop();
    await loseVoid(lost, true);
    await expect(charges.void(id, key)).resolves.toMatchObject({ status: 'voided' });
  });

  it('releases what is still authorized', async () => {
    const { charges, id, loseVoid } = await openShop();
    await loseVoid(lost, false);
    await expect(charges.void(id, key)).resolves.toMatchObject({ status: 'voided' });
  });
});
