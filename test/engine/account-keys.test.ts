import { describe, expect, it } from 'vitest';
import { justifiSubAccounts } from '../../src/testing/simulator/justifi/accounts.js';
import type { ExchangeAnswer } from '../../src/transport/exchange.js';
import { createWorld, type AttackedWorld } from '../attacks/attacked-world.js';

const { shop, otherShop } = justifiSubAccounts;

/** A platform that keeps the keys of all its accounts in one place: whoever sends a known key gets its first answer. */
const rememberKeys = (world: AttackedWorld) => {
  const answers = new Map<string, ExchangeAnswer>();
  world.tamper = async (request, honest) => {
    const key = request.headers['idempotency-key'];
    if (key === undefined) return honest();
    const answer = answers.get(key) ?? (await honest());
    answers.set(key, answer);
    return answer;
  };
};

const wireKeys = (world: AttackedWorld) =>
  world.sent.map(({ headers }) => headers['idempotency-key']).filter((key) => key !== undefined);

describe('one key of ours at two accounts of one provider', () => {
  it('is two operations at JustiFi, though its keys may belong to the platform', async () => {
    const world = createWorld();
    rememberKeys(world);
    const client = world.client('justifi');
    const pay = (account: string) =>
      client.create(world.params('justifi'), {
        idempotencyKey: 'order-81',
        headers: { 'Sub-Account': account },
      });
    const first = await pay(shop);
    const second = await pay(otherShop);
    expect(second.id).not.toBe(first.id);
    const charges = world.providers.ledger.charges('justifi');
    expect(charges.map(({ account }) => account)).toEqual([shop, otherShop]);
    expect(charges.map(({ metadata }) => metadata['unicharge_key'])).toEqual(['order-81', 'order-81']);
  });

  it('is the same key on every attempt and from every client of the account', async () => {
    const world = createWorld();
    const params = world.params('justifi');
    world.providers.inject({ provider: 'justifi', operation: 'create', fault: 'cut_after_commit', times: 2 });
    await world.client('justifi', { subAccount: shop }).create(params, { idempotencyKey: 'order-81' });
    await world
      .client('justifi', { subAccount: otherShop })
      .create(params, { idempotencyKey: 'order-81', headers: { 'sub-account': shop } });
    expect(wireKeys(world)).toHaveLength(4);
    expect(new Set(wireKeys(world)).size).toBe(1);
    expect(world.providers.ledger.charges('justifi')).toHaveLength(1);
  });

  it('goes out unchanged at Stripe, whose keys belong to the account', async () => {
    const world = createWorld();
    const client = world.client('stripe');
    for (const account of ['acct_one', 'acct_two']) {
      await client.create(world.params('stripe'), {
        idempotencyKey: 'order-81',
        headers: { 'Stripe-Account': account },
      });
    }
    // The first key of each pair is of the step that makes a payment method of the token.
    expect(wireKeys(world)).toEqual(['order-81:1', 'order-81', 'order-81:1', 'order-81']);
    expect(world.providers.ledger.charges('stripe')).toHaveLength(2);
  });
});
