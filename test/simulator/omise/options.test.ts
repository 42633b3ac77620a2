import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OmiseCreateOptions, OmiseSearchOptions } from '../../../src/providers/omise/index.js';
import { createOmise, omiseProvider, type OmiseClient } from '../../../src/providers/omise/index.js';
import { sourceTypes } from '../../../src/simulator/omise/source-types.js';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.js';
import { paramsIn } from '../../providers/seam.js';
import { nested, optionsOf, valueAt, type Echo } from '../option-echo.js';

let simulator: Simulator;
let omise: OmiseClient;
const returnUrl = 'https://shop.example/orders/77';

beforeAll(async () => {
  simulator = await startSimulator({ providers: ['omise'], seed: 1 });
  omise = createOmise(simulator.settings('omise'));
});
afterAll(() => simulator.close());

const card = () => simulator.source('omise', 'approved');
const create = (providerOptions: OmiseCreateOptions, capture = true) =>
  omise.create({ amount: 45900, currency: 'THB', source: card(), capture, returnUrl, providerOptions });

const created: Readonly<Record<string, Echo>> = {
  authorizationType: { given: 'pre_auth', shownAt: 'authorization_type' },
  authentication: { notShown: 'asks for an authentication: the answer shows its page' },
  'platformFee.fixed': { given: 500, shownAt: 'platform_fee.fixed' },
  'platformFee.percentage': { given: 2.5, shownAt: 'platform_fee.percentage' },
  zeroInterestInstallments: { given: true, shownAt: 'zero_interest_installments' },
  webhookEndpoints: { given: ['https://shop.example/hooks'], shownAt: 'webhook_endpoints' },
  recurringReason: { given: 'subscription', shownAt: 'recurring_reason' },
  transactionIndicator: { given: 'MIT', shownAt: 'transaction_indicator' },
  firstCharge: { given: 'the id of a charge', shownAt: 'first_charge' },
  linkedAccount: { given: 'acct_1', shownAt: 'linked_account' },
};

describe('every option of create', () => {
  it('is known here', () => {
    expect(optionsOf(paramsIn(omiseProvider, 'create')).toSorted()).toEqual(Object.keys(created).toSorted());
  });

  it.each(Object.entries(created))('%s is shown by the charge', async (path, echo) => {
    if ('notShown' in echo) {
      const charge = await create({ authentication: 'PASSKEY' });
      expect(charge).toMatchObject({ status: 'requires_action', nextAction: { type: 'redirect' } });
      return;
    }
    const given = path === 'firstCharge' ? (await create({})).id : echo.given;
    const charge = await create(nested(path, given), path !== 'authorizationType');
    expect(valueAt(charge.raw, echo.shownAt)).toEqual(given);
    expect(valueAt((await omise.retrieve(charge.id)).raw, echo.shownAt)).toEqual(given);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['recurring_reason', { recurring_reason: 'whim' }, 'bad_request'],
    ['transaction_indicator', { transaction_indicator: 'XIT' }, 'bad_request'],
    ['authentication', { authentication: 'SMS' }, 'bad_request'],
    ['authorization_type', { authorization_type: 'post_auth' }, 'bad_request'],
    ['webhook_endpoints that are not https', { webhook_endpoints: ['http://shop.example'] }, 'bad_request'],
    [
      'more than two webhook_endpoints',
      { webhook_endpoints: Array(3).fill('https://a.example') },
      'bad_request',
    ],
    ['a first charge that does not exist', { first_charge: 'chrg_test_1' }, 'not_found'],
    ['items that are no list', { source: { type: 'promptpay', items: 'shoes' } }, 'bad_request'],
    ['a source type that does not exist', { source: { type: 'moonpay' } }, 'bad_request'],
  ])('a wrong %s is refused by the endpoint itself', async (_, body, code) => {
    const { secretKey } = simulator.settings('omise');
    const response = await fetch(`${simulator.url('omise')}/charges`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        amount: 45900,
        currency: 'THB',
        ...('source' in body ? {} : { card: card() }),
        return_uri: returnUrl,
        ...body,
      }),
    });
    expect(await response.json()).toMatchObject({ object: 'error', code });
  });
});

