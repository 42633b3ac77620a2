import { notFound } from './errors.js';
import { allowOnly, type Fields, readMap, readText } from './parameters.js';
import { disputedAmount, type JustifiPayment } from './payment.js';
import { type JustifiState, timestamp } from './state.js';

/** A payer's complaint at the bank. */
export interface JustifiDispute {
  id: string;
  paymentId: string;
  account: string;
  amount: number;
  currency: string;
  reason: string;
  /** YYYY-MM-DD. */
  dueDate: string;
  status: 'needs_response' | 'under_review' | 'won' | 'lost';
  expectedResult: 'won' | 'lost';
  metadata: Fields | null;
  createdAt: number;
  updatedAt: number;
}

const week = 7 * 86_400_000;

const openDispute = (state: JustifiState, payment: JustifiPayment, spec: Fields, time: number): void => {
  if (payment.state !== 'succeeded' || payment.returned || disputedAmount(payment) > 0) return;
  const dispute: JustifiDispute = {
    id: state.context.ids.next('dp_', 22),
    paymentId: payment.id,
    account: payment.account,
    amount: payment.amount,
    currency: payment.currency,
    reason: readText(spec, 'reason') ?? 'general',
    dueDate: readText(spec, 'due_date') ?? timestamp(time + week).slice(0, 10),
    status: spec['forfeit'] === true ? 'lost' : 'needs_response',
    expectedResult: readText(spec, 'expected_result') === 'won' ? 'won' : 'lost',
    metadata: null,
    createdAt: time,
    updatedAt: time,
  };
  payment.disputes.push(dispute);
  payment.updatedAt = time;
  state.disputes.set(dispute.id, dispute);
};

/** Plans the dispute that `metadata.dispute_test_spec` of a payment asks for. */
export const disputeLater = (state: JustifiState, payment: JustifiPayment): void => {
  const spec = readMap(payment.metadata ?? {}, 'dispute_test_spec');
  if (spec === null) return;
  const delay = Number(spec['event_publish_delay_in_seconds'] ?? 0) * 1000;
  const time = state.context.now() + (Number.isFinite(delay) ? delay : 0);
  state.context.agenda.at(time, (dueAt) => {
    openDispute(state, payment, spec, dueAt);
  });
};

/** A dispute by its id. */
export const findDispute = (state: JustifiState, id: string): JustifiDispute => {
  const dispute = state.disputes.get(id);
  if (dispute === undefined) throw notFound();
  return dispute;
};

/** `PATCH /v1/disputes/{id}`. */
export const updateDispute = (state: JustifiState, dispute: JustifiDispute, body: Fields): void => {
  allowOnly(body, ['metadata']);
  dispute.metadata = readMap(body, 'metadata');
  dispute.updatedAt = state.context.now();
};

/** `POST /v1/disputes/{id}/response`: the bank decides at once, as the test asked for. */
export const respondToDispute = (state: JustifiState, dispute: JustifiDispute): void => {
  if (dispute.status !== 'needs_response') return;
  dispute.status = 'under_review';
  dispute.updatedAt = state.context.now();
  state.context.agenda.at(state.context.now(), (dueAt) => {
    dispute.status = dispute.expectedResult;
    dispute.updatedAt = dueAt;
  });
};

/** A dispute as its own endpoints show it. */
export const renderDispute = (dispute: JustifiDispute): Record<string, unknown> => ({
  id: dispute.id,
  payment_id: dispute.paymentId,
  account_id: dispute.account,
  amount: dispute.amount,
  currency: dispute.currency,
  reason: dispute.reason,
  due_date: dispute.dueDate,
  status: dispute.status,
  metadata: dispute.metadata,
  created_at: timestamp(dispute.createdAt),
  updated_at: timestamp(dispute.updatedAt),
});

/** A dispute as it stands in a payment: other names for the same things. */
export const renderEmbeddedDispute = (dispute: JustifiDispute): Record<string, unknown> => ({
  id: dispute.id,
  amount_cents: dispute.amount,
  currency: dispute.currency,
  gateway_ref_id: null,
  payment_id: dispute.paymentId,
  reason: dispute.reason,
  status: dispute.status,
  created_at: timestamp(dispute.createdAt),
  updated_at: timestamp(dispute.updatedAt),
});
