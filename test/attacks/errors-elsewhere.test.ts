import { describe, expect, it } from 'vitest';
import type { Reconciliation } from '../../src/index.js';
import { ExchangeFailure } from '../../src/transport/exchange.js';
import { createWorld, type AttackedWorld, type ProviderName } from './attacked-world.js';

/** An error's JSON in a process that has nothing else of the write. */

const minute = 60_000;
const hour = 60 * minute;
const waits = { settleMs: 5 * minute, abandonedMs: 15 * minute };
const key = 'order-81';

/** What a call rejects with. */
const errorOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    (error: unknown) => error,
  );
const lost = () => new ExchangeFailure('connection', true, 'ECONNRESET');
const refused = () => new ExchangeFailure('connection', false, 'ECONNREFUSED');
const pathOf = ({ url }: { readonly url: string }): string => new URL(url).pathname;

/** What another process is told. */
const elsewhere = (
  world: AttackedWorld,
  provider: ProviderName,
  error: unknown,
  settings: object = {},
): Promise<Reconciliation> =>
  world.client(provider, { ...waits, ...settings }).reconcile(JSON.parse(JSON.stringify(error)) as never);

/** Every write that leaves waits until it is let go. */
const holdWrites = (world: AttackedWorld) => {
  let go: () => void = () => undefined;
  let left: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  const hasLeft = new Promise<void>((resolve) => (left = resolve));
  world.tamper = async (request, honest) => {
    if (request.method === 'GET') return honest();
    left();
    await gate;
    return honest();
  };
  return { hasLeft, go };
};

describe('the error of a call that met the same write under way', () => {
  it.each(['omise', 'magpie', 'pin'] as const)(
    'does not say that nothing happened at %s, however long ago the write began',
    async (provider) => {
      const world = createWorld();
      const charges = world.client(provider, waits);
      const params = world.params(provider);
      world.tamper = (request, honest) => (request.method === 'GET' ? honest() : Promise.reject(lost()));
      await errorOf(charges.create(params, { idempotencyKey: key }));
      world.runtime.pass(hour);
      const { hasLeft, go } = holdWrites(world);
      const second = charges.create(params, { idempotencyKey: key });
      await hasLeft;
      const error = await errorOf(charges.create(params, { idempotencyKey: key }));
      expect(error).toMatchObject({ name: 'OperationInProgressError', outcome: 'unknown' });
      const told = await elsewhere(world, provider, error);
      expect(told).toMatchObject({ outcome: 'unknown', retryAfterMs: expect.any(Number) as number });
      go();
      await expect(second).resolves.toMatchObject({ status: 'captured' });
    },
  );

  it('knows the lease of the sender, whose deadline may be longer than that of who asks', async () => {
    const world = createWorld();
    const charges = world.client('omise', waits);
    const params = world.params('omise');
    const { hasLeft, go } = holdWrites(world);
    const slow = { idempotencyKey: key, deadlineMs: 2 * hour, timeoutMs: 2 * hour };
    const first = charges.create(params, slow);
    await hasLeft;
    const error = await errorOf(charges.create(params, { idempotencyKey: key }));
    world.runtime.pass(20 * minute);
    await expect(elsewhere(world, 'omise', error)).resolves.toMatchObject({ outcome: 'unknown' });
    go();
    await expect(first).resolves.toMatchObject({ status: 'captured' });
    world.tamper = null;
    await expect(elsewhere(world, 'omise', error)).resolves.toMatchObject({ outcome: 'happened' });
  });

  it('of version 0.1.0, which tells no lease, does not tell whether somebody is at work', async () => {
    const world = createWorld();
    const charges = world.client('omise', waits);
    world.tamper = (request, honest) => (request.method === 'GET' ? honest() : Promise.reject(lost()));
    const error = await errorOf(charges.create(world.params('omise'), { idempotencyKey: key }));
    const json = JSON.parse(JSON.stringify(error)) as { unresolved: Record<string, unknown> };
    const { sendUntil: _, ...unresolved } = json.unresolved;
    world.runtime.pass(hour);
    const open = { ...json, unresolved: { ...unresolved, endedAt: null } };
    await expect(elsewhere(world, 'omise', open)).resolves.toMatchObject({ outcome: 'unknown' });
    const over = { ...json, unresolved };
    await expect(elsewhere(world, 'omise', over)).resolves.toMatchObject({ outcome: 'did_not_happen' });
  });
});

