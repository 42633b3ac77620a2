import { describe, expect, it } from 'vitest';
import { isFinal, isPaid } from '../../src/index.js';
import { createWorld, providerNames } from '../attacks/attacked-world.js';

/** Replaces the word that decides, wherever it stands in the charge: Pin has booleans instead of one. */
const unheard = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(unheard);
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  const isCharge = 'amount_refunded' in fields || 'refunded_amount' in fields || 'amount_received' in fields;
  const changed = Object.fromEntries(Object.entries(fields).map(([name, inside]) => [name, unheard(inside)]));
  if (!isCharge) return changed;
  return 'token' in fields
    ? { ...changed, captured: 'some day' }
    : { ...changed, status: 'word_of_tomorrow' };
};

const scene = async (provider: (typeof providerNames)[number]) => {
  const world = createWorld();
  const client = world.client(provider);
  const { id, amount } = await client.create(world.params(provider));
  await client.refund(id, { amount: 500 });
  world.tamper = async (request, honest) => {
    const answer = await honest();
    return request.method === 'GET'
      ? { ...answer, text: JSON.stringify(unheard(JSON.parse(answer.text))) }
      : answer;
  };
  return { world, client, id, amount };
};

describe.each(providerNames)('%s: a charge in a status that nobody knows', (provider) => {
  it('tells of its money what the provider told, and nothing else', async () => {
    const { client, id, amount } = await scene(provider);
    const charge = await client.retrieve(id);
    expect(charge.status).toBe('unknown');
    expect([isPaid(charge), isFinal(charge)]).toEqual([false, false]);
    expect(charge.amount).toBe(amount);
    expect(charge.amountRefunded).toBe(500);
    const showsCaptured = provider === 'stripe' || provider === 'omise';
    expect(charge.amountCaptured).toBe(showsCaptured ? amount : null);
    expect(charge.refundStatus).toBe(showsCaptured ? 'partial' : null);
  });

  it('can be refunded: the provider knows whether it can', async () => {
    const { world, client, id } = await scene(provider);
    const refund = await client.refund(id, { amount: 300 }, { idempotencyKey: 'refund-2' });
    expect(refund.amount).toBe(300);
    expect(world.providers.ledger.charges()[0]?.amountRefunded).toBe(800);
  });
});

/** Takes away whatever tells how much of a charge went back. */
const withoutTotals = (value: unknown, put: null | undefined): unknown => {
  if (Array.isArray(value)) return value.map((each) => withoutTotals(each, put));
  if (typeof value !== 'object' || value === null) return value;
  const untold = Object.entries(value).map(([name, inside]) =>
    ['amount_refunded', 'refunded_amount', 'refunds'].includes(name)
      ? [name, put]
      : [name, withoutTotals(inside, put)],
  );
  return Object.fromEntries(untold) as unknown;
};

describe.each(providerNames)('%s: a refunded charge that does not tell how much went back', (provider) => {
  it.each([null, undefined])('passes neither for paid nor for not refunded (%s)', async (put) => {
    const world = createWorld();
    const client = world.client(provider);
    const { id } = await client.create(world.params(provider));
    await client.refund(id, { amount: 500 });
    world.tamper = async (_, honest) => {
      const answer = await honest();
      return { ...answer, text: JSON.stringify(withoutTotals(JSON.parse(answer.text), put)) };
    };
    const told = await client.retrieve(id).catch((error: unknown) => error);
    expect(told).toMatchObject(
      // Without the total the answer of Stripe cannot be read at all.
      provider === 'stripe'
        ? { name: 'InvalidResponseError' }
        : { status: 'unknown', amountRefunded: null, refundStatus: null },
    );
  });
});
