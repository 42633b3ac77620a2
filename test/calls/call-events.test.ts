import { describe, expect, it } from 'vitest';
import type { ChargesClient, ChargesError, ClientEvent } from '../../src/index.js';
import { createFakeClient, type FakeClient, type FakeClientOptions } from '../../src/testing/index.js';
import { createWorld, ending, providerNames } from '../attacks/attacked-world.js';

type Ended = Extract<ClientEvent, { type: 'call_ended' }>;

const params = { amount: 4590, currency: 'EUR', source: 'approved' };

interface Told {
  readonly charges: FakeClient;
  readonly events: ClientEvent[];
  /** The last call that ended. */
  ended(): Ended;
}

const telling = (settings: FakeClientOptions = {}): Told => {
  const events: ClientEvent[] = [];
  const charges = createFakeClient({ ...settings, onEvent: (event) => events.push(event) });
  const ended = () => events.filter((event): event is Ended => event.type === 'call_ended').at(-1) as Ended;
  return { charges, events, ended };
};

/** Everything a call told, by call. */
const byCall = (events: readonly ClientEvent[]): ClientEvent[][] =>
  [...new Set(events.map(({ callId }) => callId))].map((id) => events.filter(({ callId }) => callId === id));

/** A client of a provider without keys, where a look tells what became of a write. */
const lookingUp = () => {
  const world = createWorld();
  const events: ClientEvent[] = [];
  const another = () =>
    world.client('omise', { settleMs: 1000, onEvent: (event: ClientEvent) => void events.push(event) });
  const loseAnswer = (): void => {
    world.providers.inject({ provider: 'omise', operation: 'create', fault: 'cut_after_commit' });
  };
  const create = (client: ChargesClient) =>
    ending(() => client.create(omiseParams, { idempotencyKey: 'order-1' }));
  const omiseParams = world.params('omise');
  return { world, events, another, loseAnswer, create };
};

describe('the events of a call', () => {
  it('carry one id, from its start to its end', async () => {
    const { charges, events } = telling();
    await charges.create(params, { idempotencyKey: 'order-1' });
    expect(events.map(({ type }) => type)).toEqual(['call_started', 'request', 'response', 'call_ended']);
    expect(new Set(events.map(({ callId }) => callId)).size).toBe(1);
    expect(events[0]?.callId).toMatch(/^[0-9a-f-]{36}$/);
    expect(events.map(({ callKey }) => callKey)).toEqual(Array(4).fill('order-1'));
    expect(events.map(({ account }) => account)).toEqual(Array(4).fill(null));
    expect(events.map(({ operation }) => operation)).toEqual(Array(4).fill('create'));
  });

  it('are told apart where many calls run at once', async () => {
    const { charges, events } = telling();
    const keys = Array.from({ length: 64 }, (_, index) => `order-${index}`);
    await Promise.all(keys.map((idempotencyKey) => charges.create(params, { idempotencyKey })));
    const calls = byCall(events);
    expect(calls).toHaveLength(64);
    for (const call of calls) {
      expect(call.map(({ type }) => type)).toEqual(['call_started', 'request', 'response', 'call_ended']);
      expect(new Set(call.map(({ callKey }) => callKey)).size).toBe(1);
    }
    expect(new Set(calls.map(([first]) => first?.callKey))).toEqual(new Set(keys));
  });

  it('name no key where the caller gave none', async () => {
    const { charges, events } = telling();
    const charge = await charges.create(params);
    await charges.retrieve(charge.id);
    expect(new Set(events.map(({ callKey }) => callKey))).toEqual(new Set([null]));
  });

  it('say how a success ended', async () => {
    const { charges, ended } = telling();
    await charges.create(params);
    expect(ended()).toMatchObject({
      provider: 'fake',
      operation: 'create',
      outcome: 'succeeded',
      errorName: null,
      errorCode: null,
      declineCode: null,
      attempts: 1,
      resolvedBy: 'response',
      durationMs: 1000,
    });
  });

  it('say why a charge was declined', async () => {
    const { charges, ended } = telling();
    await charges.create({ ...params, source: 'insufficient_funds' }).catch(() => undefined);
    expect(ended()).toMatchObject({
      outcome: 'rejected',
      errorName: 'CardError',
      declineCode: 'insufficient_funds',
      resolvedBy: 'response',
    });
  });

  it('end also where nothing was sent, and then nothing decided', async () => {
    const { charges, events, ended } = telling();
    await charges.create({ ...params, amount: -1 }, { idempotencyKey: 'order-1' }).catch(() => undefined);
    expect(events.map(({ type }) => type)).toEqual(['call_started', 'call_ended']);
    expect(ended()).toMatchObject({
      callKey: 'order-1',
      outcome: 'not_sent',
      errorName: 'InvalidRequestError',
      attempts: 0,
      resolvedBy: null,
    });
    await (charges.create as (...given: unknown[]) => Promise<unknown>)(
      params,
      {},
      {
        idempotencyKey: 'order-2',
      },
    ).catch(() => undefined);
    expect(ended()).toMatchObject({ callKey: 'order-2', outcome: 'not_sent', attempts: 0 });
  });

  it('number the attempts of the whole call, so that each answer finds its request', async () => {
    const { charges, events, ended } = telling();
    charges.control.inject({ operation: 'retrieve', fault: 'server_error', times: 2 });
    const charge = await charges.create(params);
    await charges.retrieve(charge.id);
    const exchanges = events.flatMap((event) =>
      event.type === 'request' || event.type === 'response' || event.type === 'retry'
        ? [[event.operation, event.type, event.attempt, event.exchange]]
        : [],
    );
    expect(exchanges).toEqual([
      ['create', 'request', 1, 1],
      ['create', 'response', 1, 1],
      ['retrieve', 'request', 1, 1],
      ['retrieve', 'response', 1, 1],
      ['retrieve', 'retry', 1, 1],
      ['retrieve', 'request', 2, 2],
      ['retrieve', 'response', 2, 2],
      ['retrieve', 'retry', 2, 2],
      ['retrieve', 'request', 3, 3],
      ['retrieve', 'response', 3, 3],
    ]);
    expect(ended().attempts).toBe(3);
  });

  it('say where a request goes, and nothing but that', async () => {
    const { charges, events } = telling({ baseUrl: 'http://127.0.0.1:4010/prefix' });
    await charges.create(params).catch(() => undefined);
    expect(events.find(({ type }) => type === 'request')).toMatchObject({ origin: 'http://127.0.0.1:4010' });
  });

  it('tell every page of a list as a call of its own', async () => {
    const { charges, events } = telling();
    for (let index = 0; index < 3; index += 1) await charges.create(params);
    events.length = 0;
    for await (const charge of charges.list({ limit: 2 })) expect(charge.id).toBeDefined();
    const calls = byCall(events);
    expect(calls.map((call) => call.map(({ type }) => type))).toEqual(
      Array(2).fill(['call_started', 'request', 'response', 'call_ended']),
    );
    expect(new Set(events.map(({ operation }) => operation))).toEqual(new Set(['list']));
  });

  it('tell a list with wrong params when it is awaited, and not before', async () => {
    const { charges, events, ended } = telling();
    const list = charges.list({ limit: 'many' } as never);
    expect(events).toEqual([]);
    await expect(list).rejects.toMatchObject({ name: 'InvalidRequestError' });
    expect(ended()).toMatchObject({
      operation: 'list',
      outcome: 'not_sent',
      errorName: 'InvalidRequestError',
    });
  });

  it('call a reverse by the name that errors and records have for it', async () => {
    const { charges, events } = telling();
    const charge = await charges.create({ ...params, capture: false });
    events.length = 0;
    await charges.reverse(charge.id);
    expect(new Set(events.map(({ operation }) => operation))).toEqual(new Set(['void']));
  });

  it('tell a webhook as well', async () => {
    const { charges, ended } = telling();
    await charges.parseWebhook('{}', {}).catch(() => undefined);
    expect(ended()).toMatchObject({ operation: 'parseWebhook', outcome: 'not_sent', attempts: 0 });
  });
});

