import { describe, expect, it } from 'vitest';
import { stampOf } from '../../../src/models/attachments.js';
import { chargeSchema, isPaid, type Charge } from '../../../src/models/charge.js';
import { readPayment } from './reading.js';
import { driftListener, payment, refund } from './wire-samples.js';

const read = (changes: Readonly<Record<string, unknown>>): Charge => readPayment(payment(changes));

const created = '2026-02-03T04:05:06.007Z';
const justBeforeSevenDays = '2026-02-10T04:05:06.006Z';
const sevenDaysLater = '2026-02-10T04:05:06.007Z';

describe('the status of a payment', () => {
  it.each([
    ['pending', { status: 'pending' }, 'pending', 0],
    ['authorized', { status: 'authorized' }, 'authorized', 0],
    ['succeeded', { status: 'succeeded' }, 'captured', 2599],
    ['partially_refunded', { status: 'partially_refunded', amount_refunded: 99 }, 'captured', 2599],
    ['fully_refunded', { status: 'fully_refunded', amount_refunded: 2599 }, 'captured', 2599],
    ['disputed', { status: 'disputed', disputed: true }, 'captured', 2599],
    ['failed', { status: 'failed' }, 'failed', 0],
    ['canceled', { status: 'canceled' }, 'voided', 0],
    ['succeeded, then returned', { status: 'succeeded', returned: true }, 'failed', 0],
    ['disputed, then returned', { status: 'disputed', returned: true }, 'failed', 0],
    ['succeeded, all of it returned', { status: 'succeeded', amount_returned: 2599 }, 'failed', 0],
    ['succeeded, a part of it returned', { status: 'succeeded', amount_returned: 2598 }, 'captured', 2599],
    ['the typo of a published sample', { status: 'succeed' }, 'unknown', null],
    ['a word of tomorrow', { status: 'settling' }, 'unknown', null],
    ['no word', { status: '' }, 'unknown', null],
  ])('%s reads as it should', (_, wire, status, amountCaptured) => {
    const charge = read(wire);
    expect(charge).toMatchObject({ status, amountCaptured, amount: 2599 });
  });

  it('is not believed from `captured`, which samples show beside every word', () => {
    for (const status of ['authorized', 'pending', 'failed', 'canceled']) {
      expect(read({ status, captured: true })).toMatchObject({ amountCaptured: 0 });
      expect(isPaid(read({ status, captured: true }))).toBe(false);
    }
    expect(read({ status: 'succeeded', captured: false }).status).toBe('captured');
  });

  it('keeps the provider word, with what else decided', () => {
    expect(read({ status: 'partially_refunded' }).providerStatus).toBe('partially_refunded');
    expect(read({ status: 'succeeded', returned: true }).providerStatus).toBe('succeeded (returned)');
    expect(read({ status: 'settling' }).providerStatus).toBe('settling');
  });

  it('reports a word that no table has', () => {
    const drift = driftListener();
    readPayment(payment({ status: 'settling' }), drift);
    expect(drift.mock.calls).toEqual([['status', 'unknown_value']]);
  });

  it.each([
    ['returned', 'yes'],
    ['returned', 1],
    ['amount_returned', '2599'],
    ['amount_returned', -1],
    ['amount_returned', 25.99],
  ])('is unknown, not paid, where %s is %j', (field, value) => {
    const drift = driftListener();
    const charge = readPayment(payment({ status: 'succeeded', [field]: value }), drift);
    expect(charge.status).toBe('unknown');
    expect(isPaid(charge)).toBe(false);
    expect(drift.mock.calls).toEqual([['returned', 'wrong_type']]);
  });
});

