import { describe, expect, it } from 'vitest';
import { isFinal, isPaid, type ChargeStatus } from '../../../src/models/charge.js';
import { read, type Fields } from './wire-charges.js';

const url = { type: 'redirect_to_url', url: 'https://wallet.test/pay/1' };
const statusOf = (change: Fields): ChargeStatus =>
  read({ amount_refunded: 0, refunds: [], ...change }).charge.status;

describe('the status', () => {
  it.each<
    [word: string, authorized: boolean, captured: boolean, action: typeof url | null, status: ChargeStatus]
  >([
    ['failed', false, false, null, 'failed'],
    ['voided', false, false, null, 'voided'],
    ['canceled', false, false, null, 'voided'],
    ['cancelled', false, false, null, 'voided'],
    ['expired', false, false, null, 'expired'],
    ['refunded', true, true, null, 'captured'],
    ['succeeded', true, true, null, 'captured'],
    ['succeeded', false, true, null, 'captured'],
    ['pending', true, false, null, 'authorized'],
    ['succeeded', true, false, null, 'authorized'],
    ['authorized', true, false, null, 'authorized'],
    ['requires_capture', true, false, null, 'authorized'],
    ['pending', false, false, url, 'requires_action'],
    ['pending', false, false, null, 'pending'],
  ])('%s, authorized %s, captured %s, action %j is %s', (status, authorized, captured, action, expected) => {
    expect(statusOf({ status, authorized, captured, action })).toBe(expected);
  });

  it('takes the word failed, voided or expired over every flag', () => {
    for (const [word, expected] of [
      ['failed', 'failed'],
      ['voided', 'voided'],
      ['expired', 'expired'],
    ] as const) {
      expect(statusOf({ status: word, authorized: true, captured: true, action: url })).toBe(expected);
    }
  });

  it('does not read succeeded as paid when neither captured nor authorized says so', () => {
    const { charge, drifts } = read({ status: 'succeeded', authorized: undefined, captured: false });
    expect(charge.status).toBe('unknown');
    expect(charge.amountCaptured).toBeNull();
    expect(isPaid(charge)).toBe(false);
    expect(isFinal(charge)).toBe(false);
    expect(drifts).toContainEqual(['status', 'unknown_value']);
  });

  it('keeps a word that it does not know', () => {
    const { charge, drifts } = read({ status: 'on_hold', amount_refunded: 0, refunds: [] });
    expect(charge).toMatchObject({ status: 'unknown', providerStatus: 'on_hold' });
    expect(drifts).toEqual([['status', 'unknown_value']]);
  });

  it('takes missing flags as no, as the samples of the provider leave them out', () => {
    expect(statusOf({ status: 'pending', authorized: undefined, captured: undefined })).toBe('pending');
    expect(statusOf({ status: 'pending', authorized: true, captured: undefined })).toBe('authorized');
    expect(statusOf({ status: 'succeeded', authorized: undefined, captured: true })).toBe('captured');
  });

  it('concludes nothing from a flag whose value was wrong', () => {
    expect(statusOf({ status: 'succeeded', authorized: true, captured: null })).toBe('unknown');
    expect(statusOf({ status: 'succeeded', authorized: null, captured: null })).toBe('unknown');
  });

  it('asks for no action without an address', () => {
    expect(statusOf({ status: 'pending', authorized: false, captured: false, action: { url: null } })).toBe(
      'pending',
    );
    expect(statusOf({ status: 'pending', authorized: false, captured: false, action: { url: '' } })).toBe(
      'pending',
    );
  });
});

