import { failureOf, type Decline, type ErrorTold, type Refusal } from '../../adapter/failure.js';
import { fieldsOf, rowOf, textOf, type Fields } from '../../adapter/fields.js';
import type { Operation } from '../../charges-client.js';
import { otherParameters } from '../../models/provider-failure.js';
import type { Call } from '../../provider.js';
import { chargeOfIntent } from './charge.js';
import { readDecline, refusalCodes, rowOfWord } from './codes.js';
import { apiOf } from './payment.js';
import { intentSchema } from './wire.js';

/** What a status means at Stripe, where no code says more and it means something else than usual. */
const statuses: Readonly<Record<number, Refusal>> = {
  402: { kind: 'conflict', advice: null },
  // Almost always: the same idempotency key is in flight.
  409: { kind: 'in_progress', outcome: 'unknown', advice: 'retry_later' },
  // It speaks of something behind the endpoint, which may have run.
  424: { kind: 'provider', outcome: 'unknown', advice: 'retry_later' },
  429: { kind: 'rate_limit', advice: 'retry_later' },
};

/** Card data that Stripe refuses is a matter for the payer; the names stand alone or inside `card[…]`. */
const cardParam = /^(?:\w+\[)?(?:number|exp_month|exp_year|cvc|address_)/;

/** Our names of the parameters that Stripe complains about. */
const paramNames: Readonly<Record<string, string>> = {
  amount_to_capture: 'amount',
  intent: 'id',
  payment_method: 'source',
  confirmation_token: 'source',
  'card[token]': 'source',
  statement_descriptor_suffix: 'statementDescriptor',
  return_url: 'returnUrl',
  application_fee_amount: 'providerOptions.applicationFeeAmount',
  receipt_email: 'providerOptions.receiptEmail',
};

interface StripeError extends ErrorTold {
  /** The member `error`; null where there is none. */
  readonly error: Fields | null;
}

const chargeIdIn = (error: Fields, call: Call): string | null => {
  const intent = fieldsOf(error['payment_intent']);
  const latest = intent['latest_charge'];
  const intentId = textOf(intent['id']) ?? textOf(error['payment_intent']);
  const chargeId = textOf(error['charge']) ?? textOf(latest) ?? textOf(fieldsOf(latest)['id']);
  return apiOf(call) === 'charges' ? (chargeId ?? intentId) : (intentId ?? chargeId);
};

/** Stripe's envelope always has a type, and a code or not: without it, somebody else wrote the body or it is damaged. */
const read = (body: unknown, call: Call, status: number): StripeError => {
  const given = fieldsOf(body)['error'];
  const error = fieldsOf(given);
  const [type, code, message, param] = ['type', 'code', 'message', 'param'].map((name) =>
    textOf(error[name]),
  );
  const isOtherRequest = type === 'idempotency_error';
  return {
    isOwn: type != null,
    code: isOtherRequest ? type : (code?.trim().toLowerCase() ?? ''),
    providerCode: code ?? type ?? null,
    // Stripe's own text advises another key, which may charge a second time.
    message: isOtherRequest ? otherParameters : (message ?? null),
    chargeId: chargeIdIn(error, call),
    issues:
      param == null
        ? []
        : [
            {
              path: rowOfWord(paramNames, param) ?? param,
              message: message ?? `Stripe answered with HTTP ${status}`,
            },
          ],
    error: error === given ? error : null,
  };
};

/** The intent of an error as the charge that it is, where it failed. */
const failedCharge = (error: Fields, call: Call) => {
  const { data: intent } = intentSchema.safeParse(error['payment_intent']);
  if (intent === undefined || apiOf(call) === 'charges') return null;
  const latest = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  const besides = { refunds: null, hasLapsed: false, withRaw: false };
  const charge = chargeOfIntent(intent, latest, besides, call.drift);
  return charge.status === 'failed' ? charge : null;
};

const decline = (
  { error, code }: StripeError,
  _operation: Operation,
  status: number,
  call: Call,
): Decline | null => {
  if (error === null) return null;
  const isCardError = error['type'] === 'card_error';
  if (rowOf(refusalCodes, code) !== undefined && !(isCardError && code === 'invalid_characters')) return null;
  const isCardData = status === 400 && cardParam.test(textOf(error['param']) ?? '');
  if (status !== 402 && !isCardError && !isCardData) return null;
  const read = readDecline(
    {
      code: textOf(error['code']),
      decline_code: textOf(error['decline_code']),
      advice_code: textOf(error['advice_code']),
      network_advice_code: textOf(error['network_advice_code']),
      network_decline_code: textOf(error['network_decline_code']),
    },
    call.drift,
  );
  const { providerCode, networkCode, advice } = read;
  return { code: read.code, advice, providerCode, networkCode, charge: failedCharge(error, call) };
};

/** Reads an answer that is no 2xx. */
export const failure = failureOf<StripeError>({
  name: 'Stripe',
  read,
  // Declines have more words than a code.
  declines: {},
  decline,
  refusals: refusalCodes,
  rateLimitHasCodes: true,
  byStatus: (status) => statuses[status],
  // Stripe names no code when more is asked back than is left: an earlier success of this refund would leave less, too.
  mayBeOwnSuccess: (_, operation, { code, error }, status) =>
    operation === 'refund' &&
    status === 400 &&
    error?.['param'] === 'amount' &&
    rowOf(refusalCodes, code) === undefined,
});
