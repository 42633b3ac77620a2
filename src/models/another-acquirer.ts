import type { Card } from './charge.js';
import type { Advice, DeclineCode } from './decline.js';
import { requireMembers } from './objects.js';

/**
 * Whether another acquirer may decide otherwise on the same payment: `yes` where the reason lies on the way to the issuer,
 * `perhaps` where the issuer decides at its own discretion, `never` where the reason lies with the card, the payer or a rule of
 * the network, and a second try would be refused again, or fined.
 */
export type AnotherAcquirer = 'yes' | 'perhaps' | 'never';

/** One decline code: whether another acquirer may decide otherwise, and what says so. */
export interface AnotherAcquirerRow {
  /** Whether a second try at another acquirer makes sense after this decline. */
  readonly mayDecideOtherwise: AnotherAcquirer;
  /** The reason in words, with the rule of the network where there is one. */
  readonly because: string;
}

const row = (mayDecideOtherwise: AnotherAcquirer, because: string): AnotherAcquirerRow => ({
  mayDecideOtherwise,
  because,
});

/** Every decline code: whether another acquirer may decide otherwise. `createRouter` cascades by it. */
export const anotherAcquirer: Readonly<Record<DeclineCode, AnotherAcquirerRow>> = {
  generic_decline: row(
    'perhaps',
    'no reason is known; Visa category 4 (response code 05) allows another try',
  ),
  do_not_honor: row(
    'perhaps',
    'the issuer weighs the acquirer, too; Visa category 4 (05) allows another try',
  ),
  insufficient_funds: row('never', 'the balance is the same at every acquirer (51: later, not elsewhere)'),
  limit_exceeded: row(
    'perhaps',
    'the limit may be one of the account or provider; else Visa category 2 (61, 65)',
  ),
  expired_card: row('never', 'the card is past its date at every acquirer (Visa category 3, 54)'),
  incorrect_number: row('never', 'the number has to change first (Visa category 1, 14)'),
  incorrect_cvc: row('never', 'the code has to change first (Visa category 3, N7)'),
  invalid_expiry: row('never', 'the date has to change first (Visa category 3, 54)'),
  incorrect_address: row('never', 'the address has to change first'),
  incorrect_pin: row('never', 'the secret number has to change first, and tries are counted (55, 75)'),
  lost_or_stolen_card: row('never', 'Visa category 1 (04, 07, 41, 43): the issuer will never approve'),
  restricted_card: row('never', 'the card itself is blocked or restricted (62)'),
  invalid_account: row('never', 'Visa category 1 (14, 46); Mastercard advice 01 and 03'),
  suspected_fraud: row('never', 'a suspicion of fraud is not taken elsewhere (59)'),
  card_not_supported: row('yes', 'which cards and currencies are taken is a matter of each contract'),
  transaction_not_allowed: row('never', 'Visa category 1 (57): the issuer will never approve'),
  invalid_amount: row('perhaps', 'limits of an amount differ from acquirer to acquirer (13)'),
  duplicate_transaction: row('never', 'the first one may have succeeded'),
  authentication_required: row('never', 'the payer has to authenticate first (Visa category 3, 1A)'),
  authentication_failed: row('never', 'the payer did not authenticate'),
  authorization_revoked: row('never', 'R0, R1, R3, Mastercard advice 21: the payer stopped this payment'),
  payer_canceled: row('never', 'the payer does not want to pay'),
  payment_expired: row('never', 'the payer did nothing'),
  issuer_unavailable: row('yes', 'another acquirer may reach the issuer (Visa category 2, 91)'),
  processing_error: row('yes', 'the fault lies with the gateway or the acquirer (Visa category 2, 96)'),
};

/** Response codes of which Visa says "issuer will never approve" (category 1); other networks mean the same by them. */
const neverApproved: ReadonlySet<string> = new Set([
  '04',
  '07',
  '12',
  '14',
  '15',
  '41',
  '43',
  '46',
  '57',
  'R0',
  'R1',
  'R3',
]);

/** Mastercard's advice "do not try again" and "payment cancellation", also as 90nn, as some providers hand it on. */
const mastercardNever: ReadonlySet<string> = new Set(['03', '21', '9003', '9021']);

/** `R0`, `R00` and `r0` are one code, and so are `4`, `04` and `004`. */
const plainCode = (code: string): string => {
  const [, letter = '', number = ''] = /^([A-Z]?)(\d*)$/.exec(code.trim().toUpperCase()) ?? [];
  const digits = number.replace(/^0+/, '');
  if (digits === '' && letter === '') return code;
  return letter === '' ? digits.padStart(2, '0') : `${letter}${digits === '' ? '0' : digits}`;
};

/**
 * Whether a network forbids another try of this payment, wherever: whoever goes on is fined. The two networks use `03` and
 * `21` for different things; where the brand is not known they count as Mastercard's.
 *
 * @throws TypeError where it is given no decline, such as a charge: `charge.failure` and a `CardError` hold one.
 */
export const isNeverTriedAgain = (decline: {
  readonly advice: Advice;
  readonly networkCode: string | null;
  readonly card: Pick<Card, 'brand'> | null;
}): boolean => {
  const complaint = 'isNeverTriedAgain: this is no decline such as { advice, networkCode, card }';
  requireMembers(complaint, decline, ['advice']);
  if (decline.advice === 'do_not_retry') return true;
  const given: unknown = decline.networkCode;
  if (given !== null && typeof given !== 'string')
    throw new TypeError(`${complaint}: networkCode must be text or null`);
  if (decline.networkCode === null || decline.networkCode.length > 20) return false;
  const code = plainCode(decline.networkCode);
  const brand = decline.card?.brand ?? null;
  return neverApproved.has(code) || (mastercardNever.has(code) && (brand === null || brand === 'mastercard'));
};
