import type { Advice, DeclineRow } from '../../models/decline.js';
import type { ProviderFailure } from '../../provider.js';

/** `error` values that are declines: a failed charge exists and `charge_token` names it. */
export const declines: Readonly<Record<string, DeclineRow>> = {
  card_declined: { code: 'generic_decline', advice: 'use_other_card' },
  insufficient_funds: { code: 'insufficient_funds', advice: 'retry_later' },
  invalid_cvv: { code: 'incorrect_cvc', advice: 'fix_details' },
  invalid_card: { code: 'incorrect_number', advice: 'fix_details' },
  expired_card: { code: 'expired_card', advice: 'use_other_card' },
  lost_card: { code: 'lost_or_stolen_card', advice: 'do_not_retry' },
  stolen_card: { code: 'lost_or_stolen_card', advice: 'do_not_retry' },
  processing_error: { code: 'processing_error', advice: 'retry_later' },
  suspected_fraud: { code: 'suspected_fraud', advice: 'do_not_retry' },
  unknown: { code: 'generic_decline', advice: 'use_other_card' },
  gateway_error: { code: 'processing_error', advice: 'retry_later' },
};

/** Declines that say nothing about the money: the charge is read before anybody says "rejected". */
export const openDeclines: ReadonlySet<string> = new Set(['unknown', 'gateway_error']);

/** What a refusal means where it is no decline. */
export interface RefusalRow {
  readonly kind: ProviderFailure['kind'];
  readonly advice: Advice | null;
}

/** `error` values that are no declines, whatever the HTTP status below 500. */
export const refusals: Readonly<Record<string, RefusalRow>> = {
  invalid_resource: { kind: 'invalid_request', advice: 'fix_details' },
  description_invalid: { kind: 'invalid_request', advice: 'fix_details' },
  amount_invalid: { kind: 'invalid_request', advice: 'fix_details' },
  invalid_capture_amount: { kind: 'invalid_request', advice: 'fix_details' },
  invalid_request: { kind: 'invalid_request', advice: 'fix_details' },
  cannot_delete_primary_card: { kind: 'invalid_request', advice: 'fix_details' },
  token_already_used: { kind: 'invalid_request', advice: 'fix_details' },
  authorisation_expired: { kind: 'conflict', advice: 'do_not_retry' },
  already_captured: { kind: 'conflict', advice: null },
  invalid_state: { kind: 'conflict', advice: null },
  not_found: { kind: 'not_found', advice: null },
  resource_not_found: { kind: 'not_found', advice: null },
  insufficient_pin_balance: { kind: 'conflict', advice: 'retry_later' },
  unauthenticated: { kind: 'authentication', advice: 'contact_support' },
  limit_reached: { kind: 'permission', advice: 'contact_support' },
};

/** What an HTTP status means where no table knows the `error`. */
export const statusRefusals: Readonly<Record<number, RefusalRow>> = {
  401: { kind: 'authentication', advice: 'contact_support' },
  // No decline: those are read before. On a refund the merchant's balance is too low.
  402: { kind: 'conflict', advice: 'retry_later' },
  403: { kind: 'permission', advice: 'contact_support' },
  404: { kind: 'not_found', advice: null },
  409: { kind: 'conflict', advice: null },
};

/** What any other answer between 400 and 499 means. */
export const wrongRequest: RefusalRow = { kind: 'invalid_request', advice: 'fix_details' };
