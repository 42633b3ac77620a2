import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  billCharge,
  challengedCharge,
  promptpayCharge,
  type WireObject,
} from '../../fixtures/omise/charges.js';
import { readCharge } from './read-charge.js';

const page = 'https://pay.omise.co/payments/pay2_test_1/authorize';
const picture = 'https://api.omise.co/charges/chrg_test_1/documents/docu_test_1/downloads/1';
const ends = '2026-01-12T03:00:00Z';

/** Omise's source types by the flow that their answers were seen with; `-` where none was seen. */
const documented: Readonly<Record<string, string>> = {
  redirect:
    'alipay boost duitnow_obw duitnow_qr fpx grabpay installment_bay installment_bbl installment_first_choice ' +
    'installment_kbank installment_ktc installment_mbb installment_scb installment_ttb installment_uob ' +
    'installment_wlb_first_choice internet_banking_bay internet_banking_scb maybank_qr paypay points_citi ' +
    'rabbit_linepay shopeepay shopeepay_jumpapp truemoney',
  app_redirect:
    'alipay_cn alipay_hk dana gcash kakaopay touch_n_go mobile_banking_bay mobile_banking_bbl mobile_banking_kbank ' +
    'mobile_banking_ktb mobile_banking_scb truemoney_jumpapp wechat_pay',
  offline: 'barcode_alipay barcode_wechat bill_payment_tesco_lotus econtext konbini payeasy paynow promptpay',
  '-':
    'alipayplus_mpm alipayplus_upm atome atome_qr applepay googlepay direct_debit_bay direct_debit_kbank ' +
    'direct_debit_ktb direct_debit_scb grabpay_rms installment_wlb_bay installment_wlb_bbl installment_wlb_kbank ' +
    'installment_wlb_ktc installment_wlb_scb installment_wlb_ttb installment_wlb_uob internet_banking_bbl ' +
    'mobile_banking_ocbc mobile_banking_ocbc_pao ocbc_digital qr_code_upi touch_n_go_alipay_plus truemoney_qr ' +
    'wechat_pay_mpm wechat_pay_upm installment_paynext_extra_qr',
};
const types = Object.entries(documented).flatMap(([flow, names]) =>
  names.split(' ').map((type) => [type, flow] as const),
);

const pendingCharge = (source: WireObject, changes: WireObject = {}): WireObject =>
  challengedCharge({ card: null, authorize_uri: null, return_uri: null, source, ...changes });

const nothingToShow = /^(?:barcode_\w+|\w+_upm|applepay|googlepay)$/;

