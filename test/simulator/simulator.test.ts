import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type FaultOrder,
  type LedgerChange,
  type Simulator,
  startSimulator,
} from '../../src/testing/index.js';

let simulator: Simulator;
afterEach(() => simulator.close());

const start = async (options: Parameters<typeof startSimulator>[0] = {}) => {
  simulator = await startSimulator({ providers: ['stripe'], ...options });
  return simulator;
};

const form = {
  amount: '4590',
  currency: 'eur',
  confirm: 'true',
  'automatic_payment_methods[enabled]': 'true',
  'automatic_payment_methods[allow_redirects]': 'never',
};

const create = (
  method = 'pm_card_visa',
  more: Record<string, string> = {},
  headers: Record<string, string> = {},
) =>
  fetch(`${simulator.url('stripe')}/v1/payment_intents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${simulator.settings('stripe').secretKey}`, ...headers },
    body: new URLSearchParams({ ...form, payment_method: method, ...more }),
  });

const redirect = {
  return_url: 'https://shop.test/return?order=81',
  'automatic_payment_methods[allow_redirects]': 'always',
};

const payerUrl = async (): Promise<string> => {
  const intent = (await (await create('pm_card_threeDSecure2Required', redirect)).json()) as {
    next_action: { redirect_to_url: { url: string } };
  };
  return intent.next_action.redirect_to_url.url;
};

describe('startSimulator', () => {
  it('serves every provider at an origin of its own', async () => {
    simulator = await startSimulator();
    const origins = simulator.providers.map((provider) => simulator.url(provider));
    expect(new Set(origins).size).toBe(origins.length);
    for (const provider of simulator.providers) {
      expect(simulator.url(provider)).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(simulator.settings(provider)).toMatchObject({
        baseUrl: simulator.url(provider),
        settleMs: 50,
        abandonedMs: 50,
      });
    }
  });

  it('takes consecutive ports from a given one', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    await start({ port });
    expect(simulator.url('stripe')).toBe(`http://127.0.0.1:${port}`);
  });

  it('rejects when the port is taken, and keeps nothing open', async () => {
    await start();
    const port = Number(new URL(simulator.url('stripe')).port);
    await expect(startSimulator({ providers: ['stripe'], port })).rejects.toThrow(/EADDRINUSE/);
  });

  it('refuses providers that it does not run', async () => {
    await start();
    expect(() => simulator.url('nobody' as never)).toThrow(RangeError);
    expect(() => simulator.settings('nobody' as never)).toThrow(RangeError);
    expect(() => simulator.source('nobody' as never, 'approved')).toThrow(RangeError);
    expect(() => simulator.inject({ provider: 'nobody', fault: 'refuse' })).toThrow(RangeError);
    await expect(startSimulator({ providers: ['nobody' as never] })).rejects.toThrow(RangeError);
  });

  it('gives the same ids for the same seed and others without one', async () => {
    const idOf = async (seed?: number) => {
      await start({ seed });
      const { id } = (await (await create()).json()) as { id: string };
      await simulator.close();
      return id;
    };
    const first = await idOf(7);
    expect(await idOf(7)).toBe(first);
    expect(await idOf(8)).not.toBe(first);
    expect(await idOf()).not.toBe(await idOf());
    await start();
  });
});

