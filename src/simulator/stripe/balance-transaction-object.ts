import { type Expansion, noExpansion } from './expand.js';
import type { BalanceTransactionRecord } from './records.js';
import { reference, type View } from './view.js';

/** A balance transaction. */
export const renderBalanceTransaction = (
  view: View,
  entry: BalanceTransactionRecord,
  expansion: Expansion,
): object => {
  return {
    id: entry.id,
    object: 'balance_transaction',
    amount: entry.amount,
    available_on: entry.created + 2 * 24 * 3600,
    balance_type: 'payments',
    created: entry.created,
    currency: entry.currency,
    description: null,
    exchange_rate: null,
    fee: entry.fee,
    fee_details:
      entry.fee === 0
        ? []
        : [
            {
              amount: entry.fee,
              application: null,
              currency: entry.currency,
              description: 'Stripe processing fees',
              type: 'stripe_fee',
            },
          ],
    net: entry.amount - entry.fee,
    reporting_category: entry.type,
    source: reference(expansion, 'source', entry.source, (id, inner) =>
      entry.type === 'charge' ? view.charge(id, inner) : view.refund(id, noExpansion),
    ),
    status: 'pending',
    type: entry.type,
  };
};
