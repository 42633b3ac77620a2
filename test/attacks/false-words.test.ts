import { describe, expect, it } from 'vitest';
import { createChargesClient } from '../../src/create-charges-client.js';
import {
  ConflictError,
  memoryStore,
  type Charge,
  type ChargesClient,
  type OperationStore,
} from '../../src/index.js';
import type { Exchange } from '../../src/transport/exchange.js';
import { ExchangeFailure } from '../../src/transport/exchange.js';
import { createWorld, ending, specs, type AttackedWorld } from './attacked-world.js';

const minute = 60_000;
const hour = 60 * minute;
/** Waits as they are in production: those of the simulator are short. */
const waits = { settleMs: 5 * minute, abandonedMs: 15 * minute };

const durable = (world: AttackedWorld, changes: Partial<OperationStore> = {}): OperationStore => ({
  ...memoryStore({ runtime: world.runtime }),
  durable: true,
  ...changes,
});

/** A durable store that cannot be asked any more once it fails. */
const breakable = (world: AttackedWorld) => {
  const inner = durable(world);
  let isDown = false;
  const begin: OperationStore['begin'] = (operation) =>
    isDown ? Promise.reject(new Error('connection refused')) : inner.begin(operation);
  return {
    store: { ...inner, begin },
    fail: () => {
      isDown = true;
    },
  };
};

/** Nothing reaches the provider until it is let go. */
const holdBack = (world: AttackedWorld): (() => void) => {
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  world.tamper = async (_, honest) => {
    await gate;
    return honest();
  };
  return () => {
    go();
  };
};

const lost = () => new ExchangeFailure('connection', true, 'ECONNRESET');
const refused = () => new ExchangeFailure('connection', false, 'ECONNREFUSED');
const amountsOf = (world: AttackedWorld, provider: keyof typeof specs) =>
  world.providers.ledger.charges(provider).map(({ amountRefunded }) => amountRefunded);

/** A refund whose first attempt meets a refused connection; the call then waits, and in that time a second machine refunds. */
const refundWhileWaiting = async (
  clocks: (world: AttackedWorld) => { monotonic: () => number; now: () => number },
) => {
  const world = createWorld();
  const store = durable(world);
  const honest: Exchange = async (request) => {
    const { pathname, search } = new URL(request.url);
    const delivery = await world.providers.handle('omise', {
      method: request.method,
      path: pathname.slice('/omise'.length),
      query: search.slice(1),
      headers: request.headers,
      body: request.body ?? '',
    });
    if (delivery.outcome !== 'answered') throw lost();
    const { status, headers, body } = delivery.response;
    return { status, headers, text: body };
  };
  let wake: () => void = () => undefined;
  const waiting = new Promise<void>((resolve) => (wake = resolve));
  let isFirst = true;
  const slow: Exchange = (request) => {
    if (request.method !== 'POST' || !isFirst) return honest(request);
    isFirst = false;
    return Promise.reject(refused());
  };
  const settings = { ...world.providers.settings('omise'), ...waits, store };
  const own = clocks(world);
  const one = createChargesClient(specs.omise, settings, {
    exchange: slow,
    runtime: { ...world.runtime, ...own, sleep: () => waiting },
  });
  const two = createChargesClient(specs.omise, settings, { exchange: honest, runtime: world.runtime });
  const charge = await two.create(world.params('omise', { amount: 10_000 }), { idempotencyKey: 'order-1' });
  const refund = (client: typeof one) =>
    client.refund(charge.id, { amount: 3_000 }, { idempotencyKey: 'refund-1' });
  const first = ending(() => refund(one));
  await new Promise((resolve) => setTimeout(resolve, 20));
  return { world, second: () => refund(two), wake, first };
};

describe('the lease of a write', () => {
  it('is over for a machine that slept: another one has made the refund meanwhile', async () => {
    let asleepMs = 0;
    const { world, second, wake, first } = await refundWhileWaiting(({ runtime }) => ({
      monotonic: () => runtime.monotonic() - asleepMs,
      now: () => runtime.now(),
    }));
    world.runtime.pass(40 * minute);
    asleepMs = 40 * minute;
    await second();
    wake();
    expect(await first).toMatchObject({ rejected: { name: 'TimeoutError' } });
    expect(amountsOf(world, 'omise')).toEqual([3_000]);
  });
});

