import type { Expansion } from './expand.js';
import type { RefundRecord } from './records.js';
import { reference, type View } from './view.js';

/** A refund. */
export const renderRefund = (view: View, refund: RefundRecord, expansion: Expansion): object => {
  const charge = view.account.charges.get(refund.charge);
  const destination = refund.isRelease ? 'reversal' : refund.status === 'pending' ? 'pending' : 'refund';
  return {
    id: refund.id,
    object: 'refund',
    amount: refund.amount,
    balance_transaction: reference(expansion, 'balance_transaction', refund.balanceTransaction, (id, inner) =>
      view.balanceTransaction(id, inner),
    ),
    charge: reference(expansion, 'charge', charge.id, (id, inner) => view.charge(id, inner)),
    created: refund.created,
    currency: charge.currency,
    customer: reference(expansion, 'customer', charge.customer, (id) => view.customer(id)),
    customer_account: null,
    destination_details: { card: { type: destination }, type: 'card' },
    ...(refund.failureReason === null
      ? {}
      : {
          failure_balance_transaction: reference(
            expansion,
            'failure_balance_transaction',
            refund.failureBalanceTransaction,
            (id, inner) => view.balanceTransaction(id, inner),
          ),
          failure_reason: refund.failureReason,
        }),
    ...(refund.instructionsEmail === null ? {} : { instructions_email: refund.instructionsEmail }),
    metadata: refund.metadata,
    payment_intent: reference(expansion, 'payment_intent', charge.paymentIntent, (id, inner) =>
      view.paymentIntent(id, inner),
    ),
    payment_method: reference(expansion, 'payment_method', charge.paymentMethod.id, (_id, inner) =>
      view.paymentMethod(charge.paymentMethod, inner),
    ),
    ...(refund.status === 'pending' ? { pending_reason: 'processing' } : {}),
    reason: refund.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: refund.status,
    transfer_reversal: refund.transferReversal,
  };
};