describe('the payer of a pending charge', () => {
  it.each(types)('by %s (%s) gets something to act with, or nothing has to be shown', (type, flow) => {
    const source = { type, ...(flow === '-' ? {} : { flow }) };
    const empty = readCharge(pendingCharge(source));
    expect(empty.charge).toMatchObject({ status: 'pending', nextAction: null });
    // Nothing to show: either nothing is needed, or what is missing is told.
    expect(empty.drifts.length).toBe(nothingToShow.test(type) ? 0 : 1);

    const redirected = readCharge(pendingCharge(source, { authorize_uri: page }));
    expect(redirected.charge).toMatchObject({
      status: 'requires_action',
      nextAction: { type: 'redirect', url: page },
    });
    const scannable_code = { object: 'barcode', type: 'qr', image: { download_uri: picture } };
    const shown = readCharge(pendingCharge({ ...source, scannable_code }));
    expect(shown.charge).toMatchObject({
      status: 'requires_action',
      nextAction: { type: 'display_code', imageUrl: picture },
    });
    const typed = readCharge(pendingCharge({ ...source, references: { payment_code: '90133' } }));
    expect(typed.charge).toMatchObject({
      status: 'requires_action',
      nextAction: { type: 'display_code', reference: '90133', details: { paymentCode: '90133' } },
    });
    expect([redirected, shown, typed].flatMap(({ drifts }) => drifts)).toEqual([]);
  });

  it('is described for every documented type, once', () => {
    // The table of the page is written by the adapter's own.
    const page = readFileSync(new URL('../../../docs/providers/omise.md', import.meta.url), 'utf8');
    const rows = (page.split('| source type |')[1] ?? '').split('\n\n')[0] ?? '';
    const codesIn = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
    const sourceGroups = rows
      .split('\n')
      .slice(2)
      .map((row) => row.split('|'))
      .map(([, names, flow]) => ({ types: codesIn(names), flow: codesIn(flow)[0] }));
    const described = sourceGroups.flatMap((group) => group.types);
    expect(described.toSorted()).toEqual(types.map(([type]) => type).toSorted());
    for (const { flow, types: names } of sourceGroups) {
      for (const type of names) expect([type, flow ?? '-']).toEqual([type, Object.fromEntries(types)[type]]);
    }
  });

  it.each([
    ['a wallet without its page', { type: 'truemoney', flow: 'redirect' }, ['authorize_uri: missing']],
    ['an app without its address', { type: 'gcash', flow: 'app_redirect' }, ['authorize_uri: missing']],
    [
      'a QR code without its picture',
      { type: 'promptpay', flow: 'offline' },
      ['source.scannable_code: missing'],
    ],
    [
      'a QR code with an empty picture',
      { type: 'paynow', flow: 'offline', scannable_code: { image: { download_uri: '' } } },
      ['source.scannable_code: missing'],
    ],
    [
      'a bill without numbers',
      { type: 'bill_payment_tesco_lotus', flow: 'offline' },
      ['source.references: missing'],
    ],
    [
      'a new method at a counter',
      { type: 'bill_payment_moon', flow: 'offline' },
      ['source.references: missing'],
    ],
    ['a new wallet', { type: 'moonpay', flow: 'redirect' }, ['authorize_uri: missing']],
    ['a flow that nobody knows', { type: 'moonpay', flow: 'telepathy' }, ['source.flow: unknown_value']],
    ['no flow', { type: 'moonpay' }, ['source.flow: missing']],
    [
      'names that every object has',
      { type: 'constructor', flow: 'toString' },
      ['source.flow: unknown_value'],
    ],
  ])('gets nothing from %s, and that is reported', (_, source, reported) => {
    const { charge, drifts } = readCharge(pendingCharge(source));
    expect(charge).toMatchObject({ status: 'pending', nextAction: null });
    expect(drifts).toEqual(reported);
  });

  it('who has shown a code of their own is asked for nothing, though a date stands there', () => {
    const references = {
      expires_at: '2026-01-06T03:00:00Z',
      device_id: null,
      barcode: null,
      payment_code: '',
    };
    for (const type of ['barcode_alipay', 'barcode_wechat']) {
      const { charge, drifts } = readCharge(pendingCharge({ type, flow: 'offline', references }));
      expect(charge).toMatchObject({ status: 'pending', nextAction: null });
      expect(drifts).toEqual([]);
    }
  });

  it('of a card that waits for nobody is no case for a report', () => {
    expect(readCharge(challengedCharge({ authorize_uri: null })).drifts).toEqual([]);
  });

  it('of a bill gets its numbers apart, and the tax number', () => {
    expect(readCharge(billCharge()).charge.nextAction).toEqual({
      type: 'display_code',
      imageUrl: expect.stringContaining('/downloads/ABCDEF0123456789'),
      reference: '068263727885787840 821096282175265091',
      pageUrl: null,
      details: {
        referenceNumber1: '068263727885787840',
        referenceNumber2: '821096282175265091',
        taxId: '0105556091152',
      },
      expiresAt: '2026-01-06T03:00:00.000Z',
    });
  });

  it('gets every part that the references hold', () => {
    const references = {
      reference_number_1: '11',
      reference_number_2: '22',
      payment_code: '33',
      va_code: '44',
      barcode: '0120000001',
      omise_tax_id: '55',
      device_id: '66',
    };
    const wire = pendingCharge({ type: 'bill_payment_big_c', flow: 'offline', references });
    expect(readCharge(wire).charge.nextAction).toMatchObject({
      reference: '33',
      imageUrl: null,
      details: {
        referenceNumber1: '11',
        referenceNumber2: '22',
        paymentCode: '33',
        virtualAccountCode: '44',
        barcode: '0120000001',
        taxId: '55',
        deviceId: '66',
      },
    });
  });

  it.each([
    ['the paper ends first', '2026-01-06T03:00:00Z', ends, '2026-01-06T03:00:00.000Z'],
    ['the charge ends first', '2026-02-01T00:00:00Z', ends, '2026-01-12T03:00:00.000Z'],
    ['only the charge has an end', null, ends, '2026-01-12T03:00:00.000Z'],
    ['only the paper has an end', '2026-01-06T03:00:00Z', null, '2026-01-06T03:00:00.000Z'],
    ['neither has one', null, null, null],
  ])('has until the earlier of both ends: %s', (_, expires_at, chargeEnds, expiresAt) => {
    const references = { expires_at, payment_code: '90133' };
    const { charge } = readCharge(
      pendingCharge({ type: 'econtext', flow: 'offline', references }, { expires_at: chargeEnds }),
    );
    expect(charge.nextAction).toMatchObject({ expiresAt });
    expect(charge.expiresAt).toBe(chargeEnds === null ? null : '2026-01-12T03:00:00.000Z');
  });

  it('is told the bank that they have chosen', () => {
    const wire = pendingCharge(
      { id: 'src_test_1', type: 'fpx', flow: 'redirect', bank: 'uob' },
      { authorize_uri: page },
    );
    expect(readCharge(wire).charge.paymentMethod).toEqual({
      type: 'fpx',
      id: 'src_test_1',
      bankAccount: { bankName: 'uob', last4: null, holderName: null, country: null, type: null },
    });
    expect(readCharge(promptpayCharge()).charge.paymentMethod).not.toHaveProperty('bankAccount');
  });
});