describe('the action', () => {
  const open = { status: 'pending', authorized: false, captured: false, amount_refunded: 0, refunds: [] };
  const reported = ['action', 'unknown_value'];

  it('is the redirect of the documentation, and nothing is reported', () => {
    for (const action of [url, { url: url.url }]) {
      const { charge, drifts } = read({ ...open, action });
      expect(charge.nextAction).toEqual({ type: 'redirect', url: url.url });
      expect(drifts).toEqual([]);
    }
  });

  it('is an address to go to whatever its type, which is reported', () => {
    const { charge, drifts } = read({ ...open, action: { type: 'show_page', url: url.url } });
    expect(charge).toMatchObject({
      status: 'requires_action',
      nextAction: { type: 'redirect', url: url.url },
    });
    expect(drifts).toEqual([reported]);
  });

  it('is a one-time password where it holds the confirmation id that verify takes', () => {
    const action = { type: 'otp', confirmation_id: 'confirmation-1' };
    const { charge, drifts } = read({ ...open, action });
    expect(charge).toMatchObject({
      status: 'requires_action',
      nextAction: { type: 'otp', confirmationId: 'confirmation-1' },
    });
    expect(drifts).toEqual([reported]);
  });

  it.each([
    [{ type: 'otp' }],
    [{ type: 'otp', confirmation_id: 'abc' }],
    [{ type: 'bank_transfer', account_number: '0012345678', bank: 'bdo' }],
    [{ type: 'redirect_to_url', url: null }],
    [{ reference: '11-22' }],
  ])('that cannot be carried out stays pending and is reported: %j', (action) => {
    const { charge, drifts } = read({ ...open, action });
    expect(charge).toMatchObject({ status: 'pending', nextAction: null });
    expect(drifts).toEqual([reported]);
  });

  it('without content asks for nothing', () => {
    for (const action of [null, {}, { type: null, url: null }]) {
      const { charge, drifts } = read({ ...open, action });
      expect(charge).toMatchObject({ status: 'pending', nextAction: null });
      expect(drifts).toEqual([]);
    }
  });

  it('is past once the charge is through or has ended', () => {
    for (const change of [
      { status: 'succeeded', captured: true },
      { status: 'failed' },
      { authorized: true },
    ]) {
      const { charge, drifts } = read({ ...open, ...change, action: { type: 'otp', note: 'kept' } });
      expect(charge.nextAction).toBeNull();
      expect(drifts).toEqual([]);
    }
  });
});

describe('every combination of the deciding fields', () => {
  const words = [
    ...[
      'failed',
      'voided',
      'canceled',
      'cancelled',
      'expired',
      'refunded',
      'succeeded',
      'pending',
      'authorized',
    ],
    ...['requires_capture', 'Succeeded', ' succeeded', 'paid', 'captured', 'constructor', ''],
  ];
  const flags = [true, false, null, undefined];
  const actions = [url, { url: null }, null, undefined];
  const combinations = words.flatMap((status) =>
    flags.flatMap((authorized) =>
      flags.flatMap((captured) => actions.map((action) => ({ status, authorized, captured, action }))),
    ),
  );

  it('has a status, and an unknown one is reported', () => {
    for (const fields of combinations) {
      const { charge, drifts } = read({ amount_refunded: 0, refunds: [], ...fields });
      const isReported = drifts.some(([path, kind]) => path === 'status' && kind === 'unknown_value');
      expect(isReported).toBe(charge.status === 'unknown');
    }
  });

  it('is captured only where the provider says that money was taken', () => {
    const taken = combinations.filter((fields) => statusOf(fields) === 'captured');
    expect(taken.length).toBeGreaterThan(0);
    for (const { status, captured } of taken) {
      expect(status === 'refunded' || (status === 'succeeded' && captured === true)).toBe(true);
    }
  });

  it('is authorized only where the provider says that money is held and not taken', () => {
    const held = combinations.filter((fields) => statusOf(fields) === 'authorized');
    expect(held.length).toBeGreaterThan(0);
    for (const { authorized, captured } of held) {
      expect(authorized).toBe(true);
      expect(captured).not.toBe(true);
    }
  });

  it('is failed, voided or expired by the word alone', () => {
    for (const fields of combinations) {
      const status = statusOf(fields);
      expect(status === 'failed').toBe(fields.status === 'failed');
      expect(status === 'voided').toBe(['voided', 'canceled', 'cancelled'].includes(fields.status));
      expect(status === 'expired').toBe(fields.status === 'expired');
    }
  });

  it('shows no money outside captured, and an address only with requires_action', () => {
    for (const fields of combinations) {
      const { charge } = read(fields);
      if (charge.status === 'unknown') {
        expect(charge).toMatchObject({ amountCaptured: null, fee: null });
        expect(charge.amountRefunded).toBe(
          (charge.raw as { amount_refunded?: number }).amount_refunded ?? null,
        );
      } else if (charge.status !== 'captured') {
        expect(charge).toMatchObject({
          amountCaptured: 0,
          amountRefunded: 0,
          refundStatus: 'none',
          fee: null,
        });
      }
      expect(charge.nextAction !== null).toBe(charge.status === 'requires_action');
      expect(charge.failure !== null).toBe(charge.status === 'failed');
    }
  });
});
