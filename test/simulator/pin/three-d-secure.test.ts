import { describe, expect, it } from 'vitest';
import type { PinSwitches } from '../../../src/simulator/pin/switches.js';
import { day, openAccount, type PinAccount, rawCard } from './account.js';

const callback_url = 'https://shop.example/return?order=77';
const three_d_secure = { enabled: true, callback_url };

interface Challenged {
  account: PinAccount;
  token: string;
  url: string;
}

const challenge = async (
  switches: Partial<PinSwitches> = {},
  parameters: Record<string, unknown> = {},
): Promise<Challenged> => {
  const account = openAccount(switches);
  const card_token = account.simulator.source('pin', 'requires_3ds');
  const source = 'card' in parameters ? {} : { card_token };
  const { status, body } = await account.charge({ ...source, three_d_secure, ...parameters });
  expect(status).toBe(202);
  return { account, token: body.response.token as string, url: body.response.redirect_url as string };
};

const sessionOf = (address: string): string => new URL(address).searchParams.get('session_token') ?? '';

describe('3-D Secure', () => {
  it('answers 202 with a pending charge and the address of the page', async () => {
    const { account, token } = await challenge();
    const { body } = await account.call('GET', `/charges/${token}`);
    expect(body.response).toMatchObject({
      success: null,
      captured: false,
      status_message: 'Pending',
      error_message: null,
    });
    expect(body.response).not.toHaveProperty('redirect_url');
    expect(account.simulator.ledger.charges()).toMatchObject([{ id: token, state: 'requires_action' }]);
  });

  it('brings the payer back with a session token, and takes the money when that is verified', async () => {
    const { account, token, url } = await challenge();
    const back = account.simulator.pay(url, 'approve');
    expect(back).toMatch(/^https:\/\/shop\.example\/return\?order=77&session_token=se_\w{22}$/);
    expect(account.simulator.ledger.charges()[0]!.state).toBe('requires_action');
    const { status, body } = await account.call('GET', `/charges/verify?session_token=${sessionOf(back)}`);
    expect(status).toBe(200);
    expect(body.response).toMatchObject({ token, success: true, captured: true });
    expect(body.response).not.toHaveProperty('redirect_url');
    expect(account.simulator.ledger.charges()[0]!.state).toBe('captured');
  });

  it.each([
    ['https://shop.example/return', 'https://shop.example/return?session_token='],
    ['https://shop.example/#/paid', 'https://shop.example/?session_token='],
  ])('adds the session token to %s where it belongs', async (address, expected) => {
    const { account, url } = await challenge(
      {},
      { three_d_secure: { enabled: true, callback_url: address } },
    );
    const back = account.simulator.pay(url, 'approve');
    expect(back.startsWith(expected)).toBe(true);
    expect(new URL(back).hash).toBe(new URL(address).hash);
  });

  it('only authorises where nothing was to be captured', async () => {
    const { account, url } = await challenge({}, { capture: false });
    const session = sessionOf(account.simulator.pay(url, 'approve'));
    const { body } = await account.call('GET', `/charges/verify?session_token=${session}`);
    expect(body.response).toMatchObject({ captured: false, status_message: 'Successful Authorisation' });
    expect(account.simulator.ledger.charges()[0]!.state).toBe('authorized');
  });

  it('takes a session token once', async () => {
    const { account, token, url } = await challenge();
    const path = `/charges/verify?session_token=${sessionOf(account.simulator.pay(url, 'approve'))}`;
    expect((await account.call('GET', path)).status).toBe(200);
    expect(await account.call('GET', path)).toMatchObject({ status: 404, body: { error: 'not_found' } });
    account.simulator.switches.pin.repeatedVerifyAs = 'charge';
    expect((await account.call('GET', path)).body.response.token).toBe(token);
  });

  it('fails with a payer who declines: an error that names the charge', async () => {
    const { account, token, url } = await challenge();
    const session = sessionOf(account.simulator.pay(url, 'decline'));
    expect(await account.call('GET', `/charges/verify?session_token=${session}`)).toMatchObject({
      status: 400,
      body: { error: 'card_declined', charge_token: token },
    });
    const { body } = await account.call('GET', `/charges/${token}`);
    expect(body.response).toMatchObject({ success: false, captured: false });
    expect(account.simulator.ledger.charges()[0]!.state).toBe('failed');
  });

  it('or answers the failed charge, where the switch says so', async () => {
    const { account, url } = await challenge({ failedVerifyAs: 'charge' });
    const session = sessionOf(account.simulator.pay(url, 'decline'));
    const { status, body } = await account.call('GET', `/charges/verify?session_token=${session}`);
    expect(status).toBe(200);
    expect(body.response).toMatchObject({ success: false, captured: false });
    expect(body.response.error_message).toMatch(/authentication/);
  });

  it('declines a card without money only after the payer has proved himself', async () => {
    const parameters = { card: rawCard('4000000000000002') };
    const { account, token, url } = await challenge({ challengeEveryCard: true }, parameters);
    const session = sessionOf(account.simulator.pay(url, 'approve'));
    expect((await account.call('GET', `/charges/verify?session_token=${session}`)).body).toMatchObject({
      error: 'insufficient_funds',
      charge_token: token,
    });
  });

  it('reads as authorised for a while before the sale is captured, where the switch says so', async () => {
    const { account, token, url } = await challenge({ captureAfterVerifyMs: 2000 });
    const session = sessionOf(account.simulator.pay(url, 'approve'));
    const { body } = await account.call('GET', `/charges/verify?session_token=${session}`);
    expect(body.response).toMatchObject({ success: true, captured: false });
    account.simulator.clock.advance(2000);
    const { body: later } = await account.call('GET', `/charges/${token}`);
    expect(later.response).toMatchObject({ captured: true, captured_at: '2026-01-05T03:00:02Z' });
    account.simulator.clock.advance(8 * day);
    expect(account.simulator.ledger.charges()[0]!.state).toBe('captured');
  });

  it('is not captured after that when it was voided meanwhile', async () => {
    const { account, token, url } = await challenge({ captureAfterVerifyMs: 2000 });
    const session = sessionOf(account.simulator.pay(url, 'approve'));
    await account.call('GET', `/charges/verify?session_token=${session}`);
    expect((await account.call('PUT', `/charges/${token}/void`)).status).toBe(200);
    account.simulator.clock.advance(2000);
    expect(account.simulator.ledger.charges()[0]!.state).toBe('voided');
  });

  it('stays open for ever, or as long as the switch says', async () => {
    const open = await challenge();
    open.account.simulator.clock.advance(365 * day);
    expect(open.account.simulator.ledger.charges()[0]!.state).toBe('requires_action');

    const { account, token, url } = await challenge({ challengeLifetimeMs: 60_000 });
    account.simulator.clock.advance(60_000);
    const session = sessionOf(account.simulator.pay(url, 'approve'));
    const { body } = await account.call('GET', `/charges/verify?session_token=${session}`);
    expect(body).toMatchObject({ error: 'card_declined', charge_token: token });
    expect(account.simulator.ledger.charges()[0]!).toMatchObject({ state: 'failed', amountCaptured: 0 });
  });

  it('can neither be captured, voided nor refunded before it is verified', async () => {
    const { account, token } = await challenge();
    for (const action of ['capture', 'void']) {
      const { body } = await account.call('PUT', `/charges/${token}/${action}`);
      expect(body).toMatchObject({ error: 'invalid_state', charge_token: token });
    }
    expect((await account.call('POST', `/charges/${token}/refunds`, {})).status).toBe(422);
  });

  it('is hidden until then, where the switches say so', async () => {
    const { account, token } = await challenge({ listsPendingCharges: false, readsPendingCharges: false });
    expect((await account.call('GET', '/charges')).body.count).toBe(0);
    expect((await account.call('GET', '/charges/search')).body.count).toBe(0);
    expect((await account.call('GET', `/charges/${token}`)).status).toBe(404);
  });
});

