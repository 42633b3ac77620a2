import type { NextAction, PaymentMethod, ThreeDS } from '../../models/charge.js';
import type { ReportDrift } from '../../provider.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import type { ChargeWire } from './wire.js';

/** Text, or null where Omise writes an empty string. */
const filled = (text: string | null | undefined): string | null =>
  text === undefined || text === '' ? null : text;

/** The card or the source that was charged. A deleted card shows little more than its id. */
export const toPaymentMethod = (wire: ChargeWire): PaymentMethod | null => {
  const { card, source } = wire;
  if (card != null) {
    return {
      type: 'card',
      id: filled(card.id),
      card: {
        brand: filled(card.brand),
        last4: filled(card.last_digits),
        expMonth: card.expiration_month ?? null,
        expYear: card.expiration_year ?? null,
        funding: filled(card.financing),
        country: filled(card.country)?.toUpperCase() ?? null,
        holderName: filled(card.name),
        fingerprint: filled(card.fingerprint),
      },
    };
  }
  return source?.type == null ? null : { type: source.type, id: filled(source.id) };
};

/** What the payer does with a pending charge; null where there is nothing to do. */
export const toNextAction = (wire: ChargeWire, drift: ReportDrift): NextAction | null => {
  if (wire.status !== 'pending' || wire.authorized) return null;
  // The address stays on the charge for ever; only here does it still ask for something.
  if (filled(wire.authorize_uri) !== null) return { type: 'redirect', url: wire.authorize_uri ?? '' };

  const { flow, scannable_code: code, references } = wire.source ?? {};
  const showsCode = flow === 'offline' && code != null;
  if (!showsCode && references == null) return null;
  // A bill's barcode is the address of a picture, a voucher's is the number itself.
  const barcode = filled(references?.barcode);
  const barcodeIsPicture = barcode !== null && /^https?:/.test(barcode);
  const numbers = [references?.reference_number_1, references?.reference_number_2].filter((part) =>
    filled(part),
  );
  return {
    type: 'display_code',
    imageUrl: filled(code?.image?.download_uri) ?? (barcodeIsPicture ? barcode : null),
    reference:
      filled(references?.payment_code) ??
      filled(references?.va_code) ??
      filled(numbers.join(' ')) ??
      (barcodeIsPicture ? null : barcode),
    pageUrl: null,
    details: {},
    expiresAt: readTimestamp(wire.expires_at, 'expires_at', drift),
  };
};

const threeDS = (status: ThreeDS['status']): ThreeDS => ({ status, version: null, eci: null });

const authentications: ReadonlySet<string> = new Set(['3DS', 'PASSKEY']);

/** What is known of 3-D Secure. Omise says little: the address of the page proves nothing once the charge is decided. */
export const toThreeDS = (wire: ChargeWire, drift: ReportDrift): ThreeDS | null => {
  if (wire.card == null) return null;
  const by = filled(wire.authenticated_by);
  if (by !== null && !authentications.has(by)) drift('authenticated_by', 'unknown_value');
  if (by !== null && authentications.has(by) && (wire.authorized || wire.paid))
    return threeDS('authenticated');
  if (filled(wire.authorize_uri) === null) return null;
  return threeDS(wire.status === 'pending' && !wire.authorized ? 'required' : 'unknown');
};
