import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBody, encodeFields, fillRoute, isPathId } from '../../src/transport/encode.js';

describe('form fields', () => {
  it.each([
    [{ a: 1, b: true, c: 'x y' }, 'a=1&b=true&c=x%20y'],
    [{ metadata: { order: '81&1=2' } }, 'metadata[order]=81%261%3D2'],
    [{ expand: ['latest_charge', 'customer'] }, 'expand[0]=latest_charge&expand[1]=customer'],
    [{ created: { gte: 5 }, nothing: undefined }, 'created[gte]=5'],
    [{ metadata: { gone: null } }, 'metadata[gone]='],
    [{ zero: 0, no: false, empty: '' }, 'zero=0&no=false&empty='],
  ])('%j', (fields, expected) => {
    expect(encodeFields(fields)).toBe(expected);
  });

  it('read back as what they were, whatever the text', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string()), (fields) => {
        const read = new URLSearchParams(encodeFields({ ...fields }));
        expect([...read.entries()]).toEqual(Object.entries(fields));
      }),
    );
  });
});

describe('a path', () => {
  it('holds ids percent-encoded', () => {
    expect(fillRoute({ route: '/v1/charges/{id}/capture', ids: { id: 'ch_1' } })).toBe(
      '/v1/charges/ch_1/capture',
    );
  });

  it.each(['', '.', '..', 'a/b', '../customers', 'ch_1?x=1', 'ch_1#x', 'ch 1', 'ch%2f1', 'ch_1\r\n', 'é'])(
    'refuses %j as an id',
    (id) => {
      expect(isPathId(id)).toBe(false);
      expect(() => fillRoute({ route: '/v1/charges/{id}', ids: { id } })).toThrow(RangeError);
    },
  );

  it('never leaves its folder, whatever the id', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        if (!isPathId(id)) return;
        const url = new URL(`https://host.test${fillRoute({ route: '/v1/charges/{id}', ids: { id } })}`);
        expect(url.pathname.split('/').length).toBe(4);
        expect(url.search + url.hash).toBe('');
      }),
    );
  });
});

describe('a body', () => {
  it('is a form or JSON with its type, and empty for a write without one', () => {
    const request = { method: 'POST', route: '/x' } as const;
    expect(encodeBody({ ...request, form: { a: 1 } })).toEqual({
      body: 'a=1',
      contentType: 'application/x-www-form-urlencoded',
    });
    expect(encodeBody({ ...request, json: { a: 1, b: undefined } })).toEqual({
      body: '{"a":1}',
      contentType: 'application/json',
    });
    expect(encodeBody(request)).toEqual({ body: '', contentType: null });
    expect(encodeBody({ ...request, method: 'GET' })).toEqual({ body: null, contentType: null });
  });
});
