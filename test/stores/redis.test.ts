import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.js';
import type { NewOperation, OperationStore, Ownership } from '../../src/models/operation-store.js';
import { redisStore, type RedisClientLike } from '../../src/stores/redis.js';
import { systemRuntime } from '../../src/runtime.js';
import { testOperationStore } from '../../src/testing/store-suite.js';
import { anOperation, ownerOf } from './an-operation.js';
import { describeWithRedis, redisUrl } from './servers.js';

const day = 24 * 60 * 60 * 1000;

describeWithRedis('redisStore over ioredis', () => {
  const connect = () => new Redis(redisUrl, { lazyConnect: true });
  const clients = [connect(), connect()] as const;
  afterAll(() => {
    for (const client of clients) client.disconnect();
  });
  let opened = 0;
  testOperationStore(it, {
    createStore: () => {
      opened += 1;
      return redisStore(opened % 2 === 0 ? clients[0] : clients[1]);
    },
  });
});

describeWithRedis('redisStore over node-redis', () => {
  const client = createClient({ url: redisUrl });
  beforeAll(async () => {
    await client.connect();
  });
  afterAll(() => {
    client.destroy();
  });
  testOperationStore(it, { createStore: () => redisStore(client) });
});

describeWithRedis('redisStore', () => {
  const client = new Redis(redisUrl, { lazyConnect: true });
  afterAll(() => {
    client.disconnect();
  });

  let scope: string;
  let store: OperationStore;
  let operationKey: string;
  const make = async (changes: Partial<NewOperation> = {}): Promise<Ownership> =>
    ownerOf(await store.begin(anOperation({ scope, ...changes })));
  beforeEach(() => {
    scope = `shop/acme/test/${systemRuntime.uuid()}`;
    store = redisStore(client);
    operationKey = `unicharge:{${scope}}:operation:order-1`;
  });

  it('lets finished records expire after 30 days', async () => {
    const owner = await make();
    await store.settle(owner, { state: 'succeeded', result: null, claimedRefund: 're_1' });
    const left = await client.pttl(operationKey);
    expect(left).toBeGreaterThan(29 * day);
    expect(left).toBeLessThanOrEqual(30 * day);
    expect(await client.pttl(`unicharge:{${scope}}:claimed-refund:re_1`)).toBeGreaterThan(29 * day);
  });

  it('leaves nothing of a finished record behind but the record', async () => {
    const owner = await make({ operation: 'refund', target: 'ch_1', refundLock: 'ch_1' });
    await store.settle(owner, { state: 'rejected', result: null });
    expect(await client.keys(`*${scope}*`)).toEqual([operationKey]);
  });

  it('writes all the same where the server refuses the set of scopes', async () => {
    const refusing = (script: string) => script.includes('SADD');
    const narrow: RedisClientLike = {
      evalsha: () => Promise.reject(new Error('NOSCRIPT')),
      eval: (script: string, count: number, ...values: string[]) =>
        refusing(script) ? Promise.reject(new Error('NOPERM')) : client.eval(script, count, ...values),
    };
    store = redisStore(narrow);
    await make();
    expect(await store.get(scope, 'order-1')).not.toBeNull();
    expect(await store.listScopes?.()).not.toContain(scope);
  });

  it('lists a scope of its own prefix alone', async () => {
    const other = redisStore(client, { prefix: `till-${systemRuntime.uuid()}:` });
    await other.begin(anOperation({ scope }));
    expect(await other.listScopes?.()).toEqual([scope]);
    expect(await store.listScopes?.()).not.toContain(scope);
  });

  it('never lets unresolved records expire, also when they were finished once', async () => {
    const owner = await make();
    expect(await client.pttl(operationKey)).toBe(-1);
    await store.settle(owner, { state: 'did_not_happen', result: null });
    await store.claim({ ...owner, owner: 'another', leaseMs: 1_000 });
    expect(await client.pttl(operationKey)).toBe(-1);
    await store.settle({ ...owner, owner: 'another', attempt: 2 }, { state: 'unknown', result: null });
    expect(await client.pttl(operationKey)).toBe(-1);
  });

  it('keeps all keys of a scope under its prefix and in one slot of a cluster', async () => {
    store = redisStore(client, { prefix: 'till-7:' });
    const owner = await make({ operation: 'refund', target: 'ch_1', refundLock: 'ch_1' });
    await make({ key: 'order-2' });
    await store.settle(owner, { state: 'unknown', result: null, claimedRefund: 're_1' });
    const keys = await client.keys(`*${scope}*`);
    expect(keys.sort()).toEqual(
      ['claimed-refund:re_1', 'operation:order-1', 'operation:order-2', 'refund-locks', 'unresolved'].map(
        (name) => `till-7:{${scope}}:${name}`,
      ),
    );
  });

  it('leaves nothing of a released record behind', async () => {
    await store.release(await make({ operation: 'refund', target: 'ch_1', refundLock: 'ch_1' }));
    expect(await client.keys(`*${scope}*`)).toEqual([]);
  });

  it('keeps scopes with braces in their names in one slot each', async () => {
    scope = `}{${scope}`;
    await make();
    expect(await client.keys(`*${scope.slice(2)}*`)).toContain(
      `unicharge:{%7D%7B${scope.slice(2)}}:operation:order-1`,
    );
  });

  it('works when the server has forgotten its scripts', async () => {
    const owner = await make();
    await client.script('FLUSH');
    expect(await store.prepare(owner, null)).toBe(true);
  });

  it('works behind a key prefix of the client', async () => {
    const prefixed = new Redis(redisUrl, { keyPrefix: 'shared:' });
    store = redisStore(prefixed);
    const owner = await make();
    const listed: string[] = [];
    for await (const { key } of store.listUnresolved(scope)) listed.push(key);
    expect(listed).toEqual(['order-1']);
    expect(await store.settle(owner, { state: 'succeeded', result: null, claimedRefund: 're_1' })).toBe(true);
    expect(await store.claimedRefunds(scope, ['re_0', 're_1'], 'order-2')).toEqual(['re_1']);
    expect(await client.exists(`shared:${operationKey}`)).toBe(1);
    prefixed.disconnect();
  });

  it('takes a call that the client sent twice as the same call', async () => {
    const operation = anOperation({ scope });
    await store.begin(operation);
    await expect(store.begin(operation)).resolves.toMatchObject({ status: 'made', record: { attempt: 1 } });
    await store.settle({ ...operation, attempt: 1 }, { state: 'unknown', result: null });
    await expect(store.begin(operation)).resolves.toMatchObject({ status: 'exists' });
    const claim = { ...operation, attempt: 1, owner: 'another' };
    await store.claim(claim);
    await expect(store.claim(claim)).resolves.toMatchObject({ record: { attempt: 2, owner: 'another' } });
    await expect(store.claim({ ...claim, owner: 'a third' })).resolves.toBeNull();
  });

  it('lists every record of a crowd that began in the same millisecond', async () => {
    const keys = Array.from({ length: 900 }, (_, index) => `order-${String(index).padStart(3, '0')}`);
    await Promise.all(keys.map((key) => make({ key })));
    await Promise.all(keys.map((key) => client.zadd(`unicharge:{${scope}}:unresolved`, 1_000, key)));
    const listed: string[] = [];
    for await (const { key } of store.listUnresolved(scope)) listed.push(key);
    expect(listed).toEqual(keys);
  });

  it('lets the failures of the server pass', async () => {
    await client.set(operationKey, 'not a record');
    await expect(make()).rejects.toThrow('WRONGTYPE');
  });
});

describe('the client of a redisStore', () => {
  it('has to be one of the two libraries', () => {
    expect(() => redisStore({} as RedisClientLike)).toThrow(ConfigurationError);
    expect(() => redisStore({ eval: () => Promise.resolve() } as unknown as RedisClientLike)).toThrow(
      ConfigurationError,
    );
  });
});
