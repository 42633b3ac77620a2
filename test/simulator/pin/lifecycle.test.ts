import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../../src/simulator/simulator.js';
import { pinSecretKey } from '../../../src/simulator/pin/face.js';
import { basic, day, openAccount, type PinAccount, rawCard } from './account.js';

const authorised = async (): Promise<PinAccount & { path: string; token: string }> => {
  const account = openAccount();
  const { body } = await account.charge({ capture: false });
  const token = body.response.token as string;
  return { ...account, token, path: `/charges/${token}` };
};

describe('an authorisation', () => {
  it('reserves without fees', async () => {
    const { call, path, simulator } = await authorised();
    expect((await call('GET', path)).body.response).toMatchObject({
      success: true,
      captured: false,
      captured_at: null,
      status_message: 'Successful Authorisation',
      total_fees: null,
      merchant_entitlement: null,
      authorisation_expired: false,
      authorisation_voided: false,
      authorisation_token: null,
    });
    expect(simulator.ledger.charges()[0]!.state).toBe('authorized');
  });

  it.each([
    ['nothing', undefined],
    ['the authorised amount', { amount: 1250 }],
    ['the amount as text', { amount: '1250' }],
    ['null', { amount: null }],
  ])('is captured with %s', async (_, parameters) => {
    const { call, path, simulator } = await authorised();
    simulator.clock.advance(day);
    const { status, body } = await call('PUT', `${path}/capture`, parameters);
    expect(status).toBe(201);
    expect(body.response).toMatchObject({ captured: true, captured_at: '2026-01-06T03:00:00Z' });
    expect(simulator.ledger.charges()[0]).toMatchObject({ state: 'captured', amountCaptured: 1250 });
  });

  it.each([1249, 1251, 0, 'x'])('is not captured with the amount %j', async (amount) => {
    const { call, path, token, simulator } = await authorised();
    const { status, body } = await call('PUT', `${path}/capture`, { amount });
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: 'invalid_capture_amount', charge_token: token });
    expect(simulator.ledger.charges()[0]!.state).toBe('authorized');
  });

  it('is captured once, and not voided after that', async () => {
    const { call, path } = await authorised();
    await call('PUT', `${path}/capture`);
    expect((await call('PUT', `${path}/capture`)).body.error).toBe('already_captured');
    expect((await call('PUT', `${path}/void`)).body.error).toBe('already_captured');
  });

  it('is voided once, and not captured after that', async () => {
    const { call, path, simulator } = await authorised();
    const { status, body } = await call('PUT', `${path}/void`, {});
    expect(status).toBe(200);
    expect(body.response).toMatchObject({
      success: true,
      captured: false,
      authorisation_voided: true,
      status_message: 'Authorisation Voided',
    });
    expect((await call('PUT', `${path}/void`)).body.error).toBe('invalid_state');
    expect((await call('PUT', `${path}/capture`)).body.error).toBe('invalid_state');
    simulator.clock.advance(8 * day);
    expect(simulator.ledger.charges()[0]!.state).toBe('voided');
  });

  it('lapses after seven days, still reading as a success', async () => {
    const { call, path, simulator } = await authorised();
    simulator.clock.advance(7 * day - 1000);
    expect((await call('GET', path)).body.response.authorisation_expired).toBe(false);
    simulator.clock.advance(1000);
    expect((await call('GET', path)).body.response).toMatchObject({
      success: true,
      captured: false,
      authorisation_expired: true,
      status_message: 'Successful Authorisation',
    });
    expect((await call('PUT', `${path}/capture`)).body.error).toBe('authorisation_expired');
    expect((await call('PUT', `${path}/void`)).body.error).toBe('authorisation_expired');
    expect(simulator.ledger.charges()[0]!.state).toBe('expired');
  });
});

const tokenOf = async (answer: Response): Promise<string> =>
  ((await answer.json()) as { response: { token: string } }).response.token;

describe('over HTTP', () => {
  it('serves charges, words of requests, and failures in the envelope of Pin', async () => {
    const simulator = await startSimulator({ providers: ['pin'] });
    try {
      const ask = (path: string, method = 'GET', body?: unknown): Promise<Response> =>
        fetch(`${simulator.url('pin')}/1${path}`, {
          method,
          headers: { authorization: basic(pinSecretKey), 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
      const order = { amount: 500, description: 'Order', email: 'kim@shop.example', ip_address: '1.2.3.4' };
      const made = await ask('/charges', 'POST', { ...order, card: rawCard() });
      expect(made.status).toBe(201);
      const path = `/charges/${await tokenOf(made)}`;
      for (const target of [path, '/charges', '/charges/search?query=Order', `${path}/refunds`]) {
        expect((await ask(target)).status).toBe(200);
      }
      await ask(`/refunds/${await tokenOf(await ask(`${path}/refunds`, 'POST'))}`);
      await ask(`${path}/capture`, 'PUT');
      await ask(`${path}/void`, 'PUT');
      await ask('/charges/verify?session_token=se_x');
      await ask('/charges/search/x');
      expect(simulator.requests().map((each) => each.operation)).toEqual(
        'create retrieve list search list_refunds refund retrieve_refund capture void verify unknown'.split(
          ' ',
        ),
      );

      const limit = { type: 'rate_limited', retryAfterSeconds: 3 } as const;
      simulator.inject({ provider: 'pin', operation: 'retrieve', fault: limit });
      simulator.inject({ provider: 'pin', operation: 'retrieve', fault: 'server_error' });
      const limited = await ask(path);
      expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3']);
      expect(Object.keys((await limited.json()) as object)).toEqual(['error', 'error_description']);
      const broken = await ask(path);
      expect(broken.status).toBe(500);
      expect(broken.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    } finally {
      await simulator.close();
    }
  });

  it('gives settings with its own key and origin', () => {
    const { simulator } = openAccount();
    expect(simulator.settings('pin')).toEqual({
      secretKey: pinSecretKey,
      baseUrl: 'http://pin.simulator.test',
      environment: 'test',
      settleMs: 50,
      abandonedMs: 50,
    });
  });
});
