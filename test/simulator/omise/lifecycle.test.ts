import { describe, expect, it } from 'vitest';
import { openAccount } from './account.js';

const day = 86_400_000;

describe('an authorization', () => {
  it('is pending, authorized, capturable and reversible', async () => {
    const { charge, simulator } = openAccount();
    const { body } = await charge({ capture: false });
    expect(body).toMatchObject({
      status: 'pending',
      authorized: true,
      paid: false,
      capturable: true,
      reversible: true,
      refundable: false,
    });
    expect(simulator.ledger.charges()[0]!.state).toBe('authorized');
  });

  it('is captured in full, once', async () => {
    const { call, charge } = openAccount();
    const { body } = await charge({ capture: false });
    const captured = await call('POST', `/charges/${body.id as string}/capture`);
    expect(captured.body).toMatchObject({ status: 'successful', paid: true, captured_amount: 100_000 });
    const again = await call('POST', `/charges/${body.id as string}/capture`);
    expect(again).toMatchObject({ status: 400, body: { code: 'failed_capture' } });
  });

  it('is captured in part only if it is a pre_auth', async () => {
    const { call, charge, simulator } = openAccount();
    const { body } = await charge({ capture: false, authorization_type: 'pre_auth' });
    const tooMuch = await call('POST', `/charges/${body.id as string}/capture`, { capture_amount: 100_001 });
    expect(tooMuch.body.code).toBe('invalid_amount');
    const captured = await call('POST', `/charges/${body.id as string}/capture`, { capture_amount: 40_000 });
    expect(captured.body).toMatchObject({ amount: 100_000, captured_amount: 40_000, net: 38_438 });
    expect(simulator.ledger.charges()[0]).toMatchObject({ amount: 100_000, amountCaptured: 40_000 });
  });

  it('that is no pre_auth is captured in full whatever amount is asked for', async () => {
    const { call, charge } = openAccount();
    const { body } = await charge({ capture: false });
    const captured = await call('POST', `/charges/${body.id as string}/capture`, { capture_amount: 40_000 });
    expect(captured.body.captured_amount).toBe(100_000);
  });

  it('that is no pre_auth refuses an amount where the switch says so', async () => {
    const { call, charge } = openAccount({ captureAmountWithoutPreAuth: 'refused' });
    const { body } = await charge({ capture: false });
    const refused = await call('POST', `/charges/${body.id as string}/capture`, { capture_amount: 40_000 });
    expect(refused).toMatchObject({ status: 400, body: { code: 'failed_capture' } });
  });

  it('is reversed, and then neither captured nor reversed again', async () => {
    const { call, charge, simulator } = openAccount();
    const { body } = await charge({ capture: false });
    const path = `/charges/${body.id as string}`;
    expect((await call('POST', `${path}/reverse`)).body).toMatchObject({
      status: 'reversed',
      reversed: true,
      authorized: true,
      reversed_at: '2026-01-05T03:00:00Z',
      refunded_amount: 0,
    });
    expect((await call('POST', `${path}/reverse`)).body.code).toBe('failed_reverse');
    expect((await call('POST', `${path}/capture`)).body.code).toBe('failed_capture');
    expect(simulator.ledger.charges()[0]!.state).toBe('voided');
  });

  it('lapses after seven days and then reads reversed', async () => {
    const { call, charge, simulator } = openAccount();
    const { body } = await charge({ capture: false });
    simulator.clock.advance(7 * day - 1);
    expect(simulator.ledger.charges()[0]!.state).toBe('authorized');
    simulator.clock.advance(1);
    expect(simulator.ledger.charges()[0]!.state).toBe('expired');
    const { body: lapsed } = await call('GET', `/charges/${body.id as string}`);
    expect(lapsed).toMatchObject({ status: 'reversed', reversed: true, expired: false });
    expect(lapsed.reversed_at >= lapsed.expires_at).toBe(true);
    const late = await call('POST', `/charges/${body.id as string}/capture`);
    expect(late).toMatchObject({ status: 400, body: { code: 'expired_charge' } });
  });

  it('lapses to expired where the switch says so', async () => {
    const { call, charge, simulator } = openAccount({ lapsedAuthorization: 'expired' });
    const { body } = await charge({ capture: false });
    simulator.clock.advance(8 * day);
    const { body: lapsed } = await call('GET', `/charges/${body.id as string}`);
    expect(lapsed).toMatchObject({ status: 'expired', expired: true, expired_at: '2026-01-12T03:00:00Z' });
  });

  it('does not lapse once it is captured, though expired_at is filled', async () => {
    const { call, charge, simulator } = openAccount();
    const { body } = await charge({ capture: false });
    await call('POST', `/charges/${body.id as string}/capture`);
    simulator.clock.advance(8 * day);
    const later = await call('GET', `/charges/${body.id as string}`);
    expect(later.body).toMatchObject({
      status: 'successful',
      expired: false,
      expired_at: '2026-01-12T03:00:00Z',
    });
  });

  it('tells its story in events', async () => {
    const { call, charge } = openAccount();
    const { body } = await charge({ capture: false });
    await call('POST', `/charges/${body.id as string}/capture`);
    await call('POST', `/charges/${body.id as string}/refunds`, { amount: 500 });
    const events = await call('GET', `/charges/${body.id as string}/events`);
    expect(events.body.data.map((event: { key: string }) => event.key)).toEqual([
      'charge.create',
      'charge.capture',
      'refund.create',
    ]);
    expect(events.body.data[0]).not.toHaveProperty('data');
  });
});

