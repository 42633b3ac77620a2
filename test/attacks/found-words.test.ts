import { describe, expect, it } from 'vitest';
import { memoryStore, type OperationStore } from '../../src/index.js';
import { createWorld, ending, type AttackedWorld } from './attacked-world.js';

const minute = 60_000;
const waits = { settleMs: 5 * minute, abandonedMs: 15 * minute, maxRetries: 0 };


/** A durable store of every process, which can be out of reach. */
const makeStore = (world: AttackedWorld) => {
  const inner: OperationStore = { ...memoryStore({ runtime: world.runtime }), durable: true };
  let isDown = false;
  const guarded =
    <Arguments extends readonly unknown[], Result>(call: (...values: Arguments) => Promise<Result>) =>
    (...values: Arguments): Promise<Result> =>
      isDown ? Promise.reject(new Error('connection refused')) : call(...values);
  return {
    store: {
      ...inner,
      begin: guarded(inner.begin),
      claim: guarded(inner.claim),
      prepare: guarded(inner.prepare),
      settle: guarded(inner.settle),
      release: guarded(inner.release),
      get: guarded(inner.get),
    },
    fail: () => (isDown = true),
    recover: () => (isDown = false),
  };
};


// A shop that was told of the payment, and then `not_sent`, charges its order again under a new key.
describe('a client that was told of a key that another process sent', () => {
  it('does not say that nothing was sent where the store cannot be asked', async () => {
    const world = createWorld();
    const { store, fail } = makeStore(world);
    const [one, two] = [world.client('omise', { ...waits, store }), world.client('omise', { ...waits, store })];
    const params = world.params('omise');
    const paid = await one.create(params, { idempotencyKey: 'k' });
    expect(await two.create(params, { idempotencyKey: 'k' })).toMatchObject({ id: paid.id });
    fail();
    expect(await ending(() => two.create(params, { idempotencyKey: 'k' }))).toMatchObject({
      rejected: { code: 'store_unavailable', outcome: 'unknown' },
    });
    expect(await ending(() => two.create(params, { idempotencyKey: 'another' }))).toMatchObject({
      rejected: { code: 'store_unavailable', outcome: 'not_sent' },
    });
  });
});
