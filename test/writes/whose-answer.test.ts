import { describe, expect, it } from 'vitest';
import { memoryStore, type Charge } from '../../src/index.js';
import type { ExchangeAnswer, ExchangeRequest } from '../../src/transport/exchange.js';
import {
  createWorld,
  ending,
  providerNames,
  type AttackedWorld,
  type ProviderName,
} from '../attacks/attacked-world.js';

const options = { idempotencyKey: 'order-81' };
const minute = 60_000;

const ledgerOf = (world: AttackedWorld, provider: ProviderName, id: string) =>
  world.providers.ledger.charges(provider).find((charge) => charge.id === id);

/** A cache, or a connection out of step, answers every read of one charge with another. */
const cross = (world: AttackedWorld, asked: string, answered: string) => {
  world.tamper = async (request: ExchangeRequest, honest) => {
    if (request.method !== 'GET' || !request.url.includes(`/${asked}`)) return honest();
    const own = await honest();
    const other = crossed.get(request.url.replace(asked, answered));
    return other ?? own;
  };
};
const crossed = new Map<string, ExchangeAnswer>();

/** Reads a charge, with its refunds, through a client, and keeps the raw answers for crossing. */
const remember = async (world: AttackedWorld, provider: ProviderName, id: string) => {
  crossed.clear();
  world.tamper = async (request, honest) => {
    const answer = await honest();
    if (request.method === 'GET') crossed.set(request.url, answer);
    return answer;
  };
  const client = world.client(provider);
  await client.retrieve(id);
  await client.listRefunds(id);
  world.tamper = null;
};

describe.each(providerNames)('%s: an answer about another charge', (provider) => {
  const open = async (capture: boolean) => {
    const world = createWorld();
    const client = world.client(provider, { maxRetries: 0 });
    const asked = await client.create(world.params(provider, { capture }));
    const other = await client.create(world.params(provider, { capture }));
    return { world, client, asked, other };
  };

  it.each(['capture', 'void'] as const)('is no proof of a %s whose request was lost', async (operation) => {
    const { world, client, asked, other } = await open(false);
    await client[operation](other.id);
    await remember(world, provider, other.id);
    world.providers.inject({ provider, operation, fault: 'cut_before_commit', times: 9 });
    const write = () =>
      operation === 'capture' ? client.capture(asked.id, {}, options) : client.void(asked.id, options);
    // At providers without keys a read comes first: that one is honest.
    await expect(write()).rejects.toMatchObject({ outcome: 'unknown' });
    world.runtime.pass(30 * 60 * minute);
    cross(world, asked.id, other.id);
    const end = await ending(write);
    expect(end).toMatchObject({ rejected: { outcome: 'unknown' } });
    world.tamper = null;
    world.providers.clearFaults();
    expect(ledgerOf(world, provider, asked.id)?.state).toBe('authorized');
  });

  it('is no reason to refund again, and no amount of a full refund', async () => {
    const { world, client, asked } = await open(true);
    const large = await client.create(world.params(provider, { amount: 90_000 }));
    await remember(world, provider, large.id);
    cross(world, asked.id, large.id);
    const end = await ending(() => client.refund(asked.id, {}, options));
    world.tamper = null;
    const refunds = ledgerOf(world, provider, asked.id)?.refunds ?? [];
    expect(refunds.every(({ amount }) => amount === 4590)).toBe(true);
    expect(refunds.length).toBeLessThanOrEqual(1);
    if ('resolved' in end) expect(end.resolved).toMatchObject({ chargeId: asked.id, amount: 4590 });
    else expect(['IntegrityError', 'OutcomeUnknownError']).toContain((end.rejected as Error).name);
  });

  it('is no refund of this one: a lost refund is not made again', async () => {
    const { world, client, asked, other } = await open(true);
    await client.refund(other.id, { amount: 700 });
    world.providers.inject({ provider, operation: 'refund', fault: 'cut_after_commit', times: 9 });
    await expect(client.refund(asked.id, { amount: 500 }, options)).rejects.toMatchObject({
      outcome: 'unknown',
    });
    world.providers.clearFaults();
    await remember(world, provider, other.id);
    cross(world, asked.id, other.id);
    // Beyond the life of the provider's own keys, where there are any.
    world.runtime.pass(30 * 60 * minute);
    const end = await ending(() => client.refund(asked.id, { amount: 500 }, options));
    const [made, ...others] = ledgerOf(world, provider, asked.id)?.refunds ?? [];
    expect(others).toEqual([]);
    // Where a list has an address of its own it was not crossed.
    if ('resolved' in end) expect(end.resolved).toMatchObject({ id: made?.id });
    else expect(end.rejected).toMatchObject({ outcome: 'unknown' });
  });
});

