import type { Advice, DeclineCode, DeclineRow } from '../../models/decline.js';
import type { ProviderFailure } from '../../provider.js';

const decline = (code: DeclineCode, advice: Advice): DeclineRow => ({ code, advice });

const invalidAccount = decline('invalid_account', 'use_other_card');
const insufficientFunds = decline('insufficient_funds', 'retry_later');
const processingError = decline('processing_error', 'retry_later');
const wrongAmount = decline('invalid_amount', 'contact_support');
const serviceCode = decline('transaction_not_allowed', 'contact_support');
const wrongParameters = decline('processing_error', 'contact_support');
const unavailable = decline('issuer_unavailable', 'retry_later');

/** `failure_code` of a failed charge. */
export const failureCodes: Readonly<Record<string, DeclineRow>> = {
  failed_fraud_check: decline('suspected_fraud', 'do_not_retry'),
  failed_processing: processingError,
  insufficient_balance: insufficientFunds,
  insufficient_fund: insufficientFunds,
  invalid_account_number: invalidAccount,
  invalid_account: invalidAccount,
  invalid_security_code: decline('incorrect_cvc', 'fix_details'),
  payment_cancelled: decline('payer_canceled', 'use_other_card'),
  payment_rejected: decline('do_not_honor', 'use_other_card'),
  stolen_or_lost_card: decline('lost_or_stolen_card', 'do_not_retry'),
  timeout: decline('payment_expired', 'retry_later'),
  confirmed_amount_mismatch: wrongAmount,
  amount_mismatch: wrongAmount,
  duplicate_reference_number: decline('duplicate_transaction', 'do_not_retry'),
  cannot_connect_to_ibanking: unavailable,
  service_code_not_activated: serviceCode,
  service_code_not_certified: serviceCode,
  account_does_not_exist: invalidAccount,
  invalid_reference: wrongParameters,
  invalid_parameters: wrongParameters,
  internal_error: processingError,
  processing_error: processingError,
  network_error: processingError,
  temporarily_unavailable: unavailable,
  provider_unavailable: unavailable,
  provider_timeout: unavailable,
  // The payer's code on the phone has run out: ask for a fresh one.
  invalid_barcode: decline('generic_decline', 'fix_details'),
  undefined: decline('generic_decline', 'use_other_card'),
};

/** What an error answer means: a row of the table of codes, or of a bare HTTP status. */
export type ErrorRow = Pick<
  ProviderFailure,
  'kind' | 'outcome' | 'advice' | 'declineCode' | 'mayBeOwnSuccess'
>;

const refused = (kind: ErrorRow['kind'], advice: Advice | null): ErrorRow => ({
  kind,
  outcome: 'rejected',
  advice,
});
const declined = (declineCode: DeclineCode, advice: Advice): ErrorRow => ({
  ...refused('card', advice),
  declineCode,
});

const wrongRequest = refused('invalid_request', 'fix_details');
const notForCharges = refused('invalid_request', 'contact_support');
// The provider behind Omise failed, whatever the HTTP status: the charge may exist.
const faultBehind: ErrorRow = { kind: 'provider', outcome: 'unknown', advice: 'retry_later' };
// An earlier capture, reversal or refund that succeeded makes the next one fail in the same words.
const wrongState: ErrorRow = { ...refused('conflict', null), mayBeOwnSuccess: true };
const notAllowed = refused('permission', 'contact_support');
const badKey = refused('authentication', 'contact_support');
const notFound = refused('not_found', null);

/** `code` of an error answer. */
export const errorCodes: Readonly<Record<string, ErrorRow>> = {
  backend_error: faultBehind,
  internal_error: faultBehind,
  search_unavailable: faultBehind,
  too_many_requests: refused('rate_limit', 'retry_later'),
  failed_fraud_check: declined('suspected_fraud', 'do_not_retry'),
  brand_not_supported: declined('card_not_supported', 'use_other_card'),
  invalid_card: declined('incorrect_number', 'fix_details'),
  invalid_card_token: wrongRequest,
  invalid_token: wrongRequest,
  missing_card: wrongRequest,
  used_token: { ...wrongRequest, mayBeOwnSuccess: true },
  bad_request: wrongRequest,
  invalid_amount: wrongRequest,
  invalid_charge: wrongRequest,
  failed_multi_currency: wrongRequest,
  feature_not_supported: notAllowed,
  expired_charge: refused('conflict', 'do_not_retry'),
  failed_capture: wrongState,
  failed_reverse: wrongState,
  failed_void: wrongState,
  failed_expire: wrongState,
  failed_refund: wrongState,
  authentication_failure: badKey,
  key_expired_error: badKey,
  locked_account_error: notAllowed,
  locked_out: notAllowed,
  not_authorized: notAllowed,
  not_found: notFound,
  serializer_not_found: notFound,
  service_not_found: notFound,
  invalid_filter: wrongRequest,
  invalid_page: wrongRequest,
  invalid_per_page: wrongRequest,
  invalid_scope: wrongRequest,
  failed_deletion: wrongRequest,
  documents_locked: notForCharges,
  invalid_bank_account: notForCharges,
  invalid_dispute: notForCharges,
  invalid_domain: notForCharges,
  invalid_file_type: notForCharges,
  invalid_link: notForCharges,
  invalid_recipient: notForCharges,
  invalid_transfer: notForCharges,
  missing_file: notForCharges,
};

/** A code as the tables spell it. */
export const codeOf = (code: string): string => code.trim().toLowerCase();