describe('every option of the other operations', () => {
  it('is known here', () => {
    expect(optionsOf(paramsIn(omiseProvider, 'refund'))).toEqual(['void']);
    expect(optionsOf(paramsIn(omiseProvider, 'list'))).toEqual(['order']);
    expect(optionsOf(paramsIn(omiseProvider, 'update'))).toEqual([]);
    expect(optionsOf(paramsIn(omiseProvider, 'capture'))).toEqual([]);
    expect(optionsOf(paramsIn(omiseProvider, 'verify3DS'))).toEqual([]);
    expect(optionsOf(paramsIn(omiseProvider, 'search')).toSorted()).toEqual(
      ['order', ...Object.keys(filters).map((name) => `filters.${name}`)].toSorted(),
    );
  });

  it('void of a refund is shown by the refund', async () => {
    const { id } = await create({});
    const refund = await omise.refund(id, { providerOptions: { void: true } });
    expect(valueAt(refund.raw, 'voided')).toBe(true);
  });

  it('order of a list turns it round', async () => {
    await create({});
    const newestFirst = await omise.list({ limit: 100 });
    const oldestFirst = await omise.list({ limit: 100, providerOptions: { order: 'chronological' } });
    expect(oldestFirst.data.map(({ id }) => id)).toEqual(newestFirst.data.map(({ id }) => id).toReversed());
  });

  const filters: Required<NonNullable<OmiseSearchOptions['filters']>> = {
    authorized: true,
    capture: true,
    captured: true,
    capturedAt: '2020-01-01..2099-01-01',
    cardLastDigits: '4242',
    customerPresent: false,
    disputed: false,
    failureCode: 'payment_rejected',
    failureMessage: 'payment was rejected by the issuer',
    refundAmount: 900,
    refunded: true,
    reversed: false,
    sourceOfFund: 'card',
    voided: false,
  };

  it.each(Object.entries(filters))('the filter %s narrows a search', async (name, value) => {
    const { id } = await create({});
    await omise.refund(id, { amount: 900 });
    const declined = { amount: 45900, currency: 'THB', source: simulator.source('omise', 'declined') };
    await expect(omise.create(declined)).rejects.toThrow();
    const search = (filter: object) =>
      omise.search({ currency: 'THB', limit: 100, providerOptions: { filters: filter } });
    const page = await search({ [name]: value });
    expect(page.data.length).toBeGreaterThan(0);
    if (typeof value !== 'boolean') return;
    const others = await search({ [name]: !value });
    const ids = new Set(page.data.map((charge) => charge.id));
    expect(others.data.filter((charge) => ids.has(charge.id))).toEqual([]);
  });
});

describe('every type of source', () => {
  const documented =
    'alipay boost duitnow_obw duitnow_qr fpx grabpay installment_bay installment_wlb_first_choice internet_banking_bbl ' +
    'internet_banking_scb maybank_qr paypay points_citi rabbit_linepay shopeepay shopeepay_jumpapp truemoney alipay_cn ' +
    'alipay_hk dana gcash kakaopay touch_n_go mobile_banking_scb mobile_banking_ocbc_pao truemoney_jumpapp wechat_pay ' +
    'barcode_alipay barcode_wechat bill_payment_tesco_lotus econtext paynow promptpay alipayplus_mpm alipayplus_upm ' +
    'atome atome_qr applepay googlepay direct_debit_scb grabpay_rms installment_wlb_uob mobile_banking_ocbc ' +
    'ocbc_digital konbini payeasy qr_code_upi touch_n_go_alipay_plus truemoney_qr wechat_pay_mpm wechat_pay_upm';

  it('that is documented is taken', () => {
    expect(documented.split(' ').filter((type) => !sourceTypes.includes(type))).toEqual([]);
  });

  it.each(sourceTypes)('%s gives its payer something to act with, or has nothing to show', async (type) => {
    const drifts: unknown[] = [];
    const client = createOmise({
      ...simulator.settings('omise'),
      onEvent: (event) => {
        if (event.type === 'drift') drifts.push(event);
      },
    });
    const details = type.startsWith('installment_') ? { installment_term: 4 } : {};
    const charge = await client.create({
      amount: 300000,
      currency: 'THB',
      source: { type: 'redirect', method: type, details },
      returnUrl,
    });
    expect(drifts).toEqual([]);
    expect(charge.paymentMethod?.type).toBe(type.replace(/(apple|google)pay/, '$1_pay'));
    const { nextAction } = charge;
    if (['applepay', 'googlepay'].includes(type)) expect(charge.status).toBe('captured');
    else if (/^barcode_|_upm$/.test(type)) {
      expect([charge.status, nextAction]).toEqual(['pending', null]);
    } else {
      expect(charge.status).toBe('requires_action');
      const shown =
        nextAction?.type === 'redirect'
          ? nextAction.url
          : nextAction?.type === 'display_code'
            ? (nextAction.imageUrl ?? nextAction.reference)
            : null;
      expect(shown).toEqual(expect.stringMatching(/\w/));
    }
    if (charge.status !== 'captured') await client.markAsPaid(charge.id);
    expect((await client.retrieve(charge.id)).status).toBe('captured');
  });

  it('keeps its nested details', async () => {
    const details = {
      phone_number: '0811111111',
      items: [{ sku: '1', name: 'Sneakers', quantity: 2, amount: 22950 }],
      shipping: { country: 'TH', city: 'Bangkok' },
      billing: { country: 'TH', city: 'Bangkok' },
    };
    const charge = await omise.create({
      amount: 45900,
      currency: 'THB',
      source: { type: 'redirect', method: 'atome', details },
      returnUrl,
    });
    expect(valueAt(charge.raw, 'source')).toMatchObject({ type: 'atome', ...details });
  });

  it('that is a bill ends with its paper, a day before the charge does', async () => {
    const source = { type: 'redirect', method: 'bill_payment_tesco_lotus' } as const;
    const charge = await omise.create({ amount: 45900, currency: 'THB', source });
    expect(charge.nextAction).toMatchObject({
      type: 'display_code',
      details: {
        referenceNumber1: expect.stringMatching(/^\d{18}$/),
        referenceNumber2: expect.stringMatching(/^\d{18}$/),
        taxId: expect.stringMatching(/^\d{13}$/),
      },
    });
    const action = charge.nextAction as { expiresAt: string; imageUrl: string };
    expect(Date.parse(action.expiresAt)).toBeLessThan(Date.parse(charge.expiresAt ?? ''));
    const image = await fetch(action.imageUrl);
    expect(image.headers.get('content-type')).toBe('image/svg+xml');
  });
});