describe('an error whose process sent nothing, or was declined', () => {
  it.each(['stripe', 'justifi'] as const)(
    'does not talk away at %s what an earlier process sent, where the list cannot be read to its end',
    async (provider) => {
      const world = createWorld();
      const params = world.params(provider);
      const isCreate = (request: { readonly method: string; readonly url: string }): boolean =>
        request.method === 'POST' && /(?:payments|payment_intents)$/.test(pathOf(request));
      world.tamper = async (request, honest) => {
        const answer = await honest();
        if (isCreate(request)) throw lost();
        return answer;
      };
      await errorOf(world.client(provider, { maxRetries: 0 }).create(params, { idempotencyKey: key }));
      world.tamper = (request, honest) => (isCreate(request) ? Promise.reject(refused()) : honest());
      const error = await errorOf(
        world.client(provider, { maxRetries: 0 }).create(params, { idempotencyKey: key }),
      );
      expect(error).toMatchObject({ outcome: 'not_sent' });
      // The list announces more than it gives, and a search has not heard of the charge yet.
      world.tamper = async (request, honest) => {
        const answer = await honest();
        if (request.method !== 'GET') return answer;
        const { data: _, ...body } = JSON.parse(answer.text) as Record<string, unknown>;
        const isSearch = pathOf(request).endsWith('/search');
        const rest = { has_more: !isSearch, page_info: { has_next: true, end_cursor: 'abc=' } };
        return { ...answer, text: JSON.stringify({ ...body, ...rest, data: [] }) };
      };
      await expect(elsewhere(world, provider, error)).resolves.toMatchObject({ outcome: 'unknown' });
      world.tamper = null;
      await expect(elsewhere(world, provider, error)).resolves.toMatchObject({ outcome: 'happened' });
    },
  );

  /** The network doubles a create at Omise: the first copy is paid, the second is declined, and the look fails. */
  const declinedCopy = async (world: AttackedWorld, settings: object) => {
    let isFirst = true;
    world.tamper = async (request, honest) => {
      if (request.method === 'GET') throw lost();
      if (!isFirst) return honest();
      isFirst = false;
      await honest();
      const source = world.providers.source('omise', 'declined') as string;
      return honest({
        ...request,
        body: (request.body ?? '').replace(/"card":"[^"]*"/, `"card":"${source}"`),
      });
    };
    const client = world.client('omise', { ...waits, maxRetries: 0, lookupFirst: false, ...settings });
    const error = await errorOf(client.create(world.params('omise'), { idempotencyKey: key }));
    expect(error).toMatchObject({ name: 'CardError', outcome: 'rejected' });
    world.tamper = null;
    return { client, error };
  };

  it('does not talk away the copy of a declined request, where the list cannot be read to its end', async () => {
    const world = createWorld();
    const { error } = await declinedCopy(world, {});
    world.tamper = async (_, honest) => {
      const answer = await honest();
      const body = JSON.parse(answer.text) as object;
      return { ...answer, text: JSON.stringify({ ...body, data: [], total: 1000 }) };
    };
    await expect(elsewhere(world, 'omise', error)).resolves.toMatchObject({ outcome: 'unknown' });
    world.tamper = null;
    await expect(elsewhere(world, 'omise', error)).resolves.toMatchObject({ outcome: 'happened' });
  });

  it.each([
    [
      'its JSON',
      (_client: unknown, error: unknown, world: AttackedWorld) => elsewhere(world, 'omise', error),
    ],
    ['its record', (client: { reconcile(key: string): Promise<Reconciliation> }) => client.reconcile(key)],
  ] as const)('is looked for back to where the write began, by %s', async (_, ask) => {
    const world = createWorld();
    const { client, error } = await declinedCopy(world, {});
    world.runtime.pass(hour);
    for (let index = 0; index < 105; index += 1)
      await client.create(world.params('omise', { amount: 2000 + index }), {
        idempotencyKey: `other-${index}`,
      });
    world.runtime.pass(48 * hour);
    await expect(ask(client, error, world)).resolves.toMatchObject({ outcome: 'happened' });
  });
});
