import { brotliCompressSync, gzipSync } from 'node:zlib';
import axios from 'axios';
import axiosRetry from 'axios-retry';
import { describe, expect, it, vi } from 'vitest';
import { systemRuntime } from '../../src/runtime.js';
import { createCallerExchange } from '../../src/transport/axios-exchange.js';
import type { Exchange } from '../../src/transport/exchange.js';
import { createNodeExchange } from '../../src/transport/node-exchange.js';
import { closedPort, requestTo, serve, serveBytes } from './a-server.js';

const overDefault = createNodeExchange(systemRuntime);

const ways: readonly (readonly [string, () => Exchange])[] = [
  ['the default way', () => createNodeExchange(systemRuntime)],
  ["a caller's own axios", () => createCallerExchange(axios.create(), systemRuntime)],
];

describe.each(ways)('one attempt over %s', (_, create) => {
  it('carries method, path, headers and the exact bytes', async () => {
    const received = vi.fn();
    const origin = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        received(
          request.method,
          request.url,
          request.headers['x-test'],
          request.headers['content-length'],
          body,
        );
        response.writeHead(201, { 'Request-Id': 'req_1' }).end('{"id":"ch_1"}');
      });
    });
    const answer = await create()(
      requestTo(origin, { headers: { 'x-test': 'yes' }, body: '{"amount":"é"}' }),
    );
    expect(received).toHaveBeenCalledWith('POST', '/v1/charges', 'yes', '15', '{"amount":"é"}');
    expect(answer).toMatchObject({ status: 201, text: '{"id":"ch_1"}' });
    expect(answer.headers['request-id']).toBe('req_1');
  });

  it.each([400, 402, 404, 429, 500, 503])('gives a %i as an answer', async (status) => {
    const origin = await serve((_request, response) => response.writeHead(status).end('{}'));
    await expect(create()(requestTo(origin))).resolves.toMatchObject({ status, text: '{}' });
  });

  it('does not follow a redirect, which would carry a key to another place', async () => {
    const visits = vi.fn();
    const origin = await serve((request, response) => {
      visits(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    await expect(create()(requestTo(origin))).resolves.toMatchObject({ status: 307 });
    expect(visits).toHaveBeenCalledTimes(1);
  });

  it('knows that nothing left when nobody listens', async () => {
    const origin = await closedPort();
    await expect(create()(requestTo(origin))).rejects.toMatchObject({
      name: 'ExchangeFailure',
      reason: 'connection',
      sent: false,
      networkCode: 'ECONNREFUSED',
    });
  });

  it('counts as sent when the connection breaks before an answer', async () => {
    const origin = await serveBytes((socket) => socket.once('data', () => socket.destroy()));
    await expect(create()(requestTo(origin))).rejects.toMatchObject({ reason: 'connection', sent: true });
  });

  it('counts a timeout without an answer as sent', async () => {
    const origin = await serve(() => undefined);
    await expect(create()(requestTo(origin, { timeoutMs: 500 }))).rejects.toMatchObject({
      reason: 'timeout',
      sent: true,
    });
  });

  it('limits the whole attempt: a dripping body does not outlive it', async () => {
    const origin = await serve((request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 10);
      request.on('close', () => {
        clearInterval(drip);
      });
    });
    await expect(create()(requestTo(origin, { timeoutMs: 500 }))).rejects.toMatchObject({
      reason: 'timeout',
      sent: true,
    });
  });

  it('stops when the signal aborts, and says whether the request may have left', async () => {
    const origin = await serve(() => undefined);
    const controller = new AbortController();
    const attempt = create()(requestTo(origin, { signal: controller.signal }));
    setTimeout(() => {
      controller.abort();
    }, 50);
    await expect(attempt).rejects.toMatchObject({ reason: 'aborted', sent: true });
    await expect(create()(requestTo(origin, { signal: AbortSignal.abort() }))).rejects.toMatchObject({
      reason: 'aborted',
      sent: false,
    });
  });

  it('refuses an answer that is larger than any charge', async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(200).end(Buffer.alloc(11 * 1024 * 1024, 32));
    });
    await expect(create()(requestTo(origin))).rejects.toMatchObject({ reason: 'too_large', sent: true });
  });
});

