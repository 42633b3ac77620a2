import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { declineCodes, declinedErrorCodes, refusalCodes } from '../../../src/providers/stripe/codes.js';
import { notReachable } from '../../fixtures/stripe/decline-tables.js';

/* The official SDK's own list of error codes, which grows with every release: no code of it may be without a meaning here. */

const declarations = createRequire(import.meta.url)
  .resolve('stripe')
  .replace(/cjs.*$/, 'esm/resources/PaymentIntents.d.ts');

/** The words of `LastPaymentError.Code`. */
const officialCodes = (): string[] => {
  const text = readFileSync(declarations, 'utf8');
  const union = /namespace LastPaymentError \{[\s\S]*?type Code = ([^;]+);/.exec(text)?.[1] ?? '';
  return [...union.matchAll(/'([^']+)'/g)].map(([, code]) => code ?? '');
};

// The decline code beside it says what it means.
const known = { ...declineCodes, ...declinedErrorCodes, ...refusalCodes, card_declined: true };

describe("the codes of the official SDK's types", () => {
  it('are found', () => {
    expect(officialCodes()).toContain('india_recurring_payment_mandate_canceled');
    expect(officialCodes().length).toBeGreaterThan(200);
  });

  it.each(officialCodes())('%s has a meaning, or a reason why no call is answered with it', (code) => {
    expect([Object.hasOwn(known, code), notReachable.has(code)]).toContain(true);
    expect(Object.hasOwn(known, code) && notReachable.has(code)).toBe(false);
  });

  it('are all that the list of unreachable codes holds', () => {
    expect([...notReachable.keys()].filter((code) => !officialCodes().includes(code))).toEqual([]);
  });
});
