import { describe, expect, it } from 'vitest';
import { agreeOnRefunds } from '../../src/calls/refunded-totals.js';
import { advanceCharge, isPaid, type Charge, type ClientEvent, type Refund } from '../../src/index.js';
import { createWorld, type ProviderName } from '../attacks/attacked-world.js';

const refund = (id: string, amount: number, status: Refund['status'] = 'succeeded'): Refund => ({
  provider: 'acme',
  id,
  chargeId: 'ch_1',
  amount,
  currency: 'EUR',
  status,
  reason: null,
  providerReason: null,
  failure: null,
  createdAt: null,
  metadata: {},
});

const charge = (told: number, refunds: Refund[] | null): Charge =>
  ({
    status: 'captured',
    amount: 1000,
    amountCaptured: 1000,
    amountRefunded: told,
    refundStatus: told === 0 ? 'none' : told >= 1000 ? 'full' : 'partial',
    refunds,
  }) as Charge;

const judged = (told: number, refunds: Refund[] | null) => {
  const drifts: string[] = [];
  const read = charge(told, refunds);
  agreeOnRefunds(read, (path, kind) => drifts.push(`${path} ${kind}`));
  return [read.amountRefunded, read.refundStatus, drifts] as const;
};

const contradiction = ['refunds inconsistent'];

describe('the refunded total and the refunds of a charge', () => {
  it.each<[string, number, Refund[] | null, ReturnType<typeof judged>]>([
    ['agree', 300, [refund('a', 300)], [300, 'partial', []]],
    ['agree where pending ones count', 300, [refund('a', 300, 'pending')], [300, 'partial', []]],
    ['agree where pending ones do not count', 0, [refund('a', 300, 'pending')], [0, 'none', []]],
    ['agree where nobody knows of one', 300, [refund('a', 300, 'unknown')], [300, 'partial', []]],
    ['agree without failed ones', 0, [refund('a', 300, 'failed')], [0, 'none', []]],
    ['are not compared where the refunds did not come', 300, null, [300, 'partial', []]],
    ['prove a refund that the total lacks', 0, [refund('a', 1000)], [1000, 'full', contradiction]],
    ['prove a part', 100, [refund('a', 100), refund('b', 200)], [300, 'partial', contradiction]],
    ['leave a total that is higher', 500, [refund('a', 300)], [500, 'partial', contradiction]],
    ['never say more than was captured', 0, [refund('a', 1001)], [0, 'none', contradiction]],
  ])('%s', (_, told, refunds, expected) => {
    expect(judged(told, refunds)).toEqual(expected);
  });
});

describe.each<[ProviderName, string]>([
  ['magpie', 'amount_refunded'],
  ['justifi', 'amount_refunded'],
  ['omise', 'refunded_amount'],
])('%s', (provider, field) => {
  const scene = async (told: number) => {
    const world = createWorld();
    const drifts: string[] = [];
    const client = world.client(provider, {
      onEvent: (event: ClientEvent) => {
        if (event.type === 'drift') drifts.push(`${event.path} ${event.kind}`);
      },
    });
    const { id, amount } = await client.create(world.params(provider));
    await client.refund(id);
    const replace = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(replace)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value).map(([name, inside]) => [name, name === field ? told : replace(inside)]),
            )
          : value;
    world.tamper = async (_, honest) => {
      const answer = await honest();
      return { ...answer, text: JSON.stringify(replace(JSON.parse(answer.text))) };
    };
    return { client, drifts, id, amount };
  };

  it('tells of a total that contradicts the refunds in it, and believes the refunds', async () => {
    const { client, drifts, id, amount } = await scene(0);
    const read = await client.retrieve(id);
    expect(drifts).toContain('refunds inconsistent');
    expect([read.amountRefunded, read.refundStatus, isPaid(read)]).toEqual([amount, 'full', false]);
    // A refund counts once, whichever way it was heard of.
    const known = advanceCharge(null, read);
    expect([known.amountRefunded, known.refundStatus, isPaid(known)]).toEqual([amount, 'full', false]);
  });
});
