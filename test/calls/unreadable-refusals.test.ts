import { describe, expect, it } from 'vitest';
import { CardError, ChargesError, type Charge, type ProviderSpec } from '../../src/index.js';
import { ExchangeFailure, type ExchangeAnswer } from '../../src/transport/exchange.js';
import {
  createWorld,
  ending,
  providerNames,
  specs,
  type AttackedWorld,
  type ProviderName,
} from '../attacks/attacked-world.js';

const html = { 'content-type': 'text/html' };
const json = { 'content-type': 'application/json' };

/** Bodies that no provider writes. */
const bodies = [
  ['HTML', html, '<html>Payload refused</html>'],
  ['nothing', json, ''],
  ['half of a JSON text', json, '{"error":{"type":"card_error","code":"card_dec'],
  ['JSON of a proxy', json, '{"status":"refused","reason":"policy"}'],
] as const;

const isCreate = (request: { readonly method: string; readonly url: string }) =>
  request.method === 'POST' &&
  /\/(?:charges\/?|payment_intents|payments)$/.test(new URL(request.url).pathname);

/** Creates are answered otherwise as long as it is asked for; `executed`: the provider did its work before. */
const refuseCreates = (world: AttackedWorld, answer: ExchangeAnswer, executed: boolean) => {
  world.tamper = async (request, honest) => {
    if (!isCreate(request)) return honest();
    if (executed) await honest();
    return answer;
  };
};

const made = (world: AttackedWorld, provider: ProviderName) =>
  world.providers.ledger.charges(provider).filter(({ state }) => state !== 'failed').length;

describe.each(providerNames)('%s: a refusal of a create that is not in its own words', (provider) => {
  describe.each(bodies)('but %s', (_, headers, text) => {
    it.each([400, 402, 405, 409, 413, 422])(
      'never says that nothing happened, with status %d',
      async (status) => {
        const world = createWorld();
        const client = world.client(provider, { maxRetries: 1 });
        const params = world.params(provider);
        const options = { idempotencyKey: world.key() };
        refuseCreates(world, { status, headers, text }, true);
        const first = await ending(() => client.create(params, options));
        // Found at once, or open: both are true.
        if ('rejected' in first)
          expect(first.rejected).toMatchObject({ outcome: 'unknown', statusCode: status });
        world.tamper = null;
        world.runtime.pass(61_000);
        const charge = await client.create(params, options);
        expect(charge.status).toBe('captured');
        expect(made(world, provider)).toBe(1);
        if ('resolved' in first) expect((first.resolved as Charge).id).toBe(charge.id);
      },
    );

    it('is settled when the weather is fine, where nothing had happened', async () => {
      const world = createWorld();
      const client = world.client(provider, { maxRetries: 0 });
      const params = world.params(provider);
      const options = { idempotencyKey: world.key() };
      refuseCreates(world, { status: 400, headers, text }, false);
      await expect(client.create(params, options)).rejects.toMatchObject({
        name: 'ProviderError',
        outcome: 'unknown',
        statusCode: 400,
        isRetryable: true,
      });
      expect(made(world, provider)).toBe(0);
      world.tamper = null;
      world.runtime.pass(61_000);
      expect((await client.create(params, options)).status).toBe('captured');
      expect(made(world, provider)).toBe(1);
    });
  });

  it.each([
    [401, 'AuthenticationError'],
    [403, 'PermissionError'],
    [404, 'NotFoundError'],
    [429, 'RateLimitError'],
  ])('proves nothing by its status alone: %d', async (status, name) => {
    for (const commits of [true, false]) {
      const world = createWorld();
      const client = world.client(provider, { maxRetries: 0 });
      refuseCreates(world, { status, headers: html, text: '<html>' }, commits);
      const end = await ending(() => client.create(world.params(provider), { idempotencyKey: world.key() }));
      // Where the look found the charge it is told; nowhere is the refusal taken for "nothing was done".
      if ('resolved' in end) expect([commits, made(world, provider)]).toEqual([true, 1]);
      else {
        expect(end.rejected).toBeInstanceOf(ChargesError);
        expect((end.rejected as ChargesError).outcome).toBe('unknown');
        // What the status says is told all the same, where the adapter reads it.
        expect([name, 'ProviderError']).toContain((end.rejected as ChargesError).name);
      }
    }
  });

  it('gives the reason of a decline back, though every answer was damaged while the call lasted', async () => {
    const world = createWorld();
    const client = world.client(provider, { maxRetries: 1 });
    const params = world.params(provider, { source: world.providers.source(provider, 'declined') });
    const options = { idempotencyKey: world.key() };
    world.providers.inject({ provider, operation: 'create', fault: 'malformed_json', times: 9 });
    const first = await ending(() => client.create(params, options));
    world.providers.clearFaults();
    world.runtime.pass(61_000);
    const second = await ending(() => client.create(params, options));
    for (const end of [first, second]) {
      const error = 'rejected' in end ? end.rejected : end.resolved;
      if (end === first && !(error instanceof CardError)) {
        expect(error).toMatchObject({ outcome: 'unknown' });
        continue;
      }
      expect(error).toBeInstanceOf(CardError);
      expect(error).toMatchObject({ outcome: 'rejected' });
      expect((error as CardError).declineCode).not.toBeNull();
    }
    expect(made(world, provider)).toBe(0);
  });
});