describe('a cancelled payment', () => {
  const canceled = (changes: Readonly<Record<string, unknown>>): Charge =>
    read({ status: 'canceled', created_at: created, ...changes });

  it('is a lapsed authorization seven days after it was made', () => {
    expect(canceled({ capture_strategy: 'manual', updated_at: sevenDaysLater }).status).toBe('expired');
  });

  it.each([
    ['sooner', { capture_strategy: 'manual', updated_at: justBeforeSevenDays }],
    ['with automatic capture', { capture_strategy: 'automatic', updated_at: sevenDaysLater }],
    ['without a strategy', { capture_strategy: null, updated_at: sevenDaysLater }],
    ['without dates', { capture_strategy: 'manual', created_at: null, updated_at: null }],
  ])('is a void %s', (_, changes) => {
    expect(canceled(changes).status).toBe('voided');
  });

  it('has taken and refunded nothing, although a published void shows both as before', () => {
    const charge = canceled({
      captured: true,
      amount_refunded: 400,
      amount_refundable: 2199,
      fee_amount: 105,
    });
    expect(charge).toMatchObject({
      status: 'voided',
      amountCaptured: 0,
      amountRefunded: 0,
      refundStatus: 'none',
      fee: null,
    });
  });

  it('shows no refunds: what a void gives back is none', () => {
    expect(canceled({ refunds: [refund()] }).refunds).toEqual([]);
  });
});

describe('every combination of the fields that decide', () => {
  const words = [
    'pending',
    'authorized',
    'succeeded',
    'failed',
    'canceled',
    'partially_refunded',
    'fully_refunded',
    'disputed',
    'succeed',
    '',
  ];
  const took = new Set(['succeeded', 'partially_refunded', 'fully_refunded', 'disputed']);
  const combinations = words.flatMap((status) =>
    [true, false, null, undefined, 'true'].flatMap((returned) =>
      [0, 100, 2599, 3000, null, undefined].flatMap((amount_returned) =>
        ['manual', 'automatic', null].flatMap((capture_strategy) =>
          [created, sevenDaysLater].flatMap((updated_at) =>
            [true, false].map((captured) => ({
              status,
              returned,
              amount_returned,
              capture_strategy,
              updated_at,
              captured,
            })),
          ),
        ),
      ),
    ),
  );

  it('says captured only where money was taken and did not come back', () => {
    expect(combinations.length).toBe(3600);
    for (const wire of combinations) {
      const charge = read(wire);
      const cameBack = wire.returned === true || (wire.amount_returned ?? 0) >= 2599;
      const isReadable = wire.returned !== 'true';
      const expected = took.has(wire.status) && !cameBack && isReadable;
      expect([wire, charge.status === 'captured']).toEqual([wire, expected]);
      const untaken = charge.status === 'unknown' ? null : 0;
      expect([wire, charge.amountCaptured]).toEqual([wire, expected ? 2599 : untaken]);
      expect(charge.amountRefunded ?? 0).toBeLessThanOrEqual(charge.amountCaptured ?? 0);
    }
  });

  it('gives a charge that the common schema accepts, also after JSON', () => {
    for (const wire of combinations) {
      const charge = read(wire);
      expect(chargeSchema.parse(JSON.parse(JSON.stringify(charge)))).toEqual(charge);
    }
  });
});