/** The answer of a declined create of the same key and amount, as the second copy of a request gets it. */
const declineAnswer = async (provider: ProviderName): Promise<ExchangeAnswer> => {
  const world = createWorld(2);
  let answer: ExchangeAnswer | undefined;
  world.tamper = async (request, honest) => {
    const heard = await honest();
    if (request.method === 'POST') answer ??= heard;
    return heard;
  };
  const params = world.params(provider, { source: world.providers.source(provider, 'declined') });
  await expect(world.client(provider).create(params, options)).rejects.toMatchObject({ name: 'CardError' });
  if (answer === undefined) throw new Error('nothing was answered');
  return answer;
};

/** Pages without an item that announce more, by provider. */
const emptied = {
  omise: { data: [], total: 9 },
  magpie: { data: [], next: '/v2/charges/?start_after=ch_00000o6oz9qi5ymhdh4x' },
  pin: {
    response: [],
    pagination: { current: 1, previous: null, next: 2, per_page: 100, pages: 9, count: 9 },
  },
} as const;

describe.each(['omise', 'magpie', 'pin'] as const)(
  '%s: a create whose second copy is declined',
  (provider) => {
    const hearDecline = async (world: AttackedWorld) => {
      const decline = await declineAnswer(provider);
      world.tamper = async (request, honest) => {
        const answer = await honest();
        return request.method === 'POST' ? decline : answer;
      };
    };

    it('is the charge of the first copy', async () => {
      const world = createWorld();
      await hearDecline(world);
      const charge = await world.client(provider).create(world.params(provider), options);
      expect(charge.status).toBe('captured');
      expect(ledgerOf(world, provider, charge.id)?.state).toBe('captured');
    });

    it('is unknown where the first copy was changed on its way', async () => {
      const world = createWorld();
      const decline = await declineAnswer(provider);
      world.tamper = async (request, honest) => {
        if (request.method !== 'POST') return honest();
        const body = (request.body ?? '').replace('4590', '4599');
        await honest({ ...request, body });
        return decline;
      };
      const end = await ending(() => world.client(provider).create(world.params(provider), options));
      const [made] = world.providers.ledger.charges(provider);
      expect(made?.amount).toBe(4599);
      expect(end).toMatchObject({
        rejected: { name: 'IntegrityError', outcome: 'unknown', candidates: [made?.id] },
      });
    });

    it('is found by reconcile where the look had failed', async () => {
      const world = createWorld();
      const decline = await declineAnswer(provider);
      const store = { ...memoryStore({ runtime: world.runtime }), durable: true };
      const client = world.client(provider, { store });
      world.tamper = async (request, honest) => {
        if (request.method !== 'POST') return { status: 500, headers: {}, text: '' };
        await honest();
        return decline;
      };
      const end = await ending(() => client.create(world.params(provider), options));
      expect(end).toMatchObject({ rejected: { name: 'CardError' } });
      // A page that announces more than it gives hides the charge, and confirms no decline.
      world.tamper = async (_, honest) => {
        const answer = await honest();
        const body = JSON.parse(answer.text) as Record<string, unknown>;
        return { ...answer, text: JSON.stringify({ ...body, ...emptied[provider] }) };
      };
      expect(await client.reconcile(options.idempotencyKey)).toMatchObject({ outcome: 'unknown' });
      world.tamper = null;
      const [charge] = world.providers.ledger.charges(provider);
      expect(await client.reconcile(options.idempotencyKey)).toMatchObject({
        outcome: 'happened',
        charge: { id: charge?.id, status: 'captured' },
      });
    });

    it('stays the decline that it is where it was the only one', async () => {
      const world = createWorld();
      const client = world.client(provider);
      const params = world.params(provider, { source: world.providers.source(provider, 'declined') });
      const first = await ending(() => client.create(params, options));
      expect(first).toMatchObject({ rejected: { name: 'CardError', outcome: 'rejected' } });
      expect(await client.reconcile(options.idempotencyKey)).toMatchObject({ outcome: 'did_not_happen' });
      const before = world.sent.length;
      expect(await ending(() => client.create(params, options))).toMatchObject({
        rejected: { name: 'CardError', outcome: 'rejected' },
      });
      expect(world.sent).toHaveLength(before);
    });
  },
);