describe('the key of a provider that is about to forget it', () => {
  /** A refund whose answer is lost, and which is repeated so long afterwards. */
  const repeated = async (provider: 'paymongo' | 'stripe', afterMs: number, busyMs: number) => {
    const world = createWorld();
    const client = world.client(provider, { ...waits, store: durable(world), deadlineMs: 3 * hour });
    const charge = await client.create(world.params(provider, { amount: 10_000 }), { idempotencyKey: 'o' });
    const refund = () => client.refund(charge.id, { amount: 500 }, { idempotencyKey: 'r' });
    world.tamper = async (request, honest) => {
      const answer = await honest();
      if (request.method === 'POST') throw lost();
      return answer;
    };
    await expect(refund()).rejects.toMatchObject({ outcome: 'unknown' });
    world.runtime.pass(afterMs);
    let posts = 0;
    world.tamper = (request, honest) => {
      if (request.method !== 'POST') return honest();
      posts += 1;
      const headers = { 'retry-after': String(busyMs / 1000) };
      return posts === 1 ? Promise.resolve({ status: 503, headers, text: '' }) : honest();
    };
    const end = await ending(refund);
    return { world, posts: () => posts, end };
  };

  it('is not repeated in its last minute: the write is looked for', async () => {
    const { world, posts, end } = await repeated('paymongo', 24 * hour - 30_000, 5_000);
    expect(end).toMatchObject({ resolved: { amount: 500 } });
    expect(posts()).toBe(0);
    expect(amountsOf(world, 'paymongo')).toEqual([500]);
  });

  it.each(['paymongo', 'stripe'] as const)(
    'is not repeated at %s after a wait that it does not outlive',
    async (provider) => {
      const lifetime = provider === 'stripe' ? 23 : 24;
      const { world, posts, end } = await repeated(provider, lifetime * hour - 10 * minute, hour);
      // It is looked for instead, and found.
      expect(end).toMatchObject({ resolved: { amount: 500 } });
      expect(posts()).toBe(1);
      expect(amountsOf(world, provider)).toEqual([500]);
    },
  );
});

