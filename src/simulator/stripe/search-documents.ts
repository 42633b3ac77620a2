import { fieldIn } from '../form.js';
import type { ChargeRecord, PaymentIntentRecord } from './records.js';
import { shownRefunds } from './refund-totals.js';

/** A field as search compares it. */
export type SearchField = string | number | null;

/** An object as search knows it: the searchable fields by their names. */
export interface SearchDocument {
  id: string;
  fields: Readonly<Record<string, SearchField>>;
  metadata: Readonly<Record<string, string>>;
}

/** A charge as search knows it. */
export const chargeDocument = (charge: ChargeRecord): SearchDocument => {
  const { card, expMonth, expYear, billing } = charge.paymentMethod;
  const totals = shownRefunds(charge);
  const postalCode = fieldIn(billing['address'], 'postal_code');
  return {
    id: charge.id,
    metadata: charge.metadata,
    fields: {
      amount: charge.amount,
      created: charge.created,
      currency: charge.currency,
      customer: charge.customer,
      disputed: String(charge.disputed),
      refunded: totals.refunded ? 'true' : totals.amountRefunded > 0 ? 'false' : null,
      status: charge.status,
      'billing_details.address.postal_code': typeof postalCode === 'string' ? postalCode : null,
      'payment_method_details.card.last4': card.number.slice(-4),
      'payment_method_details.card.exp_month': expMonth,
      'payment_method_details.card.exp_year': expYear,
      'payment_method_details.card.brand': card.brand,
      'payment_method_details.card.fingerprint': fingerprintOf(card.number),
    },
  };
};

/** A payment intent as search knows it. */
export const paymentIntentDocument = (intent: PaymentIntentRecord): SearchDocument => ({
  id: intent.id,
  metadata: intent.metadata,
  fields: {
    amount: intent.amount,
    created: intent.created,
    currency: intent.currency,
    customer: intent.customer,
    status: intent.status,
  },
});

/** The same for the same card number, and telling nothing about it but its end. */
export const fingerprintOf = (number: string): string => {
  let hash = 0x811c9dc5;
  for (const digit of number) hash = Math.imul(hash ^ digit.charCodeAt(0), 0x01000193) >>> 0;
  return `Fp${hash.toString(36).padStart(7, '0')}${number.slice(-4)}`;
};
