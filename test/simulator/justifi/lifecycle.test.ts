import { describe, expect, it } from 'vitest';
import { justifiSubAccounts } from '../../../src/simulator/justifi/accounts.js';
import { day, minute, openPlatform } from './platform.js';

describe('a capture', () => {
  it('answers 201, and takes everything', async () => {
    const { call, pay, simulator } = openPlatform();
    const { body } = await pay({ capture_strategy: 'manual' });
    const captured = await call('POST', `/v1/payments/${body.id as string}/capture`);
    expect(captured).toMatchObject({ status: 201, body: { data: { status: 'succeeded', captured: true } } });
    expect(simulator.ledger.charges()[0]).toMatchObject({ state: 'captured', amountCaptured: 2599 });
  });

  it('answers 200 to the same key, and refuses another', async () => {
    const { call, pay } = openPlatform();
    const { body } = await pay({ capture_strategy: 'manual' });
    const path = `/v1/payments/${body.id as string}/capture`;
    const first = await call('POST', path, undefined, { 'idempotency-key': 'once' });
    const replay = await call('POST', path, undefined, { 'idempotency-key': 'once' });
    expect([first.status, replay.status]).toEqual([201, 200]);
    expect(replay.body).toEqual(first.body);
    const other = await call('POST', path);
    expect(other).toMatchObject({ status: 422, body: { error: { code: 'payment_already_captured' } } });
  });

  it('ignores an amount, or refuses it', async () => {
    const { call, pay, simulator } = openPlatform();
    const first = await pay({ capture_strategy: 'manual' });
    await call('POST', `/v1/payments/${first.body.id as string}/capture`, { amount: 100 });
    expect(simulator.ledger.charges()[0]!.amountCaptured).toBe(2599);
    simulator.switches.justifi.captureAmount = 'refused';
    const second = await pay({ capture_strategy: 'manual' });
    const refused = await call('POST', `/v1/payments/${second.body.id as string}/capture`, { amount: 100 });
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 'unexpected_parameter' } } });
  });

  it('comes too late after seven days', async () => {
    const { call, pay, simulator } = openPlatform();
    const { body } = await pay({ capture_strategy: 'manual' });
    simulator.clock.advance(7 * day - 1);
    expect(simulator.ledger.charges()[0]!.state).toBe('authorized');
    simulator.clock.advance(1);
    expect(simulator.ledger.charges()[0]!.state).toBe('expired');
    const path = `/v1/payments/${body.id as string}`;
    expect((await call('GET', path)).body.data).toMatchObject({
      status: 'canceled',
      capture_strategy: 'manual',
      updated_at: '2026-01-12T03:00:00.000Z',
    });
    expect((await call('POST', `${path}/capture`)).body.error.code).toBe('charge_expired_for_capture');
  });
});

describe('a void', () => {
  it.each(['manual', 'automatic'])('within 25 minutes cancels a payment, %s', async (strategy) => {
    const { call, pay, simulator } = openPlatform();
    const { body } = await pay({ capture_strategy: strategy });
    simulator.clock.advance(25 * minute);
    const voided = await call('POST', `/v1/payments/${body.id as string}/void`);
    expect(voided).toMatchObject({
      status: 200,
      body: {
        // The fields beside the status stay as they were.
        data: {
          status: 'canceled',
          captured: strategy === 'automatic',
          amount_refundable: 2599,
          amount_refunded: 0,
          refunds: [],
        },
      },
    });
    expect(simulator.ledger.charges()[0]).toMatchObject({ state: 'voided', amountCaptured: 0, refunds: [] });
  });

  it('clears those fields where the switch says so', async () => {
    const { call, pay } = openPlatform({ voidKeepsAmounts: false });
    const { body } = await pay();
    const voided = await call('POST', `/v1/payments/${body.id as string}/void`);
    expect(voided.body.data).toMatchObject({ status: 'canceled', captured: false, amount_refundable: 0 });
  });

  it('is refused later, twice, and after a refund', async () => {
    const { call, pay, simulator } = openPlatform();
    const first = await pay();
    await call('POST', `/v1/payments/${first.body.id as string}/void`);
    const second = await pay();
    await call('POST', `/v1/payments/${second.body.id as string}/refunds`, { amount: 100 });
    const third = await pay({ capture_strategy: 'manual' });
    simulator.clock.advance(25 * minute + 1);
    for (const { body } of [first, second, third]) {
      const refused = await call('POST', `/v1/payments/${body.id as string}/void`);
      expect(refused.body.error.code).toBe('payment_outside_void_window');
    }
    expect(simulator.ledger.charges().map((charge) => charge.state)).toEqual([
      'voided',
      'captured',
      'authorized',
    ]);
  });

  it('is a filter of lists, with an id that no answer shows', async () => {
    const { call, pay } = openPlatform();
    await pay();
    const { body } = await pay();
    await call('POST', `/v1/payments/${body.id as string}/void`);
    expect((await call('GET', '/v1/payments?void_id=vo_nothing')).body.data).toEqual([]);
  });
});

