/** What is read of Acme's answers, and how it becomes a `Charge` and a `Refund`. */
import {
  attach,
  defaultAdvice,
  money,
  refundTotalOf,
  splitMetadata,
  type Call,
  type Charge,
  type DeclineCode,
  type Refund,
} from 'unicharge';
import * as z from 'zod';

// Only the fields that are used. One that accepts null is informational: where it is wrong, it is nulled and reported.
export const refundWire = z.object({
  id: z.string(),
  payment: z.string(),
  amount: z.string(),
  currency: z.string(),
  state: z.string(),
  made: z.string().nullish(),
});
export const paymentWire = z.object({
  id: z.string(),
  state: z.string(),
  amount: z.string(),
  currency: z.string(),
  text: z.string().nullish(),
  labels: z.record(z.string(), z.string()).nullish(),
  problem: z.object({ code: z.string(), text: z.string() }).nullish(),
  refunds: z.array(refundWire),
  test: z.boolean().nullish(),
  made: z.string().nullish(),
});
export const pageWire = z.object({ items: z.array(paymentWire), more: z.boolean() });
export const problemWire = z.object({
  problem: z.object({ code: z.string(), text: z.string(), payment: z.string().nullish() }),
});

export type RefundWire = z.infer<typeof refundWire>;
export type PaymentWire = z.infer<typeof paymentWire>;
export type PageWire = z.infer<typeof pageWire>;

const statuses: Readonly<Record<string, Charge['status']>> = {
  HELD: 'authorized',
  PAID: 'captured',
  RELEASED: 'voided',
  DECLINED: 'failed',
};

const declineCodes: Readonly<Record<string, DeclineCode>> = {
  no_funds: 'insufficient_funds',
  declined: 'do_not_honor',
};

export const declineOf = (code: string): DeclineCode => declineCodes[code] ?? 'generic_decline';

export const toRefund = (wire: RefundWire): Refund => {
  const refund: Refund = {
    provider: 'acme',
    id: wire.id,
    chargeId: wire.payment,
    // Decimal text in main units, such as '45.90'.
    amount: money.fromDecimal(wire.amount, wire.currency),
    currency: wire.currency,
    // A word that is not known stays unknown: it is never guessed as done, nor as failed.
    status: wire.state === 'DONE' ? 'succeeded' : 'unknown',
    reason: null,
    providerReason: null,
    failure: null,
    createdAt: wire.made ?? null,
    metadata: {},
  };
  return attach(refund, { raw: wire });
};

export const toCharge = (wire: PaymentWire, { drift }: Pick<Call, 'drift'>): Charge => {
  const { metadata, stamp } = splitMetadata(wire.labels);
  const status = statuses[wire.state] ?? 'unknown';
  if (status === 'unknown') drift('state', 'unknown_value');
  const amount = money.fromDecimal(wire.amount, wire.currency);
  const amountCaptured = status === 'captured' ? amount : 0;
  const refunds = wire.refunds.map(toRefund);
  const amountRefunded = refunds.reduce((sum, refund) => sum + refund.amount, 0);
  const code = declineOf(wire.problem?.code ?? '');
  const charge: Charge = {
    provider: 'acme',
    id: wire.id,
    status,
    providerStatus: wire.state,
    amount,
    amountCaptured,
    amountRefunded,
    currency: wire.currency,
    refundStatus: refundTotalOf(amountRefunded, amountCaptured),
    disputed: false,
    livemode: wire.test == null ? null : !wire.test,
    description: wire.text ?? null,
    statementDescriptor: null,
    customer: null,
    email: null,
    metadata,
    paymentMethod: null,
    nextAction: null,
    threeDS: null,
    failure:
      status === 'failed'
        ? {
            code,
            message: wire.problem?.text ?? null,
            providerCode: wire.problem?.code ?? null,
            declineCode: null,
            networkCode: null,
            advice: defaultAdvice[code],
          }
        : null,
    fee: null,
    refunds,
    disputes: null,
    createdAt: wire.made ?? null,
    updatedAt: null,
    capturedAt: null,
    expiresAt: null,
  };
  return attach(charge, { raw: wire, stamp });
};