describe('faults', () => {
  const post = async (fault: FaultOrder['fault']) => {
    await start();
    simulator.inject({ provider: 'stripe', operation: 'create', fault });
    return create();
  };
  const happened = () => simulator.ledger.charges().length === 1;

  it.each(['refuse', 'cut_before_commit'] as const)('%s: no answer, nothing happened', async (fault) => {
    await expect(post(fault)).rejects.toThrow();
    expect(happened()).toBe(false);
    expect(simulator.requests()).toMatchObject([{ operation: 'create', status: null }]);
  });

  it('cut_after_commit: no answer, it happened', async () => {
    await expect(post('cut_after_commit')).rejects.toThrow();
    expect(happened()).toBe(true);
  });

  it('half_answer: the status arrives, the body breaks off', async () => {
    const response = await post('half_answer');
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect(happened()).toBe(true);
  });

  it('rate_limited: 429 with Retry-After, nothing happened', async () => {
    const response = await post({ type: 'rate_limited', retryAfterSeconds: 7 });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
    expect(happened()).toBe(false);
  });

  it('any answer: with headers of the test', async () => {
    const response = await post({ type: 'server_error', headers: { 'stripe-should-retry': 'false' } });
    expect(response.headers.get('stripe-should-retry')).toBe('false');
    expect((await create()).headers.has('stripe-should-retry')).toBe(false);
  });

  it('server_error: 500, nothing happened; server_error_after_commit: it did', async () => {
    expect((await post('server_error')).status).toBe(500);
    expect(happened()).toBe(false);
    await simulator.close();
    expect((await post('server_error_after_commit')).status).toBe(500);
    expect(happened()).toBe(true);
  });

  it('bad_gateway_after_commit: HTML with 502, it happened', async () => {
    const response = await post('bad_gateway_after_commit');
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(await response.text()).toContain('<h1>');
    expect(happened()).toBe(true);
  });

  it('malformed_json and empty_body: 200 that nobody can read, it happened', async () => {
    const malformed = await post('malformed_json');
    expect(malformed.status).toBe(200);
    await expect(malformed.json()).rejects.toThrow(SyntaxError);
    expect(happened()).toBe(true);
    await simulator.close();
    const empty = await post('empty_body');
    expect([empty.status, await empty.text()]).toEqual([200, '']);
    expect(happened()).toBe(true);
  });

  it('duplicate_delivery: the request arrives twice, the client gets one of the answers', async () => {
    const second = (await (await post('duplicate_delivery')).json()) as { id: string };
    expect(
      simulator.ledger
        .charges()
        .map(({ id }) => id)
        .indexOf(second.id),
    ).toBe(1);
    expect(simulator.requests()).toHaveLength(2);
    await simulator.close();
    const first = (await (await post({ type: 'duplicate_delivery', answer: 'first' })).json()) as {
      id: string;
    };
    expect(
      simulator.ledger
        .charges()
        .map(({ id }) => id)
        .indexOf(first.id),
    ).toBe(0);
  });

  it('delay: the answer comes, before or after the commit', async () => {
    expect((await post({ type: 'delay', ms: 5 })).status).toBe(200);
    await simulator.close();
    await start();
    simulator.inject({ fault: { type: 'delay', ms: 60_000, when: 'after_commit' } });
    const late = create().catch(() => 'cut');
    while (!happened()) await new Promise((resolve) => setImmediate(resolve));
    await simulator.close();
    expect(await late).toBe('cut');
  });

  it('strike only what they are meant for, as often as told, in their order', async () => {
    await start();
    simulator.inject({ operation: 'capture', fault: 'server_error' });
    simulator.inject({ provider: 'stripe', fault: 'rate_limited', times: 2 });
    simulator.inject({ fault: 'bad_gateway_after_commit' });
    const statuses = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await create()).status);
    expect(statuses).toEqual([429, 429, 502, 200]);
    simulator.inject({ fault: 'server_error', times: 5 });
    simulator.clearFaults();
    expect((await create()).status).toBe(200);
  });

  it('that do not exist are refused', async () => {
    await start();
    expect(() => simulator.inject({ fault: 'flood' as never })).toThrow(RangeError);
    expect(() => simulator.inject({ fault: 'refuse', times: 0 })).toThrow(RangeError);
  });
});

