import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChargeStatus } from '../../../src/models/charge.js';
import type { SearchParams } from '../../../src/models/params.js';
import { searchIssues, searchQuery as buildQuery } from './reading.js';

/** A value in quotes, as a clause of a query holds it. */
const quote = (customer: string): string => buildQuery({ customer }, 'charges').replace(/^customer:/, '');

describe('a search query', () => {
  it('joins what was asked with AND', () => {
    const query = buildQuery(
      {
        status: 'authorized',
        amount: 4590,
        currency: 'EUR',
        customer: 'cus_1',
        createdAfter: '2026-01-01T00:00:00Z',
        createdBefore: '2026-02-01T00:00:00.500Z',
        metadata: { order: '81' },
      },
      'payment_intents',
    );
    expect(query).toBe(
      'status:"requires_capture" AND amount:4590 AND currency:"eur" AND customer:"cus_1" AND created>=1767225600 AND ' +
        'created<1769904001 AND metadata["order"]:"81"',
    );
  });

  it('passes the text of the caller through', () => {
    expect(buildQuery({ query: 'amount>999 OR currency:"jpy"' }, 'charges')).toBe(
      'amount>999 OR currency:"jpy"',
    );
    expect(buildQuery({ query: '-currency:"jpy"', customer: 'cus_1' }, 'charges')).toBe(
      '-currency:"jpy" AND customer:"cus_1"',
    );
  });

  it('asks for everything where nothing was asked, because Stripe requires a query', () => {
    expect(buildQuery({}, 'payment_intents')).toBe('created>0');
  });

  it('counts amounts as Stripe does, and leaves them to us without their currency', () => {
    expect(buildQuery({ amount: 5, currency: 'ISK' }, 'charges')).toBe('amount:500 AND currency:"isk"');
    expect(buildQuery({ amount: 4500, currency: 'MGA' }, 'charges')).toBe('amount:45 AND currency:"mga"');
    expect(buildQuery({ amount: 5 }, 'charges')).toBe('created>0');
  });

  const narrowed: readonly (readonly [ChargeStatus, string | null, string | null])[] = [
    ['pending', null, 'pending'],
    ['requires_action', 'requires_action', null],
    ['authorized', 'requires_capture', 'succeeded'],
    ['captured', null, 'succeeded'],
    ['voided', 'canceled', 'succeeded'],
    ['expired', 'canceled', 'succeeded'],
    ['failed', 'requires_payment_method', 'failed'],
    ['unknown', null, null],
  ];

  it.each(narrowed)(
    'narrows %s to %s of intents and %s of charges, never to less than all',
    (status, intents, charges) => {
      const expected = (word: string | null) => (word === null ? 'created>0' : `status:"${word}"`);
      expect(buildQuery({ status }, 'payment_intents')).toBe(expected(intents));
      expect(buildQuery({ status }, 'charges')).toBe(expected(charges));
    },
  );

  it('quotes any text so that it stays one value', () => {
    expect(quote('a"b\\c')).toBe('"a\\"b\\\\c"');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const quoted = quote(text);
        const inner = /^"((?:\\.|[^"\\])*)"$/s.exec(quoted)?.[1];
        expect(inner?.replace(/\\(.)/gs, '$1')).toBe(text);
      }),
    );
  });

  it('lets no value or key of metadata become a clause of its own', () => {
    const attack = '" OR amount>0 OR metadata["x"]:"';
    const query = buildQuery({ metadata: { [attack]: attack } }, 'charges');
    expect(query.replace(/"(?:\\.|[^"\\])*"/g, '""')).toBe('metadata[""]:""');
  });
});

describe('a search that Stripe would refuse', () => {
  const paths = (params: SearchParams) => searchIssues(params, 'charges').map(({ path }) => path);

  it('mixes AND and OR', () => {
    expect(paths({ query: 'amount>1 OR amount<9 AND currency:"eur"' })).toEqual(['query']);
    expect(paths({ query: 'amount>1 or amount<9', customer: 'cus_1' })).toEqual(['query']);
    expect(paths({ query: 'amount>1 OR amount<9' })).toEqual([]);
    expect(paths({ query: 'amount>1 OR amount<9', limit: 5 })).toEqual([]);
  });

  it('is not one whose quoted value only holds the word', () => {
    expect(paths({ query: 'metadata["k"]:"this OR \\" that"', customer: 'cus_1' })).toEqual([]);
  });

  it('is too long, or asks for an amount that cannot be', () => {
    expect(paths({ query: 'x'.repeat(5001) })).toEqual(['query']);
    expect(paths({ metadata: { k: 'v'.repeat(5000) } })).toEqual(['query']);
    expect(paths({ amount: 7318, currency: 'KWD' })).toEqual(['amount']);
    expect(paths({ amount: 7318, currency: 'IQD' })).toEqual(['currency']);
  });
});
