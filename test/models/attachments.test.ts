import { describe, expect, it } from 'vitest';
import { splitMetadata, stampMetadataKey } from '../../src/models/attachments.js';

describe('metadata of an answer', () => {
  it('is text, whatever a provider makes of it', () => {
    const { metadata } = splitMetadata({ order: 77, paid: true, note: null, tags: ['a'], text: '7' });
    expect(metadata).toEqual({ order: '77', paid: 'true', tags: '["a"]', text: '7' });
  });

  it.each([
    ['order-77', 'order-77'],
    ['77', '77'],
    [77, '77'],
    [0, '0'],
    [7.5, null],
    [2 ** 60, null],
    [true, null],
    [null, null],
    [undefined, null],
    [{ key: 'order-77' }, null],
  ])('that carries the stamp %j has the key %j, and does not show it', (stamp, key) => {
    const split = splitMetadata({ [stampMetadataKey]: stamp, order: '77' });
    expect(split).toEqual({ metadata: { order: '77' }, stamp: key });
  });
});
