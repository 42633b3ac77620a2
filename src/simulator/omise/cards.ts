import { createHash } from 'node:crypto';

/** What happens when a test card is charged. */
export interface CardBehaviour {
  /** Why the charge fails, or null when it goes through. */
  failureCode: string | null;
  /** Whether the security code fits. */
  securityCodeCheck: boolean;
  /** Whether the payer has to go through 3-D Secure first, whatever the account demands. */
  challenge: boolean;
  /** Whether 3-D Secure fails whatever the payer does there. */
  challengeFails: boolean;
}

/** A card as Omise keeps it: without the number. */
export interface OmiseCard extends CardBehaviour {
  id: string;
  brand: string;
  lastDigits: string;
  name: string;
  expirationMonth: number;
  expirationYear: number;
  fingerprint: string;
  city: string | null;
  postalCode: string | null;
  createdAt: number;
  /** The customer that it belongs to, or null for the card of a token. */
  customer: string | null;
}

const failures: Readonly<Record<string, readonly string[]>> = {
  insufficient_fund: ['4111111111140011', '5555551111110011', '3530111111190011', '6250947000000014'],
  stolen_or_lost_card: ['4111111111130012', '5555551111100012', '3530111111180012', '6250947000000022'],
  failed_processing: [
    '4111111111120013',
    '5555551111190013',
    '3530111111170013',
    '6250947000000030',
    '377138160000009',
  ],
  payment_rejected: [
    '4111111111110014',
    '5555551111180014',
    '3530111111160014',
    // 3-D Secure enrolment fails: the charge never gets as far as a challenge.
    '4111111111150002',
    '5555551111120002',
    '3530111111100002',
  ],
  failed_fraud_check: ['4111111111190016', '5555551111160016', '3530111111140016'],
  invalid_account_number: ['4111111111180017', '5555551111150017', '3530111111130017'],
  invalid_security_code: ['4111111111160001', '5555551111130001', '3530111111110001'],
};

const failureOf = new Map(
  Object.entries(failures).flatMap(([code, numbers]) => numbers.map((number) => [number, code] as const)),
);
const failingChallenges = new Set(['4111111111140003', '5555551111110003', '3530111111190003']);
const approved = new Set([
  '4242424242424242',
  '4111111111111111',
  '5555555555554444',
  '5454545454545454',
  '3530111333300000',
  '3566111111111113',
  '378282246310005',
  '6447032400000000001',
  '36021042000004',
  '6250947000000006',
]);

const messages: Readonly<Record<string, string>> = {
  failed_fraud_check: 'card was marked as fraudulent',
  failed_processing: 'payment processing failed',
  insufficient_fund: 'insufficient funds in the account or the card has reached the credit limit',
  invalid_account_number: 'valid account for payment method not found',
  invalid_security_code: 'security code invalid or card did not pass preauthorization',
  payment_cancelled: 'payment was cancelled by the payer',
  payment_rejected: 'payment was rejected by the issuer',
  stolen_or_lost_card: 'card is stolen or lost',
  timeout: 'payer did not take action before charge expiration',
};

/** The `failure_message` of a `failure_code`. */
export const failureMessage = (code: string): string => messages[code] ?? 'payment failed';

const passesLuhn = (number: string): boolean => {
  const sum = Array.from(number)
    .reverse()
    .reduce((total, digit, index) => {
      const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return sum % 10 === 0;
};

/** What a card number does, or null when it is no card number. Numbers outside the test list go through. */
export const behaviourOf = (number: string): CardBehaviour | null => {
  const failureCode = failureOf.get(number) ?? null;
  const challengeFails = failingChallenges.has(number);
  const isTestNumber = failureCode !== null || challengeFails || approved.has(number);
  if (!/^\d{12,19}$/.test(number) || !(isTestNumber || passesLuhn(number))) return null;
  return {
    failureCode,
    securityCodeCheck: failureCode !== 'invalid_security_code',
    challenge: challengeFails,
    challengeFails,
  };
};

/** The brand of a card number, as Omise writes it. */
export const brandOf = (number: string): string => {
  if (number.startsWith('4')) return 'Visa';
  if (/^(?:5[1-5]|2[2-7])/.test(number)) return 'MasterCard';
  if (number.startsWith('35')) return 'JCB';
  if (/^3[47]/.test(number)) return 'American Express';
  if (/^3[068]/.test(number)) return 'Diners Club';
  if (/^62/.test(number)) return 'UnionPay';
  return /^6(?:011|4[4-9]|5)/.test(number) ? 'Discover' : 'Unknown';
};

/** The same for the same card, and not the number. */
export const fingerprintOf = (number: string): string =>
  createHash('sha256').update(`omise simulator ${number}`).digest('base64');
