import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { stripeProvider } from '../../../src/providers/stripe/index.js';
import { notReachable } from '../../fixtures/stripe/decline-tables.js';
import { scriptedCall } from './scripted-call.js';

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

/** Whether a create knows what an error with this code means, or with it as the decline code of a declined card. */
const isKnown = (code: string): boolean => {
  const errors = [{ code }, { code: 'card_declined', decline_code: code }];
  return errors.some((error) => {
    const call = scriptedCall();
    const body = { error: { type: 'card_error', message: 'No.', ...error } };
    stripeProvider.failure({ status: 402, headers: {}, body, requestId: null }, 'create', call);
    return call.drifts.length === 0;
  });
};

describe("the codes of the official SDK's types", () => {
  it('are found', () => {
    expect(officialCodes()).toContain('india_recurring_payment_mandate_canceled');
    expect(officialCodes().length).toBeGreaterThan(200);
  });

  it.each(officialCodes())('%s has a meaning, or a reason why no call is answered with it', (code) => {
    expect(isKnown(code)).toBe(!notReachable.has(code));
  });

  it('are all that the list of unreachable codes holds', () => {
    expect([...notReachable.keys()].filter((code) => !officialCodes().includes(code))).toEqual([]);
  });
});
