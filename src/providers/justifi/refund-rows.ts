import { ConflictError, NotFoundError } from '../../errors.js';
import { stampMetadataKey } from '../../models/attachments.js';
import type { Call, RequestRow, RunRow } from '../../provider.js';
import { toCharge } from './charge.js';
import { readPayment } from './charge-rows.js';
import { keyLifetimeMs } from './idempotency.js';
import { readAll } from './paging.js';
import { checkRefund, refundRequest, refundSchema } from './params.js';
import { toRefund } from './refund.js';
import {
  refundAnswerSchema,
  refundPageSchema,
  type PaymentWire,
  type RefundAnswer,
  type RefundWire,
} from './wire.js';

/** What a refund needs to know of its payment: the amount stays the same on every repeat, the refund has no currency. */
export interface PreparedRefund {
  readonly amount: number;
  readonly currency: string;
}

/** The refunds of a payment. Answers without them exist: then the list of all refunds is read to its end. */
const refundsOf = async (payment: PaymentWire, call: Call): Promise<readonly RefundWire[]> => {
  if (payment.refunds) return payment.refunds;
  const all = await readAll({ method: 'GET', route: '/v1/refunds' }, refundPageSchema, call);
  return all.filter(({ payment_id }) => payment_id === payment.id);
};

const carriesKey = ({ metadata }: RefundWire, idempotencyKey: string | null): boolean =>
  idempotencyKey !== null && metadata?.[stampMetadataKey] === idempotencyKey;

const conflict = (chargeId: string, message: string): ConflictError =>
  new ConflictError({
    code: 'already_refunded',
    message,
    outcome: 'rejected',
    provider: 'justifi',
    operation: 'refund',
    chargeId,
  });

export const refund = {
  params: refundSchema,
  capability: { partial: true, metadata: true },
  check: checkRefund,
  prepare: async ({ id, params }, call): Promise<PreparedRefund> => {
    const payment = await readPayment(id, call);
    // An earlier attempt whose answer and record are lost. While JustiFi knows the key, the same bytes are answered with the
    // same refund; later they would make a second one.
    const own = (await refundsOf(payment, call)).find((each) => carriesKey(each, call.idempotencyKey));
    if (own !== undefined && !(call.now() - Date.parse(own.created_at ?? '') < keyLifetimeMs)) {
      throw conflict(id, `This refund was made already: ${own.id}`);
    }
    const left = payment.amount_refundable ?? payment.amount - (payment.amount_refunded ?? 0);
    // With nothing left the whole amount is asked for: JustiFi refuses it, and says whether it was refunded, disputed or late.
    const amount = params.amount ?? own?.amount ?? (left > 0 ? left : payment.amount);
    return { amount, currency: payment.currency };
  },
  request: ({ id, params }, call) =>
    refundRequest(id, params, (call.prepared as PreparedRefund).amount, call.idempotencyKey),
  response: refundAnswerSchema,
  output: ({ wire }, call, { id }) =>
    toRefund(wire.data, { id, currency: (call.prepared as PreparedRefund).currency }, call.drift),
} satisfies RequestRow<'refund', RefundAnswer>;

/** A payment carries its refunds; where an answer does not, a second list is read. So this is a run, not one request. */
export const listRefunds = {
  run: async ({ id }, call) => {
    const payment = await readPayment(id, call);
    const { status } = toCharge(payment, call.drift);
    // What a void or a lapse gives back is no refund.
    if (status === 'voided' || status === 'expired') return [];
    return (await refundsOf(payment, call)).map((each) => toRefund(each, payment, call.drift));
  },
} satisfies RunRow<'listRefunds'>;

export const retrieveRefund = {
  request: ({ refundId }) => ({ method: 'GET', route: '/v1/refunds/{refundId}', ids: { refundId } }),
  response: refundAnswerSchema,
  // The refund has no currency: the payment is read for it.
  output: async ({ wire }, call, { id, refundId }) => {
    call.checkSame(refundId, wire.data.id);
    const { payment_id } = wire.data;
    if (payment_id != null && payment_id !== id) {
      throw new NotFoundError({
        message: 'the charge has no such refund',
        outcome: 'not_sent',
        provider: 'justifi',
        operation: 'retrieveRefund',
        chargeId: id,
      });
    }
    return toRefund(wire.data, await readPayment(id, call), call.drift);
  },
} satisfies RequestRow<'retrieveRefund', RefundAnswer>;
