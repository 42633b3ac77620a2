import { countryOfName } from '../../models/country-names.js';
import type { BankAccount, PaymentMethod } from '../../models/charge.js';
import type { WireBankAccount, WireCard, WireCharge } from './wire.js';

const digits = (value: string | null | undefined, pattern: RegExp): number | null =>
  value != null && pattern.test(value) ? Number(value) : null;

const toCard = (card: WireCard): NonNullable<PaymentMethod['card']> => ({
  brand: card.brand ?? null,
  last4: card.last4 ?? null,
  expMonth: digits(card.exp_month, /^\d{1,2}$/),
  expYear: digits(card.exp_year, /^\d{4}$/),
  funding: card.funding ?? null,
  // What is neither a code nor a name stays for the engine, which leaves it out and reports it.
  country: countryOfName(card.country) ?? card.country ?? null,
  holderName: card.name ?? null,
  fingerprint: null,
});

/** The last four digits, as of a card; of a shorter number nothing, for that would be nearly all of it. */
const lastFour = (number: string | null | undefined): string | null => {
  const digitsOf = (number ?? '').replace(/[\s-]/g, '');
  return /^[\dXx*]{4,}\d{4}$/.test(digitsOf) ? digitsOf.slice(-4) : null;
};

/** The provider names the bank by its code. */
const toBankAccount = (account: WireBankAccount): BankAccount => ({
  bankName: account.bank_code ?? null,
  last4: lastFour(account.account_number),
  holderName: account.account_name ?? null,
  country: null,
  type: account.account_type ?? null,
});

/** What was charged: a card, a wallet, or an account of a bank. */
export const toPaymentMethod = ({ source }: Pick<WireCharge, 'source'>): PaymentMethod | null =>
  source == null
    ? null
    : {
        type: source.type ?? 'unknown',
        id: source.id ?? null,
        ...(source.card == null ? {} : { card: toCard(source.card) }),
        ...(source.bank_account == null ? {} : { bankAccount: toBankAccount(source.bank_account) }),
      };
