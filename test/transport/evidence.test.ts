import dns from 'node:dns';
import http from 'node:http';
import net from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { createStripe } from '../../src/providers/stripe/index.js';
import { systemRuntime } from '../../src/runtime.js';
import { ExchangeFailure } from '../../src/transport/exchange.js';
import { createNodeExchange } from '../../src/transport/node-exchange.js';
import { platformOf, thisPlatform, type Platform } from '../../src/transport/platform.js';
import { closedPort, requestTo, serve, serveBytes, serveSecurely } from './a-server.js';

const failureOf = (
  origin: string,
  more: Parameters<typeof requestTo>[1] = {},
  platform: Platform = thisPlatform,
): Promise<unknown> =>
  createNodeExchange(
    systemRuntime,
    platform,
  )(requestTo(origin, more)).then(
    () => {
      throw new Error('it was to fail');
    },
    (error: unknown) => error,
  );

const bun = (version: string): Platform =>
  platformOf({ process: { versions: { uv: '1.48.0', bun: version } } });
const deno = platformOf({ process: { versions: { uv: '1.43.0' } }, Deno: {} });
const workerd = platformOf({ process: { versions: { node: '22.19.0', uv: '' } } });

describe('evidence that nothing was sent', () => {
  it('is a name that nobody knows', async () => {
    expect(await failureOf('http://nobody.invalid')).toMatchObject({ sent: false, reason: 'connection' });
  });

  it('is a socket of Node that never connected until the time was up', async () => {
    vi.spyOn(dns, 'lookup').mockImplementation(() => undefined);
    const failure = await failureOf('http://api.example.test', { timeoutMs: 20 });
    expect(failure).toMatchObject({ sent: false, reason: 'timeout' });
  });

  it('is a TLS handshake that was never done', async () => {
    const origin = await serveBytes((socket) => socket.on('data', () => undefined));
    const failure = await failureOf(origin.replace('http:', 'https:'), { timeoutMs: 100 });
    expect(failure).toMatchObject({ sent: false, reason: 'timeout' });
  });

  it('is a connection that was cut in the middle of the TLS handshake', async () => {
    const origin = await serveBytes((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await failureOf(origin.replace('http:', 'https:'))).toMatchObject({ sent: false });
  });

  it('is every address of a name refusing the connection', async () => {
    const { port } = new URL(await closedPort());
    expect(await failureOf(`http://localhost:${port}`)).toMatchObject({
      sent: false,
      networkCode: 'ECONNREFUSED',
    });
  });

  it('is a certificate that is not trusted, and another attempt would not help', async () => {
    const origin = await serveSecurely((_request, response) => response.end('{}'));
    const failure = await failureOf(origin);
    expect(failure).toMatchObject({ sent: false, networkCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    const client = createStripe({ secretKey: 'sk_test_1', baseUrl: origin });
    await expect(client.retrieve('pi_1')).rejects.toMatchObject({
      name: 'ConnectionError',
      isRetryable: false,
    });
  });

  it('is a request that Node does not even begin', async () => {
    const failure = await failureOf('http://127.0.0.1:1', { headers: { 'x-line': 'a\nb' } });
    expect(failure).toMatchObject({ sent: false, networkCode: 'ERR_INVALID_CHAR' });
  });
});

describe('without evidence a request counts as sent', () => {
  it('when no socket was ever seen', async () => {
    const request = http.request;
    http.request = ((...given: Parameters<typeof http.request>) => {
      const outgoing = request(...given);
      const emit = outgoing.emit.bind(outgoing);
      outgoing.emit = (name: string, ...values: unknown[]) => name !== 'socket' && emit(name, ...values);
      return outgoing;
    }) as typeof http.request;
    try {
      const origin = await serve(() => undefined);
      expect(await failureOf(origin, { timeoutMs: 50 })).toMatchObject({ sent: true });
    } finally {
      http.request = request;
    }
  });

  it('when the socket is not one of Node itself', async () => {
    class MockSocket extends net.Socket {}
    const request = http.request;
    http.request = ((options: http.RequestOptions) =>
      request({
        ...options,
        agent: undefined,
        createConnection: () => Object.defineProperty(new MockSocket(), 'connecting', { value: true }),
      })) as typeof http.request;
    try {
      expect(await failureOf('http://127.0.0.1:1', { timeoutMs: 20 })).toMatchObject({ sent: true });
    } finally {
      http.request = request;
    }
  });

  it.each([
    ['workerd', workerd],
    ['Bun before 1.4', bun('1.3.5')],
  ])('when the code comes from %s, whose codes prove nothing', async (_, platform) => {
    expect(await failureOf(await closedPort(), {}, platform)).toMatchObject({ sent: true });
  });

  it.each([
    ['Deno', deno],
    ['Bun', bun('1.4.5')],
  ])('but not when %s refuses the connection', async (_, platform) => {
    expect(await failureOf(await closedPort(), {}, platform)).toMatchObject({ sent: false });
  });
});

describe('a write outside Node', () => {
  it.each([
    ['Deno', deno],
    ['Bun', bun('1.4.5')],
    ['workerd', workerd],
  ])('has a connection of its own on %s, with and without a key', async (_, platform) => {
    const ports: unknown[] = [];
    const origin = await serve((request, response) => {
      ports.push(request.socket.remotePort);
      response.end('{}');
    });
    const exchange = createNodeExchange(systemRuntime, platform);
    await exchange(requestTo(origin, { method: 'GET', body: null }));
    await exchange(requestTo(origin, { freshConnection: true }));
    await exchange(requestTo(origin, { freshConnection: true }));
    await exchange(requestTo(origin));
    expect(new Set(ports).size).toBe(4);
    // A verification that finishes a payment is a GET, and a write all the same.
    await exchange(requestTo(origin, { method: 'GET', body: null, freshConnection: true }));
    expect(new Set(ports).size).toBe(5);
  });

  it('is refused on Bun before 1.3 where there are no keys, and only there', async () => {
    const origin = await serve((_request, response) => response.end('{}'));
    const failure = await failureOf(origin, { freshConnection: true }, bun('1.2.23'));
    expect(failure).toBeInstanceOf(ExchangeFailure);
    expect(failure).toMatchObject({ reason: 'cannot_start', sent: false });
    expect((failure as ExchangeFailure).detail).toMatch(/^Bun 1\.2\.23 may send a request twice/);
    const exchange = createNodeExchange(systemRuntime, bun('1.2.23'));
    expect(await exchange(requestTo(origin))).toMatchObject({ status: 200 });
  });
});

describe('connections that are dead', () => {
  it('cost one attempt: after it the next one opens a new connection', async () => {
    const sockets: net.Socket[] = [];
    let isForgotten = false;
    const origin = await serveBytes((socket) => {
      sockets.push(socket);
      // A balancer that forgot its connections swallows what comes over them.
      const isNew = isForgotten;
      socket.on('data', () => {
        if (isForgotten && !isNew) return;
        setTimeout(() => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'), 20);
      });
    });
    const exchange = createNodeExchange(systemRuntime);
    await Promise.all([1, 2, 3].map(() => exchange(requestTo(origin))));
    expect(sockets).toHaveLength(3);
    isForgotten = true;
    await expect(exchange(requestTo(origin, { timeoutMs: 500 }))).rejects.toMatchObject({
      reason: 'timeout',
      sent: true,
    });
    await expect(exchange(requestTo(origin, { timeoutMs: 1_000 }))).resolves.toMatchObject({ status: 200 });
    expect(sockets).toHaveLength(4);
  });
});
