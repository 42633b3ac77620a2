import { type Expansion } from './expand.js';
import type { PaymentMethodRecord } from './records.js';
import type { Account } from './store.js';
import type { Version } from './versions.js';

/**
 * What rendering needs besides the object: where to find others, in which API version to speak, and how to render
 * what is expanded. Objects refer to each other in circles; they meet here instead of importing each other.
 */
export interface View {
  account: Account;
  version: Version;
  origin: string;
  charge(id: string, expansion: Expansion): object;
  paymentIntent(id: string, expansion: Expansion): object;
  refund(id: string, expansion: Expansion): object;
  paymentMethod(method: PaymentMethodRecord, expansion: Expansion): object;
  customer(id: string): object;
  balanceTransaction(id: string, expansion: Expansion): object;
}

/** An id, or the object where it is expanded. */
export const reference = (
  expansion: Expansion,
  field: string,
  id: string | null,
  render: (id: string, inner: Expansion) => object,
): string | object | null => {
  const inner = expansion.get(field);
  return id === null || inner === undefined ? id : render(id, inner);
};
