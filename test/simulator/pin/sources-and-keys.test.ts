import { describe, expect, it } from 'vitest';
import { pinPublishableKey, pinSecretKey } from '../../../src/simulator/pin/face.js';
import { basic, openAccount, rawCard } from './account.js';

describe('the sources of a charge', () => {
  it('a card token serves once, also when the card is declined', async () => {
    const { charge, simulator } = openAccount();
    const approved = simulator.source('pin', 'approved');
    expect((await charge({ card_token: approved })).status).toBe(201);
    expect(await charge({ card_token: approved })).toMatchObject({
      status: 404,
      body: { error: 'not_found' },
    });
    const declined = simulator.source('pin', 'declined');
    expect((await charge({ card_token: declined })).body.error).toBe('card_declined');
    simulator.switches.pin.usedTokenAs = 'token_already_used';
    expect(await charge({ card_token: declined })).toMatchObject({
      status: 400,
      body: { error: 'token_already_used' },
    });
  });

  it('a refused request uses nothing up', async () => {
    const { charge, simulator } = openAccount();
    const token = simulator.source('pin', 'approved');
    expect((await charge({ card_token: token, amount: 1 })).status).toBe(422);
    expect((await charge({ card_token: token })).status).toBe(201);
  });

  it('a card token serves for a month', async () => {
    const { charge, simulator } = openAccount();
    const [early, late] = [simulator.source('pin', 'approved'), simulator.source('pin', 'approved')];
    simulator.clock.advance(30 * 86_400_000 - 1);
    expect((await charge({ card_token: early })).status).toBe(201);
    simulator.clock.advance(1);
    expect((await charge({ card_token: late })).status).toBe(404);
  });

  it('a payment source serves once and for a month', async () => {
    const { call, charge, simulator } = openAccount();
    const make = async (): Promise<string> =>
      (await call('POST', '/payment_sources', { type: 'card', source: rawCard() })).body.response
        .token as string;
    const [first, second] = [await make(), await make()];
    expect((await charge({ payment_source_token: first })).status).toBe(201);
    expect((await charge({ payment_source_token: first })).status).toBe(404);
    simulator.clock.advance(30 * 86_400_000);
    expect((await charge({ payment_source_token: second })).status).toBe(404);
  });

  it('a customer can be charged again and again, and his charges listed', async () => {
    const { call, charge, simulator } = openAccount();
    const card = (await call('POST', '/cards', rawCard())).body.response;
    expect(card).toMatchObject({ display_number: 'XXXX-XXXX-XXXX-0000', expiry_year: 2030 });
    const made = await call('POST', '/customers', { email: 'kim@shop.example', card_token: card.token });
    expect(made).toMatchObject({ status: 201, body: { response: { email: 'kim@shop.example' } } });
    const customer = made.body.response.token as string;
    expect((await charge({ card_token: card.token })).status).toBe(404);
    await charge();
    const { body: one } = await charge({ customer_token: customer });
    const { body: two } = await charge({ customer_token: customer });
    expect(two.response.card).toMatchObject({ customer_token: customer, primary: true });
    const { body } = await call('GET', `/customers/${customer}/charges`);
    expect(body.response.map((each: { token: string }) => each.token)).toEqual([
      two.response.token,
      one.response.token,
    ]);
    expect((await call('GET', `/customers/${customer}`)).body.response.token).toBe(customer);
    expect(simulator.ledger.charges()).toHaveLength(3);
  });
});

describe('keys and paths', () => {
  it('refuses a wrong key, and lets the publishable one make cards only', async () => {
    const { call } = openAccount();
    const refused = { status: 401, body: { error: 'unauthenticated' } };
    expect(await call('GET', '/charges', undefined, { authorization: '' })).toMatchObject(refused);
    const publishable = { authorization: basic(pinPublishableKey) };
    expect(await call('GET', '/charges', undefined, publishable)).toMatchObject(refused);
    expect((await call('POST', '/cards', rawCard(), publishable)).status).toBe(201);
  });

  it('answers 404 for what it does not know', async () => {
    const { call, simulator } = openAccount();
    const missing = { status: 404, body: { error: 'not_found' } };
    const otherVersion = await simulator.handle('pin', {
      method: 'GET',
      path: '/2/charges',
      query: '',
      headers: { authorization: basic(pinSecretKey) },
      body: '',
    });
    expect(otherVersion).toMatchObject({ outcome: 'answered', response: { status: 404 } });
    for (const target of [
      '/charges/ch_x',
      '/refunds/rf_x',
      '/customers/cus_x',
      '/balance',
      '/charges/ch_x/refunds',
    ]) {
      expect(await call('GET', target)).toMatchObject(missing);
    }
    expect(await call('GET', '/charges/verify?session_token=se_x')).toMatchObject(missing);
    expect(await call('PUT', '/charges/ch_x/capture')).toMatchObject(missing);
  });

  it('refuses a body that is no object', async () => {
    const { call } = openAccount();
    expect((await call('POST', '/charges', '{')).body.error).toBe('invalid_request');
    expect((await call('POST', '/charges', '[]')).body.error).toBe('invalid_request');
  });
});
