import { rowOf, rowsNamed } from '../../adapter/fields.js';
import { unknownDecline, type Advice, type DeclineCode, type DeclineRow } from '../../models/decline.js';

const named = (names: string, code: DeclineCode, advice: Advice) => rowsNamed(names, { code, advice });

/**
 * The reasons of a decline. The same name may be the `code` of an error, the `decline_code` under `card_declined`, the
 * `error_code` of a failed payment, or a test scenario: one table for all.
 */
export const declines: Readonly<Record<string, DeclineRow>> = {
  ...named('generic_decline', 'generic_decline', 'use_other_card'),
  ...named('generic_error_change_info', 'generic_decline', 'fix_details'),
  ...named('generic_error_do_not_retry', 'generic_decline', 'do_not_retry'),
  ...named('generic_error_please_retry', 'processing_error', 'retry_later'),
  ...named('do_not_honor', 'do_not_honor', 'use_other_card'),
  ...named('do_not_retry', 'do_not_honor', 'do_not_retry'),
  ...named('insufficient_funds', 'insufficient_funds', 'retry_later'),
  // The rate limit of a card blocks it for 24 hours.
  ...named('exceeds_card_limit card_decline_rate_limit_exceeded', 'limit_exceeded', 'retry_later'),
  ...named('amount_too_large amount_too_small', 'invalid_amount', 'fix_details'),
  ...named('invalid_charge_amount', 'invalid_amount', 'use_other_card'),
  ...named('expired_card', 'expired_card', 'use_other_card'),
  ...named(
    'invalid_card_number card_number_invalid credit_card_number_invalid',
    'incorrect_number',
    'fix_details',
  ),
  ...named('invalid_cvc verification_invalid', 'incorrect_cvc', 'fix_details'),
  ...named(
    'invalid_expiry_date invalid_expiry_month invalid_expiry_year month_invalid year_invalid',
    'invalid_expiry',
    'fix_details',
  ),
  ...named('invalid_address invalid_zip_code postal_code_invalid', 'incorrect_address', 'fix_details'),
  ...named('incorrect_pin', 'incorrect_pin', 'fix_details'),
  ...named('pin_required pin_tries_exceeded', 'incorrect_pin', 'use_other_card'),
  ...named('lost_card stolen_card', 'lost_or_stolen_card', 'do_not_retry'),
  ...named(
    'restricted_card card_blocked account_frozen bank_account_restricted',
    'restricted_card',
    'use_other_card',
  ),
  ...named('account_closed', 'invalid_account', 'use_other_card'),
  ...named('no_account invalid_account_number new_card_issued', 'invalid_account', 'fix_details'),
  ...named('invalid_card_brand currency_not_supported', 'card_not_supported', 'use_other_card'),
  ...named('test_mode_live_card', 'card_not_supported', 'contact_support'),
  ...named('service_not_allowed', 'transaction_not_allowed', 'contact_support'),
  // JustiFi has no 3-D Secure: this card can only be charged elsewhere.
  ...named('three_d_secure_not_supported', 'authentication_required', 'use_other_card'),
  ...named('issuer_not_available', 'issuer_unavailable', 'retry_later'),
};

/**
 * `network_error_code`, used where neither `code` nor `decline_code` gives a reason. 963 is not here: see
 * `networkCodeOutcomeUnknown`.
 */
export const networkDeclines: Readonly<Record<string, DeclineRow>> = {
  ...named('005 100 122', 'do_not_honor', 'use_other_card'),
  ...named('101', 'expired_card', 'use_other_card'),
  ...named('102 129', 'suspected_fraud', 'do_not_retry'),
  ...named('104', 'restricted_card', 'use_other_card'),
  ...named('106 351', 'incorrect_pin', 'use_other_card'),
  ...named('110', 'invalid_amount', 'fix_details'),
  ...named('116 134', 'insufficient_funds', 'retry_later'),
  ...named('117', 'incorrect_pin', 'fix_details'),
  ...named('119', 'transaction_not_allowed', 'use_other_card'),
  ...named('121 123 152 154 317 528', 'limit_exceeded', 'retry_later'),
  ...named('124', 'transaction_not_allowed', 'do_not_retry'),
  ...named('131 213', 'incorrect_number', 'fix_details'),
  ...named('132', 'invalid_expiry', 'fix_details'),
  ...named('208 209', 'lost_or_stolen_card', 'do_not_retry'),
  ...named('231', 'authorization_revoked', 'do_not_retry'),
  ...named('232', 'invalid_account', 'do_not_retry'),
  ...named('237 503', 'invalid_account', 'fix_details'),
  ...named('302', 'invalid_account', 'use_other_card'),
  ...named('500 505 516 902', 'processing_error', 'retry_later'),
  ...named('504', 'do_not_honor', 'do_not_retry'),
  ...named('512', 'transaction_not_allowed', 'contact_support'),
  ...named('517', 'incorrect_cvc', 'fix_details'),
  ...named('531', 'authentication_required', 'use_other_card'),
  ...named('907', 'issuer_unavailable', 'retry_later'),
};

/** Network code of a refused void: its time window has passed. Not a decline. */
export const networkCodeVoidWindowPassed = '414';
/** Network code after which nobody knows whether money moved. Seen with `gateway_error`. */
export const networkCodeOutcomeUnknown = '963';

/** `network_error_category` by card network: the network's own word on retrying, which beats the table. */
const adviceOfCategory: Readonly<Record<string, Readonly<Record<string, Advice>>>> = {
  visa: { '2': 'retry_later', '3': 'fix_details', ...rowsNamed<Advice>('1 r00 r01', 'do_not_retry') },
  mastercard: { '01': 'fix_details', '02': 'retry_later', '03': 'do_not_retry' },
};

/** At any network: the payer or the bank stopped this payment or this merchant. */
const revokedCategories: ReadonlySet<string> = new Set(['r0', 'r1', 'r3']);

/** What an answer says about a decline. Names are lower-case and trimmed. */
interface DeclineFacts {
  readonly code?: string | null;
  readonly declineCode?: string | null;
  readonly network?: string | null;
  readonly networkCategory?: string | null;
  readonly networkCode?: string | null;
}

/**
 * The decline of an answer: the most precise name that is known, then the network's code, then "declined". The network's
 * category overrides the advice, and where it says that the payment was revoked, the code as well. `known` is false where a
 * name was given and no table has it.
 */
export const readDecline = (facts: DeclineFacts): DeclineRow & { readonly known: boolean } => {
  const byName = rowOf(declines, facts.declineCode) ?? rowOf(declines, facts.code);
  const found = byName ?? rowOf(networkDeclines, facts.networkCode);
  const reason = facts.declineCode ?? (facts.code === 'card_declined' ? null : facts.code);
  const known = byName !== undefined || reason == null || reason === '';
  const base = found ?? unknownDecline;
  const category = facts.networkCategory ?? '';
  if (revokedCategories.has(category))
    return { code: 'authorization_revoked', advice: 'do_not_retry', known };
  const advice = rowOf(rowOf(adviceOfCategory, facts.network) ?? {}, category) ?? base.advice;
  return { code: base.code, advice, known };
};
