import type { ChargeStatus } from '../../models/charge.js';
import type { ReportDrift } from '../../provider.js';
import type { ChargeWire } from './wire.js';

interface DecidingFields {
  readonly payerHasToAct: boolean;
  readonly success: boolean | null;
  readonly captured: boolean | null;
  readonly voided: boolean | null;
  readonly expired: boolean | null;
}

/** The first row that applies decides. No row: `unknown`. `captured` absent is never read as paid. */
const statusRows: ReadonlyArray<readonly [ChargeStatus, (fields: DecidingFields) => boolean]> = [
  ['requires_action', ({ captured, payerHasToAct }) => captured !== true && payerHasToAct],
  ['voided', ({ voided }) => voided === true],
  ['expired', ({ captured, expired }) => captured === false && expired === true],
  ['failed', ({ success }) => success === false],
  ['authorized', ({ success, captured }) => success === true && captured === false],
  ['captured', ({ success, captured }) => success === true && captured === true],
];

const decidingFields = ['success', 'captured', 'authorisation_voided', 'authorisation_expired'] as const;

/** Every boolean of a charge. Pin writes them all; a charge without a single one is not Pin's own answer. */
const booleans = [...decidingFields, 'refund_pending', 'active_chargebacks'] as const;

const words: Readonly<Record<string, ChargeStatus>> = {
  authorized: 'authorized',
  captured: 'captured',
  voided: 'voided',
  failed: 'failed',
};

/**
 * The word of a charge that has none of Pin's booleans, as the document of a client library writes it. Beside a single
 * boolean it says nothing: a real charge is never read by it.
 */
export const wordOf = (wire: ChargeWire): string | null =>
  typeof wire.status === 'string' && booleans.every((field) => wire[field] === undefined)
    ? wire.status
    : null;

/**
 * The status of a charge. A deciding field that is no boolean makes it `unknown`: read as absent, a damaged
 * `authorisation_voided` would turn released money into paid money.
 */
export const statusOf = (
  wire: ChargeWire,
  httpStatus: number | undefined,
  drift: ReportDrift,
): ChargeStatus => {
  const damaged = decidingFields.filter((field) => wire[field] != null && typeof wire[field] !== 'boolean');
  for (const field of damaged) drift(field, 'wrong_type');
  const flag = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);
  const fields: DecidingFields = {
    success: flag(wire.success),
    captured: flag(wire.captured),
    voided: flag(wire.authorisation_voided),
    expired: flag(wire.authorisation_expired),
    payerHasToAct:
      httpStatus === 202 ||
      Boolean(wire.redirect_url) ||
      (wire.success !== true && wire.status_message === 'Pending'),
  };
  const word = wordOf(wire);
  const isWord = word !== null && !fields.payerHasToAct && Object.hasOwn(words, word);
  // The booleans are missed all the same: whoever sees this does not talk to Pin itself.
  if (isWord) drift('captured', 'missing');
  const told = isWord ? words[word] : statusRows.find(([, applies]) => applies(fields))?.[0];
  const status = damaged.length > 0 ? undefined : told;
  if (status === undefined) {
    drift('status', 'unknown_value');
    return 'unknown';
  }
  if (fields.captured === true && status !== 'captured') drift('captured', 'inconsistent');
  return status;
};

/** The fields that decided, for logs: Pin itself has no status word. */
export const providerStatusOf = (wire: ChargeWire, httpStatus: number | undefined): string => {
  const fields = decidingFields
    .filter((field) => field === 'success' || field === 'captured' || wire[field] === true)
    .map((field) => `${field}=${typeof wire[field] === 'boolean' ? String(wire[field]) : 'none'}`);
  const word = wordOf(wire);
  if (word !== null) fields.push(`status=${word}`);
  if (wire.status_message === 'Pending') fields.push('status_message=Pending');
  if (wire.redirect_url) fields.push('redirect_url');
  if (httpStatus === 202) fields.push('http=202');
  return fields.join(' ');
};
