import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { AbortError, AuthenticationError, NotFoundError, ProviderError } from '../../../src/errors.js';
import { Secret } from '../../../src/models/secret.js';
import type { WireAnswer, WireRequest } from '../../../src/provider.js';
import { justifiProvider } from '../../../src/providers/justifi/index.js';

const credentials = { clientId: new Secret('test_id_Demo'), clientSecret: new Secret('test_secret_Demo') };
const hour = 60 * 60 * 1000;

const granting = (body: unknown): WireAnswer => ({ status: 200, headers: {}, body, requestId: null });

/** One client's authorization, with a clock that stands still and a token endpoint that counts. */
const client = (answer: (count: number) => Promise<WireAnswer> | WireAnswer) => {
  const { headers } = justifiProvider.connect(credentials);
  let count = 0;
  const send = vi.fn<(request: WireRequest) => Promise<WireAnswer>>(async () => {
    count += 1;
    return answer(count);
  });
  let now = 0;
  return {
    send,
    headers: async (refused: Readonly<Record<string, string>> | null = null) =>
      headers({ refused, send, now: () => now }),
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
  };
};
const numbered = (count: number): WireAnswer => granting({ access_token: `token-${count}` });

describe('the access token', () => {
  it('is asked for with the credentials as JSON, outside of the version path', async () => {
    const { headers, send } = client(numbered);
    expect(await headers()).toEqual({ authorization: 'Bearer token-1' });
    expect(send.mock.calls).toEqual([
      [
        {
          method: 'POST',
          route: '/oauth/token',
          json: { client_id: 'test_id_Demo', client_secret: 'test_secret_Demo' },
        },
      ],
    ]);
  });

  it('is kept for a day, less a margin', async () => {
    const { headers, advance } = client(numbered);
    await headers();
    advance(23 * hour);
    expect(await headers()).toEqual({ authorization: 'Bearer token-1' });
    advance(hour);
    expect(await headers()).toEqual({ authorization: 'Bearer token-2' });
  });

  it.each([
    ['a minute', 60, 50_000, 60_000],
    ['ten hours', 36_000, 9 * hour, 10 * hour],
    ['nonsense, so a day', 'soon', 23 * hour, 24 * hour],
    ['nothing, so a day', 0, 23 * hour, 24 * hour],
  ])('is kept for as long as the answer says: %s', async (_, expires_in, fresh, stale) => {
    const { headers, send, advance } = client((count) =>
      granting({ access_token: `token-${count}`, expires_in }),
    );
    await headers();
    advance(fresh);
    await headers();
    expect(send).toHaveBeenCalledTimes(1);
    advance(stale - fresh);
    await headers();
    expect(send).toHaveBeenCalledTimes(2);
  });

  it('is fetched again after a 401', async () => {
    const { headers } = client(numbered);
    const first = await headers();
    expect(await headers(first)).toEqual({ authorization: 'Bearer token-2' });
    expect(await headers()).toEqual({ authorization: 'Bearer token-2' });
  });

  it('is fetched once after it was revoked, though many calls are refused, some of them late', async () => {
    const { headers, send } = client(numbered);
    const first = await headers();
    await Promise.all([headers(first), headers(first)]);
    expect(await headers(first)).toEqual({ authorization: 'Bearer token-2' });
    expect(send).toHaveBeenCalledTimes(2);
  });

  it('is fetched once, however many calls wait for it', async () => {
    const { headers, send } = client(async (count) => {
      await Promise.resolve();
      return numbered(count);
    });
    const all = await Promise.all([
      headers(),
      headers(),
      headers({ authorization: 'Bearer old' }),
      headers(),
    ]);
    expect(new Set(all.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer token-1']));
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('belongs to one client: another has its own', async () => {
    const [one, other] = [
      client(() => granting({ access_token: 'one' })),
      client(() => granting({ access_token: 'other' })),
    ];
    expect(await one.headers()).toEqual({ authorization: 'Bearer one' });
    expect(await other.headers()).toEqual({ authorization: 'Bearer other' });
  });

  it('is not lost to the calls that wait when the one that asked is aborted', async () => {
    const { headers, send } = client(async (count) => {
      await Promise.resolve();
      if (count === 1) throw new AbortError({ message: 'aborted', outcome: 'not_sent' });
      return numbered(count);
    });
    const [first, second] = await Promise.allSettled([headers(), headers()]);
    expect(first).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } });
    expect(second).toEqual({ status: 'fulfilled', value: { authorization: 'Bearer token-2' } });
    expect(send).toHaveBeenCalledTimes(2);
  });
});

describe('a refused token', () => {
  it.each([404, 401, 400, 403, 422])(
    'with %i is about the credentials, and nothing was sent',
    async (statusCode) => {
      const { headers } = client(() => {
        throw new NotFoundError({
          message: 'x',
          outcome: 'rejected',
          statusCode,
          providerCode: 'resource_not_found',
        });
      });
      const error = await headers().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(AuthenticationError);
      expect(error).toMatchObject({ outcome: 'not_sent', statusCode, providerCode: 'resource_not_found' });
      expect(inspect(error)).not.toContain('Demo');
    },
  );

  it('is an error of its own for every call that waited, with one request', async () => {
    const { headers, send } = client(async () => {
      await Promise.resolve();
      throw new NotFoundError({ message: 'x', outcome: 'rejected', statusCode: 404 });
    });
    const errors = await Promise.all(
      [headers(), headers()].map((call) => call.catch((reason: unknown) => reason)),
    );
    expect(errors[0]).toBeInstanceOf(AuthenticationError);
    expect(errors[1]).toBeInstanceOf(AuthenticationError);
    expect(errors[0]).not.toBe(errors[1]);
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('is not remembered', async () => {
    const { headers } = client((count) => {
      if (count === 1) throw new NotFoundError({ message: 'x', outcome: 'rejected', statusCode: 404 });
      return numbered(count);
    });
    await expect(headers()).rejects.toBeInstanceOf(AuthenticationError);
    expect(await headers()).toEqual({ authorization: 'Bearer token-2' });
  });

  it('by a broken server stays what it is', async () => {
    const { headers } = client(() => {
      throw new ProviderError({ message: 'x', outcome: 'unknown', statusCode: 503 });
    });
    await expect(headers()).rejects.toBeInstanceOf(ProviderError);
  });

  it.each([[{}], [{ access_token: '' }], [{ data: { access_token: 'x' } }], [undefined]])(
    'is an answer without one: %j',
    async (body) => {
      const { headers } = client(() => granting(body));
      await expect(headers()).rejects.toMatchObject({ name: 'InvalidResponseError', outcome: 'not_sent' });
    },
  );
});