describe('a refund', () => {
  it('in parts ends with what was paid', async () => {
    const { call, pay, simulator } = openPlatform();
    const { body } = await pay();
    const path = `/v1/payments/${body.id as string}`;
    const first = await call('POST', `${path}/refunds`, {
      amount: 599,
      reason: 'duplicate',
      metadata: { a: '1' },
    });
    expect(first).toMatchObject({
      status: 201,
      body: {
        type: 'refund',
        data: {
          payment_id: body.id,
          amount: 599,
          status: 'succeeded',
          reason: 'duplicate',
          metadata: { a: '1' },
        },
      },
    });
    expect(first.body.data).not.toHaveProperty('currency');
    expect((await call('GET', path)).body.data).toMatchObject({
      status: 'partially_refunded',
      amount_refunded: 599,
      amount_refundable: 2000,
      refunds: [{ id: first.body.id }],
    });
    const tooMuch = await call('POST', `${path}/refunds`, { amount: 2001 });
    expect(tooMuch.body.error.code).toBe('refund_exceeds_amount_available');
    const farTooMuch = await call('POST', `${path}/refunds`, { amount: 2600 });
    expect(farTooMuch.body.error.code).toBe('refund_exceeds_payment_amount');
    const rest = await call('POST', `${path}/refunds`, {});
    expect(rest.body.data.amount).toBe(2000);
    expect((await call('GET', path)).body.data).toMatchObject({
      status: 'fully_refunded',
      amount_refundable: 0,
    });
    const more = await call('POST', `${path}/refunds`, { amount: 1 });
    expect(more.body.error.code).toBe('payment_fully_refunded');
    expect(simulator.ledger.charges()[0]).toMatchObject({ amountCaptured: 2599, amountRefunded: 2599 });
  });

  it('is refused without money taken, with a reason of its own, and after the window', async () => {
    const { call, pay, simulator } = openPlatform({ refundWindowMs: 180 * day });
    const held = await pay({ capture_strategy: 'manual' });
    const uncaptured = await call('POST', `/v1/payments/${held.body.id as string}/refunds`, { amount: 100 });
    expect(uncaptured.body.error.code).toBe('refund_exceeds_amount_available');
    const paid = await pay();
    const path = `/v1/payments/${paid.body.id as string}/refunds`;
    const reason = await call('POST', path, { amount: 100, reason: 'requested_by_customer' });
    expect(reason.body.error.code).toBe('refund_reason_invalid');
    simulator.clock.advance(180 * day + 1);
    expect((await call('POST', path, { amount: 100 })).body.error.code).toBe('payment_outside_refund_window');
  });

  it.each([
    ['pending_then_succeeded', 'succeeded', 100],
    ['pending_then_failed', 'failed', 0],
    ['pending', 'pending', 100],
  ] as const)('%s ends %s', async (refundOutcome, status, refunded) => {
    const { call, pay, simulator } = openPlatform({ refundOutcome });
    const { body } = await pay();
    const refund = await call('POST', `/v1/payments/${body.id as string}/refunds`, { amount: 100 });
    expect(refund.body.data.status).toBe('pending');
    simulator.clock.advance(3 * day);
    expect((await call('GET', `/v1/refunds/${refund.body.id as string}`)).body.data.status).toBe(status);
    const later = await call('GET', `/v1/payments/${body.id as string}`);
    expect(later.body.data.amount_refunded).toBe(refunded);
    expect(simulator.ledger.charges()[0]!.amountRefunded).toBe(refunded);
  });

  it('gives fees back only when told', async () => {
    const { call, pay } = openPlatform();
    const { body } = await pay({ fees: [{ type: 'platform_fee', amount: 200 }] });
    const path = `/v1/payments/${body.id as string}/refunds`;
    const refund = await call('POST', path, { amount: 1000, fees: [{ type: 'platform_fee', amount: 150 }] });
    expect(refund.body.data.returned_fees).toMatchObject([
      { type: 'platform_fee', returned_amount: 150, original_amount: 200, remaining_amount: 50 },
    ]);
    const other = await call('POST', path, { amount: 100, fees: [{ type: 'processing_fee', amount: 1 }] });
    expect(other.body.error.code).toBe('fee_type_must_exist_on_payment_fees');
    const more = await call('POST', path, { amount: 100, fees: [{ type: 'platform_fee', amount: 51 }] });
    expect(more.body.error.code).toBe('returned_fee_exceeds_remaining_amount');
  });

  it('changes its metadata as a whole', async () => {
    const { call, pay, simulator } = openPlatform();
    const { body } = await pay();
    const refund = await call('POST', `/v1/payments/${body.id as string}/refunds`, {
      amount: 100,
      metadata: { a: '1' },
    });
    const changed = await call('PATCH', `/v1/refunds/${refund.body.id as string}`, { metadata: { b: '2' } });
    expect(changed.body.data.metadata).toEqual({ b: '2' });
    expect(simulator.ledger.charges()[0]!.refunds[0]!.metadata).toEqual({ b: '2' });
  });
});

