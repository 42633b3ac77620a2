import * as z from 'zod';

/** A refund as the fake provider shows it. */
export interface FakeRefund {
  id: string;
  charge: string;
  amount: number;
  currency: string;
  status: string;
  reason: string | null;
  metadata: Record<string, string>;
  created_at: string;
}

/** A charge as the fake provider shows it: amounts in minor units, currency codes in lower case. */
export interface FakeCharge {
  id: string;
  amount: number;
  captured_amount: number;
  refunded_amount: number;
  currency: string;
  status: string;
  description: string | null;
  statement_descriptor: string | null;
  customer: string | null;
  email: string | null;
  metadata: Record<string, string>;
  source: string | null;
  action_url: string | null;
  return_url: string | null;
  /** What happens to the money once the payer has acted. */
  capture: boolean;
  failure: { code: string; message: string } | null;
  live: boolean;
  refunds: FakeRefund[];
  created_at: string;
  updated_at: string;
  captured_at: string | null;
  expires_at: string | null;
}

export const refundWireSchema = z.object({
  id: z.string(),
  charge: z.string(),
  amount: z.int(),
  currency: z.string(),
  status: z.string(),
  reason: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  created_at: z.string().nullish(),
});

export const chargeWireSchema = z.object({
  id: z.string(),
  amount: z.int(),
  captured_amount: z.int(),
  refunded_amount: z.int(),
  currency: z.string(),
  status: z.string(),
  description: z.string().nullish(),
  statement_descriptor: z.string().nullish(),
  customer: z.string().nullish(),
  email: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  source: z.string().nullish(),
  action_url: z.string().nullish(),
  failure: z.object({ code: z.string(), message: z.string() }).nullish(),
  live: z.boolean().nullish(),
  refunds: z.array(refundWireSchema).nullish(),
  created_at: z.string().nullish(),
  updated_at: z.string().nullish(),
  captured_at: z.string().nullish(),
  expires_at: z.string().nullish(),
});

export const chargePageWireSchema = z.object({ data: z.array(chargeWireSchema), next: z.string().nullish() });
export const refundListWireSchema = z.object({ data: z.array(refundWireSchema) });
export const errorWireSchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), charge: z.string().nullish() }),
});

export type ChargeWire = z.infer<typeof chargeWireSchema>;
export type ChargePageWire = z.infer<typeof chargePageWireSchema>;
export type RefundWire = z.infer<typeof refundWireSchema>;
export type RefundListWire = z.infer<typeof refundListWireSchema>;
