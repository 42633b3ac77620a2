import { describe, expect, it } from 'vitest';
import {
  derivedFrom,
  fieldsOf,
  isObject,
  isPlainObject,
  itemsOf,
  memberOf,
  withChanges,
} from '../../src/models/objects.js';

describe('memberOf', () => {
  it('reads objects, lists and functions', () => {
    expect(memberOf({ id: 'ch_1' }, 'id')).toBe('ch_1');
    expect(memberOf(['first'], 0)).toBe('first');
    expect(
      memberOf(
        Object.assign(() => undefined, { errorName: 'x' }),
        'errorName',
      ),
    ).toBe('x');
  });

  it.each([null, undefined, 'text', 7, true, Symbol('s')])('reads nothing of %s', (value) => {
    expect(memberOf(value, 'length')).toBeUndefined();
    expect(memberOf(value, 'toString')).toBeUndefined();
  });
});

describe('kinds of objects', () => {
  class Money {
    amount = 1;
  }

  it.each([
    [{}, true, true],
    [Object.create(null), true, true],
    [[], true, false],
    [new Map(), true, false],
    [new Money(), true, false],
    [null, false, false],
    ['text', false, false],
    [() => undefined, false, false],
  ])('%s', (value: unknown, object, plain) => {
    expect(isObject(value)).toBe(object);
    expect(isPlainObject(value)).toBe(plain);
  });

  it('finds no fields in a list, and no items in an object', () => {
    expect(fieldsOf(['a'])).toEqual({});
    expect(fieldsOf('abc')).toEqual({});
    expect(itemsOf({ 0: 'a', length: 1 })).toEqual([]);
    expect(itemsOf('abc')).toEqual([]);
  });
});

it('withChanges gives the same object where nothing changes', () => {
  const model = { id: 'ch_1', description: null };
  expect(withChanges(model, { id: 'ch_1' })).toBe(model);
  expect(withChanges(model, { id: 'ch_2' })).toEqual({ id: 'ch_2', description: null });
});

it('derivedFrom sees later changes of what it comes from, and keeps its own', () => {
  const base = { now: 1, later: 1 };
  const derived = derivedFrom(base, { now: 2 });
  base.now = 3;
  base.later = 3;
  expect(derived.now).toBe(2);
  expect(derived.later).toBe(3);
});
