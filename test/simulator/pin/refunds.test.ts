import { describe, expect, it } from 'vitest';
import type { PinSwitches } from '../../../src/simulator/pin/switches.js';
import { day, openAccount, type PinAccount } from './account.js';

const paid = async (
  switches: Partial<PinSwitches> = {},
): Promise<PinAccount & { path: string; token: string }> => {
  const account = openAccount(switches);
  const token = (await account.charge()).body.response.token as string;
  return { ...account, token, path: `/charges/${token}` };
};

describe('refunding', () => {
  it('is pending first and settles on the clock', async () => {
    const { call, path, token, simulator } = await paid();
    const { status, body } = await call('POST', `${path}/refunds`, { amount: 500 });
    expect(status).toBe(201);
    expect(body.response).toEqual({
      token: expect.stringMatching(/^rf_\w{22}$/) as string,
      success: null,
      amount: 500,
      currency: 'AUD',
      charge: token,
      created_at: '2026-01-05T03:00:00Z',
      error_message: null,
      status_message: 'Pending',
    });
    expect((await call('GET', path)).body.response).toMatchObject({
      amount_refunded: 500,
      refund_pending: true,
    });
    simulator.clock.advance(day);
    const { body: settled } = await call('GET', `/refunds/${body.response.token as string}`);
    expect(settled.response).toMatchObject({ success: true, status_message: 'Success' });
    expect((await call('GET', path)).body.response).toMatchObject({
      amount_refunded: 500,
      refund_pending: false,
      captured: true,
    });
    expect(simulator.ledger.charges()[0]).toMatchObject({
      amountRefunded: 500,
      refunds: [{ status: 'succeeded' }],
    });
  });

  it.each([
    ['without a body', undefined],
    ['with an empty one', {}],
  ])('gives everything back %s, then nothing more', async (_, parameters) => {
    const { call, path } = await paid();
    expect((await call('POST', `${path}/refunds`, parameters)).body.response.amount).toBe(1250);
    const { status, body } = await call('POST', `${path}/refunds`, parameters);
    expect(status).toBe(422);
    expect(body.error).toBe('invalid_resource');
    expect(Object.keys(body.messages)).toEqual(['charge']);
  });

  it('counts what is pending against the rest', async () => {
    const { call, path, simulator } = await paid();
    await call('POST', `${path}/refunds`, { amount: 1000 });
    expect((await call('POST', `${path}/refunds`, { amount: 251 })).status).toBe(422);
    expect((await call('POST', `${path}/refunds`)).body.response.amount).toBe(250);
    expect(simulator.ledger.charges()[0]!.amountRefunded).toBe(1250);
  });

  it.each([[null], [''], [0], [-5], [12.5], ['x']])('refuses the amount %j', async (amount) => {
    const { call, path } = await paid();
    const { status, body } = await call('POST', `${path}/refunds`, { amount });
    expect(status).toBe(422);
    expect(body.messages).toMatchObject([{ code: 'amount_invalid', param: 'amount' }]);
  });

  it('may fail, and the charge has the money again', async () => {
    const { call, path, simulator } = await paid({ refundOutcome: 'fails' });
    const { body } = await call('POST', `${path}/refunds`);
    simulator.clock.advance(day);
    const { body: failed } = await call('GET', `/refunds/${body.response.token as string}`);
    expect(failed.response).toMatchObject({ success: false, error_message: expect.any(String) as string });
    expect((await call('GET', path)).body.response).toMatchObject({
      amount_refunded: 0,
      refund_pending: false,
    });
    expect(simulator.ledger.charges()[0]!.amountRefunded).toBe(0);
    expect((await call('POST', `${path}/refunds`)).status).toBe(201);
  });

  it('never settles where the switch says so, as on the test host', async () => {
    const { call, path, simulator } = await paid({ refundSettlesAfterMs: null });
    await call('POST', `${path}/refunds`);
    simulator.clock.advance(365 * day);
    expect((await call('GET', `${path}/refunds`)).body.response).toMatchObject([{ success: null }]);
  });

  it('words a settled refund as the documentation does, where the switch says so', async () => {
    const { call, path, simulator } = await paid({ settledRefundSuccess: null });
    await call('POST', `${path}/refunds`);
    simulator.clock.advance(day);
    expect((await call('GET', `${path}/refunds`)).body.response).toMatchObject([
      { success: null, status_message: 'Success' },
    ]);
  });

  it('shows pending refunds in the total only where the switch says so', async () => {
    const { call, path, simulator } = await paid({ amountRefundedCountsPending: false });
    await call('POST', `${path}/refunds`, { amount: 500 });
    expect((await call('GET', path)).body.response).toMatchObject({
      amount_refunded: 0,
      refund_pending: true,
    });
    simulator.clock.advance(day);
    expect((await call('GET', path)).body.response.amount_refunded).toBe(500);
  });

  it('needs a balance', async () => {
    const { call, path, simulator } = await paid({ insufficientBalance: true });
    const { status, body } = await call('POST', `${path}/refunds`);
    expect(status).toBe(402);
    expect(body.error).toBe('insufficient_pin_balance');
    simulator.switches.pin.balanceErrorInArray = true;
    expect((await call('POST', `${path}/refunds`)).body).toMatchObject([
      { error: 'insufficient_pin_balance' },
    ]);
    expect(simulator.ledger.charges()[0]!.refunds).toEqual([]);
  });

  it('gives nothing back that was not captured', async () => {
    const { call, charge } = openAccount();
    const { body } = await charge({ capture: false });
    const path = `/charges/${body.response.token as string}/refunds`;
    for (const parameters of [undefined, { amount: 100 }]) {
      const refused = await call('POST', path, parameters);
      expect(refused).toMatchObject({ status: 422, body: { messages: { charge: [expect.any(String)] } } });
    }
  });

  it('lists the refunds of a charge and of the account, newest first', async () => {
    const { call, charge, path, simulator } = await paid();
    const first = (await call('POST', `${path}/refunds`, { amount: 100 })).body.response.token as string;
    simulator.clock.advance(1000);
    const other = (await charge()).body.response.token as string;
    const second = (await call('POST', `/charges/${other}/refunds`)).body.response.token as string;
    const third = (await call('POST', `${path}/refunds`, { amount: 100 })).body.response.token as string;
    const tokensOf = async (target: string): Promise<string[]> =>
      (await call('GET', target)).body.response.map((each: { token: string }) => each.token) as string[];
    expect(await tokensOf(`${path}/refunds`)).toEqual([third, first]);
    expect(await tokensOf('/refunds')).toEqual([third, second, first]);
    expect(await tokensOf('/refunds?page=2&per_page=2')).toEqual([first]);
  });
});