describe('an update', () => {
  it('replaces metadata, and takes nothing but that and the description', async () => {
    const { call, pay, simulator } = openPlatform();
    const { body } = await pay({ metadata: { a: '1' }, description: 'old' });
    const path = `/v1/payments/${body.id as string}`;
    const changed = await call('PATCH', path, { metadata: { b: '2' } });
    expect(changed).toMatchObject({
      status: 200,
      body: { data: { metadata: { b: '2' }, description: 'old' } },
    });
    expect(simulator.ledger.charges()[0]!.metadata).toEqual({ b: '2' });
    expect((await call('PATCH', path, { amount: 1 })).body.error.code).toBe('unexpected_parameter');
  });
});

describe('a dispute', () => {
  it.each([
    ['won', 'succeeded', 0],
    ['lost', 'disputed', 2599],
  ] as const)('is opened, answered and %s', async (expectedResult, status, disputed) => {
    const { call, pay, simulator } = openPlatform();
    const spec = {
      expected_result: expectedResult,
      reason: 'fraudulent',
      event_publish_delay_in_seconds: 60,
    };
    const { body } = await pay({ metadata: { dispute_test_spec: spec } });
    const path = `/v1/payments/${body.id as string}`;
    expect((await call('GET', path)).body.data.status).toBe('succeeded');
    simulator.clock.advance(minute);
    const { body: open } = await call('GET', path);
    expect(open.data).toMatchObject({
      status: 'disputed',
      disputed: true,
      amount_disputed: 2599,
      amount_refundable: 0,
      disputes: [{ amount_cents: 2599, status: 'needs_response', reason: 'fraudulent' }],
    });
    const disputes = await call('GET', '/v1/disputes');
    expect(disputes.body.data).toMatchObject([{ payment_id: body.id, amount: 2599 }]);
    const answered = await call('POST', `/v1/disputes/${disputes.body.data[0].id as string}/response`);
    expect(answered.body.data.status).toBe('under_review');
    expect((await call('GET', path)).body.data).toMatchObject({ status, amount_disputed: disputed });
    const { body: movements } = await call('GET', `${path}/payment_balance_transactions`);
    const amounts = movements.data.map((movement: { amount: number }) => movement.amount);
    expect(amounts).toEqual(disputed === 0 ? [2599, -2599, -105, 2599] : [-2599, -105, 2599]);
  });
});