describe('cards and 3-D Secure', () => {
  it('lets cards through that need none', async () => {
    const { charge } = openAccount();
    const { status, body } = await charge({ three_d_secure });
    expect(status).toBe(201);
    expect(body.response).not.toHaveProperty('redirect_url');
  });

  it('has the issuer decline a card that needs it and comes without', async () => {
    const { charge, simulator } = openAccount();
    const { body } = await charge({ card_token: simulator.source('pin', 'requires_3ds') });
    expect(body.error).toBe('card_declined');
    const off = { enabled: false, callback_url };
    const card_token = simulator.source('pin', 'requires_3ds');
    expect((await charge({ card_token, three_d_secure: off })).body.error).toBe('card_declined');
  });

  it('believes an authentication that was made elsewhere', async () => {
    const { charge, simulator } = openAccount();
    const card_token = simulator.source('pin', 'requires_3ds');
    const outside = { version: '2.2.0', eci: '05', cavv: 'Q0FWVg==', transaction_id: 'ds-1' };
    expect((await charge({ card_token, three_d_secure: outside })).status).toBe(201);
    const half = {
      card_token: simulator.source('pin', 'requires_3ds'),
      three_d_secure: { cavv: 'Q0FWVg==' },
    };
    expect((await charge(half)).body.error).toBe('card_declined');
  });

  it.each(['shop.example/return', 'ftp://shop.example', ''])('refuses the callback %j', async (address) => {
    const { charge } = openAccount();
    const { body } = await charge({ three_d_secure: { enabled: true, callback_url: address } });
    expect(body.messages).toMatchObject([{ param: 'three_d_secure.callback_url' }]);
  });

  it('shows the payer what he pays, in yen without a point', async () => {
    const pageOf = async (amount: number, currency: string): Promise<string> => {
      const { charge, simulator } = openAccount({ challengeEveryCard: true });
      const { body } = await charge({ amount, currency, three_d_secure });
      const path = new URL(body.response.redirect_url as string).pathname;
      const page = await simulator.handle('pin', { method: 'GET', path, query: '', headers: {}, body: '' });
      return page.outcome === 'answered' ? page.response.body : '';
    };
    expect(await pageOf(1250, 'AUD')).toMatch(/AUD 12\.50\b/);
    expect(await pageOf(1250, 'JPY')).toMatch(/JPY 1250(?![.\d])/);
  });

  it('asks the payer of a saved card, too', async () => {
    const { call, charge, simulator } = openAccount();
    const card_token = simulator.source('pin', 'requires_3ds');
    const { body } = await call('POST', '/customers', { email: 'kim@shop.example', card_token });
    const customer_token = body.response.token as string;
    expect((await charge({ customer_token, three_d_secure })).status).toBe(202);
  });

  it('has no wallets', () => {
    const { simulator } = openAccount();
    expect(() => simulator.source('pin', 'redirect')).toThrow(/cards only/);
  });
});
