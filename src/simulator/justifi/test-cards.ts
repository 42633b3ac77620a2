import type { ErrorDetails } from './errors.js';

/** How a payment with a card or bank account ends. */
export type Outcome =
  | { type: 'succeeds' }
  /** A card decline: answered with 402. */
  | { type: 'declined'; code: string; details: ErrorDetails }
  /** Nothing is known afterwards; whether money moved depends on a switch. */
  | { type: 'times_out' }
  /** A bank debit that is accepted and fails later. */
  | { type: 'fails_later'; code: string };

const succeeds: Outcome = { type: 'succeeds' };

const declined = (
  declineCode: string | null,
  networkCode: string | null = null,
  category: string | null = null,
): Outcome => ({
  type: 'declined',
  code: 'card_declined',
  details: {
    ...(declineCode === null ? {} : { decline_code: declineCode }),
    network: 'VISA',
    network_error_category: category,
    network_error_code: networkCode,
  },
});

const topLevel = (code: string): Outcome => ({ type: 'declined', code, details: {} });

/** The older table of card numbers: some reasons stand at the top of the error. Other numbers succeed. */
const outcomeOfNumber: Readonly<Record<string, Outcome>> = {
  '4000000000000341': declined(null),
  '4000000000000002': declined(null),
  '4000000000009995': declined('insufficient_funds', '116', '2'),
  '4000000000009987': declined('lost_card', '208'),
  '4000000000009979': declined('stolen_card', '209'),
  '4000000000000069': topLevel('expired_card'),
  '4000000000000127': topLevel('invalid_cvc'),
  '4000000000000119': topLevel('gateway_error'),
};

/** Fails if a security code is given, and succeeds without one. */
const failsItsSecurityCode = '4000000000000101';

/** What a card does when it is charged. */
export const outcomeOfCard = (number: string, hasSecurityCode: boolean): Outcome => {
  if (number === failsItsSecurityCode && hasSecurityCode) return declined('invalid_cvc', '517');
  return outcomeOfNumber[number] ?? succeeds;
};

/** The network codes of the scenarios that documentation shows in full. */
const networkCodes: Readonly<Record<string, string>> = {
  insufficient_funds: '116',
  expired_card: '101',
  invalid_card_number: '131',
  invalid_cvc: '517',
  do_not_honor: '005',
  // As documented, although the list of network codes has 102 as suspected fraud.
  restricted_card: '102',
  exceeds_card_limit: '121',
  three_d_secure_not_supported: '531',
};

const scenarios = new Set([
  ...Object.keys(networkCodes),
  'account_closed',
  'amount_too_large',
  'amount_too_small',
  'card_blocked',
  'currency_not_supported',
  'do_not_retry',
  'generic_decline',
  'generic_error_change_info',
  'generic_error_do_not_retry',
  'generic_error_please_retry',
  'incorrect_pin',
  'invalid_charge_amount',
  'invalid_expiry_month',
  'invalid_expiry_year',
  'issuer_not_available',
  'new_card_issued',
  'pin_required',
  'pin_tries_exceeded',
  'service_not_allowed',
  'test_mode_live_card',
]);

/** What `metadata.payment_test.scenario` asks a card payment to do, or null for a scenario that does not exist. */
export const outcomeOfScenario = (scenario: string): Outcome | null => {
  if (scenario === 'successful_payment') return succeeds;
  if (scenario === 'gateway_timeout') return { type: 'times_out' };
  if (scenario === 'gateway_error') {
    return {
      type: 'declined',
      code: 'gateway_error',
      details: { network: 'VISA', network_error_category: null, network_error_code: '963' },
    };
  }
  return scenarios.has(scenario) ? declined(scenario, networkCodes[scenario] ?? null) : null;
};

const debitFailures = new Set([
  'account_closed',
  'account_frozen',
  'bank_account_restricted',
  'insufficient_funds',
  'invalid_account_number',
  'no_account',
]);

/** What a scenario asks a bank debit to do. Documentation spells success in two ways. */
export const outcomeOfDebitScenario = (scenario: string): Outcome | null => {
  if (scenario === 'success' || scenario === 'succeeded') return succeeds;
  return debitFailures.has(scenario) ? { type: 'fails_later', code: scenario } : null;
};

const outcomeOfAccountNumber: Readonly<Record<string, Outcome>> = {
  '000222222227': { type: 'fails_later', code: 'insufficient_funds' },
  '000333333335': { type: 'fails_later', code: 'bank_account_restricted' },
  '000111111113': { type: 'fails_later', code: 'account_closed' },
  '000111111116': { type: 'fails_later', code: 'no_account' },
};

/** What a bank account does when it is debited. */
export const outcomeOfAccount = (number: string): Outcome => outcomeOfAccountNumber[number] ?? succeeds;

/** Whether digits can be a card number. */
export const isCardNumber = (number: string): boolean => {
  if (!/^\d{12,19}$/.test(number)) return false;
  const sum = Array.from(number)
    .reverse()
    .reduce((total, digit, index) => {
      const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return sum % 10 === 0;
};

/** The brand of a card number, as JustiFi writes it. */
export const brandOf = (number: string): string => {
  if (number.startsWith('4')) return 'visa';
  if (/^(?:5[1-5]|2[2-7])/.test(number)) return 'mastercard';
  if (/^3[47]/.test(number)) return 'american_express';
  if (/^3[068]/.test(number)) return 'diners_club';
  if (number.startsWith('35')) return 'jcb';
  if (/^6(?:011|4[4-9]|5)/.test(number)) return 'discover';
  return number.startsWith('62') ? 'china_unionpay' : 'unknown';
};
