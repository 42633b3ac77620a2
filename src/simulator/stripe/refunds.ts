import { type Call, route, type Route } from './call.js';
import { addBalanceTransaction, addRefund, ledgerIdOf, releaseCharge } from './charging.js';
import { checkDigits, toIsoMinorUnits } from './currencies.js';
import { invalidParameter, invalidState } from './errors.js';
import { listPage, pageShape } from './lists.js';
import { mergeMetadata, type Params, type Shape } from './params.js';
import type { ChargeRecord, RefundRecord } from './records.js';
import { refundableOf } from './refund-totals.js';
import type { Services } from './services.js';
import type { Account } from './store.js';

/** How long a refund stays pending, or stays good before it fails. Stripe only says "later". */
const refundDelayMs = 3600 * 1000;

/** Parameters of a refund, besides what it refunds. */
export const refundShape = {
  amount: 'integer',
  reason: ['duplicate', 'fraudulent', 'requested_by_customer'],
  metadata: 'metadata',
  refund_application_fee: 'boolean',
  reverse_transfer: 'boolean',
  instructions_email: 'text',
  expand: 'texts',
} as const satisfies Shape;

const createShape = {
  ...refundShape,
  charge: 'text',
  payment_intent: 'text',
  customer: 'text',
  currency: 'text',
  origin: ['customer_balance'],
} as const satisfies Shape;

const chargeToRefund = (
  account: Account,
  params: { charge?: string; payment_intent?: string },
): ChargeRecord => {
  const { charge: chargeId, payment_intent: intentId } = params;
  if (chargeId !== undefined && chargeId !== '') {
    const charge = account.charges.get(chargeId, 'charge');
    if (intentId !== undefined && charge.paymentIntent !== intentId) {
      throw invalidState('The charge does not belong to the payment intent.', { param: 'payment_intent' });
    }
    return charge;
  }
  if (intentId === undefined || intentId === '') {
    throw invalidParameter(
      'charge',
      'One of the following params should be provided: payment_intent or charge.',
      'parameter_missing',
    );
  }
  const intent = account.paymentIntents.get(intentId, 'payment_intent');
  const charge = intent.latestCharge === null ? undefined : account.charges.get(intent.latestCharge);
  if (charge?.status !== 'succeeded') {
    throw invalidState('This PaymentIntent does not have a successful charge to refund.', {
      code: 'payment_intent_unexpected_state',
      param: 'payment_intent',
    });
  }
  return charge;
};

