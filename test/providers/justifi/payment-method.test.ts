import { describe, expect, it } from 'vitest';
import { readPayment } from './reading.js';
import { payment } from './wire-samples.js';

const read = (payment_method: object | null | undefined) =>
  readPayment(payment({ payment_method })).paymentMethod;

const nothing = {
  brand: null,
  last4: null,
  expMonth: null,
  expYear: null,
  funding: null,
  country: null,
  holderName: null,
  fingerprint: null,
};

describe('a card', () => {
  it('is read with what is known of it', () => {
    expect(
      read({
        card: {
          id: 'pm_1',
          acct_last_four: '0042',
          brand: 'American Express',
          name: 'Ada Test',
          month: '03',
          year: '2042',
          bin_details: { country: 'US', funding_source: 'CREDIT' },
        },
      }),
    ).toEqual({
      type: 'card',
      id: 'pm_1',
      card: {
        ...nothing,
        // JustiFi's own word; the engine puts the shared one in its place.
        brand: 'American Express',
        last4: '0042',
        expMonth: 3,
        expYear: 2042,
        funding: 'credit',
        country: 'US',
        holderName: 'Ada Test',
      },
    });
  });

  it.each([
    [{ acct_last_four: 42 }, { last4: '0042' }],
    [{ acct_last_four: '' }, { last4: null }],
    [
      { month: 3, year: 42 },
      { expMonth: 3, expYear: 2042 },
    ],
    [
      { month: 'March', year: null },
      { expMonth: null, expYear: null },
    ],
  ])('of %j shows %j', (card, shown) => {
    expect(read({ card })).toEqual({ type: 'card', id: null, card: { ...nothing, ...shown } });
  });

  it('has its token as id where the id is missing', () => {
    expect(read({ card: { token: 'pm_2' } })).toMatchObject({ id: 'pm_2' });
  });
});

describe('other methods', () => {
  it('a bank account is not shown as a card', () => {
    const none = { bankName: null, last4: null, holderName: null, country: null, type: null };
    expect(read({ card: null, bank_account: { id: 'pm_3' } })).toEqual({
      type: 'bank_account',
      id: 'pm_3',
      bankAccount: none,
    });
  });

  it.each([
    [
      'of the examples',
      { id: 'pm_3', acct_last_four: 111, brand: 'Wells Fargo', name: 'Phil Kessel', token: 'pm_3' },
      { bankName: 'Wells Fargo', last4: '0111', holderName: 'Phil Kessel', country: null, type: null },
    ],
    [
      'of the schema',
      {
        id: 'pm_3',
        account_number_last4: '6789',
        bank_name: 'Wells Fargo',
        account_owner_name: 'Phil Kessel',
        account_type: 'checking',
        country: 'United States of America',
      },
      {
        bankName: 'Wells Fargo',
        last4: '6789',
        holderName: 'Phil Kessel',
        country: 'US',
        type: 'checking',
      },
    ],
  ])('a bank account in the shape %s tells its bank and its last digits', (_, bank_account, bankAccount) => {
    expect(read({ bank_account })).toEqual({ type: 'bank_account', id: 'pm_3', bankAccount });
  });

  it('a card in a wallet names it', () => {
    expect(read({ card: { id: 'pm_4', digital_wallet: 'apple_pay' } })).toMatchObject({
      type: 'card',
      card: { wallet: 'apple_pay' },
    });
    expect(read({ card: { id: 'pm_4', digital_wallet: null } })?.card).not.toHaveProperty('wallet');
  });

  it('a card at a terminal has its expiry as MM/YY', () => {
    const card_present = {
      id: 'cp_1',
      brand: 'VISA',
      cardholder_name: 'Ada Test',
      last4: '4242',
      expiry: '03/42',
    };
    expect(read({ card_present })).toEqual({
      type: 'card_present',
      id: 'cp_1',
      card: { ...nothing, brand: 'VISA', last4: '4242', expMonth: 3, expYear: 2042, holderName: 'Ada Test' },
    });
  });

  it('none is null', () => {
    expect(read(null)).toBeNull();
    expect(read(undefined)).toBeNull();
    expect(read({ card: null, bank_account: null })).toBeNull();
  });
});