describe('what decided a call', () => {
  it('is the record, where the write had succeeded or been declined before', async () => {
    const { charges, ended } = telling();
    for (const source of ['approved', 'declined']) {
      const again = () =>
        charges.create({ ...params, source }, { idempotencyKey: source }).catch(() => undefined);
      await again();
      expect(ended().resolvedBy).toBe('response');
      await again();
      expect(ended()).toMatchObject({ resolvedBy: 'record', attempts: 0 });
    }
  });

  it('is a look, where another process had sent the write', async () => {
    const { events, another, create } = lookingUp();
    await create(another());
    events.length = 0;
    expect(await create(another())).toHaveProperty('resolved');
    expect(events.at(-1)).toMatchObject({ type: 'call_ended', outcome: 'succeeded', resolvedBy: 'lookup' });
  });

  it('is nothing, where the outcome is unknown', async () => {
    const { events, another, loseAnswer, create } = lookingUp();
    loseAnswer();
    await create(another());
    expect(events.at(-1)).toMatchObject({
      outcome: 'unknown',
      errorName: 'ConnectionError',
      resolvedBy: null,
    });
  });

  it('is the look of a reconcile, its record, or nothing while it stays open', async () => {
    const { charges, ended } = telling();
    await charges.create(params, { idempotencyKey: 'order-1' });
    const happened = await charges.reconcile('order-1');
    expect(happened.outcome).toBe('happened');
    expect(ended()).toMatchObject({ operation: 'reconcile', callKey: 'order-1', outcome: 'succeeded' });
    expect(['record', 'lookup']).toContain(ended().resolvedBy);
    expect((await charges.reconcile('order-2')).outcome).toBe('unknown');
    expect(ended()).toMatchObject({ callKey: 'order-2', outcome: 'succeeded', resolvedBy: null });
  });

  it('comes with an event of every look, before a first attempt and without a record, too', async () => {
    const { events, another, loseAnswer, create } = lookingUp();
    const looks = () =>
      events
        .splice(0)
        .flatMap((event) =>
          event.type === 'lookup' ? [`${event.operation} ${event.idempotencyKey} ${event.seen}`] : [],
        );
    loseAnswer();
    const client = another();
    await create(client);
    expect(looks()).toEqual(['create order-1 nothing']);
    // Another process, whose store knows nothing of the key.
    const fresh = another();
    await create(fresh);
    expect(looks()).toEqual(['create order-1 happened']);
    await another().reconcile('order-1');
    expect(looks()).toEqual(['create order-1 happened']);
    await another().reconcile('order-2');
    expect(looks()).toEqual(['create order-2 nothing']);
    // A finished record of a provider without keys is looked at once more.
    await fresh.reconcile('order-1');
    expect(looks()).toEqual(['create order-1 happened']);
  });

  it('is the record, where the error to reconcile says what the first request made', async () => {
    const { charges, ended } = telling();
    const charge = await charges.create(params, { idempotencyKey: 'order-1' });
    const other = { ...params, amount: 5000 };
    const end = await ending(() => charges.create(other, { idempotencyKey: 'order-1' }));
    const process = telling();
    const error = 'rejected' in end ? (end.rejected as ChargesError) : null;
    expect(await process.charges.reconcile(error as ChargesError)).toMatchObject({
      charge: { id: charge.id },
    });
    expect(process.ended()).toMatchObject({ outcome: 'succeeded', resolvedBy: 'record', attempts: 0 });
    expect(ended()).toMatchObject({ errorName: 'IdempotencyConflictError' });
  });

  it('is told of each write that reconcilePending looks for', async () => {
    const { events, another, loseAnswer, create } = lookingUp();
    loseAnswer();
    const client = another();
    await create(client);
    events.length = 0;
    const outcomes: string[] = [];
    for await (const { outcome } of client.reconcilePending()) outcomes.push(outcome);
    expect(outcomes).toEqual(['happened']);
    expect(byCall(events)).toHaveLength(1);
    expect(events.map(({ type }) => type)).toEqual([
      'call_started',
      'request',
      'response',
      'request',
      'response',
      'lookup',
      'call_ended',
    ]);
    expect(events.at(-1)).toMatchObject({
      operation: 'reconcile',
      callKey: 'order-1',
      outcome: 'succeeded',
      resolvedBy: 'lookup',
    });
  });
});