describe('refunded amounts', () => {
  it.each([
    ['nothing', { status: 'succeeded', amount_refunded: 0 }, 0, 'none', false],
    ['a part', { status: 'partially_refunded', amount_refunded: 1 }, 1, 'partial', false],
    ['all', { status: 'fully_refunded', amount_refunded: 2599 }, 2599, 'full', false],
    ['a part of a disputed payment', { status: 'disputed', amount_refunded: 99 }, 99, 'partial', false],
    [
      'a number that says more than the word',
      { status: 'succeeded', amount_refunded: 2599 },
      2599,
      'full',
      false,
    ],
    ['a word that says more: full', { status: 'fully_refunded', amount_refunded: 2000 }, 2000, 'full', true],
    [
      'a word that says more: partial',
      { status: 'partially_refunded', amount_refunded: 0 },
      0,
      'partial',
      true,
    ],
    ['more than was taken', { status: 'fully_refunded', amount_refunded: 2600 }, 2600, 'full', true],
  ])('%s', (_, wire, amountRefunded, refundStatus, drifts) => {
    const drift = driftListener();
    expect(readPayment(payment(wire), drift)).toMatchObject({ amountRefunded, refundStatus });
    expect(drift.mock.calls).toEqual(drifts ? [['amount_refunded', 'inconsistent']] : []);
  });

  it('are summed from the refunds that count where the total is missing', () => {
    const drift = driftListener();
    const refunds = [
      refund({ amount: 300 }),
      refund({ id: 're_DemoK1', amount: 200, status: 'pending' }),
      refund({ id: 're_DemoK2', amount: 999, status: 'failed' }),
    ];
    const charge = readPayment(
      payment({ status: 'partially_refunded', amount_refunded: null, refunds }),
      drift,
    );
    expect(charge).toMatchObject({ amountRefunded: 500, refundStatus: 'partial' });
    expect(charge.refunds?.map(({ id, status }) => [id, status])).toEqual([
      ['re_DemoD4', 'succeeded'],
      ['re_DemoK1', 'pending'],
      ['re_DemoK2', 'failed'],
    ]);
    expect(drift).toHaveBeenCalledWith('amount_refunded', 'missing');
  });

  it('follow the word where total and refunds are both missing', () => {
    const missing = { amount_refunded: undefined, refunds: undefined };
    expect(read({ status: 'fully_refunded', ...missing })).toMatchObject({
      amountRefunded: 2599,
      refundStatus: 'full',
      refunds: null,
    });
    expect(read({ status: 'succeeded', ...missing })).toMatchObject({
      amountRefunded: 0,
      refundStatus: 'none',
    });
  });

  it.each(['partially_refunded', 'disputed'])(
    'are not told by %s where total and refunds are both missing, and then the payment is unknown',
    (status) => {
      expect(read({ status, amount_refunded: null, refunds: null })).toMatchObject({
        status: 'unknown',
        providerStatus: status,
        amountCaptured: 2599,
        amountRefunded: null,
        refundStatus: null,
      });
    },
  );
});

describe('a dispute', () => {
  it.each([
    [{ status: 'disputed', disputed: false }, true],
    [{ status: 'succeeded', disputed: true }, true],
    [{ status: 'succeeded', disputed: false }, false],
    [{ status: 'succeeded', disputed: null }, false],
  ])('%j', (wire, disputed) => {
    expect(read(wire)).toMatchObject({ status: 'captured', disputed });
  });
});

describe('the fee', () => {
  it.each([
    ['a known one', { status: 'succeeded', fee_amount: 105, fees: [] }, { amount: 105, currency: 'USD' }],
    [
      'none, and said so',
      { status: 'succeeded', fee_amount: 0, fees: [{ amount: 0 }] },
      { amount: 0, currency: 'USD' },
    ],
    ['not yet filled in', { status: 'succeeded', fee_amount: 0, fees: [] }, null],
    ['absent', { status: 'succeeded', fee_amount: null, fees: [] }, null],
    ['of an authorization', { status: 'authorized', fee_amount: 105 }, null],
    ['of a returned bank debit', { status: 'succeeded', returned: true, fee_amount: 105 }, null],
  ])('%s', (_, wire, fee) => {
    expect(read(wire).fee).toEqual(fee);
  });
});

describe('a failed payment', () => {
  it('carries why, in shared words and in its own', () => {
    const wire = {
      status: 'failed',
      error_code: 'credit_card_number_invalid',
      error_description: 'demo text',
    };
    expect(read(wire).failure).toEqual({
      code: 'incorrect_number',
      message: 'demo text',
      providerCode: 'credit_card_number_invalid',
      declineCode: null,
      networkCode: null,
      advice: 'fix_details',
    });
  });

  it('is a plain decline without a code, and with one that no table has, which is reported', () => {
    expect(read({ status: 'failed', error_code: null }).failure).toMatchObject({
      code: 'generic_decline',
      advice: 'use_other_card',
    });
    const drift = driftListener();
    readPayment(payment({ status: 'failed', error_code: 'moon_phase' }), drift);
    expect(drift.mock.calls).toEqual([['error_code', 'unknown_value']]);
  });

  it('also where a bank debit came back', () => {
    const wire = { status: 'succeeded', returned: true, error_code: 'account_closed' };
    expect(read(wire).failure).toMatchObject({ code: 'invalid_account' });
  });

  it('is the only one with a failure', () => {
    expect(read({ status: 'succeeded', error_code: 'do_not_honor' }).failure).toBeNull();
  });
});

