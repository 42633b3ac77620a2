import { describe, expect, it } from 'vitest';
import { magpieProvider } from '../../../src/providers/magpie/index.js';
import listed from '../../fixtures/magpie/list.json' with { type: 'json' };
import { issuesOf, outputOf } from '../seam.js';
import { recordedCall } from './call.js';

const pageWith = async (next: unknown) => {
  const { call } = recordedCall();
  const input = { params: {}, cursor: null };
  return outputOf(magpieProvider, 'list', { body: { ...listed, next } }, call, input);
};

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
  ])('is read from %s', async (_, next, cursor) => {
    expect(await pageWith(next)).toMatchObject({ nextCursor: cursor });
  });

  it.each([undefined, null, ''])('does not exist after the last one: %j', async (next) => {
    expect(await pageWith(next)).toMatchObject({ nextCursor: null });
  });

  it.each(['/v2/charges/', '/v2/charges/?start_after=', 'http://[', 'more', 7, true, {}, ['ch_1']])(
    'that cannot be read is no end of the list: %j',
    async (next) => {
      await expect(pageWith(next)).rejects.toMatchObject({
        name: 'InvalidResponseError',
        code: 'incomplete_list',
      });
    },
  );

  it.each([
    ['ch_0aa2', true],
    ['ch_0-a_2', true],
    ['2', false],
    ['2-50', false],
    ['/v2/charges/?start_after=ch_0aa2', false],
    ['src_1', false],
  ])('is asked by the id of a charge and nothing else: %s', (cursor, isTaken) => {
    const issues = issuesOf(magpieProvider, 'list', { params: {}, cursor }, recordedCall().call);
    expect(issues.map(({ path }) => path)).toEqual(isTaken ? [] : ['cursor']);
  });
});
