import { renderBalanceTransaction } from './balance-transaction-object.js';
import { renderCharge } from './charge-object.js';
import { renderPaymentIntent } from './payment-intent-object.js';
import { renderCustomer, renderPaymentMethod } from './payment-method-object.js';
import { renderRefund } from './refund-object.js';
import type { Account } from './store.js';
import type { Version } from './versions.js';
import type { View } from './view.js';

/** How one account looks to one request. */
export const createView = (account: Account, version: Version, origin: string): View => {
  const view: View = {
    account,
    version,
    origin,
    charge: (id, expansion) => renderCharge(view, account.charges.get(id), expansion),
    paymentIntent: (id, expansion) => renderPaymentIntent(view, account.paymentIntents.get(id), expansion),
    refund: (id, expansion) => renderRefund(view, account.refunds.get(id), expansion),
    paymentMethod: (method, expansion) => renderPaymentMethod(view, method, expansion),
    customer: (id) => renderCustomer(account.customers.get(id)),
    balanceTransaction: (id, expansion) =>
      renderBalanceTransaction(view, account.balanceTransactions.get(id), expansion),
  };
  return view;
};
