import { describe, expect, it } from 'vitest';
import type { ListParams } from '../../../src/models/params.js';
import { pinProvider } from '../../../src/providers/pin/index.js';
import captured from '../../fixtures/pin/charge-captured.json' with { type: 'json' };
import { fits, issuesOf, outputOf, requestOf } from '../seam.js';
import { recordedCall } from './call.js';

interface Pagination {
  readonly current: number;
  readonly next?: unknown;
  readonly pages?: number | null;
  readonly per_page?: number;
  readonly count?: number;
}

/** A page of one charge, as `list` reads it. */
const pageOf = async (
  pagination: Pagination,
  { cursor = null, params = {} }: { readonly cursor?: string | null; readonly params?: ListParams } = {},
) => {
  const call = recordedCall();
  const body = { response: [captured.response], pagination };
  const page = await outputOf(pinProvider, 'list', { body }, call, { params, cursor });
  return { next: page.nextCursor, drifts: call.drifts };
};

const next = async (pagination: Pagination) => {
  const cursor = pagination.current === 1 ? null : String(pagination.current);
  const page = await pageOf(pagination, { cursor });
  return { page: page.next === null ? null : Number(page.next), drifts: page.drifts };
};

const queryOf = (params: ListParams, cursor: string | null) =>
  requestOf(pinProvider, 'list', { params, cursor }, recordedCall()).query;

describe('the next page', () => {
  it.each<[name: string, pagination: Pagination, page: number | null]>([
    ['in the middle', { current: 2, next: 3, pages: 15 }, 3],
    ['at the end', { current: 15, next: null, pages: 15 }, null],
    ['of an empty result', { current: 1, next: null, pages: 0 }, null],
    ['past the end', { current: 2, next: null, pages: 1 }, null],
    ['of the old sample that points at itself', { current: 1, next: 1, pages: 1 }, null],
    ['before the last', { current: 1, next: 2, pages: 2 }, 2],
    ['without next and pages', { current: 1 }, null],
  ])('%s', async (_, pagination, page) => {
    expect(await next(pagination)).toEqual({ page, drifts: [] });
  });

  it.each<[name: string, pagination: Pagination]>([
    ['missing', { current: 1, pages: 3 }],
    ['null', { current: 1, next: null, pages: 3 }],
    ['pointing back', { current: 1, next: 1, pages: 3 }],
  ])(
    'is the one after this where next is %s although there are more: an end is not believed too early',
    async (_, pagination) => {
      expect(await next(pagination)).toEqual({ page: 2, drifts: [['pagination.next', 'inconsistent']] });
    },
  );

  it.each<[name: string, pagination: Pagination]>([
    ['missing', { current: 1, per_page: 1, count: 2 }],
    ['null', { current: 1, next: null, pages: null, per_page: 1, count: 2 }],
  ])('is the one after this where next and pages are %s, but not all is there', async (_, pagination) => {
    expect(await next(pagination)).toEqual({ page: 2, drifts: [['pagination.next', 'inconsistent']] });
  });

  it('is reported where it is no number', async () => {
    expect(await next({ current: 1, next: '2', pages: 2 })).toEqual({
      page: 2,
      drifts: [
        ['pagination.next', 'wrong_type'],
        ['pagination.next', 'inconsistent'],
      ],
    });
  });

  it('is not told by an answer about another page than was asked, nor is that the end', async () => {
    await expect(pageOf({ current: 1, next: 2, pages: 3 }, { cursor: '2' })).rejects.toMatchObject({
      name: 'InvalidResponseError',
      code: 'incomplete_list',
    });
  });

  it.each<[name: string, pagination: Pagination, cursor: string | null, after: string]>([
    ['is full', { current: 1, next: null, pages: 1, count: 2 }, null, '2~'],
    ['is not full', { current: 2, next: null, pages: 2, per_page: 2, count: 4 }, '2', '3~'],
    ['says what nobody can read', { current: 1, next: 'x' }, null, '2~'],
  ])('that gives less than it announced and %s is no end', async (_, pagination, cursor, after) => {
    expect(await pageOf(pagination, { cursor })).toMatchObject({ next: after });
    const ended = { ...pagination, current: pagination.current + 1 };
    await expect(pageOf(ended, { cursor: after })).rejects.toMatchObject({ code: 'incomplete_list' });
  });

  it('cannot be told without the number of this one: such an answer is refused', () => {
    const isPage = (body: unknown) => fits(pinProvider, 'list', body);
    expect(isPage({ response: [], pagination: { current: 1 } })).toBe(true);
    for (const pagination of [undefined, null, {}, { current: null }, { current: '1' }, { current: 0 }]) {
      expect(isPage({ response: [], pagination })).toBe(false);
    }
    expect(isPage({ response: null, pagination: { current: 1 } })).toBe(false);
  });
});

describe('a cursor', () => {
  it('keeps the page size, because page numbers mean nothing with another', async () => {
    expect(await pageOf({ current: 1, next: 2 }, { params: { limit: 50 } })).toMatchObject({ next: '2-50' });
    expect(queryOf({ limit: 10 }, '2-50')).toEqual({ page: 2, per_page: 50 });
    expect(await pageOf({ current: 2, next: 3 }, { cursor: '2' })).toMatchObject({ next: '3' });
    expect(queryOf({ limit: 10 }, '3')).toEqual({ page: 3, per_page: undefined });
    expect(queryOf({ limit: 10 }, '3-50~')).toEqual({ page: 3, per_page: 50 });
  });

  it('begins at the first page', () => {
    expect(queryOf({ limit: 10 }, null)).toEqual({ page: 1, per_page: 10 });
    expect(queryOf({}, null)).toEqual({ page: 1, per_page: undefined });
  });

  it.each(['', '0', '-1', '1.5', '2-0', '2-1000', 'two', '1e3', '../2', '9999999999'])(
    'of somebody else is none: %s',
    (cursor) => {
      expect(issuesOf(pinProvider, 'list', { params: {}, cursor }, recordedCall())).toMatchObject([
        { path: 'cursor' },
      ]);
    },
  );
});
