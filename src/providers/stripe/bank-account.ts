import type { PaymentMethod } from '../../models/charge.js';

type BankAccount = NonNullable<PaymentMethod['bankAccount']>;
type Details = Readonly<Record<string, unknown>>;

/** Methods that take from, or are paid out of, an account at a bank. */
const bankMethods: ReadonlySet<string> = new Set([
  'us_bank_account',
  'sepa_debit',
  'bacs_debit',
  'au_becs_debit',
  'acss_debit',
  'nz_bank_account',
  'ach_debit',
  'bancontact',
  'eps',
  'fpx',
  'giropay',
  'ideal',
  'p24',
  'payto',
  'sofort',
]);

const textIn = (details: Details, ...names: readonly string[]): string | null => {
  const found = names.map((name) => details[name]).find((value) => typeof value === 'string' && value !== '');
  return (found as string | undefined) ?? null;
};

/** The bank account in the details of a payment method; undefined where the method has none, or nothing is told of it. */
export const bankAccountOf = (
  type: string,
  details: unknown,
  payerName: string | null,
): BankAccount | undefined => {
  if (!bankMethods.has(type) || typeof details !== 'object' || details === null) return undefined;
  const told = details as Details;
  const account: BankAccount = {
    bankName: textIn(told, 'bank_name', 'bank'),
    last4: textIn(told, 'last4', 'iban_last4'),
    holderName: textIn(told, 'account_holder_name', 'verified_name') ?? payerName,
    country: textIn(told, 'country'),
    type: textIn(told, 'account_type'),
  };
  return Object.values(account).some((value) => value !== null) ? account : undefined;
};
