import { vi } from 'vitest';
import { paymentWireSchema, type PaymentWire, type RefundWire } from '../../../src/providers/justifi/wire.js';
import paymentFixture from '../../fixtures/justifi/payment.json' with { type: 'json' };
import refundFixture from '../../fixtures/justifi/refund.json' with { type: 'json' };

/** The documented payment, with some fields changed. */
export const payment = (changes: Readonly<Record<string, unknown>> = {}): PaymentWire => {
  const wire = { ...structuredClone(paymentFixture.data), ...changes };
  // The check never transforms: what it accepts is handed on untouched.
  paymentWireSchema.parse(wire);
  return wire;
};

/** The documented refund, with some fields changed. */
export const refund = (changes: Readonly<Record<string, unknown>> = {}): RefundWire => ({
  ...structuredClone(refundFixture.data),
  ...changes,
});

/** A listener of drift that remembers what it heard. */
export const driftListener = () => vi.fn<(path: string, kind: string) => void>();
