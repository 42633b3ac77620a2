import chargeFixture from '../../fixtures/stripe/charge.json' with { type: 'json' };
import intentFixture from '../../fixtures/stripe/payment-intent.json' with { type: 'json' };
import refundFixture from '../../fixtures/stripe/refund.json' with { type: 'json' };

type Fields = Readonly<Record<string, unknown>>;

/** An object as Stripe would answer it, not yet read. */
export interface Wire extends Fields {
  readonly id: string;
}

/** A fixture with other fields. */
export const wireCharge = (fields: Fields = {}): Wire => ({ ...structuredClone(chargeFixture), ...fields });
export const wireIntent = (fields: Fields = {}): Wire => ({ ...structuredClone(intentFixture), ...fields });
export const wireRefund = (fields: Fields = {}): Wire => ({ ...structuredClone(refundFixture), ...fields });

/** A charge that was paid in full. */
export const capturedCharge = (fields: Fields = {}): Wire =>
  wireCharge({ captured: true, amount_captured: 4590, balance_transaction: 'txn_demoA1', ...fields });

/** A paid intent with its charge, as one with `expand[]=latest_charge` comes. */
export const paidIntent = (charge: Fields = {}, intent: Fields = {}): Wire =>
  wireIntent({ latest_charge: capturedCharge({ payment_intent: 'pi_demoA1', ...charge }), ...intent });

/** An intent whose authorization waits for its capture. */
export const authorizedIntent = (fields: Fields = {}): Wire =>
  wireIntent({
    status: 'requires_capture',
    amount_received: 0,
    amount_capturable: 4590,
    latest_charge: wireCharge({ payment_intent: 'pi_demoA1' }),
    ...fields,
  });

/** A list as Stripe pages it. */
export const wireList = (data: readonly unknown[], hasMore = false, fields: Fields = {}): Fields => ({
  object: 'list',
  data,
  has_more: hasMore,
  url: '/v1/payment_intents',
  ...fields,
});
