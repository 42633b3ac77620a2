import { usualRefusal, type Refusal } from '../../adapter/failure.js';
import { fieldsOf, rowOf, rowsNamed } from '../../adapter/fields.js';
import type { Operation } from '../../charges-client.js';
import { otherParameters } from '../../models/provider-failure.js';
import type { Call, ProviderFailure, WireAnswer } from '../../provider.js';
import { declines, networkCodeOutcomeUnknown, networkCodeVoidWindowPassed, readDecline } from './codes.js';

const wrongRequest: Refusal = { kind: 'invalid_request', advice: 'fix_details' };
const wrongSetup: Refusal = { kind: 'invalid_request', advice: 'contact_support' };
const open: Refusal = { kind: 'provider', outcome: 'unknown', advice: 'retry_later' };
const openWrite: Refusal = { kind: 'in_progress', outcome: 'unknown', advice: 'retry_later' };
const notPermitted: Refusal = { kind: 'permission', advice: 'contact_support' };

/** An earlier success of the same write would be answered so, too. */
const own = { mayBeOwnSuccess: true } as const;

/** Codes of error answers that are no declines. They beat the HTTP status, which JustiFi documents for few of them. */
const refusals: Readonly<Record<string, Refusal>> = {
  // The gateway behind JustiFi did not say how it ended. Money may have moved even where the status is 402.
  ...rowsNamed('gateway_error gateway_error_please_retry gateway_timeout_error gateway_timeout', open),
  // The gateway refused JustiFi, not the payer.
  gateway_authentication_error: { ...open, advice: 'contact_support' },
  ...rowsNamed('internal_server_error refund_error', open),
  // 409 may also mean that the first request with the key failed.
  ...rowsNamed(
    'gateway_idempotency_error idempotency_concurrent_request idempotency_request_in_progress',
    openWrite,
  ),
  gateway_rate_limit_error: { kind: 'rate_limit', advice: 'retry_later' },
  idempotency_params_mismatch: { kind: 'idempotency_conflict', advice: null, ...own },
  idempotency_key_required: wrongSetup,

  ...rowsNamed(
    `payment_already_captured payment_fully_refunded payment_intent_cannot_be_captured
     payment_intent_unexpected_state`,
    { kind: 'conflict', advice: null, ...own },
  ),
  ...rowsNamed('charge_expired_for_capture payment_outside_void_window payment_outside_refund_window', {
    kind: 'conflict',
    advice: 'do_not_retry',
    ...own,
  }),
  refund_exceeds_amount_available: { kind: 'conflict', advice: 'retry_later', ...own },
  ...rowsNamed('refund_in_progress token_in_use', { kind: 'in_progress', advice: 'retry_later', ...own }),

  // An earlier refund with this key may be what leaves too little for this one.
  ...rowsNamed('refund_exceeds_payment_amount token_already_used', { ...wrongRequest, ...own }),
  ...rowsNamed(
    `refund_reason_invalid amount_above_maximum amount_below_minimum amount_must_be_an_integer amount_required
     currency_invalid currency_required checkout_invalid_currency capture_strategy_invalid country_invalid state_invalid
     email_invalid email_required invalid_characters parameter_missing unexpected_parameter
     card_name_required card_number_required brand_required acct_last_four_required payment_method_required
     payment_method_token_required payment_method_not_found customer_id_required customer_max_payment_methods
     fees_invalid fee_amount_greater_than_zero multiple_of_same_fee_type fee_amount_greater_than_payment_amount
     fee_and_application_fee_declared fee_type_must_exist_on_payment_fees returned_fee_exceeds_remaining_amount`,
    wrongRequest,
  ),
  ...rowsNamed(
    `application_fee_rate_id_required application_fee_required gateway_account_id_required gateway_ref_id_required
     transfer_required sub_account_header_required`,
    wrongSetup,
  ),

  not_authenticated: { kind: 'authentication', advice: 'contact_support' },
  full_pan_not_allowed: notPermitted,
  ...rowsNamed('resource_not_found payment_intent_not_found', { kind: 'not_found', advice: null }),
};

const textOf = (value: unknown): string | null => {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
};
const nameOf = (value: unknown): string | null => textOf(value)?.toLowerCase() ?? null;

