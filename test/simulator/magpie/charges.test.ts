import { describe, expect, it } from 'vitest';
import { documentedCharge, openAccount } from './account.js';

const day = 86_400_000;

describe('creating a charge', () => {
  it('answers 201 with the documented charge, echoing what was sent', async () => {
    const { charge, simulator } = openAccount();
    const { status, body } = await charge();
    expect(status).toBe(201);
    expect(documentedCharge.parse(body)).toMatchObject({
      amount: 12_550,
      currency: 'php',
      description: 'Order 77: café & bar',
      statement_descriptor: 'TINDAHAN',
      metadata: { order: '77' },
      status: 'succeeded',
      authorized: false,
      captured: true,
      require_auth: true,
      action: null,
      failure_data: null,
      created_at: '2026-01-05T11:00:00.000000+08:00',
    });
    expect(simulator.ledger.charges('magpie')).toMatchObject([
      { id: body.id, state: 'captured', amountCaptured: 12_550, currency: 'PHP', metadata: { order: '77' } },
    ]);
  });

  it('only holds the money without a capture', async () => {
    const { charge, simulator } = openAccount();
    const { body } = await charge({ capture: false });
    expect(documentedCharge.parse(body)).toMatchObject({
      status: 'pending',
      authorized: true,
      captured: false,
    });
    expect(simulator.ledger.charges()[0]).toMatchObject({ state: 'authorized', amountCaptured: 0 });
  });

  it('takes the money twice when it is asked twice, whatever key is sent along', async () => {
    const { call, simulator, charge } = openAccount({ vaultedSources: true });
    const source = simulator.source('magpie', 'approved');
    const body = {
      amount: 100,
      currency: 'PHP',
      source,
      description: 'x',
      statement_descriptor: 'SHOP',
      capture: true,
    };
    const headers = { 'x-idempotency-key': 'one', 'idempotency-key': 'one' };
    const first = await call('POST', '/v2/charges/', body, headers);
    const second = await call('POST', '/v2/charges/', body, headers);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.source).toMatchObject({ id: source, vaulted: true, used: true });
    expect(simulator.ledger.charges()).toHaveLength(2);
    expect((await charge()).body.source.vaulted).toBe(true);
  });

  it.each([400, 409] as const)('refuses a used source with %i', async (conflictStatus) => {
    const { charge, simulator } = openAccount({ conflictStatus });
    const source = simulator.source('magpie', 'approved');
    expect((await charge({ source })).body.source).toMatchObject({ used: true, vaulted: false });
    expect(await charge({ source })).toMatchObject({
      status: conflictStatus,
      body: { detail: 'Source has already been used' },
    });
    expect(simulator.ledger.charges()).toHaveLength(1);
  });

  it.each([
    ['declined', 'card_declined'],
    ['insufficient_funds', 'insufficient_funds'],
  ] as const)('keeps a charge that is %s, and says why', async (kind, code) => {
    const { charge, simulator } = openAccount();
    const { status, body } = await charge({ source: simulator.source('magpie', kind) });
    expect(status).toBe(201);
    expect(documentedCharge.parse(body)).toMatchObject({
      status: 'failed',
      captured: false,
      failure_data: { code, provider_response: { code } },
    });
    expect(simulator.ledger.charges()).toMatchObject([{ state: 'failed', amountCaptured: 0 }]);
  });

  it('may answer a decline with 402 and an error that names the charge', async () => {
    const { call, charge, simulator } = openAccount({ declineAs: 'error_object' });
    const { status, body } = await charge({ source: simulator.source('magpie', 'insufficient_funds') });
    expect(status).toBe(402);
    expect(body.error).toMatchObject({ code: 'card_declined', decline_code: 'insufficient_funds' });
    const kept = await call('GET', `/v2/charges/${body.error.charge_id as string}`);
    expect(kept.body.status).toBe('failed');
    expect(simulator.ledger.charges()).toMatchObject([{ id: kept.body.id, state: 'failed' }]);
  });

  it('may answer a decline with a text and keep nothing', async () => {
    const { charge, simulator } = openAccount({ declineAs: 'detail' });
    expect(await charge({ source: simulator.source('magpie', 'declined') })).toMatchObject({
      status: 400,
      body: { detail: 'The card was declined for an unknown reason.' },
    });
    expect(simulator.ledger.charges()).toEqual([]);
  });

  it('takes other currencies than PHP only where they were approved', async () => {
    expect(await openAccount().charge({ currency: 'USD' })).toMatchObject({
      status: 400,
      body: { detail: 'Currency is not supported' },
    });
    const { status, body } = await openAccount({ currencies: ['PHP', 'USD'] }).charge({ currency: 'USD' });
    expect([status, body.currency]).toEqual([201, 'USD']);
  });
});