/** Gives back captured money, or lets go of an authorization that no intent owns. */
export const createRefund = (
  services: Services,
  account: Account,
  params: Params<typeof createShape>,
): RefundRecord => {
  if (params.amount !== undefined && params.amount <= 0) {
    throw invalidParameter('amount', 'Invalid positive integer.', 'parameter_invalid_integer');
  }
  const charge = chargeToRefund(account, params);
  const metadata = mergeMetadata({}, params.metadata);
  const reason = params.reason ?? null;
  if (charge.status === 'failed') {
    throw invalidState(`Charge ${charge.id} failed: there is nothing to refund.`, {
      code: 'charge_not_refundable',
    });
  }
  if (!charge.captured)
    return releaseAuthorization(services, account, charge, params.amount, { reason, metadata });
  if (charge.disputed && charge.paymentMethod.card.dispute !== 'inquiry') {
    throw invalidState(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
    });
  }
  const remaining = refundableOf(charge);
  if (remaining === 0) throw alreadyRefunded(charge);
  const amount = params.amount ?? remaining;
  if (amount > remaining) {
    throw invalidState(
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${remaining}).`,
      {
        param: 'amount',
      },
    );
  }
  checkDigits(amount, charge.currency);

  const behaviour = charge.paymentMethod.card.refund;
  const status = behaviour === 'pending_first' ? 'pending' : 'succeeded';
  const isReversed = params.reverse_transfer === true;
  if (isReversed && charge.transferData === null) {
    throw invalidState('Cannot reverse a transfer of a charge that has none.', { param: 'reverse_transfer' });
  }
  if (params.refund_application_fee === true && charge.applicationFeeAmount === null) {
    throw invalidState('Cannot refund an application fee of a charge that has none.', {
      param: 'refund_application_fee',
    });
  }
  const refund = addRefund(services, account, charge, {
    amount,
    isRelease: false,
    status,
    reason,
    metadata,
    instructionsEmail: params.instructions_email ?? null,
    transferReversal: isReversed ? services.context.ids.next('trr_') : null,
  });
  services.context.ledger.refund(ledgerIdOf(charge), {
    id: refund.id,
    amount: toIsoMinorUnits(amount, charge.currency),
    status,
    metadata,
  });
  if (behaviour !== undefined) {
    services.context.agenda.at(services.context.now() + refundDelayMs, () => {
      settleRefund(services, account, charge, refund, behaviour === 'pending_first' ? 'succeeded' : 'failed');
    });
  }
  account.indexCharge(charge);
  return refund;
};

const alreadyRefunded = (charge: ChargeRecord): Error =>
  invalidState(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });

const releaseAuthorization = (
  services: Services,
  account: Account,
  charge: ChargeRecord,
  amount: number | undefined,
  details: { reason: string | null; metadata: Record<string, string> },
): RefundRecord => {
  if (charge.refunds.length > 0) throw alreadyRefunded(charge);
  if (charge.paymentIntent !== null) {
    throw invalidState(
      `Charge ${charge.id} is not captured: cancel its PaymentIntent ${charge.paymentIntent} instead.`,
      {
        code: 'charge_not_refundable',
      },
    );
  }
  if (amount !== undefined && amount !== charge.amount) {
    throw invalidState(
      'You cannot partially refund an uncaptured charge. Instead, capture the charge for an amount less than the original amount.',
      {
        param: 'amount',
      },
    );
  }
  services.context.ledger.move(charge.id, 'voided');
  return releaseCharge(services, account, charge, details);
};

const settleRefund = (
  services: Services,
  account: Account,
  charge: ChargeRecord,
  refund: RefundRecord,
  status: 'succeeded' | 'failed',
): void => {
  refund.status = status;
  if (status === 'failed') {
    refund.failureReason = 'declined';
    refund.failureBalanceTransaction = addBalanceTransaction(
      services,
      account,
      refund.id,
      'refund_failure',
      refund.amount,
      0,
      charge.currency,
    );
  }
  services.context.ledger.changeRefund(ledgerIdOf(charge), refund.id, { status });
  account.indexCharge(charge);
};

const answer = (call: Pick<Call<Shape>, 'view' | 'expansion'>, refund: RefundRecord): object =>
  call.view.refund(refund.id, call.expansion);

/** One page of the refunds that fit. */
export const listRefunds = (call: Call<typeof pageShape>, fits: (refund: RefundRecord) => boolean): object =>
  listPage(call, call.account.refunds, fits, (refund, expansion) => call.view.refund(refund.id, expansion));

const update = (call: Call<{ metadata: 'metadata'; expand: 'texts' }>): object => {
  const { services, account, params } = call;
  const refund = account.refunds.get(call.id);
  refund.metadata = mergeMetadata(refund.metadata, params.metadata ?? {});
  if (!refund.isRelease) {
    const charge = account.charges.get(refund.charge);
    services.context.ledger.changeRefund(ledgerIdOf(charge), refund.id, { metadata: refund.metadata });
  }
  return answer(call, refund);
};

/** The calls of `/v1/refunds`. */
export const refundRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/refunds',
    operation: 'refund',
    params: createShape,
    answer: 'refund',
    run: (call) => answer(call, createRefund(call.services, call.account, call.params)),
  }),
  route({
    method: 'GET',
    path: '/v1/refunds',
    operation: 'list_refunds',
    params: { ...pageShape, charge: 'text', payment_intent: 'text' },
    answer: 'list of refund',
    run: (call) => {
      const { charge, payment_intent: intent } = call.params;
      return listRefunds(
        call,
        (refund) =>
          (charge === undefined || refund.charge === charge) &&
          (intent === undefined || call.account.charges.get(refund.charge).paymentIntent === intent),
      );
    },
  }),
  route({
    method: 'GET',
    path: '/v1/refunds/:id',
    operation: 'retrieve_refund',
    params: { expand: 'texts' },
    answer: 'refund',
    run: (call) => answer(call, call.account.refunds.get(call.id)),
  }),
  route({
    method: 'POST',
    path: '/v1/refunds/:id',
    operation: 'update_refund',
    params: { metadata: 'metadata', expand: 'texts' },
    answer: 'refund',
    run: update,
  }),
  route({
    method: 'POST',
    path: '/v1/refunds/:id/cancel',
    operation: 'cancel_refund',
    params: { expand: 'texts' },
    answer: 'refund',
    run: (call) => {
      const refund = call.account.refunds.get(call.id);
      throw invalidState(
        `Refund ${refund.id} has a status of ${refund.status}: only refunds in requires_action can be canceled.`,
      );
    },
  }),
];