describe('a refund', () => {
  it('of everything before settlement is a void, and the charge stays successful', async () => {
    const { call, charge } = openAccount();
    const { body } = await charge();
    const path = `/charges/${body.id as string}`;
    const refund = await call('POST', `${path}/refunds`, {
      amount: 100_000,
      metadata: { reason: 'duplicate' },
    });
    expect(refund.body).toMatchObject({
      status: 'closed',
      voided: true,
      amount: 100_000,
      charge: body.id,
      metadata: { reason: 'duplicate' },
    });
    expect((await call('GET', path)).body).toMatchObject({
      status: 'successful',
      voided: true,
      refunded_amount: 100_000,
      refundable: false,
    });
  });

  it('after settlement is no void', async () => {
    const { call, charge, simulator } = openAccount();
    const { body } = await charge();
    const path = `/charges/${body.id as string}`;
    simulator.clock.advance(day);
    const refused = await call('POST', `${path}/refunds`, { amount: 100_000, void: true });
    expect(refused.body.code).toBe('failed_void');
    expect((await call('POST', `${path}/refunds`, { amount: 100_000 })).body.voided).toBe(false);
    expect((await call('GET', path)).body).toMatchObject({ voided: false, refunded_amount: 100_000 });
  });

  it('in parts ends with what was captured', async () => {
    const { call, charge, simulator } = openAccount();
    const { body } = await charge({ capture: false, authorization_type: 'pre_auth' });
    const path = `/charges/${body.id as string}`;
    await call('POST', `${path}/capture`, { capture_amount: 40_000 });
    await call('POST', `${path}/refunds`, { amount: 30_000 });
    const tooMuch = await call('POST', `${path}/refunds`, { amount: 10_001 });
    expect(tooMuch).toMatchObject({ status: 400, body: { code: 'failed_refund' } });
    await call('POST', `${path}/refunds`, { amount: 10_000 });
    expect((await call('POST', `${path}/refunds`, { amount: 1 })).body.code).toBe('failed_refund');
    expect(simulator.ledger.charges()[0]!.amountRefunded).toBe(40_000);
    const refunds = await call('GET', `${path}/refunds?order=reverse_chronological&limit=1`);
    expect(refunds.body).toMatchObject({ total: 2, data: [{ amount: 10_000 }] });
    expect((await call('GET', '/refunds')).body.total).toBe(2);
  });

  it('is possible fifteen times and for a year', async () => {
    const { call, charge, simulator } = openAccount();
    const first = await charge();
    const path = `/charges/${first.body.id as string}/refunds`;
    for (let count = 0; count < 15; count += 1) {
      expect((await call('POST', path, { amount: 100 })).status).toBe(200);
    }
    expect((await call('POST', path, { amount: 100 })).body.code).toBe('failed_refund');

    const second = await charge();
    simulator.clock.advance(365 * day + 1);
    const late = await call('POST', `/charges/${second.body.id as string}/refunds`, { amount: 100 });
    expect(late.body.code).toBe('failed_refund');
  });

  it('is refused without money taken, and under dispute', async () => {
    const { call, charge } = openAccount();
    const held = await charge({ capture: false });
    const refused = await call('POST', `/charges/${held.body.id as string}/refunds`, { amount: 100 });
    expect(refused.body.code).toBe('failed_refund');

    const paid = await charge();
    const path = `/charges/${paid.body.id as string}`;
    expect((await call('POST', `${path}/disputes`)).body).toMatchObject({
      object: 'dispute',
      status: 'open',
    });
    expect((await call('POST', `${path}/refunds`, { amount: 100 })).body.code).toBe('failed_refund');
    expect((await call('GET', path)).body).toMatchObject({ refundable: false, dispute: { status: 'open' } });
  });

  it.each([undefined, 0, -1, 1.5])('needs an amount that is money, not %s', async (amount) => {
    const { call, charge } = openAccount();
    const { body } = await charge();
    const answer = await call('POST', `/charges/${body.id as string}/refunds`, { amount });
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe(amount === undefined ? 'bad_request' : 'invalid_amount');
  });
});
