import { afterEach, describe, expect, it } from 'vitest';
import {
  createFaultServer,
  type FaultDetails,
  type FaultOrder,
  type FaultServer,
  type FaultServerHandler,
  type FaultServerOptions,
  type FaultServerRequest,
  type FaultType,
} from '../../src/testing/index.js';

/** A provider that counts: every executed POST makes one thing. */
const createCounter = () => {
  const made: string[] = [];
  const handle: FaultServerHandler = ({ method, path, body }) => {
    if (method === 'GET') return { status: 200, body: { path, count: made.length } };
    made.push(body);
    return { status: 201, headers: { 'X-Request-Id': `r${made.length}` }, body: { number: made.length } };
  };
  return { made, handle };
};

const operationOf = ({ method }: FaultServerRequest): string => (method === 'POST' ? 'create' : 'retrieve');

let server: FaultServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const open = async (handle: FaultServerHandler, options: FaultServerOptions = { operationOf }) => {
  server = await createFaultServer(handle, options);
  return server;
};

const post = (url: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/things?token=abc&limit=2`, { method: 'POST', body: '{"a":1}', headers });

/** What a client sees: an answer, or nothing. */
const seen = async (answer: Promise<Response>) => {
  try {
    const response = await answer;
    return { status: response.status, text: await response.text(), headers: response.headers };
  } catch {
    return { status: 0, text: '', headers: new Headers() };
  }
};

describe('a server of faults', () => {
  it('answers with what the handler gives, as JSON unless it is a text', async () => {
    const requests: FaultServerRequest[] = [];
    const { url } = await open((request) => {
      requests.push(request);
      if (request.path === '/text')
        return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'hello' };
      return Promise.resolve(request.path === '/none' ? { status: 204 } : { status: 200, body: [1] });
    });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const list = await seen(post(url, { 'X-Key': 'k' }));
    expect([list.status, list.text, list.headers.get('content-type')]).toEqual([
      200,
      '[1]',
      'application/json',
    ]);
    const text = await seen(fetch(`${url}/text`));
    expect([text.text, text.headers.get('content-type')]).toEqual(['hello', 'text/plain']);
    expect((await seen(fetch(`${url}/none`))).status).toBe(204);
    expect(requests[0]).toMatchObject({ method: 'POST', path: '/things', body: '{"a":1}' });
    expect(requests[0]?.query.get('limit')).toBe('2');
    expect(requests[0]?.headers['x-key']).toBe('k');
    expect(requests[1]?.body).toBe('');
  });

  const met: readonly (readonly [
    FaultType | FaultDetails,
    { status: number; text?: string; made: number },
  ])[] = [
    ['refuse', { status: 0, made: 0 }],
    ['cut_before_commit', { status: 0, made: 0 }],
    ['cut_after_commit', { status: 0, made: 1 }],
    ['half_answer', { status: 0, made: 1 }],
    ['rate_limited', { status: 429, text: '{"error":{"message":"Too many requests."}}', made: 0 }],
    ['server_error', { status: 500, text: '{"error":{"message":"Something broke."}}', made: 0 }],
    ['server_error_after_commit', { status: 500, text: '{"error":{"message":"Something broke."}}', made: 1 }],
    ['bad_gateway_after_commit', { status: 502, made: 1 }],
    ['malformed_json', { status: 201, text: '{"number":,,', made: 1 }],
    ['empty_body', { status: 201, text: '', made: 1 }],
    ['duplicate_delivery', { status: 201, text: '{"number":2}', made: 2 }],
    [
      { type: 'duplicate_delivery', answer: 'first' },
      { status: 201, text: '{"number":1}', made: 2 },
    ],
    [
      { type: 'delay', ms: 1 },
      { status: 201, text: '{"number":1}', made: 1 },
    ],
    [
      { type: 'delay', ms: 1, when: 'after_commit' },
      { status: 201, text: '{"number":1}', made: 1 },
    ],
  ];

  it.each(met)('meets %j', async (fault, { status, text, made: count }) => {
    const { made, handle } = createCounter();
    const { url, inject, pendingFaults } = await open(handle);
    inject({ operation: 'create', fault });
    expect((await seen(fetch(`${url}/things`))).status).toBe(200);
    expect(pendingFaults()).toHaveLength(1);
    const answer = await seen(post(url));
    expect(answer.status).toBe(status);
    if (text !== undefined) expect(answer.text).toBe(text);
    expect(made).toHaveLength(count);
    expect(pendingFaults()).toEqual([]);
    expect((await seen(post(url))).status).toBe(201);
  });

  it('waits before or after it executes', async () => {
    const { made, handle } = createCounter();
    const { url, inject, close } = await open(handle);
    inject({ fault: { type: 'delay', ms: 3_600_000 } });
    inject({ fault: { type: 'delay', ms: 3_600_000, when: 'after_commit' } });
    const first = seen(post(url));
    await expect.poll(() => server?.requests().length).toBe(1);
    const second = seen(post(url));
    await expect.poll(() => made.length).toBe(1);
    await close();
    expect([(await first).status, (await second).status]).toEqual([0, 0]);
    expect(made).toHaveLength(1);
  });

  it('fails in the words of the provider, and says when to come back', async () => {
    const { handle } = createCounter();
    const failure = (kind: string) => ({ status: 503, headers: { 'X-Why': kind }, body: { problem: kind } });
    const { url, inject } = await open(handle, { failure });
    inject({ fault: { type: 'rate_limited', retryAfterSeconds: 7, headers: { 'x-more': 'yes' } } });
    inject({ fault: 'server_error' });
    const limited = await seen(post(url));
    expect([limited.status, limited.text]).toEqual([503, '{"problem":"rate_limited"}']);
    expect(['retry-after', 'x-why', 'x-more'].map((name) => limited.headers.get(name))).toEqual([
      '7',
      'rate_limited',
      'yes',
    ]);
    const broken = await seen(post(url));
    expect([broken.text, broken.headers.get('retry-after')]).toEqual(['{"problem":"server_error"}', null]);
  });

  it('tells what it received, without secrets, and which faults are left', async () => {
    const { handle } = createCounter();
    const { url, inject, clearFaults, pendingFaults, requests } = await open(handle);
    inject({ operation: 'create', fault: 'refuse' });
    inject({ operation: 'create', fault: 'duplicate_delivery' });
    inject({ fault: 'refuse', times: 3 });
    await seen(post(url));
    await seen(post(url, { 'idempotency-key': 'k1' }));
    const create = { operation: 'create', method: 'POST', path: '/things?token=***&limit=2' };
    expect(requests()).toEqual([
      { ...create, status: null, idempotencyKey: null },
      { ...create, status: 201, idempotencyKey: 'k1' },
      { ...create, status: 201, idempotencyKey: 'k1' },
    ]);
    expect(pendingFaults()).toEqual([{ provider: null, operation: null, fault: 'refuse', left: 3 }]);
    clearFaults();
    expect(pendingFaults()).toEqual([]);
  });

  it('knows the names of the options, and takes what is unknown', async () => {
    const { handle } = createCounter();
    const options = {
      operationOf: ({ path }: FaultServerRequest) => path.slice(1),
      operations: ['make_token'],
    };
    const { url, inject } = await open(handle, options);
    inject({ operation: 'make_token', fault: 'refuse' });
    expect((await seen(fetch(`${url}/unknown`))).status).toBe(200);
    expect((await seen(fetch(`${url}/make_token`))).status).toBe(0);
  });

  it('listens on the port that it is given, and rejects where it is taken', async () => {
    const { handle } = createCounter();
    const { url } = await open(handle);
    await expect(createFaultServer(handle, { port: Number(new URL(url).port) })).rejects.toThrow(
      'EADDRINUSE',
    );
  });
});

describe('a mistake of the author', () => {
  const { handle } = createCounter();

  const wrong: readonly (readonly [string, unknown, unknown, new () => Error, string])[] = [
    ['no handler', undefined, undefined, TypeError, 'The handler of createFaultServer must be a function'],
    ['options that are none', handle, 'x', TypeError, "such as { operationOf }, not 'x'"],
    ['an unknown option', handle, { operationsOf: operationOf }, RangeError, "Did you mean 'operationOf'?"],
    ['an operationOf that is none', handle, { operationOf: 'create' }, TypeError, 'must be a function'],
    ['a failure that is none', handle, { failure: {} }, TypeError, 'must be a function, not an object'],
    ['operations that are none', handle, { operations: 'x' }, TypeError, "a list such as ['create_intent']"],
    ['an operation that is none', handle, { operations: [1] }, TypeError, "such as 'create_intent', not 1"],
    ['a port that is none', handle, { port: 70_000 }, RangeError, 'from 0 to 65535, not 70000'],
    ['a port as text', handle, { port: '80' }, TypeError, "not '80'"],
  ];
  it.each(wrong)('is refused at once: %s', async (_, handler, options, kind, message) => {
    const made = createFaultServer(handler as FaultServerHandler, options as FaultServerOptions);
    await expect(made).rejects.toThrow(kind);
    await expect(made).rejects.toThrow(message);
  });

  it('is refused by inject', async () => {
    const { inject, pendingFaults } = await open(handle);
    const inject1 = (order: unknown) => () => inject(order as FaultOrder);
    expect(inject1({ operation: 'captrue', fault: 'refuse' })).toThrow("Did you mean 'capture'?");
    expect(inject1({ operation: 'create', fault: 'refused' })).toThrow("Did you mean 'refuse'?");
    expect(inject1({ provider: 'acme', fault: 'refuse' })).toThrow("leave 'provider' out");
    expect(inject1({ fault: 'refuse', times: '2' })).toThrow(TypeError);
    expect(pendingFaults()).toEqual([]);
  });

  it('is refused by inject, where no request has a name', async () => {
    const { inject } = await open(handle, {});
    expect(() => inject({ operation: 'create', fault: 'refuse' })).toThrow(
      new RangeError(
        "A fault for 'create' could never strike: give createFaultServer an 'operationOf' that names requests.",
      ),
    );
    inject({ fault: 'refuse' });
  });

  const throwing: readonly (readonly [string, unknown, FaultServerOptions, string])[] = [
    ['a handler that throws', () => Promise.reject(new Error('no such table')), {}, 'no such table'],
    ['an answer that is none', () => 'ok', {}, 'What the handler answers must be an object'],
    ['an answer with another member', () => ({ status: 200, json: {} }), {}, "has no 'json'"],
    ['a status that is none', () => ({ status: 20 }), {}, 'from 200 to 599, not 20'],
    ['a header that is none', () => ({ status: 200, headers: { a: 1 } }), {}, "The header 'a' of an answer"],
    [
      'a body that is none',
      () => ({ status: 200, body: () => 1 }),
      {},
      'something that JSON has, not a function',
    ],
    ['a name that nobody knows', handle, { operationOf: () => 'captrue' }, "Did you mean 'capture'?"],
    [
      'a name that is none',
      handle,
      { operationOf: () => undefined as never },
      "What 'operationOf' returns must be a text",
    ],
    [
      'an operation that is none',
      handle,
      { operationOf: () => 5 as never },
      "What 'operationOf' returns must be a text",
    ],
  ];
  it.each(throwing)(
    'is answered with 500, and close rejects with it: %s',
    async (_, handler, options, message) => {
      const { url, close } = await createFaultServer(handler as FaultServerHandler, options);
      const answer = await seen(post(url));
      expect(answer.status).toBe(500);
      expect(answer.text).toContain('The server of this test is wrong: ');
      expect(answer.text).toContain(message);
      await expect(close()).rejects.toThrow(message);
    },
  );
});