describe('stripe: a capture of a part, where a part was captured before', () => {
  const captured = async (world: AttackedWorld, id: string, before: number) => {
    // As another system of the merchant does it, with final_capture off: not in the simulator, so the amounts are added.
    const add = (answer: ExchangeAnswer): ExchangeAnswer => {
      const body = JSON.parse(answer.text) as { id?: string; status?: string; amount_received?: number };
      if (body.id !== id) return answer;
      const text = JSON.stringify({
        ...body,
        amount_received: before + (body.status === 'succeeded' ? (body.amount_received ?? 0) : 0),
        latest_charge:
          typeof (body as { latest_charge?: unknown }).latest_charge === 'object'
            ? {
                ...(body as { latest_charge: object }).latest_charge,
                amount_captured: before + (body.status === 'succeeded' ? (body.amount_received ?? 0) : 0),
              }
            : null,
      });
      return { ...answer, text };
    };
    world.tamper = async (_, honest) => add(await honest());
    return Promise.resolve();
  };

  it('is compared with what was captured before', async () => {
    const world = createWorld();
    const client = world.client('stripe');
    const { id } = await client.create(world.params('stripe', { capture: false }));
    await captured(world, id, 300);
    const charge: Charge = await client.capture(id, { amount: 700 }, options);
    expect(charge).toMatchObject({ status: 'captured', amountCaptured: 1000 });
  });

  it('is found after a lost answer, and never told as "did not happen"', async () => {
    const world = createWorld();
    const client = world.client('stripe', { maxRetries: 0 });
    const { id } = await client.create(world.params('stripe', { capture: false }));
    await captured(world, id, 300);
    world.providers.inject({ provider: 'stripe', operation: 'capture', fault: 'cut_after_commit' });
    const lost = await ending(() => client.capture(id, { amount: 700 }, options));
    expect(lost).toMatchObject({ rejected: { outcome: 'unknown', unresolved: { capturedBefore: 300 } } });
    const json = JSON.parse(JSON.stringify('rejected' in lost && lost.rejected)) as Record<string, unknown>;
    expect(await world.client('stripe').reconcile(json)).toMatchObject({ outcome: 'happened' });
    expect(await client.reconcile(options.idempotencyKey)).toMatchObject({ outcome: 'happened' });
  });
});

/** The provider drops the stamp of every write. */
const withoutStamp = (request: ExchangeRequest): ExchangeRequest => ({
  ...request,
  body: (request.body ?? '').replaceAll('unicharge_key', 'other_key'),
});

describe.each(providerNames)('%s: a create whose answer has lost its stamp', (provider) => {
  it('is not the charge that an earlier write of the process made', async () => {
    const world = createWorld();
    // Without the look that refuses the second create before it is sent.
    const client = world.client(provider, { maxRetries: 0, lookupFirst: false });
    let first: ExchangeAnswer | undefined;
    world.tamper = async (request, honest) => {
      const isCreate = request.method === 'POST' && request.body?.includes('unicharge_key') === true;
      const answer = await honest(withoutStamp(request));
      if (!isCreate) return answer;
      first ??= answer;
      return first;
    };
    const made = await client.create(world.params(provider), { idempotencyKey: 'order-80' });
    const end = await ending(() => client.create(world.params(provider), options));
    expect(end).toMatchObject({
      rejected: { name: 'IntegrityError', code: 'crossed_answers', outcome: 'unknown' },
    });
    expect(standingOf(world, provider).filter(({ id }) => id !== made.id)).toHaveLength(1);
  });
});

const standingOf = (world: AttackedWorld, provider: ProviderName) =>
  world.providers.ledger.charges(provider).filter(({ state }) => state === 'captured');

describe.each(['omise', 'magpie', 'pin'] as const)('%s: a lost stamp', (provider) => {
  it('is remembered where the answer was wrong in another way, too', async () => {
    const world = createWorld();
    const client = world.client(provider, { maxRetries: 0 });
    world.tamper = async (request, honest) => {
      const unstamped = withoutStamp(request);
      return honest({ ...unstamped, body: (unstamped.body ?? '').replace('4590', '4599') });
    };
    await expect(client.create(world.params(provider), { idempotencyKey: 'order-80' })).rejects.toMatchObject(
      { name: 'IntegrityError', outcome: 'unknown' },
    );
    world.tamper = async (request, honest) => {
      const answer = await honest(withoutStamp(request));
      return request.method === 'POST' ? { status: 500, headers: {}, text: '' } : answer;
    };
    const end = await ending(() => client.create(world.params(provider), options));
    const error: unknown = 'rejected' in end ? end.rejected : null;
    expect(error).toMatchObject({ outcome: 'unknown' });
    world.runtime.pass(60 * minute);
    // The charge of the lost answer is there without its stamp: nobody may say that nothing happened.
    expect(
      await client.reconcile(JSON.parse(JSON.stringify(error)) as Record<string, unknown>),
    ).toMatchObject({
      outcome: 'unknown',
    });
  });
});

describe.each(['magpie', 'pin'] as const)('%s: the answer to a refund', (provider) => {
  it('is not a refund that the charge had before', async () => {
    const world = createWorld();
    const client = world.client(provider, { maxRetries: 0 });
    const { id } = await client.create(world.params(provider));
    let first: ExchangeAnswer | undefined;
    world.tamper = async (request, honest) => {
      const answer = await honest();
      if (request.method !== 'POST') return answer;
      first ??= answer;
      return first;
    };
    const earlier = await client.refund(id, { amount: 700 }, { idempotencyKey: 'order-80' });
    const end = await ending(() => client.refund(id, { amount: 700 }, options));
    const own = ledgerOf(world, provider, id)?.refunds.find((refund) => refund.id !== earlier.id);
    // It was made, and is found; nobody is told of the earlier one.
    if ('resolved' in end) expect(end.resolved).toMatchObject({ id: own?.id });
    else expect(end.rejected).toMatchObject({ outcome: 'unknown' });
    world.tamper = null;
    world.runtime.pass(10 * minute);
    expect(await client.refund(id, { amount: 700 }, options)).toMatchObject({ id: own?.id });
  });
});