describe('the account of a call', () => {
  it('is the one that its header names, else the one of the settings', async () => {
    const world = createWorld();
    const events: ClientEvent[] = [];
    const onEvent = (event: ClientEvent): void => void events.push(event);
    const client = world.client('stripe', { onEvent });
    await ending(() => client.retrieve('pi_1', { headers: { 'Stripe-Account': 'acct_1Shop' } }));
    expect(new Set(events.map(({ account }) => account))).toEqual(new Set(['acct_1Shop']));
  });

  it('is not shown where it holds a secret', async () => {
    const world = createWorld();
    const events: ClientEvent[] = [];
    const onEvent = (event: ClientEvent): void => void events.push(event);
    const client = world.client('stripe', { onEvent });
    const headers = { 'Stripe-Account': 'sk_test_CanaryOfSomebodyElse' };
    await ending(() => client.retrieve('pi_1', { headers }));
    expect(JSON.stringify(events)).not.toContain('Canary');
    expect(events[0]?.account).toBeNull();
  });
});

describe.each(providerNames)('a call at %s', (provider) => {
  it('starts once and ends once, whatever method it is', async () => {
    const world = createWorld();
    const events: ClientEvent[] = [];
    const client = world.client(provider, { onEvent: (event: ClientEvent) => void events.push(event) });
    const methods = Object.entries(client).filter(
      (entry): entry is [string, (...given: unknown[]) => unknown] =>
        typeof entry[1] === 'function' && !['supports', 'reconcilePending'].includes(entry[0]),
    );
    for (const [name, method] of methods) {
      events.length = 0;
      await ending(() => method('nothing'));
      const calls = byCall(events);
      expect(calls.length, name).toBe(1);
      expect(calls[0]?.[0]?.type, name).toBe('call_started');
      expect(calls[0]?.at(-1)?.type, name).toBe('call_ended');
      expect(
        calls[0]?.filter(({ type }) => type.startsWith('call_')),
        name,
      ).toHaveLength(2);
    }
  });

  it('is the same whether anybody listens or not', async () => {
    const results = await Promise.all(
      [undefined, () => undefined].map(async (onEvent) => {
        const world = createWorld();
        const client = world.client(provider, { onEvent });
        const first = await ending(() =>
          client.create(world.params(provider), { idempotencyKey: 'order-1' }),
        );
        const again = await ending(() =>
          client.create(world.params(provider), { idempotencyKey: 'order-1' }),
        );
        const list = await ending(async () => (await client.list()).data);
        const { length } = client.create;
        return JSON.stringify([first, again, list, length, Object.keys(client)]);
      }),
    );
    expect(results[1]).toBe(results[0]);
  });
});
