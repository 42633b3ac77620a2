import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import {
  createServer as createSocketServer,
  type AddressInfo,
  type Server as SocketServer,
  type Socket,
} from 'node:net';
import { afterEach } from 'vitest';
import type { ExchangeRequest } from '../../src/transport/exchange.js';
import { untrusted } from './certificate.js';

const open: (Server | SocketServer)[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

const listen = async (server: Server | SocketServer): Promise<string> => {
  open.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** A real HTTP server for one test. */
export const serve = (
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> => listen(createServer(handle));

/** The same over TLS, with a certificate that nobody trusts. */
export const serveSecurely = async (
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> => {
  const origin = await listen(createSecureServer(untrusted, handle));
  return origin.replace('http:', 'https:');
};

/** A server that speaks bytes, for answers that no HTTP library would send. */
export const serveBytes = (handle: (socket: Socket) => void): Promise<string> =>
  listen(createSocketServer(handle));

/** An address at which nobody listens. */
export const closedPort = async (): Promise<string> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
};

export const requestTo = (origin: string, more: Partial<ExchangeRequest> = {}): ExchangeRequest => ({
  method: 'POST',
  url: `${origin}/v1/charges`,
  headers: { 'content-type': 'application/json' },
  body: '{"amount":1}',
  timeoutMs: 5_000,
  signal: null,
  freshConnection: false,
  ...more,
});
