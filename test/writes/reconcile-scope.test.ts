import { describe, expect, it } from 'vitest';
import { ChargesError, InvalidRequestError } from '../../src/index.js';
import { createWorld, providerNames } from '../attacks/attacked-world.js';

/** The JSON of an error whose charge was made, as a queue carries it. */
const lostCreate = async (
  world: ReturnType<typeof createWorld>,
  provider: (typeof providerNames)[number],
  settings: object = {},
  options: object = {},
): Promise<unknown> => {
  world.providers.inject({ provider, operation: 'create', fault: 'cut_after_commit', times: 9 });
  const client = world.client(provider, { maxRetries: 0, ...settings });
  const error: unknown = await client
    .create(world.params(provider), { idempotencyKey: 'order-81', ...options })
    .catch((reason: unknown) => reason);
  world.providers.clearFaults();
  if (!(error instanceof ChargesError)) throw new Error('the create was answered');
  expect(error.outcome).toBe('unknown');
  return JSON.parse(JSON.stringify(error));
};

describe('an error that comes to the wrong client', () => {
  it.each(providerNames)('is refused by every other provider than %s', async (provider) => {
    const world = createWorld();
    const json = await lostCreate(world, provider);
    for (const other of providerNames.filter((name) => name !== provider)) {
      const reconciling = world.client(other).reconcile(json as never);
      await expect(reconciling).rejects.toBeInstanceOf(InvalidRequestError);
      await expect(reconciling).rejects.toMatchObject({
        outcome: 'not_sent',
        issues: [{ path: 'keyOrError' }],
      });
    }
    await expect(world.client(provider).reconcile(json as never)).resolves.toMatchObject({
      outcome: 'happened',
    });
  });

  it('is refused as text, which is no key', async () => {
    const world = createWorld();
    const text = JSON.stringify(await lostCreate(world, 'stripe'));
    for (const start of [text, '{"name":"TimeoutError"}'])
      await expect(world.client('stripe').reconcile(start)).rejects.toMatchObject({
        name: 'InvalidRequestError',
        issues: [{ path: 'keyOrError' }],
      });
  });

  it('is refused without the account of the write, and settled with it', async () => {
    const world = createWorld();
    const headers = { 'Stripe-Account': 'acct_one' };
    const json = await lostCreate(world, 'stripe', {}, { headers });
    await expect(world.client('stripe').reconcile(json as never)).rejects.toMatchObject({
      name: 'InvalidRequestError',
      issues: [{ path: 'keyOrError' }],
    });
    await expect(world.client('stripe').reconcile(json as never, { headers })).resolves.toMatchObject({
      outcome: 'happened',
    });
  });

  it('is refused by a client of another namespace', async () => {
    const world = createWorld();
    const json = await lostCreate(world, 'omise', { namespace: 'blue' });
    await expect(
      world.client('omise', { namespace: 'green' }).reconcile(json as never),
    ).rejects.toMatchObject({
      name: 'InvalidRequestError',
    });
  });
});

describe('a key that was used for another charge, in a process that has no record of it', () => {
  it.each(providerNames)('is a conflict at %s, and nothing is sent again', async (provider) => {
    const world = createWorld();
    const params = world.params(provider);
    const first = await world.client(provider).create(params, { idempotencyKey: 'order-81' });
    const again = world
      .client(provider)
      .create({ ...world.params(provider), amount: params.amount + 100 }, { idempotencyKey: 'order-81' });
    await expect(again).rejects.toMatchObject({
      name: 'IdempotencyConflictError',
      outcome: 'unknown',
      chargeId: first.id,
      charge: { id: first.id, status: 'captured', amount: params.amount },
    });
    expect(world.providers.ledger.charges(provider).map(({ id }) => id)).toEqual([first.id]);
  });

  it.each(['stripe', 'justifi'] as const)(
    'of another description is a conflict at %s, which compares all',
    async (provider) => {
      const world = createWorld();
      const params = world.params(provider);
      await world.client(provider).create(params, { idempotencyKey: 'order-81' });
      await expect(
        world
          .client(provider)
          .create({ ...params, description: 'another one' }, { idempotencyKey: 'order-81' }),
      ).rejects.toMatchObject({ name: 'IdempotencyConflictError' });
    },
  );
});

describe('an error that says when the write was over', () => {
  it('is settled by another process after settleMs, not after the deadline of a call that is long over', async () => {
    const world = createWorld();
    world.providers.inject({ provider: 'pin', operation: 'create', fault: 'cut_before_commit', times: 9 });
    const settings = { settleMs: 50, maxRetries: 0 };
    const error = await world
      .client('pin', settings)
      .create(world.params('pin'), { idempotencyKey: 'order-81' })
      .catch((reason: unknown) => reason);
    world.providers.clearFaults();
    const json = JSON.parse(JSON.stringify(error)) as { unresolved: { endedAt: number | null } };
    expect(json.unresolved.endedAt).not.toBeNull();
    await expect(
      world.client('pin', { ...settings, deadlineMs: 1_000 }).reconcile(json as never),
    ).resolves.toMatchObject({ outcome: 'did_not_happen' });
  });
});
