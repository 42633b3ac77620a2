import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/index.js';
import { createPin } from '../../src/providers/pin/index.js';
import { startSimulator } from '../../src/testing/index.js';
import { createWorld, ending, type AttackedWorld, type Ending } from '../attacks/attacked-world.js';

const minute = 60_000;
const hour = 60 * minute;
const options = { idempotencyKey: 'order-81' };

const durable = (world: AttackedWorld) => ({ ...memoryStore({ runtime: world.runtime }), durable: true });

const jsonOf = (end: Ending) =>
  JSON.parse(JSON.stringify('rejected' in end && end.rejected)) as Record<string, unknown>;

/** Changes every answer that is JSON. */
const answerWith = (world: AttackedWorld, change: (body: Record<string, unknown>, url: string) => void) => {
  world.tamper = async (request, honest) => {
    const answer = await honest();
    const body = JSON.parse(answer.text) as Record<string, unknown>;
    if (request.method === 'GET') change(body, request.url);
    return { ...answer, text: JSON.stringify(body) };
  };
};

describe.each(['stripe', 'justifi'] as const)(
  '%s: a key that is older than the record of this process',
  (provider) => {
    it('is found by reconcile after a lost answer of this process', async () => {
      const world = createWorld();
      const params = world.params(provider);
      const charge = await world.client(provider).create(params, options);
      world.runtime.pass(provider === 'stripe' ? 10 * hour : 30 * minute);
      const process = world.client(provider, { maxRetries: 0 });
      world.providers.inject({ provider, operation: 'create', fault: 'cut_after_commit', times: 5 });
      expect(await ending(() => process.create(params, options))).toMatchObject({
        rejected: { outcome: 'unknown' },
      });
      world.providers.clearFaults();
      world.runtime.pass(10 * minute);
      expect(await process.reconcile('order-81')).toMatchObject({
        outcome: 'happened',
        charge: { id: charge.id },
      });
    });

    it('is no refusal at once, where the list does not show the charge yet', async () => {
      const world = createWorld();
      await world.client(provider).create(world.params(provider), options);
      answerWith(world, (body) => {
        if (Array.isArray(body['data'])) body['data'] = [];
      });
      const process = world.client(provider, { maxRetries: 0 });
      const other = { ...world.params(provider), amount: 5000 };
      await expect(process.create(other, options)).rejects.toMatchObject({
        name: 'IdempotencyConflictError',
        outcome: 'unknown',
      });
      // Long after: then a list without it is believed.
      world.runtime.pass(30 * minute);
      await expect(process.create(other, options)).rejects.toMatchObject({ outcome: 'rejected' });
    });
  },
);

describe('stripe: what a process without the record must not deny', () => {
  it('is a capture of another amount under the same key', async () => {
    const world = createWorld();
    const { id } = await world.client('stripe').create(world.params('stripe', { capture: false }));
    await world.client('stripe').capture(id, { amount: 1000 }, options);
    await expect(world.client('stripe').capture(id, { amount: 900 }, options)).rejects.toMatchObject({
      outcome: 'unknown',
    });
  });

  it('is a create that was paid with another source, though its first step is refused now', async () => {
    const world = createWorld();
    const charge = await world
      .client('stripe')
      .create(world.params('stripe', { source: 'pm_card_visa' }), options);
    const end = await ending(() =>
      world.client('stripe').create(world.params('stripe', { source: 'tok_nope' }), options),
    );
    expect(end).toMatchObject({
      rejected: { name: 'IdempotencyConflictError', outcome: 'unknown', chargeId: charge.id },
    });
  });

  it('is a refund under the other id of its charge', async () => {
    const world = createWorld();
    const client = world.client('stripe');
    const { id } = await client.create(world.params('stripe'));
    await client.refund(id, { amount: 500 }, options);
    const other = 'ch_000009someOtherIdOfIt';
    await expect(client.refund(other, { amount: 500 }, options)).rejects.toMatchObject({
      outcome: 'unknown',
    });
  });
});

describe('pin: a search that shows a declined charge and not yet a later one', () => {
  it('is no reason to leave out the list', async () => {
    const world = createWorld();
    const declined = world.params('pin', { source: world.providers.source('pin', 'declined') });
    await ending(() => world.client('pin').create(declined, options));
    const charge = await world.client('pin', { lookupFirst: false }).create(world.params('pin'), options);
    answerWith(world, (body, url) => {
      const found = body['response'];
      if (url.includes('search') && Array.isArray(found))
        body['response'] = found.filter((each: { success?: unknown }) => each.success !== true);
    });
    const process = world.client('pin');
    expect(await process.reconcile('order-81')).toMatchObject({
      outcome: 'happened',
      charge: { id: charge.id },
    });
    await expect(process.create(world.params('pin'), options)).resolves.toMatchObject({ id: charge.id });
  });
});

describe.each(['omise', 'magpie'] as const)('%s: the look before a first attempt', (provider) => {
  it.each([
    ['reaches further back than lookbackMs, for a clock that is an hour ahead', 59 * minute],
    [
      'starts again further back where the first page shows that the clock of this machine is hours ahead',
      7 * hour,
    ],
  ])('%s', async (_, aheadMs) => {
    const world = createWorld();
    await world.client(provider).create(world.params(provider), options);
    const others = world.client(provider);
    for (let index = 0; index < 130; index += 1) {
      world.runtime.pass(1_000);
      await others.create(world.params(provider));
    }
    const ahead = world.client(provider, { lookbackMs: hour }, () => aheadMs);
    await ahead.create(world.params(provider), options);
    const made = world.providers.ledger
      .charges(provider)
      .filter(({ metadata }) => metadata['unicharge_key'] === 'order-81');
    expect(made).toHaveLength(1);
  });
});

