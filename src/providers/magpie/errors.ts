import { failureOf, type Decline, type ErrorTold, type Refusal } from '../../adapter/failure.js';
import { fieldsOf, textOf, type Fields } from '../../adapter/fields.js';
import type { Operation } from '../../charges-client.js';
import type { FieldIssue } from '../../models/error-details.js';
import type { Call } from '../../provider.js';
import { codeOf, declineOf, isDecline } from './codes.js';

/** An error answer. Only its validation errors are documented; the other shapes are read defensively. */
interface MagpieError extends ErrorTold {
  readonly type: string | null;
  readonly declineCode: string | null;
}

/** `{ loc: ['body', 'amount'], msg, type }`: `input`, which repeats the value, is never read. */
const toIssue = (detail: unknown): FieldIssue => {
  const { loc, msg = typeof detail === 'string' ? detail : undefined } = fieldsOf(detail);
  const path = (Array.isArray(loc) ? loc : []).filter((part, index) => !(index === 0 && part === 'body'));
  return { path: path.map(String).join('.'), message: textOf(msg) ?? 'is not accepted' };
};

const joined = (texts: readonly unknown[]): string | null => texts.map(String).join('; ') || null;

const summaryOf = (issues: readonly FieldIssue[]): string | null =>
  joined(issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)));

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

const foreign: MagpieError = {
  isOwn: false,
  code: '',
  providerCode: null,
  message: null,
  chargeId: null,
  type: null,
  declineCode: null,
};

const told = (fields: Fields, message: string | null): MagpieError => ({
  isOwn: true,
  code: codeOf(textOf(fields['code'])),
  providerCode: textOf(fields['code']),
  message,
  chargeId: textOf(fields['charge_id']),
  type: textOf(fields['type']),
  declineCode: textOf(fields['decline_code']),
});

const hasCode = ({ type, providerCode, declineCode, chargeId }: MagpieError): boolean =>
  [type, providerCode, declineCode, chargeId].some((text) => text !== null);

/**
 * Shapes in the order of their certainty. Where none of the provider's fits, something in front of it answered. A text alone,
 * such as a gateway's `{ "message": "Forbidden" }`, is nobody's own: the provider names a code beside it.
 */
const read = (body: unknown): MagpieError => {
  const fields = fieldsOf(body);
  const { detail, error, message } = fields;
  if (Array.isArray(detail)) {
    const issues = detail.map(toIssue);
    return { ...foreign, isOwn: true, message: summaryOf(issues), issues };
  }
  // A gateway's page of RFC 9457 has a `detail`, too, among members that Magpie never sends.
  const isDetail = Object.keys(fields).every((name) => name === 'detail' || flatFields.has(name));
  if (typeof detail === 'string') return isDetail ? told(fields, textOf(detail)) : foreign;
  const nested = fieldsOf(error);
  if (nested === error) {
    const found = told(nested, textOf(nested['message']));
    return hasCode(found) ? found : foreign;
  }
  const text = Array.isArray(message) ? joined(message) : (textOf(message) ?? textOf(error));
  const found = told(fields, text);
  const isFlat = Object.keys(fields).every((name) => flatFields.has(name));
  return isFlat && hasCode(found) && (text !== null || Array.isArray(message)) ? found : foreign;
};

/** These say what they mean, whatever code stands beside them. */
const neverDeclined: ReadonlySet<number> = new Set([401, 403, 404]);

/** Answers carry decline codes and error codes in either field: the most precise one counts. */
const decline = (
  { isOwn, code, providerCode, declineCode, type, chargeId }: MagpieError,
  operation: Operation,
  status: number,
  call: Call,
): Decline | null => {
  if (!isOwn || neverDeclined.has(status)) return null;
  const isTold = status === 402 || declineCode !== null || type === 'card_error';
  const isCode = status !== 409 && code !== 'invalid_characters';
  // A charge that an error names can only be a declined one where the request was to make it.
  const isLikely = isCode && (isDecline(code) || (operation === 'create' && chargeId !== null));
  if (!isTold && !isLikely) return null;
  const row = declineOf([declineCode, providerCode], () => {
    call.drift('error.code', 'unknown_value');
  });
  return { ...row, providerCode: providerCode ?? declineCode };
};

const changesCharge: ReadonlySet<Operation> = new Set(['capture', 'void', 'refund']);

/** Reads an answer that is no 2xx. */
export const failure = failureOf<MagpieError>({
  name: 'Magpie',
  untold: (status) =>
    status >= 300 && status < 400
      ? `answered with a redirect (HTTP ${status}), which is not followed`
      : `answered with HTTP ${status} and no readable error`,
  read,
  // Each decline is told by more than its code: `decline` decides.
  declines: {},
  refusals: {},
  decline,
  /**
   * A refusal counts only in the provider's own words: HTML or nothing may come from something in front of it, after it has
   * acted. Two statuses keep their meaning all the same: a 401 is given before anything is done, a 429 says when to come back.
   */
  byStatus: (status, { isOwn }): Refusal | undefined => {
    if (status === 401) return undefined;
    if (status === 429) return isOwn ? { kind: 'rate_limit', advice: 'retry_later' } : undefined;
    if (!isOwn) return { kind: 'provider', outcome: 'unknown', advice: 'retry_later' };
    return status === 402 ? { kind: 'conflict', advice: null } : undefined;
  },
  /** Wrong fields come as a list. A bare 400 to an order about an existing charge speaks of the state that the charge is in. */
  refusal: (found, operation, { issues = [] }, status) =>
    status === 400 && issues.length === 0 && found.kind === 'invalid_request' && changesCharge.has(operation)
      ? { kind: 'conflict', advice: null }
      : found,
  /**
   * A used source, a captured or a voided charge: a first success makes the second attempt fail, in words that are documented
   * nowhere. A list of wrong fields and a missing charge are judged before any state is. A verification that is refused is:
   * the charge was read just before, and was open.
   */
  mayBeOwnSuccess: ({ kind }, operation, { issues = [] }) =>
    operation !== 'verify3DS' && (kind === 'conflict' || (kind === 'invalid_request' && issues.length === 0)),
});
