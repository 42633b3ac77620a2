import { describe, expect, it } from 'vitest';
import { paidCharge, type WireObject } from '../../fixtures/omise/charges.js';
import { answering, testClient, useNock } from './client.js';

useNock();

const id = 'chrg_test_0aaaaaaaaaaaaaaaaa1';

describe('a card of Omise, as a client shows it', () => {
  it.each([
    ['Visa', 'visa'],
    ['MasterCard', 'mastercard'],
    ['American Express', 'amex'],
    ['Diners Club', 'diners'],
    ['Discover', 'discover'],
    ['JCB', 'jcb'],
    ['UnionPay', 'unionpay'],
    ['Unknown', null],
    ['', null],
  ])('of the brand %s is called %s, as at every provider', async (brand, word) => {
    const card = { ...(paidCharge()['card'] as WireObject), brand };
    answering([200, paidCharge({ card })]);
    const charge = await testClient().retrieve(id);
    expect(charge.paymentMethod).toMatchObject({ type: 'card', card: { brand: word, country: 'TH' } });
  });

  it('in a wallet names the wallet', async () => {
    const card = { ...(paidCharge()['card'] as WireObject), tokenization_method: 'googlepay' };
    answering([200, paidCharge({ card })]);
    const { paymentMethod } = await testClient().retrieve(id);
    expect(paymentMethod).toMatchObject({ type: 'card', card: { wallet: 'google_pay', brand: 'visa' } });
  });
});