describe('the JSON of an error that says that the write is under way', () => {
  it('is not reconciled before an owner that never reported can no longer send', async () => {
    const world = createWorld();
    const settings = { settleMs: 5 * minute, abandonedMs: 15 * minute, maxRetries: 0 };
    const client = world.client('omise', settings);
    let go: () => void = () => undefined;
    world.tamper = async (request, honest) => {
      if (request.method === 'POST') await new Promise<void>((resolve) => (go = resolve));
      return honest();
    };
    const params = world.params('omise');
    const first = client.create(params, options);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const second = await ending(() => client.create(params, options));
    expect(second).toMatchObject({ rejected: { name: 'OperationInProgressError' } });
    world.runtime.pass(8 * minute);
    const elsewhere = world.client('omise', { ...settings, deadlineMs: minute });
    expect(await elsewhere.reconcile(jsonOf(second))).toMatchObject({ outcome: 'unknown' });
    go();
    await first;
  });
});

describe('a decline as a duplicate, where the list cannot be seen whole', () => {
  it('leaves the outcome open', async () => {
    const world = createWorld();
    const client = world.client('omise', { store: durable(world) });
    world.tamper = async (request, honest) => {
      const answer = await honest();
      const body = JSON.parse(answer.text) as Record<string, unknown>;
      if (request.method === 'POST')
        Object.assign(body, {
          status: 'failed',
          paid: false,
          authorized: false,
          failure_code: 'duplicate_reference_number',
          failure_message: 'x',
        });
      else Object.assign(body, { data: [], total: 99_999 });
      return { ...answer, text: JSON.stringify(body) };
    };
    await expect(client.create(world.params('omise'), options)).rejects.toMatchObject({ outcome: 'unknown' });
  });
});

describe('magpie: what it does not tell of a captured authorization', () => {
  it('is no proof of the capture of a part', async () => {
    const world = createWorld();
    const client = world.client('magpie');
    const { id } = await client.create(world.params('magpie', { capture: false }));
    await client.capture(id, { amount: 300 }, { idempotencyKey: 'capture-1' });
    await expect(client.capture(id, { amount: 4000 }, { idempotencyKey: 'capture-2' })).rejects.toMatchObject(
      {
        name: 'ConflictError',
      },
    );
  });

  it('keeps no full refund unknown for ever, where the charge says that all went back', async () => {
    const world = createWorld();
    const client = world.client('magpie', { store: durable(world), maxRetries: 0 });
    const { id } = await client.create(world.params('magpie', { capture: false }));
    await client.capture(id, {}, { idempotencyKey: 'capture-1' });
    world.providers.inject({ provider: 'magpie', operation: 'refund', fault: 'cut_after_commit' });
    await expect(client.refund(id, {}, options)).rejects.toMatchObject({ outcome: 'unknown' });
    world.runtime.pass(hour);
    await expect(client.refund(id, {}, options)).resolves.toMatchObject({ amount: 4590 });
  });
});

describe.each(['pin', 'magpie'] as const)('%s: a refund by hand', (provider) => {
  it('that is older than the write is not taken for it', async () => {
    const world = createWorld();
    const store = durable(world);
    const { id } = await world.client(provider, { store }).create(world.params(provider));
    await world.client(provider).refund(id, { amount: 1000 });
    world.runtime.pass(20 * 24 * hour);
    world.tamper = () => new Promise(() => undefined);
    void world
      .client(provider, { store })
      .refund(id, { amount: 1000 }, options)
      .catch(() => undefined);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    world.tamper = null;
    world.runtime.pass(hour);
    await world.client(provider, { store }).refund(id, { amount: 1000 }, options);
    expect(world.providers.ledger.charges(provider)[0]?.refunds).toHaveLength(2);
  });

  it('that came days after a lost request is a candidate, not its answer', async () => {
    const world = createWorld();
    const client = world.client(provider, { store: durable(world), maxRetries: 0 });
    const { id } = await client.create(world.params(provider));
    world.providers.inject({ provider, operation: 'refund', fault: 'cut_before_commit' });
    await expect(client.refund(id, { amount: 500 }, options)).rejects.toMatchObject({ outcome: 'unknown' });
    world.runtime.pass(5 * 24 * hour);
    await world.client(provider).refund(id, { amount: 500 });
    await expect(client.refund(id, { amount: 500 }, options)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(world.providers.ledger.charges(provider)[0]?.refunds).toHaveLength(1);
  });
});

describe('two clients of one process that differ in the secret of their webhooks', () => {
  it('send one key once at the same time', async () => {
    const simulator = await startSimulator();
    try {
      const settings = {
        ...simulator.settings('pin'),
        defaults: { email: 'payer@shop.test', description: 'Order', ip: '203.0.113.7' },
      };
      const params = { amount: 4590, currency: 'AUD', source: simulator.source('pin', 'approved') } as const;
      simulator.inject({
        provider: 'pin',
        operation: 'create',
        fault: { type: 'delay', when: 'before_commit', ms: 200 },
      });
      const ends = await Promise.allSettled([
        createPin(settings).create(params, options),
        createPin({ ...settings, webhookSecret: 'whsec_of_the_other', store: memoryStore() }).create(
          params,
          options,
        ),
      ]);
      expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(simulator.ledger.charges()).toHaveLength(1);
    } finally {
      await simulator.close();
    }
  });
});
