import { describe, expect, it } from 'vitest';
import { createOwnKeys } from '../../src/calls/own-keys.js';

const most = 10_000;

/** A client that has sent under this many keys, one after another. */
const keysAfter = async (count: number) => {
  const keys = createOwnKeys();
  const send = (key: string) => keys.hold('scope', key, () => Promise.resolve('sent'));
  for (let index = 0; index < count; index += 1) await send(`key-${index}`);
  return { keys, send };
};

describe('the keys that a client sent under', () => {
  it('are remembered up to a bound, and the oldest is forgotten first', async () => {
    const { keys } = await keysAfter(most + 3);
    const isKnown = (index: number) => keys.mayBeSent('scope', `key-${index}`);
    expect([0, 1, 2].map(isKnown)).toEqual([false, false, false]);
    expect([3, 4, most, most + 2].map(isKnown)).toEqual([true, true, true, true]);
  });

  it('count from their latest use', async () => {
    const { keys, send } = await keysAfter(most);
    await send('key-0');
    await send('another');
    await send('a third');
    expect(keys.mayBeSent('scope', 'key-0')).toBe(true);
    expect(keys.mayBeSent('scope', 'key-1')).toBe(false);
    expect(keys.mayBeSent('scope', 'key-2')).toBe(false);
    expect(keys.mayBeSent('scope', 'key-3')).toBe(true);
  });

  it('are forgotten one for one after many more', async () => {
    const { keys } = await keysAfter(3 * most);
    const known = Array.from({ length: 3 * most }, (_, index) => keys.mayBeSent('scope', `key-${index}`));
    expect(known.indexOf(true)).toBe(2 * most);
    expect(known.filter(Boolean)).toHaveLength(most);
  });
});