describe('justifi: a 401 of something in front of a write that was executed', () => {
  /** The write is done, its answer replaced; the new token that is asked for then is refused or does not come. */
  const refuseToken = (world: AttackedWorld, text: string, token: ExchangeAnswer | null, route: RegExp) => {
    world.tamper = async (request, honest) => {
      const { pathname } = new URL(request.url);
      if (pathname.endsWith('/oauth/token')) {
        if (token === null) throw new ExchangeFailure('connection', true, 'ECONNRESET');
        return token;
      }
      const answer = await honest();
      return request.method === 'POST' && route.test(pathname)
        ? { status: 401, headers: html, text }
        : answer;
    };
  };

  it.each([
    ['does not come', null],
    ['is refused', { status: 403, headers: html, text: '<html>refused</html>' }],
    ['comes without a token', { status: 200, headers: json, text: '{}' }],
  ])('leaves it open where the new token %s', async (_, token) => {
    const world = createWorld();
    const client = world.client('justifi', { maxRetries: 0 });
    const { id } = await client.create(world.params('justifi'));
    refuseToken(world, '<html>Unauthorized</html>', token, /\/payments$/);
    const create = { idempotencyKey: world.key() };
    const params = world.params('justifi');
    await expect(client.create(params, create)).rejects.toMatchObject({ outcome: 'unknown' });
    world.tamper = null;
    await client.list();
    refuseToken(world, '', token, /\/refunds$/);
    const refund = { idempotencyKey: world.key() };
    await expect(client.refund(id, { amount: 400 }, refund)).rejects.toMatchObject({ outcome: 'unknown' });
    world.tamper = null;
    expect((await client.create(params, create)).status).toBe('captured');
    expect((await client.refund(id, { amount: 400 }, refund)).amount).toBe(400);
    expect(made(world, 'justifi')).toBe(2);
    expect(world.providers.ledger.charges('justifi').map(({ amountRefunded }) => amountRefunded)).toEqual([
      400, 0,
    ]);
  });

  it('is not sent where JustiFi itself refused the token', async () => {
    const world = createWorld();
    const client = world.client('justifi', { maxRetries: 0 });
    await client.list();
    world.tamper = (request) => {
      if (new URL(request.url).pathname.endsWith('/oauth/token'))
        throw new ExchangeFailure('connection', true, 'ECONNRESET');
      const text = '{"error":{"code":"not_authenticated","message":"Not Authenticated"}}';
      return Promise.resolve({ status: 401, headers: json, text });
    };
    await expect(client.create(world.params('justifi'))).rejects.toMatchObject({ outcome: 'not_sent' });
  });
});

describe('a provider without keys whose authorization is renewed: a 401 in front of a write', () => {
  const page = { status: 401, headers: html, text: '<h1>The session of the proxy expired</h1>' };
  const own = {
    status: 401,
    headers: json,
    text: '{"object":"error","code":"authentication_failure","message":"authentication failed"}',
  };

  /** Omise, as if it gave tokens that are renewed. */
  const open = () => {
    const world = createWorld();
    const renewed: (string | undefined)[] = [];
    const { omise } = specs;
    const spec: ProviderSpec = {
      ...omise,
      connect: (settings) => {
        const connection = omise.connect(settings);
        return {
          ...connection,
          renewsAuthorization: true,
          headers: (tools) => {
            if (tools.refused !== null) renewed.push(tools.refused['authorization']);
            return connection.headers(tools);
          },
        };
      },
    };
    const client = world.client('omise', { maxRetries: 0, lookupFirst: false }, () => 0, spec);
    /** The next POST is answered so. */
    const answerNext = (answer: ExchangeAnswer, executed: boolean): void => {
      world.tamper = async (request, honest) => {
        if (request.method === 'GET') return honest();
        world.tamper = null;
        if (executed) await honest();
        return answer;
      };
    };
    return { world, client, renewed, answerNext };
  };
  const refund = { idempotencyKey: 'refund-81' };

  it('that proves nothing is not followed by a second one: the first is looked for', async () => {
    const { world, client, renewed, answerNext } = open();
    const { id } = await client.create(world.params('omise'));
    answerNext(page, true);
    expect(await client.refund?.(id, { amount: 1000 }, refund)).toMatchObject({ amount: 1000 });
    expect(world.providers.ledger.charges('omise')).toMatchObject([{ amountRefunded: 1000 }]);
    // The next call does not begin with what was refused.
    expect(renewed).toHaveLength(1);
  });

  it('that proves nothing leaves the outcome open where it was not executed', async () => {
    const { world, client, answerNext } = open();
    const { id } = await client.create(world.params('omise'));
    answerNext(page, false);
    await expect(client.refund?.(id, { amount: 1000 }, refund)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(world.sent.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });

  it('that is in its own words is followed by a second one', async () => {
    const { world, client, renewed, answerNext } = open();
    const { id } = await client.create(world.params('omise'));
    answerNext(own, false);
    expect(await client.refund?.(id, { amount: 1000 }, refund)).toMatchObject({ amount: 1000 });
    expect(renewed).toHaveLength(1);
    expect(world.providers.ledger.charges('omise')).toMatchObject([{ amountRefunded: 1000 }]);
  });
});
