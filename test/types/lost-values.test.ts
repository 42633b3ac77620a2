import { expect, it } from 'vitest';
import type { ChargesClient } from '../../src/charges-client.js';
import type { JustifiClient } from '../../src/providers/justifi/index.js';
import type { OmiseClient } from '../../src/providers/omise/index.js';
import type { StripeClient } from '../../src/providers/stripe/index.js';

interface Order {
  readonly id: string;
  readonly key?: string;
  readonly amount?: number;
  readonly customer?: string;
  readonly token?: string;
  readonly reason?: 'duplicate';
  readonly note?: string;
  readonly platformFee?: number;
  readonly isCaptured?: boolean;
}

const create = { amount: 4590, currency: 'EUR', source: 'pm_card_visa' } as const;

/** Compiled with exactOptionalPropertyTypes, never called: each line is an error of the compiler, and the build fails when one is none. */
export const refusedByTheCompiler = (
  charges: ChargesClient,
  stripe: StripeClient,
  omise: OmiseClient,
  justifi: JustifiClient,
  order: Order,
): void => {
  for (const client of [charges, stripe]) {
    // @ts-expect-error A lost amount would give everything back.
    void client.refund(order.id, { amount: order.amount });
    // @ts-expect-error What the books lost tells nothing.
    void client.refund(order.id, { amount: 1000, refundedBefore: order.amount });
    // @ts-expect-error A lost amount would take everything.
    void client.capture(order.id, { amount: order.amount });
    // @ts-expect-error A lost customer would list those of all.
    client.list({ customer: order.customer });
    // @ts-expect-error A lost customer would find those of all.
    client.search({ customer: order.customer });
    // @ts-expect-error A lost amount finds every amount.
    client.search({ amount: order.amount });
    // @ts-expect-error A lost answer to "capture?" would capture.
    void client.create({ ...create, capture: order.isCaptured });
    // @ts-expect-error A lost token would charge a saved card.
    void client.create({ ...create, source: order.token, customer: 'cus_1' });
    // @ts-expect-error A lost amount would be compared with nothing.
    void client.verify3DS({ chargeId: order.id, expected: { amount: order.amount } });
    // @ts-expect-error A lost id would let any charge pass.
    void client.verify3DS({ chargeId: order.token, sessionToken: 'se_1' });
    // @ts-expect-error A lost key protects from nothing.
    void client.create(create, { idempotencyKey: order.key });
    // @ts-expect-error A lost key protects from nothing.
    void client.void(order.id, { idempotencyKey: order.key });
  }
  // @ts-expect-error A lost fee is no fee.
  void stripe.create({ ...create, providerOptions: { applicationFeeAmount: order.platformFee } });
  // @ts-expect-error A lost fee is no fee.
  void omise.create({ ...create, providerOptions: { platformFee: { fixed: order.platformFee } } });
  // @ts-expect-error A lost fee is no fee.
  void justifi.create({ ...create, providerOptions: { applicationFeeAmount: order.platformFee } });
};

/** Compiled, never called: what only informs may be undefined. */
export const takenByTheCompiler = (charges: ChargesClient, order: Order, signal?: AbortSignal): void => {
  void charges.create(
    { ...create, description: order.note, customer: order.customer, email: order.note },
    { signal, timeoutMs: order.amount, deadlineMs: order.amount, maxRetries: order.amount },
  );
  void charges.refund(order.id, { reason: order.reason, metadata: undefined });
  void charges.capture(order.id, undefined, undefined);
  charges.list({ limit: order.amount, cursor: order.note });
  void charges.verify3DS({ chargeId: order.id, sessionToken: order.token });
};

it('leaves the proof to the compiler', () => {
  expect([refusedByTheCompiler, takenByTheCompiler].every((each) => typeof each === 'function')).toBe(true);
});
