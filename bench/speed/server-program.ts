import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CannedAnswer, ServerReport, ServerSetup } from './messages.js';

/**
 * The server of the bench, a process of its own that does next to nothing: fixed answers, with the stamp of the request put
 * between, because the library compares it. What it costs must not hide what the clients cost.
 */

interface Prepared {
  readonly status: number;
  readonly around: readonly string[];
  readonly plain: Buffer;
}

const answers = new Map<string, Prepared>();
const pages = new Map<string, Buffer>();
let requests = 0;
let cpuBefore = process.cpuUsage();

const prepare = ({ status, aroundStamp, withoutStamp }: CannedAnswer): Prepared => ({
  status,
  around: aroundStamp,
  plain: Buffer.from(withoutStamp),
});

const send = (response: ServerResponse, status: number, body: Buffer | string): void => {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': typeof body === 'string' ? Buffer.byteLength(body) : body.length,
    'request-id': 'req_bench',
  });
  response.end(body);
};

/** The stamp in a form or in JSON, never in need of unescaping: the keys of the bench are plain. */
const stampIn = (body: string): string | undefined =>
  /unicharge_key(?:%5D|\])?(?:=|":\s*")([\w-]+)/.exec(body)?.[1];

const after = /[?&]starting_after=([^&]*)/;

const server = createServer((request, response) => {
  requests += 1;
  const url = request.url ?? '';
  const end = url.indexOf('?');
  const place = `${request.method ?? ''} ${end === -1 ? url : url.slice(0, end)}`;
  const prepared = answers.get(place);
  if (prepared === undefined) {
    const page = place === 'GET /v1/payment_intents' ? pages.get(after.exec(url)?.[1] ?? '') : undefined;
    if (page === undefined) send(response, 404, '{"error":{"message":"unknown to the bench"}}');
    else send(response, 200, page);
    return;
  }
  if (request.method === 'GET') {
    send(response, prepared.status, prepared.plain);
    return;
  }
  let body = '';
  request.setEncoding('latin1');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    const stamp = stampIn(body);
    send(response, prepared.status, stamp === undefined ? prepared.plain : prepared.around.join(stamp));
  });
});
server.keepAliveTimeout = 60_000;

process.on('message', (message: ServerSetup | 'report') => {
  if (message === 'report') {
    const { user, system } = process.cpuUsage(cpuBefore);
    const report: ServerReport = { requests, cpu: user + system };
    requests = 0;
    cpuBefore = process.cpuUsage();
    process.send?.(report);
    return;
  }
  for (const [place, answer] of Object.entries(message.answers)) answers.set(place, prepare(answer));
  for (const [start, page] of Object.entries(message.pages)) pages.set(start, Buffer.from(page));
  server.listen(0, '127.0.0.1', () => {
    process.send?.((server.address() as AddressInfo).port);
  });
});
process.on('disconnect', () => process.exit(0));
