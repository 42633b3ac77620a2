import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAgenda } from '../../src/simulator/agenda.js';
import { decodeForm } from '../../src/simulator/form.js';
import { createIds } from '../../src/simulator/ids.js';
import { createSearchIndex } from '../../src/simulator/search-index.js';

describe('agenda', () => {
  it('runs what is due in the order of time, then of planning, whatever order it was planned in', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 60 }), fc.nat(50), (times, now) => {
        const agenda = createAgenda();
        const ran: [number, number][] = [];
        times.forEach((time, index) => agenda.at(time, (dueAt) => ran.push([dueAt, index])));
        agenda.runDue(now);
        const expected = times
          .map((time, index): [number, number] => [time, index])
          .filter(([time]) => time <= now)
          .sort(([a, i], [b, j]) => a - b || i - j);
        expect(ran).toEqual(expected);
        agenda.runDue(now);
        expect(ran).toHaveLength(expected.length);
      }),
    );
  });

  it('leaves out what was taken off, and runs what an action plans for the same moment', () => {
    const agenda = createAgenda();
    const ran: string[] = [];
    const cancel = agenda.at(1, () => ran.push('canceled'));
    agenda.at(2, () => {
      ran.push('first');
      agenda.at(2, () => ran.push('second'));
    });
    cancel();
    agenda.runDue(5);
    expect(ran).toEqual(['first', 'second']);
  });
});

describe('ids', () => {
  it('are unique, as long as asked, and the same for the same seed', () => {
    const make = (seed: number) => {
      const ids = createIds(seed);
      return Array.from({ length: 5000 }, (_, index) =>
        index % 2 === 0 ? ids.next('ch_', 24) : ids.nextLowerCase('chrg_', 19),
      );
    };
    const made = make(1);
    expect(new Set(made).size).toBe(made.length);
    expect(made.every((id) => /^(ch_[0-9A-Za-z]{24}|chrg_[0-9a-z]{19})$/.test(id))).toBe(true);
    expect(make(1)).toEqual(made);
    expect(make(2)).not.toEqual(made);
  });
});

describe('forms', () => {
  const plain = (text: string): unknown => JSON.parse(JSON.stringify(decodeForm(text)));

  it.each([
    ['', {}],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a', { a: '' }],
    ['a=1&a=2', { a: '2' }],
    ['a[b]=1&a[c][d]=2', { a: { b: '1', c: { d: '2' } } }],
    ['a[]=1&a[]=2', { a: ['1', '2'] }],
    ['a[0]=1&a[1]=2', { a: ['1', '2'] }],
    ['a[0][x]=1&a[1][x]=2', { a: [{ x: '1' }, { x: '2' }] }],
    ['a[1]=1', { a: { 1: '1' } }],
    ['a%5Bb%5D=%20+%26', { a: { b: '  &' } }],
    ['a=%zz', { a: '%zz' }],
    ['[a]=1', { '[a]': '1' }],
    ['a=1&a[b]=2', { a: { b: '2' } }],
    ['a[b[c]]=1', { a: { 'b[c]': '1' } }],
  ])('%s', (text, decoded) => {
    expect(plain(text)).toEqual(decoded);
  });

  it('keep a parameter called __proto__ to themselves', () => {
    const decoded = decodeForm('__proto__[polluted]=yes&a[__proto__]=1');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.keys(decoded)).toEqual(['__proto__', 'a']);
  });

  it('give back any flat map that was encoded', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ minLength: 1 }).filter((name) => !/[[\]]/.test(name)),
          fc.string(),
        ),
        (map) => {
          const text = Object.entries(map)
            .map((pair) => pair.map(encodeURIComponent).join('='))
            .join('&');
          expect(Object.entries(decodeForm(text))).toEqual(Object.entries(map));
        },
      ),
    );
  });
});

describe('search index', () => {
  it('shows the version that was current one delay ago', () => {
    let now = 0;
    let delay = 10;
    const index = createSearchIndex<string>(
      () => now,
      () => delay,
    );
    index.write('a', 'a1');
    now = 5;
    index.write('a', 'a2');
    index.write('b', 'b1');
    expect(index.visible()).toEqual([]);
    now = 10;
    expect(index.visible()).toEqual(['a1']);
    now = 15;
    expect(index.visible()).toEqual(['a2', 'b1']);
    delay = 0;
    index.write('a', 'a3');
    expect(index.visible()).toEqual(['a3', 'b1']);
  });
});