describe('capturing', () => {
  it.each([
    ['unchanged', 12_550],
    ['captured', 5000],
  ] as const)('takes a part, and the amount is then %s', async (amountAfterPartialCapture, amount) => {
    const { charge, act, simulator } = openAccount({ amountAfterPartialCapture });
    const held = await charge({ capture: false });
    const { status, body } = await act(held, 'capture', { amount: 5000 });
    expect(status).toBe(200);
    expect(documentedCharge.parse(body)).toMatchObject({ status: 'succeeded', captured: true, amount });
    expect(simulator.ledger.charges()[0]).toMatchObject({ amount: 12_550, amountCaptured: 5000 });
  });

  it('needs an amount that was authorized', async () => {
    const { charge, act, simulator } = openAccount();
    const held = await charge({ capture: false });
    expect((await act(held, 'capture')).status).toBe(422);
    expect((await act(held, 'capture', {})).body.detail).toEqual([
      { loc: ['body', 'amount'], msg: 'Field required', type: 'missing' },
    ]);
    expect((await act(held, 'capture', { amount: 12_551 })).status).toBe(400);
    expect(simulator.ledger.charges()[0]!.state).toBe('authorized');
  });

  it('happens once, and only to a held charge', async () => {
    const { charge, act, simulator } = openAccount();
    const held = await charge({ capture: false });
    await act(held, 'capture', { amount: 12_550 });
    expect(await act(held, 'capture', { amount: 12_550 })).toMatchObject({
      status: 400,
      body: { detail: 'Charge has already been captured' },
    });
    const declined = await charge({ source: simulator.source('magpie', 'declined') });
    expect((await act(declined, 'capture', { amount: 1 })).status).toBe(400);
  });
});

describe('voiding', () => {
  it.each(['voided', 'canceled', 'cancelled', 'failed'] as const)(
    'releases an authorization and calls it %s',
    async (voidedStatus) => {
      const { charge, act, simulator } = openAccount({ voidedStatus });
      const { status, body } = await act(await charge({ capture: false }), 'void');
      expect(status).toBe(200);
      expect(documentedCharge.parse(body)).toMatchObject({
        status: voidedStatus,
        authorized: false,
        captured: false,
      });
      expect(simulator.ledger.charges()[0]!.state).toBe('voided');
    },
  );

  it('undoes a capture until it is settled, which is no refund', async () => {
    const { charge, act, simulator } = openAccount({ flagsAfterVoid: 'kept' });
    const [first, second] = [await charge(), await charge()];
    const { body } = await act(first, 'void');
    expect(body).toMatchObject({ status: 'voided', captured: true, amount_refunded: 0, refunds: [] });
    simulator.clock.advance(day);
    expect(await act(second, 'void')).toMatchObject({
      status: 400,
      body: { detail: 'Charge has already been settled' },
    });
    expect(simulator.ledger.charges().map(({ state }) => state)).toEqual(['voided', 'captured']);
  });

  it('refuses what is open, failed, refunded or voided already', async () => {
    const { charge, act, simulator } = openAccount();
    const open = await charge({ source: simulator.source('magpie', 'redirect') });
    const failed = await charge({ source: simulator.source('magpie', 'declined') });
    const refunded = await charge();
    await act(refunded, 'refund', { amount: 1 });
    const voided = await charge();
    await act(voided, 'void');
    for (const each of [open, failed, refunded, voided]) expect((await act(each, 'void')).status).toBe(400);
  });
});

