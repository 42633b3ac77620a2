import { vi } from 'vitest';
import { justifiProvider } from '../../../src/providers/justifi/index.js';
import paymentFixture from '../../fixtures/justifi/payment.json' with { type: 'json' };
import refundFixture from '../../fixtures/justifi/refund.json' with { type: 'json' };
import { fits } from '../seam.js';

/** A payment or refund as JustiFi writes it, without the envelope. */
export type Wire = Readonly<Record<string, unknown>> & { readonly id: string };

type Changes = Readonly<Record<string, unknown>>;

/** The documented payment, with some fields changed. */
export const payment = (changes: Changes = {}): Wire => {
  const data = { ...structuredClone(paymentFixture.data), ...changes };
  // The check never transforms: what it accepts is handed on untouched.
  if (!fits(justifiProvider, 'retrieve', { data })) throw new Error('this is no payment');
  return data;
};

/** The documented refund, with some fields changed. */
export const refund = (changes: Changes = {}): Wire => ({
  ...structuredClone(refundFixture.data),
  ...changes,
});

/** A listener of drift that remembers what it heard. */
export const driftListener = () => vi.fn<(path: string, kind: string) => void>();
