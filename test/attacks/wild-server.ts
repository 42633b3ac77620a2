import { createServer, type AddressInfo, type Socket } from 'node:net';
import { systemRuntime } from '../../src/runtime.js';
import {
  createSimulatedProviders,
  type SimulatedProvider,
  type SimulatedProviders,
} from '../../src/simulator/index.js';

/** The provider's own answer to a request that it has executed. */
export interface Executed {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Does something with a connection instead of answering as HTTP says. */
export type Misbehaviour = (socket: Socket, executed: Executed) => void;

/** A server that executes every request at the simulated provider, and then behaves as it is told. */
export interface WildServer {
  readonly origin: string;
  readonly providers: SimulatedProviders;
  /** What is done on such a request; null answers it well. */
  onRequest: Misbehaviour | null;
  /** What is done as soon as a connection stands, before a byte of the request was read. */
  onConnection: ((socket: Socket) => void) | null;
  /** First lines of the requests that came whole, without those that only prepare a write: a token, a payment method. */
  readonly received: string[];
  /** The bytes of requests that came at all. */
  bytes: number;
  close(): Promise<void>;
}

/** An answer as HTTP has it, with other headers where they are given; null leaves one out. */
export const wellFormed = (
  { status, headers, body }: Executed,
  changed: Readonly<Record<string, string | null>> = {},
): string => {
  const all: Record<string, string | null> = {
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    ...changed,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return `HTTP/1.1 ${status} Told\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
};

const headersOf = (head: string): Record<string, string> =>
  Object.fromEntries(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
  );

export const startWildServer = async (provider: SimulatedProvider): Promise<WildServer> => {
  const sockets = new Set<Socket>();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const providers = createSimulatedProviders({
    runtime: systemRuntime,
    seed: 4,
    providers: [provider],
    origin: () => origin,
  });
  const wild: WildServer = {
    origin,
    providers,
    onRequest: null,
    onConnection: null,
    received: [],
    bytes: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };

  const execute = async (socket: Socket, head: string, body: string): Promise<void> => {
    const [method = '', target = ''] = head.split(' ');
    const prepares = /oauth|payment_methods/.test(target);
    if (!prepares) wild.received.push(`${method} ${target}`);
    const address = new URL(target, origin);
    const delivery = await providers.handle(provider, {
      method,
      path: address.pathname,
      query: address.search.slice(1),
      headers: headersOf(head),
      body,
    });
    if (delivery.outcome !== 'answered') throw new Error('no fault was injected');
    if (prepares || wild.onRequest === null) socket.write(wellFormed(delivery.response));
    else wild.onRequest(socket, delivery.response);
  };

  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let waiting = '';
    // Latin letters keep one sign for one byte.
    socket.setEncoding('latin1');
    socket.on('data', (bytes: string) => {
      wild.bytes += bytes.length;
      waiting += bytes;
      const end = waiting.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = waiting.slice(0, end);
      const length = Number(headersOf(head)['content-length'] ?? 0);
      if (waiting.length < end + 4 + length) return;
      const body = Buffer.from(waiting.slice(end + 4, end + 4 + length), 'latin1').toString('utf8');
      waiting = waiting.slice(end + 4 + length);
      execute(socket, head, body).catch(() => socket.destroy());
    });
    wild.onConnection?.(socket);
  });
  return wild;
};
