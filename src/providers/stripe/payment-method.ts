import { fieldsOf, textOf, type Fields } from '../../adapter/fields.js';
import type { Card, PaymentMethod, ThreeDS, ThreeDSStatus } from '../../models/charge.js';
import type { ReportDrift } from '../../provider.js';
import { rowOfWord } from './codes.js';
import { idOf, type WireCard, type WireCharge, type WireIntent, type WirePaymentMethod } from './wire.js';

const readCard = (card: NonNullable<WireCard>, holderName: string | null): Card => ({
  brand: card.brand ?? null,
  last4: card.last4 ?? null,
  expMonth: card.exp_month ?? null,
  expYear: card.exp_year ?? null,
  funding: card.funding ?? null,
  country: card.country ?? null,
  holderName,
  fingerprint: card.fingerprint ?? null,
  ...(card.wallet?.type ? { wallet: card.wallet.type } : {}),
});

/** Methods that take from, or are paid out of, an account at a bank. */
const bankMethods: ReadonlySet<string> = new Set(
  (
    'us_bank_account sepa_debit bacs_debit au_becs_debit acss_debit nz_bank_account ach_debit bancontact eps fpx ' +
    'giropay ideal p24 payto sofort'
  ).split(' '),
);

/** The bank account in the details of a payment method; undefined where nothing is told of it. */
const bankAccountOf = (told: Fields, payerName: string | null): PaymentMethod['bankAccount'] => {
  const account = {
    bankName: textOf(told['bank_name']) ?? textOf(told['bank']),
    last4: textOf(told['last4']) ?? textOf(told['iban_last4']),
    holderName: textOf(told['account_holder_name']) ?? textOf(told['verified_name']) ?? payerName,
    country: textOf(told['country']),
    type: textOf(told['account_type']),
  };
  return Object.values(account).some((value) => value !== null) ? account : undefined;
};

interface MethodParts {
  readonly id: string | null;
  readonly holderName: string | null | undefined;
  /** What stands beside `type`: the card or bank account, in a member of the type's name. */
  readonly details: { readonly card?: WireCard; readonly [type: string]: unknown } | null | undefined;
}

const fromParts = (
  type: string | null | undefined,
  { id, holderName, details }: MethodParts,
): PaymentMethod | null => {
  if (!type) return null;
  const payerName = holderName ?? null;
  const card = details?.card;
  const inside = details && Object.hasOwn(details, type) ? details[type] : null;
  const bankAccount =
    bankMethods.has(type) && typeof inside === 'object' && inside !== null
      ? bankAccountOf(fieldsOf(inside), payerName)
      : undefined;
  return {
    type,
    id,
    ...(card ? { card: readCard(card, payerName) } : {}),
    ...(bankAccount === undefined ? {} : { bankAccount }),
  };
};

/** How a charge was paid. */
export const paymentMethodOfCharge = (charge: WireCharge): PaymentMethod | null =>
  fromParts(charge.payment_method_details?.type, {
    id: idOf(charge.payment_method),
    holderName: charge.billing_details?.name,
    details: charge.payment_method_details,
  });

const fromObject = (method: WirePaymentMethod): PaymentMethod | null =>
  method && typeof method === 'object'
    ? fromParts(method.type, {
        id: method.id ?? null,
        holderName: method.billing_details?.name,
        details: method,
      })
    : null;

/**
 * The payment method of an intent whose charge shows none: its expanded method, else that of its last failed
 * attempt, else its only allowed type with the method's id.
 */
export const paymentMethodOfIntent = (intent: WireIntent): PaymentMethod | null => {
  const known = fromObject(intent.payment_method) ?? fromObject(intent.last_payment_error?.payment_method);
  if (known) return known;
  const types = intent.payment_method_types ?? [];
  if (typeof intent.payment_method !== 'string' || types.length !== 1) return null;
  return fromParts(types[0], { id: intent.payment_method, holderName: null, details: null });
};

const threeDSResults: Readonly<Record<string, ThreeDSStatus>> = {
  authenticated: 'authenticated',
  attempt_acknowledged: 'attempted',
  exempted: 'exempted',
  data_share_only: 'data_only',
  not_supported: 'not_supported',
  failed: 'failed',
  processing_error: 'error',
};

/** How 3-D Secure ended on a charge; null where it did not run. */
export const threeDSOfCharge = (charge: WireCharge, drift: ReportDrift): ThreeDS | null => {
  const block = charge.payment_method_details?.card?.three_d_secure;
  if (!block) return null;
  const status = rowOfWord(threeDSResults, block.result);
  // Null is a documented answer: it promises nothing.
  if (status === undefined && block.result) drift('threeDS.status', 'unknown_value');
  return {
    status: status ?? 'unknown',
    version: block.version ?? null,
    eci: block.electronic_commerce_indicator ?? null,
  };
};

const outcomeless = (status: ThreeDSStatus): ThreeDS => ({ status, version: null, eci: null });
const requiresAction = new Set(['requires_action', 'requires_source_action']);
const requiresMethod = new Set(['requires_payment_method', 'requires_source']);
/** A code to scan or a voucher to pay is an action, too, but no authentication. */
const authenticationActions: ReadonlySet<string | null | undefined> = new Set([
  undefined,
  null,
  'redirect_to_url',
  'use_stripe_sdk',
]);

/** How far 3-D Secure is on an intent. */
export const threeDSOfIntent = (
  intent: WireIntent,
  latest: WireCharge | null,
  drift: ReportDrift,
): ThreeDS | null => {
  if (requiresAction.has(intent.status) && authenticationActions.has(intent.next_action?.type)) {
    // The pages of banks and wallets ask for no 3-D Secure; where nothing tells how it is paid, it may be a card.
    const type = paymentMethodOfIntent(intent)?.type ?? 'card';
    return type === 'card' ? outcomeless('required') : null;
  }
  const hasFailed = intent.last_payment_error?.code === 'payment_intent_authentication_failure';
  const block = latest ? threeDSOfCharge(latest, drift) : null;
  if (requiresMethod.has(intent.status) && hasFailed)
    return { ...(block ?? outcomeless('failed')), status: 'failed' };
  return block;
};
