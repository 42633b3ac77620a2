import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalToMinorUnits } from '../../../src/models/money.js';
import type { SearchParams } from '../../../src/models/params.js';
import { omiseProvider } from '../../../src/providers/omise/index.js';
import { fillRoute } from '../../../src/transport/encode.js';
import { issuesOf, requestOf } from '../seam.js';
import { fakeCall } from './call.js';

const queryOf = (params: SearchParams, cursor: string | null = null): Record<string, string> => {
  const path = fillRoute(requestOf(omiseProvider, 'search', { params, cursor }, fakeCall()));
  return Object.fromEntries(new URL(path, 'https://api.omise.co').searchParams);
};

const always = { scope: 'charge', page: '1', order: 'reverse_chronological' };

describe('a search', () => {
  it('always sends the scope, the page and the order', () => {
    expect(queryOf({})).toEqual(always);
    expect(queryOf({}, '3')).toEqual({ ...always, page: '3' });
  });

  it('passes the text through and asks for pages of the given size', () => {
    expect(queryOf({ query: 'order 77', limit: 50 })).toEqual({
      ...always,
      query: 'order 77',
      per_page: '50',
    });
  });

  it.each([
    ['pending', { 'filters[status]': 'pending', 'filters[authorized]': 'false' }],
    ['requires_action', { 'filters[status]': 'pending', 'filters[authorized]': 'false' }],
    ['authorized', { 'filters[status]': 'pending', 'filters[authorized]': 'true' }],
    ['captured', { 'filters[status]': 'successful' }],
    ['failed', { 'filters[status]': 'failed' }],
    ['voided', { 'filters[reversed]': 'true' }],
    ['expired', {}],
    ['unknown', {}],
  ] as const)('for %s asks for at least those', (status, filters) => {
    expect(queryOf({ status })).toEqual({ ...always, ...filters });
  });

  it.each([
    [409669, 'THB', '4096.69'],
    [45900, 'THB', '459.00'],
    [1, 'USD', '0.01'],
    [4590, 'JPY', '4590'],
  ])('writes %i %s in main units: %s', (amount, currency, text) => {
    expect(queryOf({ amount, currency })).toEqual({
      ...always,
      'filters[amount]': text,
      'filters[currency]': currency,
    });
  });

  it('keeps every amount exact in every documented currency', () => {
    const documented = 'AUD CAD CHF CNY DKK EUR GBP HKD IDR JPY MYR SGD THB USD'.split(' ');
    fc.assert(
      fc.property(
        fc.constantFrom(...documented),
        fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        (currency, amount) => {
          const text = queryOf({ amount, currency })['filters[amount]'] ?? '';
          expect(decimalToMinorUnits(text, currency)).toBe(amount);
        },
      ),
    );
  });

  it('does not send an amount whose currency is not known', () => {
    expect(queryOf({ amount: 45900 })).toEqual(always);
    expect(queryOf({ amount: 45900, currency: 'KWD' })).toEqual({ ...always, 'filters[currency]': 'KWD' });
  });

  it.each([
    [
      { createdAfter: '2026-01-05T03:00:00Z', createdBefore: '2026-01-07T00:00:00Z' },
      '2026-01-04..2026-01-08',
    ],
    [{ createdAfter: '2026-01-05T03:00:00+07:00' }, '2026-01-03..2026-03-02'],
    [{ createdBefore: '2026-01-07T00:00:00Z' }, '1970-01-01..2026-01-08'],
    [{ createdBefore: '9999-12-31T00:00:00Z' }, '1970-01-01..2026-03-02'],
    [{ createdAfter: '2030-01-01T00:00:00Z' }, '2026-03-02..2026-03-02'],
  ])('asks for %j in whole days with room on both sides', (params, created) => {
    expect(queryOf(params)).toEqual({ ...always, 'filters[created]': created });
  });

  it('never sends metadata or a customer: Omise cannot search for them', () => {
    expect(queryOf({ metadata: { order: '77' }, customer: 'cust_test_1' })).toEqual(always);
  });

  it('encodes what would be another filter', () => {
    const path = fillRoute(
      requestOf(
        omiseProvider,
        'search',
        { params: { query: 'a&filters[paid]=true' }, cursor: null },
        fakeCall(),
      ),
    );
    expect(path).toBe(
      '/search?scope=charge&query=a%26filters[paid]%3Dtrue&page=1&order=reverse_chronological',
    );
  });

  it('refuses a cursor that is none of its own', () => {
    for (const cursor of ['next', '-1', '1.5', ' 1']) {
      for (const name of ['search', 'list'] as const)
        expect(issuesOf(omiseProvider, name, { params: {}, cursor }, fakeCall())).toHaveLength(1);
    }
  });
});
