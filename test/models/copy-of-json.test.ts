import { afterEach, describe, expect, it, vi } from 'vitest';
import { copyOfJson } from '../../src/models/copy-of-json.js';
import { createFakeClient } from '../../src/testing/index.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a copy of JSON', () => {
  const value: unknown = JSON.parse('{"a":[1,{"b":null}],"c":"text","d":true,"__proto__":{"e":1}}');

  it.each(['with', 'without'])('is deep, %s structuredClone', (word) => {
    if (word === 'without') vi.stubGlobal('structuredClone', undefined);
    const copy = copyOfJson(value) as { a: [number, { b: null }] };
    expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
    expect(copy).not.toBe(value);
    expect(copy.a[1]).not.toBe((value as typeof copy).a[1]);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });

  it('keeps the fake client working in the environment of Jest 27, which has no structuredClone', async () => {
    vi.stubGlobal('structuredClone', undefined);
    const charges = createFakeClient();
    const charge = await charges.create({ amount: 4590, currency: 'EUR', source: 'approved' });
    expect(charge.status).toBe('captured');
  });
});
