import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Delivery } from './delivery.js';
import type { SimulatorRequest } from './face.js';

/** Far above every documented limit of a request; only a runaway client meets it. */
const longestBody = 5 * 1024 * 1024;

/** An HTTP server on 127.0.0.1. */
export interface LocalServer {
  /** Without a trailing slash. */
  readonly origin: string;
  /** Breaks open connections; closing again changes nothing. */
  close(): Promise<void>;
}

const readBody = async (message: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const headersOf = (message: IncomingMessage): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
};

const respond = (delivery: Delivery, response: ServerResponse): void => {
  if (delivery.outcome === 'refused') {
    // A reset instead of an orderly end: the client cannot mistake it for an empty answer.
    response.socket?.resetAndDestroy();
    return;
  }
  if (delivery.outcome === 'cut') {
    response.socket?.destroy();
    return;
  }
  const { status, headers, body } = delivery.response;
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
  if (delivery.outcome === 'half_answered') {
    response.write(delivery.partialBody, () => response.socket?.destroy());
    return;
  }
  response.end(body);
};

const requestOf = (message: IncomingMessage, body: string): SimulatorRequest => {
  const target = message.url ?? '/';
  const mark = target.indexOf('?');
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers: headersOf(message),
    body,
  };
};

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });

/** Serves a handler over HTTP on a port of 127.0.0.1; port 0 takes a free one. */
export const serveLocally = async (
  port: number,
  handle: (request: SimulatorRequest) => Promise<Delivery>,
): Promise<LocalServer> => {
  const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(message);
    if (body === undefined) {
      response.writeHead(413, { connection: 'close' }).end();
      return;
    }
    respond(await handle(requestOf(message, body)), response);
  };
  const server = createServer((message, response) => {
    answer(message, response).catch((error: unknown) => {
      // Either the client is gone, or the simulator itself has a fault: then it says so instead of hanging.
      if (response.headersSent || response.destroyed) response.destroy();
      else
        response
          .writeHead(500, { 'content-type': 'text/plain' })
          .end(`Fault of the simulator: ${String(error)}`);
    });
  });
  await listen(server, port);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => (closing ??= close()),
  };
};
