/*
 * Payment methods besides cards, by the names of their test PaymentMethods (`pm_konbini`), and the action that each asks of its
 * payer. Every action of Stripe's PaymentIntents has one.
 */

/** How a method is paid. */
export interface LocalMethod {
  /** `type` of the PaymentMethod. */
  type: string;
  /** `next_action.type` after a confirmation. */
  action: string;
  /** What `payment_method_details` shows of it. */
  shows: Readonly<Record<string, unknown>>;
  /** How long the payer has; null without an end. */
  livesForSeconds: number | null;
}

const day = 24 * 3600;

const method = (type: string, action: string, more: Partial<LocalMethod> = {}): LocalMethod => ({
  type,
  action,
  shows: {},
  livesForSeconds: null,
  ...more,
});

const bank = { bank_name: 'STRIPE TEST BANK', fingerprint: 'FpBankTest', last4: '6789' };

const methods: Readonly<Record<string, LocalMethod>> = {
  acss_debit: method('acss_debit', 'verify_with_microdeposits', {
    shows: { ...bank, institution_number: '000', transit_number: '11000' },
  }),
  alipay: method('alipay', 'alipay_handle_redirect', {
    shows: { buyer_id: '2088', fingerprint: null, transaction_id: null },
  }),
  bancontact: method('bancontact', 'redirect_to_url', {
    shows: {
      bank_code: 'VAPE',
      bank_name: 'VAN DE PUT',
      bic: 'VAPEBE22',
      iban_last4: '7061',
      verified_name: 'Jenny Rosen',
    },
  }),
  blik: method('blik', 'blik_authorize', { shows: { buyer_id: null }, livesForSeconds: 60 }),
  boleto: method('boleto', 'boleto_display_details', {
    shows: { tax_id: '00000000000' },
    livesForSeconds: 3 * day,
  }),
  card_awaitNotification: method('card', 'card_await_notification'),
  cashapp: method('cashapp', 'cashapp_handle_redirect_or_display_qr_code', {
    shows: { buyer_id: 'buyer', cashtag: '$cashtag' },
    livesForSeconds: 600,
  }),
  customer_balance: method('customer_balance', 'display_bank_transfer_instructions'),
  grabpay: method('grabpay', 'redirect_to_url', { shows: { transaction_id: null } }),
  ideal: method('ideal', 'redirect_to_url', {
    shows: { bank: 'ing', bic: 'INGBNL2A', iban_last4: '5264', verified_name: 'Jenny Rosen' },
  }),
  klarna: method('klarna', 'klarna_display_qr_code', {
    shows: { payment_method_category: 'pay_later', preferred_locale: null },
    livesForSeconds: 3600,
  }),
  konbini: method('konbini', 'konbini_display_details', {
    shows: { store: { chain: 'lawson' } },
    livesForSeconds: 3 * day,
  }),
  multibanco: method('multibanco', 'multibanco_display_details', {
    shows: { entity: '12345', reference: '999123456' },
    livesForSeconds: 7 * day,
  }),
  oxxo: method('oxxo', 'oxxo_display_details', { shows: { number: '1234567890' }, livesForSeconds: 3 * day }),
  paynow: method('paynow', 'paynow_display_qr_code', { shows: { reference: null } }),
  pix: method('pix', 'pix_display_qr_code', { shows: { bank_transaction_id: null }, livesForSeconds: day }),
  promptpay: method('promptpay', 'promptpay_display_qr_code', { shows: { reference: null } }),
  swish: method('swish', 'swish_handle_redirect_or_display_qr_code', {
    shows: { fingerprint: null, payment_reference: null },
    livesForSeconds: 180,
  }),
  upi: method('upi', 'upi_handle_redirect_or_display_qr_code', {
    shows: { vpa: null },
    livesForSeconds: 300,
  }),
  us_bank_account: method('us_bank_account', 'verify_with_microdeposits', {
    shows: {
      ...bank,
      account_holder_type: 'individual',
      account_type: 'checking',
      payment_reference: null,
      routing_number: '110000000',
    },
  }),
  wechat_pay: method('wechat_pay', 'wechat_pay_display_qr_code', {
    shows: { fingerprint: null, transaction_id: null },
  }),
};

/** The methods by their type, for callers that describe one. */
export const localTypes: readonly string[] = Object.keys(methods).filter(
  (name) => methods[name]?.type === name,
);

/** The method of a name such as `konbini`, or undefined. */
export const localMethod = (name: string): LocalMethod | undefined =>
  Object.hasOwn(methods, name) ? methods[name] : undefined;

/** The method of a test PaymentMethod such as `pm_konbini`, or undefined. */
export const localMethodById = (id: string): LocalMethod | undefined =>
  id.startsWith('pm_') ? localMethod(id.slice('pm_'.length)) : undefined;