describe('the default way', () => {
  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('reads %s', async (encoding, compress) => {
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(compress('{"id":"ch_1"}'));
    });
    await expect(overDefault(requestTo(origin))).resolves.toMatchObject({ text: '{"id":"ch_1"}' });
  });

  it('limits what a small compressed answer may unfold to', async () => {
    const origin = await serve((_request, response) => {
      response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(gzipSync(Buffer.alloc(30 * 1024 * 1024, 32)));
    });
    await expect(overDefault(requestTo(origin))).rejects.toMatchObject({ reason: 'too_large' });
  });

  it('keeps the status of an answer whose body is cut', async () => {
    const origin = await serveBytes((socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"id":');
        setTimeout(() => socket.destroy(), 20);
      }),
    );
    await expect(overDefault(requestTo(origin))).rejects.toMatchObject({
      reason: 'truncated',
      sent: true,
      status: 200,
    });
  });

  it('ends at once when the server switches to another protocol, and counts as sent', async () => {
    const origin = await serveBytes((socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n');
      }),
    );
    await expect(overDefault(requestTo(origin))).rejects.toMatchObject({ reason: 'connection', sent: true });
  });

  it('reuses connections, and takes a fresh one for a write after an idle second', async () => {
    const ports = new Set<number | undefined>();
    const origin = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{}');
    });
    const exchange = createNodeExchange(systemRuntime);
    await exchange(requestTo(origin));
    await exchange(requestTo(origin));
    expect(ports.size).toBe(1);
    await exchange(requestTo(origin, { freshConnection: true }));
    expect(ports.size).toBe(2);
    await exchange(requestTo(origin, { freshConnection: true }));
    expect(ports.size).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    await exchange(requestTo(origin, { freshConnection: true }));
    expect(ports.size).toBe(3);
  });

  it('is not sent when the certificate is not trusted', async () => {
    // A port that speaks plain bytes ends the handshake: nothing of the request has left by then.
    const origin = await serveBytes((socket) => socket.end('no tls here'));
    await expect(overDefault(requestTo(origin.replace('http:', 'https:')))).rejects.toMatchObject({
      sent: false,
    });
  });
});

describe('one-shot axios', () => {
  it('asks an adapter once that throws at once, however often an interceptor repeats', async () => {
    const adapter = vi.fn((config: object): never => {
      throw Object.assign(new Error('broken'), { config });
    });
    const instance = axios.create({ adapter });
    instance.interceptors.response.use(undefined, (error: { config: object }) =>
      instance.request(error.config),
    );
    const exchange = createCallerExchange(instance, systemRuntime);
    await expect(exchange(requestTo('http://127.0.0.1:1', { timeoutMs: 200 }))).rejects.toMatchObject({
      name: 'ExchangeFailure',
    });
    expect(adapter).toHaveBeenCalledTimes(1);
  });

  it('sends once although axios-retry would send four times', async () => {
    const visits = vi.fn();
    const origin = await serveBytes((socket) =>
      socket.once('data', () => {
        visits();
        socket.destroy();
      }),
    );
    const instance = axios.create();
    axiosRetry(instance, { retries: 3, retryDelay: () => 1, retryCondition: () => true });
    await expect(createCallerExchange(instance, systemRuntime)(requestTo(origin))).rejects.toMatchObject({
      reason: 'connection',
      sent: true,
    });
    expect(visits).toHaveBeenCalledTimes(1);
  });

  it('sends once although an interceptor repeats every 500', async () => {
    const visits = vi.fn();
    const origin = await serve((_request, response) => {
      visits();
      response.writeHead(500).end('{}');
    });
    const instance = axios.create();
    let repeats = 0;
    instance.interceptors.response.use(async (response) => {
      repeats += 1;
      return repeats < 4 ? instance.request(response.config) : response;
    });
    await expect(createCallerExchange(instance, systemRuntime)(requestTo(origin))).resolves.toMatchObject({
      status: 500,
    });
    expect(visits).toHaveBeenCalledTimes(1);
  });

  it('ends in time although an interceptor repeats for ever', async () => {
    const origin = await serve((_request, response) => response.writeHead(500).end('{}'));
    const instance = axios.create();
    instance.interceptors.response.use((response) => instance.request(response.config));
    await expect(
      createCallerExchange(instance, systemRuntime)(requestTo(origin, { timeoutMs: 500 })),
    ).rejects.toMatchObject({ reason: 'timeout', sent: true });
  });

  it('was not sent when a request interceptor failed', async () => {
    const instance = axios.create();
    instance.interceptors.request.use(() => Promise.reject(new Error('no token')));
    await expect(
      createCallerExchange(instance, systemRuntime)(requestTo('http://127.0.0.1:9')),
    ).rejects.toMatchObject({ sent: false });
  });

  it('goes through what the instance brings: its interceptors and its adapter', async () => {
    const instance = axios.create({
      adapter: (config) =>
        Promise.resolve({
          status: 200,
          statusText: '',
          headers: { a: 'b' },
          data: String(config.headers.get('x-own')),
          config,
        }),
    });
    instance.interceptors.request.use((config) => {
      config.headers.set('x-own', 'set');
      return config;
    });
    await expect(
      createCallerExchange(instance, systemRuntime)(requestTo('http://127.0.0.1:9')),
    ).resolves.toMatchObject({
      status: 200,
      text: 'set',
    });
  });
});
