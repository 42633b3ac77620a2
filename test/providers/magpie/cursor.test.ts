import { describe, expect, it } from 'vitest';
import { endOf } from '../../../src/providers/magpie/cursor.js';

describe('the next page', () => {
  it.each([
    ['a relative path', '/v2/charges/?start_after=ch_0aa2', 'ch_0aa2'],
    ['a path without a slash', '/v2/charges?start_after=ch_0aa2', 'ch_0aa2'],
    ['a query alone', '?start_after=ch_0aa2', 'ch_0aa2'],
    ['an address of the provider', 'https://api.magpie.im/v2/charges/?start_after=ch_0aa2', 'ch_0aa2'],
    [
      'an address of somebody else, of which only the cursor counts',
      'https://evil.test/?start_after=ch_0aa2',
      'ch_0aa2',
    ],
    ['among other parameters', '/v2/charges/?limit=5&start_after=ch%5F0aa2&x=1', 'ch_0aa2'],
    ['a bare id', 'ch_0aa2', 'ch_0aa2'],
  ])('is read from %s', (_, next, cursor) => {
    expect(endOf(next)).toEqual({ next: cursor, hasMore: true });
  });

  it.each([undefined, null, ''])('does not exist after the last one: %j', (next) => {
    expect(endOf(next)).toEqual({ next: null, hasMore: false });
  });

  it.each(['/v2/charges/', '/v2/charges/?start_after=', 'http://[', 'more', 7, true, {}, ['ch_1']])(
    'that cannot be read is no end of the list: %j',
    (next) => {
      expect(endOf(next)).toEqual({ next: null, hasMore: true });
    },
  );
});
