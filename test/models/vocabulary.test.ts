import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Card, PaymentMethod } from '../../src/models/charge.js';
import { countryOfName } from '../../src/models/country-names.js';
import { cardBrandOf, countryCodeOf, inSharedWords, walletOf } from '../../src/models/vocabulary.js';

const card = (known: Partial<Card> = {}): Card => ({
  brand: null,
  last4: null,
  expMonth: null,
  expYear: null,
  funding: null,
  country: null,
  holderName: null,
  fingerprint: null,
  ...known,
});

const shared = (method: PaymentMethod): { method: PaymentMethod; drift: string[] } => {
  const drift: string[] = [];
  return { method: inSharedWords(method, (path) => drift.push(path)), drift };
};

describe('a card brand', () => {
  it.each([
    ['visa', 'visa'],
    ['Visa', 'visa'],
    ['VISA', 'visa'],
    ['MasterCard', 'mastercard'],
    ['master', 'mastercard'],
    ['American Express', 'amex'],
    ['american_express', 'amex'],
    ['Diners Club', 'diners'],
    ['diners_club', 'diners'],
    ['Discover', 'discover'],
    ['JCB', 'jcb'],
    ['UnionPay', 'unionpay'],
    ['china_unionpay', 'unionpay'],
    ['cartes_bancaires', 'cartes_bancaires'],
    ['Cartes Bancaires', 'cartes_bancaires'],
    ['eftpos_au', 'eftpos_au'],
    ['RuPay', 'rupay'],
  ])('%s is %s', (word, brand) => {
    expect(cardBrandOf(word)).toBe(brand);
  });

  it.each([null, undefined, '', ' ', 'unknown', 'Unknown', 'n/a', 'x'.repeat(61)])(
    'is null of %j',
    (word) => {
      expect(cardBrandOf(word)).toBeNull();
    },
  );
});

describe('a country', () => {
  it.each([
    ['US', 'US'],
    ['th', 'TH'],
    [' gb ', 'GB'],
    ['uk', 'GB'],
  ])('%j is the code %s', (word, code) => {
    expect(countryCodeOf(word)).toBe(code);
  });

  it.each([null, undefined, '', 'USA', 'United States', 'ZZ', 'XX', 'U1'])('is null of %j', (word) => {
    expect(countryCodeOf(word)).toBeNull();
  });

  it.each([
    ['United States of America', 'US'],
    ['UNITED STATES', 'US'],
    ['Korea, Republic of', 'KR'],
    ['Côte d’Ivoire', 'CI'],
    ["Cote d'Ivoire", 'CI'],
    ['Viet Nam', 'VN'],
    ['Germany', 'DE'],
    ['de', 'DE'],
  ])('%s has the code %s', (name, code) => {
    expect(countryOfName(name)).toBe(code);
  });

  it.each([null, undefined, '', 'Atlantis', 'x'.repeat(81)])('has no code by the name %j', (name) => {
    expect(countryOfName(name)).toBeNull();
  });
});

describe('a wallet', () => {
  it.each([
    ['applepay', 'apple_pay'],
    ['Apple Pay', 'apple_pay'],
    ['google_pay', 'google_pay'],
    ['googlepay', 'google_pay'],
    ['android_pay', 'google_pay'],
    ['samsung_pay', 'samsung_pay'],
  ])('%s is %s', (word, wallet) => {
    expect(walletOf(word)).toBe(wallet);
  });

  it.each([null, undefined, '', 'card', 'grabpay', 'alipay', 'unknown'])('is none in %j', (word) => {
    expect(walletOf(word)).toBeNull();
  });
});

describe('a payment method in shared words', () => {
  it('is the same object where nothing has to change', () => {
    const method = {
      type: 'card',
      id: null,
      card: card({ brand: 'visa', country: 'TH', wallet: 'apple_pay' }),
    };
    expect(inSharedWords(method, () => undefined)).toBe(method);
  });

  it('is a card in a wallet, whichever of the two the provider names first', () => {
    const paid = { type: 'card', id: null, card: card({ brand: 'visa', wallet: 'apple_pay' }) };
    expect(shared({ type: 'applepay', id: null, card: card({ brand: 'Visa' }) }).method).toEqual(paid);
    expect(
      shared({ type: 'card', id: null, card: card({ brand: 'VISA', wallet: 'Apple Pay' }) }).method,
    ).toEqual(paid);
  });

  it('names a wallet without a card by the same word', () => {
    expect(shared({ type: 'applepay', id: 'src_1' }).method).toEqual({ type: 'apple_pay', id: 'src_1' });
    expect(shared({ type: 'grabpay', id: 'src_1' }).method).toEqual({ type: 'grabpay', id: 'src_1' });
  });

  it('leaves out a country that is no code, and says so', () => {
    expect(shared({ type: 'card', id: null, card: card({ country: 'Atlantis' }) })).toEqual({
      method: { type: 'card', id: null, card: card() },
      drift: ['paymentMethod.card.country'],
    });
    expect(shared({ type: 'card', id: null, card: card({ country: '' }) }).drift).toEqual([]);
  });

  it('does not change when it is read once more', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (type, brand, country, wallet) => {
        const once = shared({ type, id: null, card: card({ brand, country, wallet }) }).method;
        const twice = shared(once);
        expect(twice.method).toBe(once);
        expect(twice.drift).toEqual([]);
      }),
    );
  });
});
