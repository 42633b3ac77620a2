import type { FaceContext } from '../face.js';
import { invalid } from './errors.js';
import { type Fields, readMap } from './parameters.js';
import type { JustifiPayment, JustifiRefund, PaymentFee } from './payment.js';

const feeTypes = ['processing_fee', 'platform_fee'] as const;

interface GivenFee {
  type: PaymentFee['type'];
  amount: number;
}

const readGiven = (body: Fields): GivenFee[] => {
  const given: unknown = body['fees'];
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw invalid('fees_invalid', 'fees');
  const fees = given.map((each: unknown) => {
    const fee = readMap({ each }, 'each') ?? {};
    const type = feeTypes.find((name) => name === fee['type']);
    const amount = fee['amount'];
    if (type === undefined || typeof amount !== 'number' || !Number.isInteger(amount)) {
      throw invalid('fees_invalid', 'fees');
    }
    if (amount <= 0) throw invalid('fee_amount_greater_than_zero', 'fees');
    return { type, amount };
  });
  if (new Set(fees.map((fee) => fee.type)).size < fees.length)
    throw invalid('multiple_of_same_fee_type', 'fees');
  return fees;
};

/** `application_fee_amount` of a payment, as the fee object it becomes. */
export const readApplicationFee = (
  context: FaceContext,
  body: Fields,
  amount: number,
  currency: string,
): { id: string; amount: number } | null => {
  const fee = body['application_fee_amount'];
  if (fee === undefined || fee === null) return null;
  if (currency !== 'usd') throw invalid('unexpected_parameter', 'application_fee_amount');
  if (body['fees'] !== undefined) throw invalid('fee_and_application_fee_declared', 'fees');
  if (typeof fee !== 'number' || !Number.isInteger(fee) || fee <= 0) {
    throw invalid('fee_amount_greater_than_zero', 'application_fee_amount');
  }
  if (fee > amount) throw invalid('fee_amount_greater_than_payment_amount', 'application_fee_amount');
  return { id: context.ids.next('fee_', 22), amount: fee };
};

/** The fees of a payment: those given, or the processing fee that a platform in the United States pays anyway. */
export const readFees = (
  context: FaceContext,
  body: Fields,
  amount: number,
  currency: string,
): PaymentFee[] => {
  const given = readGiven(body);
  if (currency !== 'usd') {
    if (given.length > 0) throw invalid('unexpected_parameter', 'fees');
    return [];
  }
  if (given.reduce((sum, fee) => sum + fee.amount, 0) > amount) {
    throw invalid('fee_amount_greater_than_payment_amount', 'fees');
  }
  const usual: GivenFee = { type: 'processing_fee', amount: Math.round(amount * 0.029) + 30 };
  return (given.length > 0 ? given : [usual]).map((fee) => ({
    ...fee,
    id: context.ids.next('pyfee_', 22),
    remaining: fee.amount,
  }));
};

/** The fees that a refund gives back to the merchant; none unless told. */
export const readReturnedFees = (
  context: FaceContext,
  body: Fields,
  payment: JustifiPayment,
): JustifiRefund['returnedFees'] =>
  readGiven(body).map(({ type, amount }) => {
    const fee = payment.fees.find((each) => each.type === type);
    if (fee === undefined) throw invalid('fee_type_must_exist_on_payment_fees', 'fees');
    if (amount > fee.remaining) throw invalid('returned_fee_exceeds_remaining_amount', 'fees');
    return { id: context.ids.next('rtfee_', 22), fee, amount, remaining: fee.remaining - amount };
  });

/** Fees are booked a moment after the money: the answer that says so does not have them yet. */
const feeDelay = 1000;

/** The fees that can be seen by now. */
export const visibleFees = (payment: JustifiPayment, now: number): PaymentFee[] =>
  payment.capturedAt === null || now < payment.capturedAt + feeDelay ? [] : payment.fees;
