import { failureOf, type ErrorTold, type Refusal } from '../../adapter/failure.js';
import { fieldsOf, rowOf, rowsNamed, textOf } from '../../adapter/fields.js';
import type { Operation } from '../../charges-client.js';
import { unknownDecline, type DeclineRow } from '../../models/decline.js';
import { otherParameters } from '../../models/provider-failure.js';
import type { Call } from '../../provider.js';

/** `sub_code` of an error, and `failed_code` of a payment. */
export const declines: Readonly<Record<string, DeclineRow>> = {
  ...rowsNamed(
    `generic_decline payment_refused issuer_declined processor_declined acquirer_declined card_unauthorized`,
    { code: 'generic_decline', advice: 'use_other_card' },
  ),
  ...rowsNamed('do_not_honor call_card_issuer', { code: 'do_not_honor', advice: 'use_other_card' }),
  insufficient_funds: { code: 'insufficient_funds', advice: 'retry_later' },
  ...rowsNamed('credit_limit_exceeded debit_card_usage_limit_exceeded amount_allowed_exceeded', {
    code: 'limit_exceeded',
    advice: 'retry_later',
  }),
  ...rowsNamed(
    'card_not_supported card_not_accepted card_type_mismatch currency_not_supported_by_card_issuer',
    { code: 'card_not_supported', advice: 'use_other_card' },
  ),
  issuer_not_available: { code: 'issuer_unavailable', advice: 'retry_later' },
  // What the payer may hear of these is a generic decline.
  ...rowsNamed('fraudulent highest_risk_level blocked processor_blocked customer_blacklisted', {
    code: 'suspected_fraud',
    advice: 'do_not_retry',
  }),
  ...rowsNamed('lost_card stolen_card pickup_card', { code: 'lost_or_stolen_card', advice: 'do_not_retry' }),
  restricted_card: { code: 'restricted_card', advice: 'use_other_card' },
  avs_failed: { code: 'incorrect_address', advice: 'fix_details' },
  authentication_error: { code: 'authentication_failed', advice: 'use_other_card' },
  ...rowsNamed('config_invalid_or_missing merchant_configuration_invalid', {
    code: 'transaction_not_allowed',
    advice: 'contact_support',
  }),
  ...rowsNamed(
    'processing_error system_error unknown_error processor_timeout server_timeout service_timeout',
    {
      code: 'processing_error',
      advice: 'retry_later',
    },
  ),
  card_number_invalid: { code: 'incorrect_number', advice: 'fix_details' },
  ...rowsNamed('cvc_invalid cvc_incorrect', { code: 'incorrect_cvc', advice: 'fix_details' }),
};

const ofState: Refusal = { kind: 'conflict', advice: null };

const refusals: Readonly<Record<string, Refusal>> = {
  ...rowsNamed(
    `parameter_required parameter_invalid parameter_format_invalid parameter_data_type_invalid parameter_below_minimum
     parameter_above_maximum livemode_mismatched`,
    { kind: 'invalid_request', advice: 'fix_details' },
  ),
  resource_not_found: { kind: 'not_found', advice: null },
  ...rowsNamed(
    `resource_failed_state resource_processing_state resource_pending_state refund_not_allowed allowed_date_exceeded
     allowed_amount_exceeded`,
    ofState,
  ),
  available_balance_insufficient: { kind: 'conflict', advice: 'retry_later' },
  organization_not_allowed: { kind: 'permission', advice: 'contact_support' },
};

/** Codes after which the money may have moved. */
const openCodes = new Set([
  'provider_processing_error',
  'processor_timeout',
  'server_timeout',
  'service_timeout',
]);

/** Our paths of PayMongo's attributes, where the names differ. */
const paths: Readonly<Record<string, string>> = {
  capture_type: 'capture',
  payment_id: 'id',
  payment_method: 'source',
  payment_method_allowed: 'providerOptions.paymentMethodAllowed',
  request_three_d_secure: 'providerOptions.requestThreeDSecure',
  notes: 'providerOptions.notes',
  return_url: 'returnUrl',
  statement_descriptor: 'statementDescriptor',
};

interface PaymongoError extends ErrorTold {
  readonly subCode: string | null;
}

/** `{ errors: [{ code, detail, sub_code, source: { pointer, attribute } }] }`, or nothing of the kind. */
const read = (body: unknown, { prepared }: Call, status: number): PaymongoError => {
  const { errors } = fieldsOf(body);
  const all = Array.isArray(errors) ? errors.map((error: unknown) => fieldsOf(error)) : [];
  const { code, detail, sub_code } = all[0] ?? {};
  const [ownCode, subCode] = [textOf(code), textOf(sub_code)];
  return {
    isOwn: ownCode !== null,
    code: subCode ?? ownCode ?? '',
    providerCode: subCode ?? ownCode,
    subCode,
    message: textOf(detail),
    // A refused attach leaves its intent behind. After a fault it says nothing of what happened.
    chargeId: status < 500 && ownCode !== null ? textOf(fieldsOf(prepared)['intent']) : null,
    issues: all.flatMap((error) => {
      const attribute = textOf(fieldsOf(error['source'])['attribute']);
      const path = rowOf(paths, attribute) ?? attribute;
      return path === null
        ? []
        : [{ path, message: `was refused by PayMongo (${textOf(error['code']) ?? ''})` }];
    }),
  };
};

/** Cards are declined by a `sub_code`. A 400 without one says something of the request. */
const decline = ({ code, subCode }: PaymongoError, _operation: Operation, _status: number, call: Call) => {
  const known = rowOf(declines, code);
  if (known !== undefined || subCode === null) return known ?? null;
  call.drift('errors.sub_code', 'unknown_value');
  return unknownDecline;
};

const mayChange: ReadonlySet<Operation> = new Set(['create', 'capture', 'void', 'refund']);

/** No code is documented for a key that was used with other parameters; whatever it is, its text will name the key. */
const isOfKey = ({ message }: PaymongoError): boolean => /idempoten/i.test(message ?? '');

const refusal = (found: Refusal, operation: Operation, told: PaymongoError): Refusal => {
  const { code, issues = [] } = told;
  if (isOfKey(told)) return { kind: 'idempotency_conflict', advice: null };
  if (operation === 'create')
    return issues.some(({ path }) => path === 'returnUrl') ? { ...found, mayLackReturnUrl: true } : found;
  // A code that nobody knows speaks of the state: nothing else can be wrong with these requests.
  const isUnknown = found.kind === 'invalid_request' && rowOf(refusals, code) === undefined;
  return isUnknown && mayChange.has(operation) ? ofState : found;
};

/**
 * What an intent or a source answers that is paid already is documented nowhere, nor is what a key with other parameters gets: so
 * any refusal of a state, and any code that nobody knows, may be the echo of an earlier success.
 */
const mayBeOwnSuccess = ({ kind }: Refusal, operation: Operation, { code }: PaymongoError): boolean =>
  mayChange.has(operation) &&
  (kind === 'conflict' || (kind !== 'authentication' && rowOf(refusals, code) === undefined));

/** Reads an answer that is no 2xx. */
export const failure = failureOf<PaymongoError>({
  name: 'PayMongo',
  read,
  declines,
  refusals,
  openCodes,
  decline,
  refusal,
  mayBeOwnSuccess,
  explain: (found) =>
    found.kind === 'idempotency_conflict' ? { ...found, message: otherParameters } : found,
});
