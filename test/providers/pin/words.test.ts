import { describe, expect, it } from 'vitest';
import captured from '../../fixtures/pin/charge-captured.json' with { type: 'json' };
import { client, useHost } from './host.js';

const { expectRequest } = useHost();
const id = captured.response.token;

const retrieved = async (card: object) => {
  const response = { ...captured.response, card: { ...captured.response.card, ...card } };
  expectRequest('GET', `/1/charges/${id}`, { status: 200, body: { response } });
  return (await client().retrieve(id)).paymentMethod;
};

describe('a card of Pin, as a client shows it', () => {
  it.each([
    ['master', 'mastercard'],
    ['visa', 'visa'],
    ['american_express', 'amex'],
    ['diners_club', 'diners'],
    ['jcb', 'jcb'],
    ['china_union_pay', 'unionpay'],
    ['eftpos', 'eftpos'],
    [null, null],
  ])('of the scheme %s is called %s, as at every provider', async (scheme, word) => {
    expect(await retrieved({ scheme })).toMatchObject({ card: { brand: word, country: 'AU' } });
  });

  it.each([
    ['applepay', 'apple_pay'],
    ['googlepay', 'google_pay'],
  ])('in the wallet %s is a card, and the wallet is told', async (network_type, wallet) => {
    expect(await retrieved({ network_type })).toMatchObject({ type: 'card', card: { wallet } });
  });

  it('in no wallet has none', async () => {
    const method = await retrieved({ network_type: null });
    expect(method).toMatchObject({ type: 'card' });
    expect(method?.card).not.toHaveProperty('wallet');
  });
});
