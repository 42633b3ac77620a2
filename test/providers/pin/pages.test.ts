import { describe, expect, it } from 'vitest';
import { endOf, positionOf, readCursor } from '../../../src/providers/pin/pages.js';
import { chargePageAnswer, type PaginationWire } from '../../../src/providers/pin/wire.js';
import { recordedCall } from './call.js';

const next = (pagination: PaginationWire) => {
  const call = recordedCall();
  const position = { page: pagination.current, perPage: undefined };
  const { next: cursor, hasMore } = endOf(pagination, position, call.drift);
  expect(hasMore).toBe(cursor !== null);
  return { page: cursor === null ? null : Number(cursor), drifts: call.drifts };
};

describe('the next page', () => {
  it.each<[name: string, pagination: PaginationWire, page: number | null]>([
    ['in the middle', { current: 2, next: 3, pages: 15 }, 3],
    ['at the end', { current: 15, next: null, pages: 15 }, null],
    ['of an empty result', { current: 1, next: null, pages: 0 }, null],
    ['past the end', { current: 2, next: null, pages: 1 }, null],
    ['of the old sample that points at itself', { current: 1, next: 1, pages: 1 }, null],
    ['behind a page that came back empty', { current: 1, next: 2, pages: 2 }, 2],
    ['without next and pages', { current: 1 }, null],
  ])('%s', (_, pagination, page) => {
    expect(next(pagination)).toEqual({ page, drifts: [] });
  });

  it.each<[name: string, pagination: PaginationWire]>([
    ['missing', { current: 1, pages: 3 }],
    ['null', { current: 1, next: null, pages: 3 }],
    ['pointing back', { current: 1, next: 1, pages: 3 }],
  ])(
    'is the one after this where next is %s although there are more: an end is not believed too early',
    (_, pagination) => {
      expect(next(pagination)).toEqual({ page: 2, drifts: [['pagination.next', 'inconsistent']] });
    },
  );

  it('is reported where it is no number', () => {
    expect(next({ current: 1, next: '2', pages: 2 })).toEqual({
      page: 2,
      drifts: [
        ['pagination.next', 'wrong_type'],
        ['pagination.next', 'inconsistent'],
      ],
    });
  });

  it('is not told by an answer about another page than was asked, nor is that the end', () => {
    const call = recordedCall();
    expect(endOf({ current: 1, next: 2, pages: 3 }, { page: 2, perPage: undefined }, call.drift)).toEqual({
      next: null,
      hasMore: true,
    });
  });

  it('cannot be told without the number of this one: such an answer is refused', () => {
    expect(chargePageAnswer.safeParse({ response: [], pagination: { current: 1 } }).success).toBe(true);
    for (const pagination of [undefined, null, {}, { current: null }, { current: '1' }, { current: 0 }]) {
      expect(chargePageAnswer.safeParse({ response: [], pagination }).success).toBe(false);
    }
    expect(chargePageAnswer.safeParse({ response: null, pagination: { current: 1 } }).success).toBe(false);
  });
});

describe('a cursor', () => {
  it('keeps the page size, because page numbers mean nothing with another', () => {
    const call = recordedCall();
    expect(endOf({ current: 1, next: 2 }, { page: 1, perPage: 50 }, call.drift).next).toBe('2-50');
    expect(positionOf({ limit: 10 }, '2-50')).toEqual({ page: 2, perPage: 50 });
    expect(endOf({ current: 2, next: 3 }, { page: 2, perPage: undefined }, call.drift).next).toBe('3');
    expect(positionOf({ limit: 10 }, '3')).toEqual({ page: 3, perPage: undefined });
  });

  it('begins at the first page', () => {
    expect(positionOf({ limit: 10 }, null)).toEqual({ page: 1, perPage: 10 });
    expect(positionOf({}, null)).toEqual({ page: 1, perPage: undefined });
  });

  it.each(['', '0', '-1', '1.5', '2-0', '2-1000', 'two', '1e3', '../2', '9999999999'])(
    'of somebody else is none: %s',
    (text) => {
      expect(readCursor(text)).toBeNull();
    },
  );
});
