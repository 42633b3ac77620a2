import { cardOf } from '../../adapter/charge.js';
import { countryOfName } from '../../models/country-names.js';
import type { BankAccount, Card, PaymentMethod } from '../../models/charge.js';
import type { ChargeWire } from './wire.js';

type MethodWire = NonNullable<ChargeWire['payment_method']>;
type TextOrNumber = string | number | null | undefined;

const lastFour = (value: TextOrNumber): string | null => {
  if (value == null || value === '') return null;
  // As a number it has lost its leading zeros.
  return typeof value === 'number' ? String(value).padStart(4, '0') : value;
};

const wholeNumber = (value: TextOrNumber): number | null => {
  const digits = String(value ?? '').trim();
  return /^\d{1,4}$/.test(digits) ? Number(digits) : null;
};

const year = (value: TextOrNumber): number | null => {
  const number = wholeNumber(value);
  return number !== null && number < 100 ? 2000 + number : number;
};

const cardOnline = (wire: NonNullable<MethodWire['card']>): Card =>
  cardOf({
    brand: wire.brand ?? null,
    last4: lastFour(wire.acct_last_four),
    expMonth: wholeNumber(wire.month),
    expYear: year(wire.year),
    funding: wire.bin_details?.funding_source?.toLowerCase() ?? null,
    // What is neither a code nor a name stays for the engine, which leaves it out and reports it.
    country: countryOfName(wire.bin_details?.country) ?? wire.bin_details?.country ?? null,
    holderName: wire.name ?? null,
    ...(wire.digital_wallet ? { wallet: wire.digital_wallet } : {}),
  });

const cardPresent = (wire: NonNullable<MethodWire['card_present']>): Card => {
  const [expMonth, expYear] = (wire.expiry ?? '').split('/');
  return cardOf({
    brand: wire.brand ?? null,
    last4: lastFour(wire.last4),
    expMonth: wholeNumber(expMonth),
    expYear: year(expYear),
    holderName: wire.cardholder_name ?? null,
  });
};

const bankAccount = (wire: NonNullable<MethodWire['bank_account']>): BankAccount => ({
  bankName: wire.brand ?? wire.bank_name ?? null,
  last4: lastFour(wire.acct_last_four ?? wire.account_number_last4),
  holderName: wire.name ?? wire.account_owner_name ?? null,
  country: countryOfName(wire.country),
  type: wire.account_type ?? null,
});

/** How a payment was made. */
export const toPaymentMethod = (wire: ChargeWire['payment_method']): PaymentMethod | null => {
  const { card, bank_account: account, card_present: present } = wire ?? {};
  if (card) return { type: 'card', id: card.id ?? card.token ?? null, card: cardOnline(card) };
  if (account)
    return {
      type: 'bank_account',
      id: account.id ?? account.token ?? null,
      bankAccount: bankAccount(account),
    };
  return present ? { type: 'card_present', id: present.id ?? null, card: cardPresent(present) } : null;
};

/** The deprecated customer. One published sample holds the text "null". */
export const toCustomer = (wire: ChargeWire['payment_method']): string | null => {
  const customer = wire?.customer_id ?? '';
  return customer === '' || customer === 'null' ? null : customer;
};
