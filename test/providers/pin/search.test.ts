import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SearchParams } from '../../../src/models/params.js';
import { pinProvider } from '../../../src/providers/pin/index.js';
import { requestOf } from '../seam.js';
import { recordedCall } from './call.js';

const searchRequest = (params: SearchParams, cursor: string | null) =>
  requestOf(pinProvider, 'search', { params, cursor }, recordedCall());
const query = (params: SearchParams, cursor: string | null = null) =>
  searchRequest(params, cursor).query ?? {};

describe('a search', () => {
  it('always says how to sort, and which page', () => {
    expect(searchRequest({ query: 'Order 77' }, null)).toEqual({
      method: 'GET',
      route: '/1/charges/search',
      query: {
        query: 'Order 77',
        start_date: undefined,
        end_date: undefined,
        sort: 'created_at',
        direction: -1,
        page: 1,
        per_page: undefined,
      },
    });
    expect(query({ query: 'x', limit: 50 }, '3-50')).toMatchObject({ page: 3, per_page: 50 });
  });

  it.each<[name: string, params: SearchParams, text: string | undefined]>([
    ['the query itself', { query: 'Order 77', metadata: { order: '77' }, customer: 'cus_1' }, 'Order 77'],
    [
      'the longest value of the metadata',
      { metadata: { a: '1', order: 'order-77', b: '22' }, customer: 'cus_1' },
      'order-77',
    ],
    ['the customer', { customer: 'cus_1', metadata: { a: '' } }, 'cus_1'],
    ['nothing', { amount: 100, currency: 'AUD', status: 'captured' }, undefined],
  ])('asks for %s', (_, params, text) => {
    expect(query(params)['query']).toBe(text);
  });

  it('widens moments to whole days, one before and two after', () => {
    expect(
      query({ createdAfter: '2025-03-01T00:00:00Z', createdBefore: new Date('2024-12-31T23:59:59.999Z') }),
    ).toMatchObject({ start_date: '2025/02/28', end_date: '2025/01/02' });
  });

  it('leaves out no moment that was asked for, whatever the time zone of the days', () => {
    const moment = fc.date({ min: new Date('2012-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(moment, moment, fc.integer({ min: -12, max: 14 }), (createdAfter, createdBefore, zone) => {
        const { start_date, end_date } = query({ createdAfter, createdBefore });
        const midnight = (day: unknown) =>
          Date.parse(`${String(day).replaceAll('/', '-')}T00:00:00Z`) - zone * 3_600_000;
        expect(midnight(start_date)).toBeLessThanOrEqual(createdAfter.getTime());
        expect(midnight(end_date)).toBeGreaterThanOrEqual(createdBefore.getTime());
      }),
    );
  });
});
