import { rowOf } from '../../adapter/fields.js';
import type { Operation } from '../../charges-client.js';
import type { Call, ProviderFailure, WireAnswer } from '../../provider.js';
import { codeOf, errorCodes, type ErrorRow } from './codes.js';
import { errorWire } from './wire.js';

/** Where alone the issuer is asked. A decline code in another answer is a plain refusal. */
const asksIssuer: ReadonlySet<Operation> = new Set(['create', 'capture', 'verify3DS']);

const unclear: ErrorRow = { kind: 'provider', outcome: 'unknown', advice: null };

const byStatus: Readonly<Record<number, ErrorRow>> = {
  401: { kind: 'authentication', outcome: 'rejected', advice: 'contact_support' },
  403: { kind: 'permission', outcome: 'rejected', advice: 'contact_support' },
  404: { kind: 'not_found', outcome: 'rejected', advice: null },
  408: unclear,
  409: { kind: 'conflict', outcome: 'rejected', advice: null, mayBeOwnSuccess: true },
  429: { kind: 'rate_limit', outcome: 'rejected', advice: 'retry_later' },
};

const rowOfStatus = (status: number): ErrorRow => {
  if (status < 400 || status >= 500) return unclear;
  return byStatus[status] ?? { kind: 'invalid_request', outcome: 'rejected', advice: null };
};

/** Codes such as `bad_request` may stand for "captured already" or "no more than that is left". */
const changesCharge: ReadonlySet<Operation> = new Set(['capture', 'void', 'expire', 'refund']);

/**
 * A source is charged once, as a token is, and no documented code says that it is spent: it may be a code that nobody knows, or
 * one that speaks of the charge or of something that is no longer there.
 */
const mayBeSpent = (code: string, isUnknown: boolean): boolean =>
  isUnknown || ['invalid_charge', 'not_found'].includes(code);

/** The field that a code names by itself: Omise sends no other word for it. */
const fieldOfCode: Readonly<Record<string, string>> = {
  invalid_amount: 'amount',
  failed_multi_currency: 'currency',
  invalid_card_token: 'source',
  invalid_token: 'source',
  used_token: 'source',
  missing_card: 'source',
};

/** Without Omise's envelope somebody on the way answered: only a plain refusal is believed. */
const withoutEnvelope = (status: number): ProviderFailure => {
  const row = rowOfStatus(status);
  return {
    ...row,
    outcome: status === 429 ? 'unknown' : row.outcome,
    message: `Omise answered with HTTP ${status} and no readable error`,
    isUnreadable: true,
  };
};

/** Reads a non-2xx answer: the code decides, then the HTTP status. The text is never matched. */
export const failure = (answer: WireAnswer, operation: Operation, call: Call): ProviderFailure => {
  const envelope = errorWire.safeParse(answer.body);
  if (!envelope.success) return withoutEnvelope(answer.status);

  const { code: providerCode, message } = envelope.data;
  const code = codeOf(providerCode);
  const known = rowOf(errorCodes, code);
  if (known === undefined) call.drift('code', 'unknown_value');
  const row = known ?? rowOfStatus(answer.status);
  const isDecline = row.kind === 'card' && asksIssuer.has(operation);
  const kind = row.kind === 'card' && !isDecline ? 'invalid_request' : row.kind;
  // "Expired" is what an expiry makes of a charge.
  const mayBeEffect =
    (kind === 'invalid_request' && changesCharge.has(operation)) ||
    (kind === 'conflict' && operation === 'expire') ||
    (operation === 'create' &&
      (kind === 'invalid_request' || kind === 'not_found') &&
      mayBeSpent(code, known === undefined));
  const field = rowOf(fieldOfCode, code);
  return {
    ...row,
    ...(field === undefined || kind !== 'invalid_request'
      ? {}
      : { issues: [{ path: field, message: `refused by Omise (${code})` }] }),
    // A charge of a payer who has to authenticate, without an address to come back to, has no code of its own.
    ...(operation === 'create' && known?.kind === 'invalid_request' && code === 'bad_request'
      ? { mayLackReturnUrl: true }
      : {}),
    ...(mayBeEffect ? { mayBeOwnSuccess: true } : {}),
    kind,
    declineCode: isDecline ? (row.declineCode ?? null) : null,
    // A server fault may have happened after the money moved, whatever code it carries.
    outcome: answer.status >= 500 ? 'unknown' : row.outcome,
    message: message ?? `Omise answered with the code ${providerCode}`,
    providerCode,
  };
};