/** The shapes seen: `{error: {code, …}}`, `{error: "text"}`, `{message}`, `{errors: ["text"]}`, `{}`, and no JSON at all. */
const read = (body: unknown) => {
  const outer = fieldsOf(body);
  const inner = fieldsOf(outer['error']);
  const errors = outer['errors'];
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const code = nameOf(inner['code']);
  const networkCode = textOf(inner['network_error_code']);
  return {
    // A text alone may be anybody's, and so may a number: JustiFi names its code.
    isOwn: typeof inner['code'] === 'string' && code !== null,
    message: textOf(inner['message']) ?? textOf(outer['error']) ?? textOf(outer['message']) ?? textOf(first),
    code,
    param: textOf(inner['param']),
    declineCode: nameOf(inner['decline_code']),
    network: nameOf(inner['network']),
    networkCategory: nameOf(inner['network_error_category']),
    // As a number it has lost its leading zeros.
    networkCode: networkCode?.replace(/^\d{1,2}$/, (digits) => digits.padStart(3, '0')) ?? null,
  };
};
type Told = ReturnType<typeof read>;

/** Codes whose meaning depends on the status, then the table. */
const refusalOfCode = ({ code }: Told, status: number): Refusal | undefined => {
  if (code === 'invalid_sub_account' && status !== 402) return wrongSetup;
  if (code === 'not_authorized')
    return status === 401 ? { kind: 'authentication', advice: 'contact_support' } : notPermitted;
  return rowOf(refusals, code);
};

const refusalOfStatus = (status: number, { isOwn }: Told): Refusal => {
  switch (status) {
    // Where nothing is charged a 402 is no decline; the state or the balance does not allow it.
    case 402:
      return { kind: 'conflict', advice: null };
    // Documented as "not permitted, or duplicate": the duplicate may be of our own earlier request.
    case 403:
      return { ...notPermitted, ...own };
    case 409:
      return openWrite;
    // Not documented. Only JustiFi's own word is believed to mean "not executed", not that of a proxy before it.
    case 429:
      return isOwn ? { kind: 'rate_limit', advice: 'retry_later' } : usualRefusal(status);
    default:
      return usualRefusal(status);
  }
};

/** The operations on which an issuer can decline. A 402 to a refund is something else. */
const declining: ReadonlySet<Operation> = new Set(['create', 'capture']);

/** Wire names of params whose own name is another. */
const paths: Readonly<Record<string, string>> = {
  capture_strategy: 'capture',
  payment_method: 'source',
  statement_descriptor: 'statementDescriptor',
};

/** Reads a non-2xx answer: by its code wherever it has a known one, for JustiFi documents few statuses; then by the status. */
export const failure = (
  { status, body }: WireAnswer,
  operation: Operation,
  call: Pick<Call, 'drift'>,
): ProviderFailure => {
  const told = read(body);
  const { code, declineCode, networkCode, param } = told;
  const named = code === null ? '' : ` (${code})`;
  const about = {
    message: told.message ?? `JustiFi answered ${status}${named}`,
    providerCode: code,
    networkCode,
    ...(param === null
      ? {}
      : { issues: [{ path: rowOf(paths, param) ?? param, message: `refused by JustiFi${named}` }] }),
    ...(told.isOwn ? {} : { isUnreadable: true }),
  };
  const refuse = ({ outcome = 'rejected', ...refusal }: Refusal) => ({ ...about, outcome, ...refusal });

  // These leave the outcome open wherever they stand.
  if (rowOf(refusals, declineCode)?.outcome === 'unknown') return refuse(open);
  const refusal = refusalOfCode(told, status);
  if (refusal?.kind === 'idempotency_conflict') return { ...refuse(refusal), message: otherParameters };
  if (refusal !== undefined) return refuse(refusal);
  if (networkCode === networkCodeVoidWindowPassed)
    return refuse({ kind: 'conflict', advice: 'do_not_retry', ...own });

  const isNamed = (rowOf(declines, declineCode) ?? rowOf(declines, code)) !== undefined;
  const isDecline = status === 402 || code === 'card_declined' || isNamed;
  // A decline beside a 5xx contradicts itself: the money may have moved, so the status is believed.
  if (!declining.has(operation) || status < 400 || status >= 500 || !isDecline)
    return refuse(refusalOfStatus(status, told));
  const decline =
    code === 'invalid_sub_account'
      ? ({ code: 'transaction_not_allowed', advice: 'contact_support', known: true } as const)
      : readDecline(told);
  if (!isNamed && networkCode === networkCodeOutcomeUnknown) return refuse(open);
  if (!decline.known) call.drift(declineCode === null ? 'error.code' : 'error.decline_code', 'unknown_value');
  return { ...about, kind: 'card', outcome: 'rejected', declineCode: decline.code, advice: decline.advice };
};