describe('requests', () => {
  it('remember what came, without bodies, keys and secrets', async () => {
    await start();
    const { client_secret: secret, id } = (await (
      await create('pm_card_visa', { description: 'hidden' }, { 'idempotency-key': 'order-81' })
    ).json()) as { client_secret: string; id: string };
    const authorization = `Bearer ${simulator.settings('stripe').secretKey}`;
    const path = `${simulator.url('stripe')}/v1/payment_intents/${id}?client_secret=${secret}&expand[]=customer`;
    await fetch(path, { headers: { authorization } });
    expect(simulator.requests()).toEqual([
      {
        provider: 'stripe',
        operation: 'create',
        method: 'POST',
        path: '/v1/payment_intents',
        status: 200,
        idempotencyKey: 'order-81',
      },
      {
        provider: 'stripe',
        operation: 'retrieve',
        method: 'GET',
        path: `/v1/payment_intents/${id}?client_secret=***&expand[]=customer`,
        status: 200,
        idempotencyKey: null,
      },
    ]);
  });

  it('are limited when asked', async () => {
    await start({ requestLimit: 2 });
    for (let index = 0; index < 7; index += 1) await fetch(`${simulator.url('stripe')}/v1/${index}`);
    expect(simulator.requests().map((request) => request.path)).toEqual(['/v1/5', '/v1/6']);
  });

  it('of more than five megabytes are refused', async () => {
    await start();
    const body = 'x'.repeat(5 * 1024 * 1024 + 1);
    const response = await fetch(`${simulator.url('stripe')}/v1/charges`, { method: 'POST', body }).catch(
      () => null,
    );
    expect(response?.status ?? 413).toBe(413);
    expect(simulator.ledger.charges()).toEqual([]);
  });
});

describe('the payer', () => {
  it('sees the merchant, the amount and the card, and two buttons', async () => {
    await start();
    const url = await payerUrl();
    expect(new URL(url).origin).toBe(simulator.url('stripe'));
    const page = await fetch(url);
    const html = await page.text();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    for (const text of [
      'Simulated merchant',
      'EUR 45.90',
      '3220',
      '>Approve<',
      '>Decline<',
      '<html lang="en">',
    ]) {
      expect(html).toContain(text);
    }
  });

  it('is sent back to the merchant after pressing a button', async () => {
    await start();
    const url = await payerUrl();
    const answer = await fetch(`${url}/decline`, { method: 'POST', redirect: 'manual' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toMatch(
      /^https:\/\/shop\.test\/return\?order=81&.*redirect_status=failed$/,
    );
    expect(await (await fetch(url)).text()).toContain('Already decided');
    expect(simulator.ledger.charges()).toMatchObject([{ state: 'failed' }]);
  });

  it('decides without a browser, once', async () => {
    await start();
    const url = await payerUrl();
    const sentTo = await simulator.payer.approve(url);
    expect(sentTo).toContain('redirect_status=succeeded');
    expect(await simulator.payer.decline(url)).toBe(sentTo);
    expect(simulator.ledger.charges()).toMatchObject([{ state: 'captured' }]);
  });

  it('finds nothing at other addresses', async () => {
    await start();
    const url = `${simulator.url('stripe')}/simulator/payer/nobody`;
    expect((await fetch(url)).status).toBe(404);
    await expect(simulator.payer.approve(url)).rejects.toThrow(RangeError);
    await expect(simulator.payer.approve('nonsense')).rejects.toThrow(TypeError);
    const known = await payerUrl();
    expect((await fetch(`${known}/approve`)).status).toBe(405);
  });
});

describe('the clock', () => {
  it('only goes forward', async () => {
    await start();
    const before = simulator.clock.now();
    simulator.clock.advance(3_600_000);
    expect(simulator.clock.now()).toBeGreaterThanOrEqual(before + 3_600_000);
    for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => simulator.clock.advance(wrong)).toThrow(RangeError);
    }
  });

  it('stands in the Date of every answer', async () => {
    await start();
    simulator.clock.advance(30 * 24 * 3_600_000);
    const date = Date.parse((await create()).headers.get('date') ?? '');
    expect(Math.abs(date - simulator.clock.now())).toBeLessThan(60_000);
  });
});

describe('the ledger', () => {
  it('tells subscribers what requests and lapses change', async () => {
    await start();
    const heard: LedgerChange[] = [];
    simulator.ledger.subscribe((change) => heard.push(change));
    await create('pm_card_visa', { capture_method: 'manual' });
    expect(heard.map((change) => [change.type, change.charge.state])).toEqual([
      ['charge.created', 'authorized'],
      ['charge.changed', 'authorized'],
    ]);
    simulator.clock.advance(8 * 24 * 3_600_000);
    expect(heard.at(-1)).toMatchObject({ type: 'charge.changed', charge: { state: 'expired' } });
  });
});
