import type { Operation } from '../../charges-client.js';
import type { FieldIssue } from '../../models/error-details.js';
import type { Call, ProviderFailure, WireAnswer } from '../../provider.js';
import { declineOf, isDecline } from './codes.js';

/** The texts of an error answer. Only its validation errors are documented; the other shapes are read defensively. */
interface Envelope {
  readonly message: string | null;
  readonly issues: readonly FieldIssue[];
  readonly type: string | null;
  readonly code: string | null;
  readonly declineCode: string | null;
  readonly chargeId: string | null;
}

const emptyEnvelope: Envelope = {
  message: null,
  issues: [],
  type: null,
  code: null,
  declineCode: null,
  chargeId: null,
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** `{ loc: ['body', 'amount'], msg, type }`: `input`, which repeats the value, is never read. */
const toIssue = (detail: unknown): FieldIssue => {
  const { loc, msg } = isObject(detail) ? detail : { loc: undefined, msg: detail };
  const path = (Array.isArray(loc) ? loc : []).filter((part, index) => !(index === 0 && part === 'body'));
  return { path: path.map(String).join('.'), message: textOf(msg) ?? 'is not accepted' };
};

const summaryOf = (issues: readonly FieldIssue[]): string | null =>
  issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ') || null;

const codesOf = (fields: Readonly<Record<string, unknown>>): Omit<Envelope, 'message' | 'issues'> => ({
  type: textOf(fields['type']),
  code: textOf(fields['code']),
  declineCode: textOf(fields['decline_code']),
  chargeId: textOf(fields['charge_id']),
});

/** What may stand in an error without an envelope. Other names are somebody else's. */
const flatFields: ReadonlySet<string> = new Set([
  'message',
  'error',
  'code',
  'type',
  'param',
  'doc_url',
  'decline_code',
  'charge_id',
]);

/**
 * Shapes in the order of their certainty. Null: no shape of the provider's, so something in front of it answered. A text
 * alone, such as a gateway's `{ "message": "Forbidden" }`, is nobody's own: the provider names a code beside it.
 */
const readEnvelope = (body: unknown): Envelope | null => {
  if (!isObject(body)) return null;
  const { detail, error, message } = body;
  if (Array.isArray(detail)) {
    const issues = detail.map(toIssue);
    return { ...emptyEnvelope, message: summaryOf(issues), issues };
  }
  if (typeof detail === 'string') return { ...emptyEnvelope, ...codesOf(body), message: textOf(detail) };
  const isNested = isObject(error);
  const codes = codesOf(isNested ? error : body);
  // A text alone: no code, no type, no charge.
  if (Object.values(codes).every((text) => text === null)) return null;
  if (isNested) return { ...codes, issues: [], message: textOf(error['message']) };
  if (!Object.keys(body).every((name) => flatFields.has(name))) return null;
  if (Array.isArray(message))
    return { ...codes, issues: [], message: message.map(String).join('; ') || null };
  const told = textOf(message) ?? textOf(error);
  return told === null ? null : { ...codes, issues: [], message: told };
};

/** A decline exists only where a payment is attempted: a 402 on a refund or a void speaks of the merchant's account. */
const attemptsPayment = (operation: Operation): boolean =>
  operation === 'create' || operation === 'capture' || operation === 'verify3DS';

const changesCharge = (operation: Operation): boolean =>
  operation === 'capture' || operation === 'void' || operation === 'refund';

/** These say what they mean, whatever code stands beside them. */
const neverDeclined: ReadonlySet<number> = new Set([401, 403, 404, 408, 429]);

const isDeclined = (status: number, operation: Operation, envelope: Envelope): boolean => {
  if (!attemptsPayment(operation) || status < 400 || status >= 500 || neverDeclined.has(status)) return false;
  if (status === 402 || envelope.declineCode !== null || envelope.type === 'card_error') return true;
  if (status === 409 || envelope.code === 'invalid_characters') return false;
  // A charge that an error names can only be a declined one where the request was to make it.
  return isDecline(envelope.code) || (operation === 'create' && envelope.chargeId !== null);
};

const kinds: Readonly<Record<number, ProviderFailure['kind']>> = {
  400: 'invalid_request',
  402: 'conflict',
  403: 'permission',
  404: 'not_found',
  409: 'conflict',
  422: 'invalid_request',
  429: 'rate_limit',
};

const advices: Readonly<Record<string, ProviderFailure['advice']>> = {
  invalid_request: 'fix_details',
  authentication: 'contact_support',
  permission: 'contact_support',
  rate_limit: 'retry_later',
  provider: 'retry_later',
};

/**
 * A refusal counts only in the provider's own words: HTML or nothing may come from something in front of it, after it has
 * acted. Two statuses keep their meaning all the same: a 401 is given before anything is done, a 429 says when to come back.
 */
const judge = (status: number, isReadable: boolean): Pick<ProviderFailure, 'kind' | 'outcome'> => {
  if (status === 401) return { kind: 'authentication', outcome: 'rejected' };
  if (!isReadable) return { kind: status === 429 ? 'rate_limit' : 'provider', outcome: 'unknown' };
  const isRefusal = status >= 400 && status < 500 && status !== 408;
  return isRefusal
    ? { kind: kinds[status] ?? 'invalid_request', outcome: 'rejected' }
    : { kind: 'provider', outcome: 'unknown' };
};

const fallbackMessage = (status: number): string =>
  status >= 300 && status < 400
    ? `answered with a redirect (HTTP ${status}), which is not followed`
    : `answered with HTTP ${status} and no readable error`;

/** What an answer that is no success means. */
export const failure = (answer: WireAnswer, operation: Operation, call: Call): ProviderFailure => {
  const found = readEnvelope(answer.body);
  const envelope = found ?? emptyEnvelope;
  const message = envelope.message ?? fallbackMessage(answer.status);
  const { code, declineCode, chargeId } = envelope;

  if (found !== null && isDeclined(answer.status, operation, found)) {
    const decline = declineOf([declineCode, code], () => call.drift('error.code', 'unknown_value'));
    return {
      kind: 'card',
      outcome: 'rejected',
      message,
      providerCode: code ?? declineCode,
      declineCode: decline.code,
      advice: decline.advice,
      chargeId,
    };
  }

  const judged = judge(answer.status, found !== null);
  const { outcome } = judged;
  // Wrong fields come as a list. A bare 400 to an order about an existing charge speaks of the state that the charge is in.
  const refusesState =
    judged.kind === 'invalid_request' && answer.status === 400 && envelope.issues.length === 0;
  const kind = refusesState && changesCharge(operation) ? 'conflict' : judged.kind;
  return {
    kind,
    outcome,
    message,
    providerCode: code,
    advice: advices[kind] ?? null,
    chargeId,
    issues: envelope.issues,
    // A used source, a captured or a voided charge: a first success makes the second attempt fail, in words that are
    // documented nowhere. A list of wrong fields and a missing charge are judged before any state is.
    ...(found === null ? { isUnreadable: true } : {}),
    mayBeOwnSuccess: kind === 'conflict' || (kind === 'invalid_request' && envelope.issues.length === 0),
  };
};
