import { countryOfName } from '../../models/country-names.js';
import type { BankAccount, Card, PaymentMethod } from '../../models/charge.js';
import type { CreateParams } from '../../models/params.js';
import { sourceObject, type PaymentSourceObject } from '../../models/payment-source.js';
import { createOptions } from './options.js';
import type { PaymentWire } from './wire.js';

/** A raw card lacks these two at most; they may stand in `billing` as well. */
export const cardHolder = (params: CreateParams, source: Extract<PaymentSourceObject, { type: 'card' }>) => ({
  name: source.holderName ?? params.billing?.name,
  address: source.address ?? params.billing?.address,
});

/** `payment_method` of a create: exactly one of a token, a raw card, a raw bank account. */
export const paymentMethodBody = (params: CreateParams): Readonly<Record<string, unknown>> | undefined => {
  if (params.source === undefined) return undefined;
  const source = sourceObject(params.source);
  const { paymentMethodMetadata, bankName } = createOptions(params);
  switch (source.type) {
    case 'token':
      return { token: source.token };
    case 'card': {
      const { name, address } = cardHolder(params, source);
      return {
        card: {
          name,
          number: source.number,
          verification: source.cvc,
          month: String(source.expMonth),
          year: String(source.expYear),
          address_line1: address?.line1,
          address_line2: address?.line2,
          address_city: address?.city,
          address_state: address?.state,
          address_postal_code: address?.postalCode,
          address_country: address?.country,
          metadata: paymentMethodMetadata,
        },
      };
    }
    case 'bank_account':
      return {
        bank_account: {
          account_owner_name: source.holderName,
          routing_number: source.routingNumber,
          account_number: source.accountNumber,
          account_type: source.accountType,
          account_owner_type: source.ownerType,
          // Bank accounts are charged in US dollars on United States platforms only.
          country: 'US',
          currency: params.currency.toLowerCase(),
          bank_name: bankName,
          metadata: paymentMethodMetadata,
        },
      };
    // `check` has refused these before.
    case 'customer':
    case 'redirect':
      return undefined;
  }
};

type MethodWire = NonNullable<PaymentWire['payment_method']>;

const lastFour = (value: string | number | null | undefined): string | null => {
  if (value == null || value === '') return null;
  // As a number it has lost its leading zeros.
  return typeof value === 'number' ? String(value).padStart(4, '0') : value;
};

const wholeNumber = (value: string | number | null | undefined): number | null => {
  const digits = String(value ?? '').trim();
  return /^\d{1,4}$/.test(digits) ? Number(digits) : null;
};

const year = (value: string | number | null | undefined): number | null => {
  const number = wholeNumber(value);
  return number !== null && number < 100 ? 2000 + number : number;
};

const card = (wire: NonNullable<MethodWire['card']>): Card => ({
  brand: wire.brand ?? null,
  last4: lastFour(wire.acct_last_four),
  expMonth: wholeNumber(wire.month),
  expYear: year(wire.year),
  funding: wire.bin_details?.funding_source?.toLowerCase() ?? null,
  // What is neither a code nor a name stays for the engine, which leaves it out and reports it.
  country: countryOfName(wire.bin_details?.country) ?? wire.bin_details?.country ?? null,
  holderName: wire.name ?? null,
  fingerprint: null,
  ...(wire.digital_wallet ? { wallet: wire.digital_wallet } : {}),
});

const bankAccount = (wire: NonNullable<MethodWire['bank_account']>): BankAccount => ({
  bankName: wire.brand ?? wire.bank_name ?? null,
  last4: lastFour(wire.acct_last_four ?? wire.account_number_last4),
  holderName: wire.name ?? wire.account_owner_name ?? null,
  country: countryOfName(wire.country),
  type: wire.account_type ?? null,
});

const cardPresent = (wire: NonNullable<MethodWire['card_present']>): Card => {
  const [expMonth, expYear] = (wire.expiry ?? '').split('/');
  return {
    brand: wire.brand ?? null,
    last4: lastFour(wire.last4),
    expMonth: wholeNumber(expMonth),
    expYear: year(expYear),
    funding: null,
    country: null,
    holderName: wire.cardholder_name ?? null,
    fingerprint: null,
  };
};

/** How a payment was made. */
export const toPaymentMethod = (wire: PaymentWire['payment_method']): PaymentMethod | null => {
  if (wire?.card) return { type: 'card', id: wire.card.id ?? wire.card.token ?? null, card: card(wire.card) };
  if (wire?.bank_account) {
    const { id, token } = wire.bank_account;
    return { type: 'bank_account', id: id ?? token ?? null, bankAccount: bankAccount(wire.bank_account) };
  }
  if (wire?.card_present) {
    return { type: 'card_present', id: wire.card_present.id ?? null, card: cardPresent(wire.card_present) };
  }
  return null;
};

/** The deprecated customer. One published sample holds the text "null". */
export const toCustomer = (wire: PaymentWire['payment_method']): string | null => {
  const customer = wire?.customer_id ?? '';
  return customer === '' || customer === 'null' ? null : customer;
};