describe('the movements of a payment', () => {
  it('add up to its balance', async () => {
    const { call, pay, simulator } = openPlatform();
    const { body } = await pay();
    simulator.clock.advance(minute);
    await call('POST', `/v1/payments/${body.id as string}/refunds`, { amount: 599 });
    const path = `/v1/payments/${body.id as string}`;
    const { body: movements } = await call('GET', `${path}/payment_balance_transactions`);
    expect(movements.data).toMatchObject([
      { payment_balance_txn_type: 'refund', amount: -599, balance: 1895 },
      { payment_balance_txn_type: 'payment_fee', amount: -105, balance: 2494 },
      { payment_balance_txn_type: 'payment', amount: 2599, balance: 2599 },
    ]);
    expect((await call('GET', path)).body.data.balance).toBe(1895);
  });

  it('keep their ids when the fee is booked between them', async () => {
    const { call, pay, simulator } = openPlatform();
    const { body } = await pay();
    const path = `/v1/payments/${body.id as string}`;
    const idsByType = async (): Promise<Record<string, string>> => {
      const { body: movements } = await call('GET', `${path}/payment_balance_transactions`);
      const entries = movements.data as { id: string; payment_balance_txn_type: string }[];
      expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
      return Object.fromEntries(entries.map(({ id, payment_balance_txn_type: type }) => [type, id]));
    };
    await call('POST', `${path}/refunds`, { amount: 599 });
    const before = await idsByType();
    simulator.clock.advance(minute);
    const after = await idsByType();
    expect(Object.keys(before).sort()).toEqual(['payment', 'refund']);
    expect(after).toMatchObject({ ...before, payment_fee: expect.stringMatching(/^pbt_/) });
  });
});

describe('sub accounts', () => {
  const { shop, otherShop, canadianShop, disabledShop } = justifiSubAccounts;

  it('are separate', async () => {
    const { call, pay, card } = openPlatform();
    const { body } = await pay();
    const other = { 'sub-account': otherShop };
    const missing = await call('GET', `/v1/payments/${body.id as string}`, undefined, other);
    expect(missing).toMatchObject({ status: 404, body: { error: { code: 'resource_not_found' } } });
    expect((await call('GET', '/v1/payments', undefined, other)).body.data).toEqual([]);
    expect((await call('GET', '/v1/payments', undefined, { 'sub-account': null })).body.data).toHaveLength(1);
    const token = (await card('4242424242424242')).body.data.id as string;
    const foreign = await pay({ payment_method: { token } }, other);
    expect(foreign.body.error.code).toBe('payment_method_not_found');
  });

  it.each([
    [null, 'sub_account_header_required'],
    ['acc_nobody', 'invalid_sub_account'],
    [disabledShop, 'invalid_sub_account'],
  ])('have to be named and enabled: %s', async (account, code) => {
    const { pay, simulator } = openPlatform();
    const refused = await pay({}, { 'sub-account': account });
    expect(refused).toMatchObject({ status: 400, body: { error: { code } } });
    expect(simulator.ledger.charges()).toEqual([]);
  });

  it('need not be named in the older interface', async () => {
    const { pay } = openPlatform({ subAccountRequired: false });
    expect((await pay({}, { 'sub-account': null })).status).toBe(201);
    expect(shop).not.toBe(otherShop);
  });

  it('may be named by the deprecated Seller-Account, where the switch says so', async () => {
    const { pay, simulator } = openPlatform();
    const deprecated = { 'sub-account': null, 'seller-account': otherShop };
    expect((await pay({}, deprecated)).body.data.account_id).toBe(otherShop);
    simulator.switches.justifi.sellerAccountHeader = 'ignored';
    expect((await pay({}, deprecated)).body.error.code).toBe('sub_account_header_required');
  });

  it('have one currency each, and no fees in Canada', async () => {
    const { pay } = openPlatform();
    const canada = { 'sub-account': canadianShop };
    const { status, body } = await pay({ currency: 'cad' }, canada);
    expect([status, body.data.application_fee]).toEqual([201, null]);
    expect((await pay({}, canada)).body.error.code).toBe('currency_invalid');
    const fee = await pay({ currency: 'cad', application_fee_amount: 10 }, canada);
    expect(fee.body.error.code).toBe('unexpected_parameter');
  });
});
