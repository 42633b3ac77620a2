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
  const status = damaged.length > 0 ? undefined : statusRows.find(([, applies]) => applies(fields))?.[0];
  if (status === undefined) {
    drift('status', 'unknown_value');
    return 'unknown';
  }
  if (fields.captured === true && status !== 'captured') drift('captured', 'inconsistent');
  return status;
};

/** The fields that decided, for logs: Pin has no status word. */
export const providerStatusOf = (wire: ChargeWire, httpStatus: number | undefined): string => {
  const words = decidingFields
    .filter((field) => field === 'success' || field === 'captured' || wire[field] === true)
    .map((field) => `${field}=${typeof wire[field] === 'boolean' ? String(wire[field]) : 'none'}`);
  if (wire.status_message === 'Pending') words.push('status_message=Pending');
  if (wire.redirect_url) words.push('redirect_url');
  if (httpStatus === 202) words.push('http=202');
  return words.join(' ');
};
