import { describe, expect, it } from 'vitest';
import { ExchangeFailure } from '../../src/transport/exchange.js';
import { createWorld, ending, type AttackedWorld } from '../attacks/attacked-world.js';

/*
 * A write whose answer is lost, repeated under its key by a process that knows nothing of it: no store keeps its record.
 */

const hour = 60 * 60_000;
type Provider = Parameters<AttackedWorld['client']>[0];

/** What was sent arrives, and its answer does not, until the world is told otherwise. */
const loseAnswers = (world: AttackedWorld): void => {
  world.tamper = async (request, honest) => {
    const answer = await honest();
    if (request.method === 'GET' || request.url.includes('/oauth/')) return answer;
    throw new ExchangeFailure('connection', true, 'ECONNRESET');
  };
};

const settings = { maxRetries: 0 };
const key = { idempotencyKey: 'order-81/refund' };

/** A charge of 4590, refunded under the key by a process that then ended. */
const refunded = async (provider: Provider, params: { readonly amount?: number }, passMs: number) => {
  const world = createWorld();
  const source = world.providers.source(provider, 'approved');
  const { id } = await world.client(provider, settings).create(world.params(provider, { source }));
  loseAnswers(world);
  const first = await ending(async () => world.client(provider, settings).refund?.(id, params, key));
  expect(first).toMatchObject({ rejected: { outcome: 'unknown' } });
  world.tamper = null;
  world.runtime.pass(passMs);
  const total = () => world.providers.ledger.charges(provider).map(({ amountRefunded }) => amountRefunded);
  return { world, id, total };
};

describe.each([
  ['justifi', 1.5],
  ['paymongo', 24.5],
] as const)('%s: a refund of a part', (provider, hours) => {
  it.each([0, -1, 1])('is told and not made twice by a machine whose clock is %d h off', async (off) => {
    const { world, id, total } = await refunded(provider, { amount: 1000 }, hours * hour);
    world.providers.switches[provider].keyLifetimeMs = Math.floor(hours) * hour;
    const client = world.client(provider, settings, () => off * hour);
    expect(await client.refund?.(id, { amount: 1000 }, key)).toMatchObject({ amount: 1000 });
    expect(total()).toEqual([1000]);
  });
});

describe.each(['omise', 'pin', 'magpie', 'justifi', 'paymongo'] as const)(
  '%s: a refund that leaves nothing',
  (provider) => {
    it.each([
      ['everything', {}],
      ['an amount that is everything', { amount: 4590 }],
    ])('is no refusal where nothing is looked for first, asked for as %s', async (_, params) => {
      const { world, id, total } = await refunded(provider, params, 30 * hour);
      const client = world.client(provider, { ...settings, lookupFirst: false });
      const end = await ending(async () => client.refund?.(id, params, key));
      // Refunds of Pin and Magpie carry no key: whose the one is that is there, nobody can say.
      if (provider === 'pin' || provider === 'magpie')
        expect(end).toMatchObject({ rejected: { name: 'ConflictError', outcome: 'unknown' } });
      else expect(end).toMatchObject({ resolved: { amount: 4590 } });
      expect(total()).toEqual([4590]);
    });
  },
);

describe('stripe: a void of a charge without an intent', () => {
  it('is done where the key did it', async () => {
    const world = createWorld();
    const open = () => world.client('stripe', { ...settings, api: 'charges' });
    const { id } = await open().create({ ...world.params('stripe'), capture: false });
    loseAnswers(world);
    const act = () => open().void(id, { idempotencyKey: 'order-81/void' });
    expect(await ending(act)).toMatchObject({ rejected: { outcome: 'unknown' } });
    world.tamper = null;
    expect(await act()).toMatchObject({ id, status: 'voided' });
    await expect(open().void(id, { idempotencyKey: 'another' })).rejects.toMatchObject({
      name: 'ConflictError',
      outcome: 'rejected',
    });
  });
});
