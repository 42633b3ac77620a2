import { unknownDecline, type Advice, type DeclineCode, type DeclineRow } from '../../models/decline.js';

const row = (code: DeclineCode, advice: Advice): DeclineRow => ({ code, advice });

/**
 * The reasons of a decline. The same name may be the `code` of an error, the `decline_code` under `card_declined`, the
 * `error_code` of a failed payment, or a test scenario: one table for all.
 */
export const declineRows: Readonly<Record<string, DeclineRow>> = {
  generic_decline: row('generic_decline', 'use_other_card'),
  generic_error_change_info: row('generic_decline', 'fix_details'),
  generic_error_do_not_retry: row('generic_decline', 'do_not_retry'),
  generic_error_please_retry: row('processing_error', 'retry_later'),
  do_not_honor: row('do_not_honor', 'use_other_card'),
  do_not_retry: row('do_not_honor', 'do_not_retry'),
  insufficient_funds: row('insufficient_funds', 'retry_later'),
  exceeds_card_limit: row('limit_exceeded', 'retry_later'),
  // The card is blocked for 24 hours.
  card_decline_rate_limit_exceeded: row('limit_exceeded', 'retry_later'),
  amount_too_large: row('invalid_amount', 'fix_details'),
  amount_too_small: row('invalid_amount', 'fix_details'),
  invalid_charge_amount: row('invalid_amount', 'use_other_card'),
  expired_card: row('expired_card', 'use_other_card'),
  invalid_card_number: row('incorrect_number', 'fix_details'),
  card_number_invalid: row('incorrect_number', 'fix_details'),
  credit_card_number_invalid: row('incorrect_number', 'fix_details'),
  invalid_cvc: row('incorrect_cvc', 'fix_details'),
  verification_invalid: row('incorrect_cvc', 'fix_details'),
  invalid_expiry_date: row('invalid_expiry', 'fix_details'),
  invalid_expiry_month: row('invalid_expiry', 'fix_details'),
  invalid_expiry_year: row('invalid_expiry', 'fix_details'),
  month_invalid: row('invalid_expiry', 'fix_details'),
  year_invalid: row('invalid_expiry', 'fix_details'),
  invalid_address: row('incorrect_address', 'fix_details'),
  invalid_zip_code: row('incorrect_address', 'fix_details'),
  postal_code_invalid: row('incorrect_address', 'fix_details'),
  incorrect_pin: row('incorrect_pin', 'fix_details'),
  pin_required: row('incorrect_pin', 'use_other_card'),
  pin_tries_exceeded: row('incorrect_pin', 'use_other_card'),
  lost_card: row('lost_or_stolen_card', 'do_not_retry'),
  stolen_card: row('lost_or_stolen_card', 'do_not_retry'),
  restricted_card: row('restricted_card', 'use_other_card'),
  card_blocked: row('restricted_card', 'use_other_card'),
  account_frozen: row('restricted_card', 'use_other_card'),
  bank_account_restricted: row('restricted_card', 'use_other_card'),
  account_closed: row('invalid_account', 'use_other_card'),
  no_account: row('invalid_account', 'fix_details'),
  invalid_account_number: row('invalid_account', 'fix_details'),
  new_card_issued: row('invalid_account', 'fix_details'),
  invalid_card_brand: row('card_not_supported', 'use_other_card'),
  currency_not_supported: row('card_not_supported', 'use_other_card'),
  test_mode_live_card: row('card_not_supported', 'contact_support'),
  service_not_allowed: row('transaction_not_allowed', 'contact_support'),
  // JustiFi has no 3-D Secure: this card can only be charged elsewhere.
  three_d_secure_not_supported: row('authentication_required', 'use_other_card'),
  issuer_not_available: row('issuer_unavailable', 'retry_later'),
};