describe('the rest of a payment', () => {
  it('reads the documented example', () => {
    expect(read({})).toEqual({
      provider: 'justifi',
      id: 'py_DemoA1',
      status: 'authorized',
      providerStatus: 'authorized',
      amount: 2599,
      amountCaptured: 0,
      amountRefunded: 0,
      currency: 'USD',
      refundStatus: 'none',
      disputed: false,
      livemode: false,
      description: 'basket 77',
      statementDescriptor: null,
      customer: null,
      email: null,
      metadata: {},
      paymentMethod: {
        type: 'card',
        id: 'pm_DemoC3',
        card: {
          brand: 'visa',
          last4: '1881',
          expMonth: null,
          expYear: null,
          funding: null,
          country: null,
          holderName: 'Ada Test',
          fingerprint: null,
        },
      },
      nextAction: null,
      threeDS: null,
      failure: null,
      fee: null,
      refunds: [],
      disputes: [],
      createdAt: '2026-02-03T04:05:06.007Z',
      updatedAt: '2026-02-03T04:05:06.007Z',
      capturedAt: null,
      expiresAt: null,
    });
  });

  it('tells the disputes that the payment carries, in both of their shapes, and null where it carries none', () => {
    const dispute = {
      id: 'dp_DemoM1',
      status: 'needs_response',
      reason: 'fraudulent',
      created_at: '2026-03-01T00:00:00Z',
    };
    const told = {
      id: 'dp_DemoM1',
      status: 'needs_response',
      amount: 2599,
      currency: 'USD',
      reason: 'fraudulent',
      createdAt: '2026-03-01T00:00:00.000Z',
    };
    expect(read({ disputes: [{ ...dispute, amount: 2599, currency: 'usd' }] }).disputes).toEqual([told]);
    // Inside a payment: `amount_cents`, and the currency of the payment where it names none.
    expect(read({ disputes: [{ ...dispute, amount_cents: 2599, gateway_ref_id: null }] }).disputes).toEqual([
      told,
    ]);
    expect(read({ disputes: undefined }).disputes).toBeNull();
  });

  it('keeps the stamp apart and the metadata untouched', () => {
    const metadata = {
      snake_key: 'a',
      camelKey: 'b',
      unicharge_key: 'order-81',
      payment_test: { scenario: 'x' },
    };
    const charge = read({ metadata });
    expect(charge.metadata).toEqual({ snake_key: 'a', camelKey: 'b', payment_test: '{"scenario":"x"}' });
    expect(stampOf(charge)).toBe('order-81');
  });

  it('hides the raw payment from JSON and spread', () => {
    const wire = payment();
    const charge = readPayment(wire);
    expect(charge.raw).toBe(wire);
    expect(JSON.stringify(charge)).not.toContain('sigDemo');
    expect({ ...charge }).not.toHaveProperty('raw');
  });

  it.each([
    ['the text "null" of a published sample', 'null', null],
    ['nothing', '', null],
    ['a deprecated customer', 'cust_Demo', 'cust_Demo'],
  ])('reads %s as the customer', (_, customer_id, customer) => {
    expect(read({ payment_method: { customer_id } }).customer).toBe(customer);
  });

  it('knows live from test, or says that it does not', () => {
    expect(read({ is_test: false }).livemode).toBe(true);
    expect(read({ is_test: true }).livemode).toBe(false);
    expect(read({ is_test: null }).livemode).toBeNull();
  });

  it('takes dates with and without milliseconds, and never guesses a zone', () => {
    expect(read({ created_at: '2026-02-03T04:05:06Z' }).createdAt).toBe('2026-02-03T04:05:06.000Z');
    expect(read({ created_at: '2026-02-03T04:05:06+02:00' }).createdAt).toBe('2026-02-03T02:05:06.000Z');
    const drift = driftListener();
    expect(readPayment(payment({ created_at: '2026-02-03T04:05:06' }), drift).createdAt).toBeNull();
    expect(drift.mock.calls).toEqual([['created_at', 'wrong_type']]);
  });

  it('compares currencies without letter case', () => {
    expect(read({ currency: 'CAD' }).currency).toBe('CAD');
    expect(read({ currency: 'cad' }).currency).toBe('CAD');
  });
});