describe('refunding', () => {
  it('answers with the charge, its refunds in it, oldest first', async () => {
    const { charge, act, simulator } = openAccount();
    const paid = await charge();
    const part = await act(paid, 'refund', { amount: 2550, reason: 'duplicate' });
    expect(part.status).toBe(200);
    expect(documentedCharge.parse(part.body)).toMatchObject({
      object: 'charge',
      status: 'succeeded',
      amount_refunded: 2550,
      refunds: [{ amount: 2550, reason: 'duplicate', status: 'succeeded', currency: 'php' }],
    });
    const rest = await act(paid, 'refund', {});
    expect(documentedCharge.parse(rest.body)).toMatchObject({
      status: 'refunded',
      amount_refunded: 12_550,
      refunds: [{ id: part.body.refunds[0].id }, { amount: 10_000, reason: 'requested_by_customer' }],
    });
    expect((await act(paid, 'refund', {})).status).toBe(400);
    expect(simulator.ledger.charges()[0]).toMatchObject({ state: 'captured', amountRefunded: 12_550 });
  });

  it('needs a body, and no more than what is left', async () => {
    const { charge, act } = openAccount({ fullyRefundedStatus: 'succeeded' });
    const held = await charge({ capture: false });
    expect((await act(held, 'refund', {})).status).toBe(400);
    await act(held, 'capture', { amount: 5000 });
    expect((await act(held, 'refund')).body.detail).toMatchObject([{ loc: ['body'], type: 'missing' }]);
    expect((await act(held, 'refund', { amount: 5001 })).status).toBe(400);
    expect((await act(held, 'refund', { amount: 0 })).status).toBe(422);
    expect((await act(held, 'refund', {})).body).toMatchObject({
      amount_refunded: 5000,
      status: 'succeeded',
    });
  });

  it.each([
    ['succeeded', 12_550],
    ['failed', 0],
  ] as const)('may be pending and then %s', async (pendingRefundsEnd, amountRefunded) => {
    const { charge, act, again, simulator } = openAccount({ refundStatus: 'pending', pendingRefundsEnd });
    const paid = await charge();
    const { body } = await act(paid, 'refund', {});
    expect(body).toMatchObject({ amount_refunded: 12_550, refunds: [{ status: 'pending' }] });
    simulator.clock.advance(3_600_000);
    const later = await again(paid);
    expect(documentedCharge.parse(later.body)).toMatchObject({
      amount_refunded: amountRefunded,
      refunds: [{ status: pendingRefundsEnd, updated_at: '2026-01-05T12:00:00.000000+08:00' }],
    });
    expect(simulator.ledger.charges()[0]!.amountRefunded).toBe(amountRefunded);
  });
});

describe('time', () => {
  it.each(['expired', 'failed'] as const)('ends what nobody captured or paid as %s', async (lapsedStatus) => {
    const { charge, act, again, simulator } = openAccount({ lapsedStatus });
    const held = await charge({ capture: false });
    const unpaid = await charge({ source: simulator.source('magpie', 'redirect') });
    const captured = await charge({ capture: false });
    await act(captured, 'capture', { amount: 1 });
    simulator.clock.advance(7 * day);
    for (const each of [held, unpaid]) {
      expect((await again(each)).body).toMatchObject({ status: lapsedStatus, authorized: false });
      expect((await act(each, 'capture', { amount: 1 })).status).toBe(400);
    }
    expect((await again(captured)).body.status).toBe('succeeded');
    expect(simulator.ledger.charges().map(({ state }) => state)).toEqual([
      lapsedStatus,
      lapsedStatus,
      'captured',
    ]);
  });
});
