import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveControl } from '../../src/simulator/control.js';
import type { LocalServer } from '../../src/simulator/server.js';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.js';

let simulator: Simulator;
let control: LocalServer;

beforeAll(async () => {
  simulator = await startSimulator({ providers: ['stripe'] });
  control = await serveControl(simulator, 0);
});
afterAll(() => Promise.all([control.close(), simulator.close()]));

/** Asks with any headers at all, as no `fetch` would. */
const ask = (
  headers: Record<string, string>,
  path = '/ledger',
  body?: string,
): Promise<{ status: number | undefined; text: string }> =>
  new Promise((resolve, reject) => {
    const options = { method: body === undefined ? 'GET' : 'POST', headers };
    const sending = request(`${control.origin}${path}`, options, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        resolve({ status: response.statusCode, text });
      });
    });
    sending.on('error', reject);
    sending.end(body);
  });

const fault = JSON.stringify({ fault: 'server_error' });

describe('the pages of the simulator', () => {
  it.each([
    ['127.0.0.1:4010'],
    ['127.0.0.1'],
    ['localhost:4010'],
    ['LOCALHOST'],
    ['simulator.localhost:4010'],
    ['[::1]:4010'],
    ['host.docker.internal:4010'],
    ['host.containers.internal'],
  ])('answer whoever asks %s, without an origin and from one on this machine', async (host) => {
    expect((await ask({ host })).status).toBe(200);
    expect((await ask({ host, origin: 'http://localhost:3000' })).status).toBe(200);
    expect((await ask({ host, 'content-type': 'text/plain' }, '/clock', '{"advanceMs":1}')).status).toBe(200);
  });

  it.each([
    ['evil.example'],
    ['evil.example:4010'],
    ['127.0.0.1.evil.example'],
    ['localhost.evil.example'],
    ['127.0.0.1@evil.example'],
    ['evillocalhost'],
    ['169.254.169.254'],
  ])('refuse the host %s: a name that was pointed here', async (host) => {
    for (const [path, body] of [['/'], ['/ledger'], ['/requests'], ['/faults', fault]] as const) {
      const { status, text } = await ask({ host }, path, body);
      expect(status).toBe(403);
      expect(text).not.toContain('sk_test');
    }
  });

  it.each([['https://evil.example'], ['http://127.0.0.1.evil.example'], ['null'], ['file://'], ['nonsense']])(
    'refuse the origin %s: a page of somebody else',
    async (origin) => {
      expect((await ask({ origin }, '/faults', fault)).status).toBe(403);
      expect((await ask({ origin }, '/clock', '{"advanceMs":1}')).status).toBe(403);
      expect((await ask({ origin })).status).toBe(403);
    },
  );

  it('had no fault injected by any of them', async () => {
    const answer = await fetch(`${simulator.url('stripe')}/v1/charges`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulator.settings('stripe').secretKey}` },
      body: new URLSearchParams({ amount: '500', currency: 'eur', source: 'tok_visa' }),
    });
    expect(answer.status).toBe(200);
  });
});

describe('a body that is not what the page takes', () => {
  it.each([
    ['/sources', 'null', 'The body must be a JSON object.'],
    ['/sources', '[]', 'The body must be a JSON object.'],
    ['/sources', '{"provider":"stripe","kinds":"declined"}', "The body has no 'kinds'. Did you mean 'kind'?"],
    ['/sources', '{"provider":"strpe"}', "runs without 'strpe'. Did you mean 'stripe'?"],
    ['/faults', 'null', 'The body must be a JSON object.'],
    ['/faults', '{"op":"create","fault":"refuse"}', "Did you mean 'operation'?"],
    ['/clock', '5', 'The body must be a JSON object.'],
    ['/clock', '{"ms":5}', "The body has no 'ms'."],
    ['/clock', '{}', 'clock.advance takes a number of milliseconds'],
  ])('is refused by %s: %s', async (path, body, message) => {
    const { status, text } = await ask({ host: 'localhost' }, path, body);
    expect(status).toBe(400);
    expect((JSON.parse(text) as { error: string }).error).toContain(message);
  });
});