/** `network_error_code`, used where neither `code` nor `decline_code` gives a reason. */
export const networkRows: Readonly<Record<string, DeclineRow>> = {
  '005': row('do_not_honor', 'use_other_card'),
  '100': row('do_not_honor', 'use_other_card'),
  '101': row('expired_card', 'use_other_card'),
  '102': row('suspected_fraud', 'do_not_retry'),
  '104': row('restricted_card', 'use_other_card'),
  '106': row('incorrect_pin', 'use_other_card'),
  '110': row('invalid_amount', 'fix_details'),
  '116': row('insufficient_funds', 'retry_later'),
  '117': row('incorrect_pin', 'fix_details'),
  '119': row('transaction_not_allowed', 'use_other_card'),
  '121': row('limit_exceeded', 'retry_later'),
  '122': row('do_not_honor', 'use_other_card'),
  '123': row('limit_exceeded', 'retry_later'),
  '124': row('transaction_not_allowed', 'do_not_retry'),
  '129': row('suspected_fraud', 'do_not_retry'),
  '131': row('incorrect_number', 'fix_details'),
  '132': row('invalid_expiry', 'fix_details'),
  '134': row('insufficient_funds', 'retry_later'),
  '152': row('limit_exceeded', 'retry_later'),
  '154': row('limit_exceeded', 'retry_later'),
  '208': row('lost_or_stolen_card', 'do_not_retry'),
  '209': row('lost_or_stolen_card', 'do_not_retry'),
  '213': row('incorrect_number', 'fix_details'),
  '231': row('authorization_revoked', 'do_not_retry'),
  '232': row('invalid_account', 'do_not_retry'),
  '237': row('invalid_account', 'fix_details'),
  '302': row('invalid_account', 'use_other_card'),
  '317': row('limit_exceeded', 'retry_later'),
  '351': row('incorrect_pin', 'use_other_card'),
  '500': row('processing_error', 'retry_later'),
  '503': row('invalid_account', 'fix_details'),
  '504': row('do_not_honor', 'do_not_retry'),
  '505': row('processing_error', 'retry_later'),
  '512': row('transaction_not_allowed', 'contact_support'),
  '516': row('processing_error', 'retry_later'),
  '517': row('incorrect_cvc', 'fix_details'),
  '528': row('limit_exceeded', 'retry_later'),
  '531': row('authentication_required', 'use_other_card'),
  '902': row('processing_error', 'retry_later'),
  '907': row('issuer_unavailable', 'retry_later'),
  // Seen with `gateway_error`: the money may have moved, see `networkCodesOfUnknownOutcome`.
  '963': row('processing_error', 'retry_later'),
};

/** Network codes that are no decline: the time in which a void is possible has passed. */
export const networkCodeVoidWindowPassed = '414';
/** Network codes after which nobody knows whether money moved. */
export const networkCodeOutcomeUnknown = '963';

/** `network_error_category` by card network: the network's own word on retrying, which beats the table. */
const adviceOfCategory: Readonly<Record<string, Readonly<Record<string, Advice>>>> = {
  visa: {
    '1': 'do_not_retry',
    '2': 'retry_later',
    '3': 'fix_details',
    r00: 'do_not_retry',
    r01: 'do_not_retry',
  },
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

const own = <Row>(table: Readonly<Record<string, Row>>, name: string | null | undefined): Row | undefined =>
  name != null && Object.hasOwn(table, name) ? table[name] : undefined;

/** The row of a decline name, or undefined. */
export const declineRowOf = (name: string | null | undefined): DeclineRow | undefined =>
  own(declineRows, name);

/**
 * The decline of an answer: the most precise name that is known, then the network's code, then "declined". `known` is
 * false where a name was given and no table has it.
 */
export const readDecline = (facts: DeclineFacts): DeclineRow & { readonly known: boolean } => {
  const named = declineRowOf(facts.declineCode) ?? declineRowOf(facts.code);
  const found = named ?? own(networkRows, facts.networkCode);
  const reason = facts.declineCode ?? (facts.code === 'card_declined' ? null : facts.code);
  const known = named !== undefined || reason == null || reason === '';
  const base = found ?? unknownDecline;
  const category = facts.networkCategory ?? '';
  if (revokedCategories.has(category))
    return { code: 'authorization_revoked', advice: 'do_not_retry', known };
  const advice = own(own(adviceOfCategory, facts.network) ?? {}, category) ?? base.advice;
  return { code: base.code, advice, known };
};
