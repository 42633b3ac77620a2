import type { Operation } from '../../charges-client.js';
import type { Charge } from '../../models/charge.js';
import { otherParameters } from '../../models/provider-failure.js';
import type { Call, ProviderFailure, WireAnswer } from '../../provider.js';
import { chargeOfIntent } from './charge.js';
import { refusalCodes, type Refusal } from './codes.js';
import { lookUp, readDecline } from './decline.js';
import { apiOf } from './payment.js';
import { intentSchema } from './wire.js';

type Fields = Readonly<Record<string, unknown>>;

const fieldsIn = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
const textIn = (fields: Fields | null, name: string): string | null => {
  const value = fields?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** What a status means where no code of the answer says more. */
const byStatus = (status: number): Refusal => {
  if (status === 401) return { kind: 'authentication', outcome: 'rejected', advice: 'contact_support' };
  if (status === 403) return { kind: 'permission', outcome: 'rejected', advice: 'contact_support' };
  if (status === 404) return { kind: 'not_found', outcome: 'rejected', advice: null };
  // Almost always: the same idempotency key is in flight.
  if (status === 409) return { kind: 'in_progress', outcome: 'unknown', advice: 'retry_later' };
  if (status === 429) return { kind: 'rate_limit', outcome: 'rejected', advice: 'retry_later' };
  if (status === 402) return { kind: 'conflict', outcome: 'rejected', advice: null };
  // 408 and 424 speak of something behind the endpoint: it may have run.
  const isRefusal = status >= 400 && status < 500 && status !== 408 && status !== 424;
  return isRefusal
    ? { kind: 'invalid_request', outcome: 'rejected', advice: 'fix_details' }
    : { kind: 'provider', outcome: 'unknown', advice: 'retry_later' };
};

/** A payment is declined only where one is attempted: HTTP 402 on a refund speaks of the merchant's balance. */
const decliningOperations: ReadonlySet<Operation> = new Set(['create', 'capture', 'verify3DS']);
/** Card data that Stripe refuses is a matter for the payer; the names stand alone or inside `card[…]`. */
const cardParam = /^(?:\w+\[)?(?:number|exp_month|exp_year|cvc|address_)/;

const isDecline = (status: number, error: Fields | null, operation: Operation): boolean => {
  if (error === null || !decliningOperations.has(operation)) return false;
  if (status === 402 || textIn(error, 'type') === 'card_error') return true;
  return status === 400 && cardParam.test(textIn(error, 'param') ?? '');
};

const refusalOf = (
  status: number,
  error: Fields | null,
  operation: Operation,
): Refusal & { readonly message?: string } => {
  if (textIn(error, 'type') === 'idempotency_error') {
    // Stripe's own text advises another key, which may charge a second time.
    return {
      message: otherParameters,
      kind: 'idempotency_conflict',
      outcome: 'rejected',
      advice: null,
      mayBeOwnSuccess: true,
    };
  }
  // A fault of Stripe's own leaves everything open, whatever code came with it.
  if (status >= 500) return byStatus(status);
  const known = lookUp(refusalCodes, textIn(error, 'code'));
  if (known) return known;
  const refusal = byStatus(status);
  // Stripe names no code when more is asked back than is left: an earlier success of this refund would leave less, too.
  const isOverRefund = operation === 'refund' && status === 400 && textIn(error, 'param') === 'amount';
  return isOverRefund ? { ...refusal, mayBeOwnSuccess: true } : refusal;
};

/** Our names of the parameters that Stripe complains about. */
const paramNames: Readonly<Record<string, string>> = {
  amount_to_capture: 'amount',
  payment_method: 'source',
  confirmation_token: 'source',
  'card[token]': 'source',
  statement_descriptor_suffix: 'statementDescriptor',
  return_url: 'returnUrl',
  application_fee_amount: 'providerOptions.applicationFeeAmount',
  receipt_email: 'providerOptions.receiptEmail',
};

/** The intent of an error, as the charge that it is. */
const intentIn = (error: Fields | null, call: Call): Charge | null => {
  const parsed = intentSchema.safeParse(error?.['payment_intent']);
  if (!parsed.success) return null;
  const { latest_charge: latest } = parsed.data;
  const charge = latest && typeof latest === 'object' ? latest : null;
  return chargeOfIntent(parsed.data, charge, { refunds: null, hasLapsed: false, withRaw: false }, call.drift);
};

const chargeIdIn = (error: Fields | null, call: Call): string | null => {
  const intent = fieldsIn(error?.['payment_intent']);
  const intentId = textIn(intent, 'id') ?? textIn(error, 'payment_intent');
  const latest = intent?.['latest_charge'];
  const chargeId =
    textIn(error, 'charge') ?? (typeof latest === 'string' ? latest : textIn(fieldsIn(latest), 'id'));
  return apiOf(call) === 'charges' ? (chargeId ?? intentId) : (intentId ?? chargeId);
};

/** Reads a non-2xx answer: Stripe's envelope, or whatever stood in its way. */
export const failure = (answer: WireAnswer, operation: Operation, call: Call): ProviderFailure => {
  const { status } = answer;
  const error = fieldsIn(fieldsIn(answer.body)?.['error']);
  const code = textIn(error, 'code');
  const message = textIn(error, 'message') ?? `Stripe answered with HTTP ${status}`;
  const chargeId = chargeIdIn(error, call);
  const type = textIn(error, 'type');
  const param = textIn(error, 'param');
  // Stripe's envelope always has a type, and a code or not: without it, somebody else wrote the body or it is damaged.
  const shared = {
    message,
    providerCode: code ?? type,
    chargeId,
    ...(param === null ? {} : { issues: [{ path: lookUp(paramNames, param) ?? param, message }] }),
    ...(type === null ? { isUnreadable: true } : {}),
  };

  const named = lookUp(refusalCodes, code);
  const isCardText = code === 'invalid_characters' && textIn(error, 'type') === 'card_error';
  if (status < 500 && (named === undefined || isCardText) && isDecline(status, error, operation)) {
    const charge = apiOf(call) === 'payment_intents' ? intentIn(error, call) : null;
    const decline = readDecline(
      {
        code,
        decline_code: textIn(error, 'decline_code'),
        advice_code: textIn(error, 'advice_code'),
        network_advice_code: textIn(error, 'network_advice_code'),
        network_decline_code: textIn(error, 'network_decline_code'),
      },
      call.drift,
    );
    return {
      ...shared,
      kind: 'card',
      outcome: 'rejected',
      providerCode: code,
      declineCode: decline.code,
      networkCode: decline.networkCode,
      advice: decline.advice,
      charge: charge?.status === 'failed' ? charge : null,
    };
  }

  return { ...shared, ...refusalOf(status, error, operation) };
};
