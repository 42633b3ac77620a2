import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Arrived, Reply } from './seed-document.js';

/** `a[b][c]=1` and `a[]=1` as they are meant. */
const nested = (pairs: Iterable<readonly [string, string]>): Record<string, unknown> => {
  const root: Record<string, unknown> = {};
  for (const [name, value] of pairs) {
    const path = name.split(/[[\]]+/).filter((part) => part !== '');
    let at = root;
    for (const part of path.slice(0, -1)) at = (at[part] ??= {}) as Record<string, unknown>;
    at[path.at(-1) ?? ''] = value;
  }
  return root;
};

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const bodyOf = (type: string, text: string): Record<string, unknown> => {
  if (text === '') return {};
  if (type.includes('json')) return JSON.parse(text) as Record<string, unknown>;
  return nested(new URLSearchParams(text));
};

/** A server that answers from a table and remembers what came. */
export const openStub = async (reply: (request: Arrived) => Reply) => {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const url = new URL(request.url ?? '/', 'http://stub');
      const seen: Arrived = {
        method: request.method ?? '',
        path: url.pathname,
        query: nested(url.searchParams),
        headers: request.headers,
        body: bodyOf(request.headers['content-type'] ?? '', text),
      };
      arrived.push(seen);
      const { status = 200, body } = reply(seen);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    arrived,
    baseUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
};
