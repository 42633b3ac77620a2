import type { PaymentMethod, ThreeDS } from '../../models/charge.js';
import type { ReportDrift } from '../../provider.js';
import { filled, type ChargeWire } from './wire.js';

/** The card or the source that was charged. A deleted card shows little more than its id. */
export const toPaymentMethod = (wire: ChargeWire): PaymentMethod | null => {
  const { card, source } = wire;
  if (card != null) {
    const wallet = filled(card.tokenization_method);
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
        ...(wallet === null ? {} : { wallet }),
      },
    };
  }
  if (source?.type == null) return null;
  const method: PaymentMethod = { type: source.type, id: filled(source.id) };
  const bankName = filled(source.bank);
  // The bank that the payer has chosen, for methods that serve several.
  return bankName === null
    ? method
    : { ...method, bankAccount: { bankName, last4: null, holderName: null, country: null, type: null } };
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