describe('reconcilePending', () => {
  it('does not say that nothing happened where a call with the key began while it looked', async () => {
    const world = createWorld();
    const inner = durable(world);
    let meanwhile: (() => Promise<unknown>) | null = null;
    const slow: OperationStore = {
      ...inner,
      settle: async (owner, end) => {
        const done = await inner.settle(owner, end);
        const go = end.state === 'did_not_happen' ? meanwhile : null;
        if (go !== null) {
          meanwhile = null;
          await go();
        }
        return done;
      },
    };
    const client = (store: OperationStore) => world.client('omise', { ...waits, store, maxRetries: 0 });
    const params = world.params('omise');
    world.tamper = (request, honest) => (request.method === 'POST' ? Promise.reject(lost()) : honest());
    await expect(client(inner).create(params, { idempotencyKey: 'k' })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    world.tamper = null;
    world.runtime.pass(hour);
    meanwhile = () => client(inner).create(params, { idempotencyKey: 'k' });
    expect(await client(slow).reconcilePending()).toMatchObject([{ outcome: 'happened' }]);
  });
});

describe('a verification of Magpie that was sent twice', () => {
  it('is what the first copy finished, and no refusal', async () => {
    const world = createWorld();
    const client = world.client('magpie');
    const charge = await client.create(world.params('magpie'), { idempotencyKey: 'o' });
    let isPaid = false;
    world.tamper = async (request, honest) => {
      if (request.method === 'POST' && request.url.endsWith('verify')) {
        if (isPaid)
          return {
            status: 409,
            headers: {},
            text: JSON.stringify({ detail: 'The charge was verified already.' }),
          };
        isPaid = true;
        return honest({ ...request, method: 'GET', url: request.url.replace(/.verify$/, ''), body: null });
      }
      const answer = await honest();
      if (isPaid) return answer;
      const waiting = { status: 'pending', authorized: false, captured: false };
      const action = { type: 'otp', confirmation_id: 'conf_1' };
      return { ...answer, text: JSON.stringify({ ...JSON.parse(answer.text), ...waiting, action }) };
    };
    const otp = { confirmationId: 'conf_1', code: '000111' };
    const verify = () => client.verify3DS({ chargeId: charge.id, otp }, { idempotencyKey: 'v' });
    const both: Charge[] = await Promise.all([verify(), verify()]);
    expect(both.map(({ status }) => status)).toEqual(['captured', 'captured']);
  });

  it('stays refused where nothing was finished', async () => {
    const world = createWorld();
    const client = world.client('magpie');
    const charge = await client.create(
      { ...world.params('magpie'), source: world.providers.source('magpie', 'redirect') },
      { idempotencyKey: 'o' },
    );
    world.tamper = (request, honest) =>
      request.method === 'POST'
        ? Promise.resolve({ status: 409, headers: {}, text: JSON.stringify({ detail: 'Not now.' }) })
        : honest();
    const otp = { confirmationId: 'conf_1', code: '000111' };
    await expect(
      client.verify3DS({ chargeId: charge.id, otp }, { idempotencyKey: 'v' }),
    ).rejects.toBeInstanceOf(ConflictError);
  });
});

describe('a page of a gateway at Magpie', () => {
  it('is no refusal of the provider, though it has a detail', async () => {
    const world = createWorld();
    const client = world.client('magpie', { ...waits, store: durable(world) });
    const charge = await client.create(world.params('magpie', { amount: 10_000 }), { idempotencyKey: 'o' });
    const page = {
      type: 'about:blank',
      title: 'Forbidden',
      status: 403,
      detail: 'Response blocked by policy',
    };
    world.tamper = async (request, honest) => {
      const answer = await honest();
      return request.method === 'POST' ? { status: 403, headers: {}, text: JSON.stringify(page) } : answer;
    };
    await expect(client.refund(charge.id, { amount: 3_000 }, { idempotencyKey: 'r' })).rejects.toMatchObject({
      outcome: 'unknown',
    });
  });
});

describe('a second call with the key that is aborted', () => {
  it.each(['omise', 'stripe'] as const)('does not say at %s that nothing was sent', async (provider) => {
    const world = createWorld();
    const client = world.client(provider);
    const params = world.params(provider);
    const go = holdBack(world);
    const first = client.create(params, { idempotencyKey: 'k' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(
      client.create(params, { idempotencyKey: 'k', signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ name: 'AbortError', outcome: 'unknown' });
    go();
    await expect(first).resolves.toMatchObject({ status: 'captured' });
  });
});

describe('a call with a key that another call of this process has sent already', () => {
  it.each(['omise', 'stripe'] as const)(
    'does not say at %s that nothing was sent where the store cannot be asked',
    async (provider) => {
      const world = createWorld();
      const { store, fail } = breakable(world);
      const client = world.client(provider, { ...waits, store });
      const params = world.params(provider);
      const go = holdBack(world);
      const first = client.create(params, { idempotencyKey: 'k' });
      await new Promise((resolve) => setTimeout(resolve, 20));
      fail();
      const second = ending(() => client.create(params, { idempotencyKey: 'k' }));
      const other = ending(() => client.create(params, { idempotencyKey: 'another' }));
      const code = 'store_unavailable';
      expect(await second).toMatchObject({ rejected: { code, outcome: 'unknown' } });
      expect(await other).toMatchObject({ rejected: { code, outcome: 'not_sent' } });
      go();
      await expect(first).resolves.toMatchObject({ status: 'captured' });
      expect(await ending(() => client.create(params, { idempotencyKey: 'k' }))).toMatchObject({
        rejected: { code, outcome: 'unknown' },
      });
    },
  );
});

describe('a call with a key that this process used before, where the store cannot be asked', () => {
  const downAfter = async (before: (world: AttackedWorld, client: ChargesClient) => Promise<unknown>) => {
    const world = createWorld();
    const { store, fail } = breakable(world);
    const client = world.client('omise', { ...waits, store, maxRetries: 0 });
    await ending(() => before(world, client));
    fail();
    return ending(() => client.create(world.params('omise'), { idempotencyKey: 'k' }));
  };
  const told = (outcome: string) => ({ rejected: { code: 'store_unavailable', outcome } });

  it('is unknown after a lost answer', async () => {
    const end = await downAfter((world, client) => {
      world.tamper = async (_, honest) => {
        await honest();
        throw lost();
      };
      return client.create(world.params('omise'), { idempotencyKey: 'k' });
    });
    expect(end).toMatchObject(told('unknown'));
  });

  it('is not_sent after a decline, and after an attempt that never left', async () => {
    const declined = await downAfter((world, client) => {
      const source = world.providers.source('omise', 'declined');
      return client.create(world.params('omise', { source }), { idempotencyKey: 'k' });
    });
    expect(declined).toMatchObject(told('not_sent'));
    const unsent = await downAfter((world, client) => {
      world.tamper = () => Promise.reject(refused());
      return client.create(world.params('omise'), { idempotencyKey: 'k' });
    });
    expect(unsent).toMatchObject(told('not_sent'));
  });
});

describe('a decline that comes when the time of its call is over', () => {
  /** The network delivers a create twice; the second copy is declined and heard, by a call that can look no more. */
  const declinedCopy = async (
    provider: 'omise' | 'pin' | 'magpie',
    whenHeard: (world: AttackedWorld) => void,
    signal?: AbortSignal,
  ) => {
    const world = createWorld();
    const client = world.client(provider, { ...waits, store: durable(world), deadlineMs: 20_000 });
    const declined = world.params(provider, { source: world.providers.source(provider, 'declined') });
    const tokenOf = (text: string) => /[a-z]+_(?:test_)?\w{10,}/.exec(text)?.[0] ?? 'no token';
    const params = world.params(provider);
    world.tamper = async (request, honest) => {
      if (request.method !== 'POST') return honest();
      await honest();
      world.tamper = null;
      const body = (request.body ?? '').replace(
        tokenOf(JSON.stringify(params.source)),
        tokenOf(JSON.stringify(declined.source)),
      );
      const answer = await honest({ ...request, body });
      whenHeard(world);
      return answer;
    };
    const options = { idempotencyKey: 'k', ...(signal === undefined ? {} : { signal }) };
    const end = await ending(() => client.create(params, options));
    return { world, client, params, end };
  };

  it.each(['omise', 'pin', 'magpie'] as const)(
    'is not believed at %s by a process that stood still: the first copy was paid',
    async (provider) => {
      const { world, client, params, end } = await declinedCopy(provider, ({ runtime }) => {
        runtime.pass(20 * minute);
      });
      const cause = expect.objectContaining({ name: 'CardError' }) as object;
      expect(end).toMatchObject({ rejected: { name: 'OutcomeUnknownError', outcome: 'unknown', cause } });
      world.runtime.pass(20 * minute);
      expect(await client.create(params, { idempotencyKey: 'k' })).toMatchObject({ status: 'captured' });
    },
  );

  it.each(['omise', 'pin', 'magpie'] as const)(
    'is not believed at %s by a caller that leaves',
    async (provider) => {
      const leaving = new AbortController();
      const { end } = await declinedCopy(
        provider,
        () => {
          leaving.abort();
        },
        leaving.signal,
      );
      expect(end).toMatchObject({ rejected: { outcome: 'unknown' } });
    },
  );
});

describe('a refund that every answer names twice', () => {
  /** Every refund in an answer, twice. */
  const doubled = (value: unknown): unknown => {
    if (Array.isArray(value))
      return value.flatMap((item: unknown) => {
        const isRefund = /"(?:id|token)":"(?:ref_|rf_|re_|rfnd_|py_refund)/.test(JSON.stringify(item));
        return isRefund ? [doubled(item), doubled(item)] : [doubled(item)];
      });
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, doubled(each)]))
      : value;
  };
  const twice = (world: AttackedWorld) => {
    world.tamper = async (request, honest) => {
      const answer = await honest();
      return request.method === 'GET'
        ? { ...answer, text: JSON.stringify(doubled(JSON.parse(answer.text))) }
        : answer;
    };
  };

  it.each(['magpie', 'paymongo', 'omise', 'pin'] as const)(
    'counts once at %s where the rest is refunded',
    async (provider) => {
      const world = createWorld();
      const client = world.client(provider, { ...waits, store: durable(world) });
      const charge = await client.create(world.params(provider, { amount: 10_000 }), { idempotencyKey: 'o' });
      await client.refund(charge.id, { amount: 3_000 }, { idempotencyKey: 'a' });
      twice(world);
      await expect(client.refund(charge.id, {}, { idempotencyKey: 'b' })).resolves.toMatchObject({
        amount: 7_000,
      });
      expect(amountsOf(world, provider)).toEqual([10_000]);
    },
  );

  it.each(['paymongo', 'justifi', 'stripe'] as const)(
    'is no duplicate at %s after a lost answer',
    async (provider) => {
      const world = createWorld();
      const client = world.client(provider, { ...waits, store: durable(world), maxRetries: 0 });
      const charge = await client.create(world.params(provider, { amount: 10_000 }), { idempotencyKey: 'o' });
      world.tamper = async (request, honest) => {
        const answer = await honest();
        if (request.method === 'POST') throw lost();
        return answer;
      };
      await ending(() => client.refund(charge.id, { amount: 3_000 }, { idempotencyKey: 'a' }));
      twice(world);
      expect(await client.reconcile('a')).toMatchObject({ outcome: 'happened', refund: { amount: 3_000 } });
    },
  );
});

describe('an error that says not_sent, of a key that an earlier process used', () => {
  const cases = (['omise', 'pin', 'magpie', 'stripe', 'justifi', 'paymongo'] as const).flatMap((provider) =>
    (['capture', 'void', 'refund'] as const).map((operation) => [provider, operation] as const),
  );

  it.each(cases)('does not prove at %s that nothing happened: %s', async (provider, operation) => {
    const world = createWorld();
    const boot = () => world.client(provider, { ...waits, maxRetries: 0 });
    const [first, second, third] = [boot(), boot(), boot()];
    const isRefund = operation === 'refund';
    const charge = await first.create(
      { ...world.params(provider, { amount: 10_000 }), ...(isRefund ? {} : { capture: false }) },
      { idempotencyKey: 'o' },
    );
    const key = { idempotencyKey: 'k' };
    const call = (client: typeof first): Promise<unknown> =>
      isRefund
        ? client.refund(charge.id, { amount: 3_000 }, key)
        : operation === 'capture'
          ? client.capture(charge.id, {}, key)
          : client.void(charge.id, key);
    world.tamper = async (request, honest) => {
      const answer = await honest();
      if (request.method !== 'GET') throw lost();
      return answer;
    };
    await ending(() => call(first));
    world.tamper = () => Promise.reject(refused());
    const end = await ending(() => call(second));
    world.tamper = null;
    world.runtime.pass(hour);
    if (!('rejected' in end)) throw new Error('it was refused a connection');
    const told = await third.reconcile(JSON.parse(JSON.stringify(end.rejected)) as Record<string, unknown>);
    expect(told.outcome).not.toBe('did_not_happen');
  });

  it.each(['omise', 'pin'] as const)('proves it at %s where the charge shows nothing', async (provider) => {
    const world = createWorld();
    const boot = () => world.client(provider, { ...waits, maxRetries: 0 });
    const [first, second, third] = [boot(), boot(), boot()];
    const charge = await first.create(
      { ...world.params(provider, { amount: 10_000 }), capture: false },
      { idempotencyKey: 'o' },
    );
    world.tamper = () => Promise.reject(refused());
    const end = await ending(() => second.capture(charge.id, {}, { idempotencyKey: 'k' }));
    world.tamper = null;
    if (!('rejected' in end)) throw new Error('it was refused a connection');
    expect(
      await third.reconcile(JSON.parse(JSON.stringify(end.rejected)) as Record<string, unknown>),
    ).toMatchObject({
      outcome: 'did_not_happen',
    });
  });
});
