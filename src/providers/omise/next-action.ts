import type { NextAction } from '../../models/charge.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import type { ReportDrift } from '../../provider.js';
import { instructionOf } from './source-types.js';
import { filled, type ChargeWire } from './wire.js';

type Source = NonNullable<ChargeWire['source']>;

/** The parts of a payment at a counter, a machine or a bank, under names of our own. */
const detailFields = [
  ['referenceNumber1', 'reference_number_1'],
  ['referenceNumber2', 'reference_number_2'],
  ['paymentCode', 'payment_code'],
  ['virtualAccountCode', 'va_code'],
  ['barcode', 'barcode'],
  ['taxId', 'omise_tax_id'],
  ['deviceId', 'device_id'],
] as const;

const isAddress = (text: string): boolean => /^https?:/.test(text);

const detailsOf = (references: Source['references']): Record<string, string> =>
  Object.fromEntries(
    detailFields.flatMap(([name, field]) => {
      const value = filled(references?.[field]);
      // A bill's barcode may be the address of a picture, which is shown as one.
      return value === null || (field === 'barcode' && isAddress(value)) ? [] : [[name, value]];
    }),
  );

/** The earlier of two ends: what the payer holds may lapse long before the charge does, or the other way round. */
const earlier = (left: string | null, right: string | null): string | null => {
  if (left === null || right === null) return left ?? right;
  return Date.parse(left) <= Date.parse(right) ? left : right;
};

/** The code or the numbers to pay with; null where the answer holds nothing that could be shown. */
const toDisplayCode = (wire: ChargeWire, drift: ReportDrift): NextAction | null => {
  const { scannable_code: code, references } = wire.source ?? {};
  const details = detailsOf(references);
  const barcode = filled(references?.barcode);
  const imageUrl =
    filled(code?.image?.download_uri) ?? (barcode !== null && isAddress(barcode) ? barcode : null);
  const numbers = [details['referenceNumber1'], details['referenceNumber2']].filter(
    (part) => part !== undefined,
  );
  const reference =
    details['paymentCode'] ??
    details['virtualAccountCode'] ??
    filled(numbers.join(' ')) ??
    details['barcode'] ??
    null;
  if (imageUrl === null && reference === null) return null;
  return {
    type: 'display_code',
    imageUrl,
    reference,
    pageUrl: null,
    details,
    expiresAt: earlier(
      readTimestamp(wire.expires_at, 'expires_at', drift),
      readTimestamp(references?.expires_at, 'source.references.expires_at', drift),
    ),
  };
};

/** A source whose payer would have to be shown something that the answer does not hold. */
const reportMissing = ({ type, flow }: Source, drift: ReportDrift): void => {
  const instruction = instructionOf(filled(type), filled(flow));
  if (instruction === null) drift('source.flow', filled(flow) === null ? 'missing' : 'unknown_value');
  else if (instruction !== 'nothing') drift(instruction, 'missing');
};

/** What the payer does with a pending charge; null where there is nothing to do, or nothing to do it with. */
export const toNextAction = (wire: ChargeWire, drift: ReportDrift): NextAction | null => {
  if (wire.status !== 'pending' || wire.authorized) return null;
  // The address stays on the charge for ever; only here does it still ask for something.
  const url = filled(wire.authorize_uri);
  if (url !== null) return { type: 'redirect', url };
  const code = toDisplayCode(wire, drift);
  if (code === null && wire.source != null) reportMissing(wire.source, drift);
  return code;
};
