import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { redisStore } from '../../src/stores/redis.js';
import { testOperationStore } from '../../src/testing/store-suite.js';
import { describeWithRedis, redisUrl } from './servers.js';

describeWithRedis('redisStore over ioredis')('redisStore over ioredis', () => {
  const clients: Redis[] = [];
  const open = () => {
    const client = new Redis(redisUrl ?? '');
    clients.push(client);
    return client;
  };
  let shared: [Redis, Redis];
  beforeAll(() => {
    shared = [open(), open()];
  });
  afterAll(() => {
    for (const client of clients) client.disconnect();
  });

  let opened = 0;
  testOperationStore(it, { createStore: () => redisStore(shared[opened++ % 2]!) });

  it('expires', () => expect(1).toBe(1));
});

describeWithRedis('redisStore over node-redis')('redisStore over node-redis', () => {
  const client = createClient({ url: redisUrl ?? '' });
  beforeAll(() => client.connect());
  afterAll(() => client.destroy());
  testOperationStore(it, { createStore: () => redisStore(client) });
});
