import * as z from 'zod';
import { InvalidResponseError, NotFoundError, OutcomeUnknownError } from '../../errors.js';
import type { Call, RequestRow } from '../../provider.js';
import { isManualCapture } from './charge.js';
import { checkRefund, refundParamsSchema, refundRequest, retrieveRequest } from './params.js';
import { countedRefunds, newRefunds, refundIdsOf, toRefund, toRefunds } from './refund.js';
import { wireChargeWithRefundsSchema, type WireCharge } from './wire.js';

const provider = 'magpie';

/** What is read before a refund, so that its own entry can be told from earlier ones, and a repeat sends the same. */
const preparedRefundSchema = z.object({
  refundIdsBefore: z.array(z.string()),
  /** What goes out; null for everything. */
  amount: z.int().nullable(),
  /** What the new entry will show; null where a captured amount is not known. */
  expectedAmount: z.int().nullable(),
});
type PreparedRefund = z.infer<typeof preparedRefundSchema>;

/**
 * The first full refund goes out without an amount. What is left after earlier refunds is said, where it is known: that a
 * refund without an amount means the rest is documented nowhere.
 */
const prepareAmounts = (
  charge: WireCharge,
  asked: number | undefined,
): Pick<PreparedRefund, 'amount' | 'expectedAmount'> => {
  if (asked !== undefined) return { amount: asked, expectedAmount: asked };
  if (isManualCapture(charge)) return { amount: null, expectedAmount: null };
  const refunded = Math.max(charge.amount_refunded ?? 0, countedRefunds(charge) ?? 0);
  const left = charge.amount - refunded;
  // With nothing left the provider refuses in its own words.
  if (left <= 0) return { amount: null, expectedAmount: null };
  return { amount: refunded === 0 ? null : left, expectedAmount: left };
};

const readCharge = async (id: string, call: Call): Promise<WireCharge> => {
  const { wire } = await call.send(retrieveRequest(id), wireChargeWithRefundsSchema);
  call.checkSame(id, wire.id);
  return wire;
};

/** The answer is the charge. Its refunds have no metadata: the one that was not there before is ours. */
export const refund = {
  params: refundParamsSchema,
  capability: { partial: true, metadata: false },
  check: ({ params }) => checkRefund(params),
  prepare: async ({ id, params }, call): Promise<PreparedRefund> => {
    const charge = await readCharge(id, call);
    return { refundIdsBefore: refundIdsOf(charge), ...prepareAmounts(charge, params.amount) };
  },
  request: ({ id, params }, call) =>
    refundRequest(id, preparedRefundSchema.parse(call.prepared).amount, params.reason),
  response: wireChargeWithRefundsSchema,
  output: ({ wire, answer }, call, { id }) => {
    call.checkSame(id, wire.id);
    const { refundIdsBefore, expectedAmount } = preparedRefundSchema.parse(call.prepared);
    const [found, ...others] = newRefunds(wire, refundIdsBefore, expectedAmount);
    const facts = {
      provider,
      operation: 'refund',
      outcome: 'unknown',
      chargeId: id,
      statusCode: answer.status,
      requestId: answer.requestId,
    } as const;
    if (found === undefined) {
      throw new InvalidResponseError({ ...facts, message: 'the answer shows no new refund' });
    }
    if (others.length > 0) {
      throw new OutcomeUnknownError({
        ...facts,
        message: 'the answer shows several new refunds that could be the one',
        candidates: [found, ...others].map((each) => each.id),
      });
    }
    return toRefund(found, wire, call.drift);
  },
} satisfies RequestRow<'refund', WireCharge>;

/** There is no list of refunds but the one in the charge. */
export const listRefunds = {
  request: ({ id }) => retrieveRequest(id),
  response: wireChargeWithRefundsSchema,
  output: ({ wire }, call, { id }) => {
    call.checkSame(id, wire.id);
    return toRefunds(wire, call.drift) ?? [];
  },
} satisfies RequestRow<'listRefunds', WireCharge>;

/** Nor is there a way to read one alone. */
export const retrieveRefund = {
  request: ({ id }) => retrieveRequest(id),
  response: wireChargeWithRefundsSchema,
  output: ({ wire }, call, { id, refundId }) => {
    call.checkSame(id, wire.id);
    const found = wire.refunds?.find((each) => each.id === refundId);
    if (found !== undefined) return toRefund(found, wire, call.drift);
    throw new NotFoundError({
      message: 'the charge has no such refund',
      outcome: 'not_sent',
      provider,
      operation: 'retrieveRefund',
      chargeId: id,
    });
  },
} satisfies RequestRow<'retrieveRefund', WireCharge>;
