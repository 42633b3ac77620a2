/** How a payer pays with a source: on a page, in an app, or with a code. */
export type SourceFlow = 'redirect' | 'app_redirect' | 'offline';

const banksWithInstallments = ['bay', 'bbl', 'first_choice', 'kbank', 'ktc', 'mbb', 'scb', 'ttb', 'uob'];

/** The flows that answers were recorded with. */
const recorded: Readonly<Record<SourceFlow, readonly string[]>> = {
  redirect: [
    'alipay',
    'boost',
    'duitnow_obw',
    'duitnow_qr',
    'fpx',
    'grabpay',
    ...banksWithInstallments.map((bank) => `installment_${bank}`),
    'installment_wlb_first_choice',
    'internet_banking_bay',
    'internet_banking_scb',
    'maybank_qr',
    'paypay',
    'points_citi',
    'rabbit_linepay',
    'shopeepay',
    'shopeepay_jumpapp',
    'truemoney',
  ],
  app_redirect: [
    'alipay_cn',
    'alipay_hk',
    'dana',
    'gcash',
    'kakaopay',
    'touch_n_go',
    ...['bay', 'bbl', 'kbank', 'ktb', 'scb'].map((bank) => `mobile_banking_${bank}`),
    'truemoney_jumpapp',
    'wechat_pay',
  ],
  offline: [
    'barcode_alipay',
    'barcode_wechat',
    'bill_payment_tesco_lotus',
    'econtext',
    'paynow',
    'promptpay',
  ],
};

/** Types that Omise's own clients name, without a recorded answer: each flow is the likelier one. */
const assumed: Readonly<Record<SourceFlow, readonly string[]>> = {
  redirect: [
    'atome',
    ...['bay', 'kbank', 'ktb', 'scb'].map((bank) => `direct_debit_${bank}`),
    'grabpay_rms',
    'installment_paynext_extra_qr',
    ...['bay', 'bbl', 'kbank', 'ktc', 'mbb', 'scb', 'ttb', 'uob'].map((bank) => `installment_wlb_${bank}`),
    'internet_banking_bbl',
    'touch_n_go_alipay_plus',
    'applepay',
    'googlepay',
  ],
  app_redirect: ['mobile_banking_ocbc', 'mobile_banking_ocbc_pao', 'ocbc_digital'],
  offline: [
    'alipayplus_mpm',
    'alipayplus_upm',
    'atome_qr',
    'konbini',
    'payeasy',
    'qr_code_upi',
    'truemoney_qr',
    'wechat_pay_mpm',
    'wechat_pay_upm',
  ],
};

const flows = new Map(
  [recorded, assumed].flatMap((table) =>
    (Object.entries(table) as [SourceFlow, readonly string[]][]).flatMap(([flow, types]) =>
      types.map((type) => [type, flow] as const),
    ),
  ),
);

/** Every source type that can be charged. */
export const sourceTypes: readonly string[] = [...flows.keys()];

/** The flow of a source type, or undefined for a type that does not exist. */
export const flowOf = (type: string): SourceFlow | undefined => flows.get(type);

/** Source types of which it is known that an unpaid charge can be expired. */
const expirable = new Set(['barcode_alipay', 'alipay_cn']);
/** Methods whose money cannot be sent back through Omise; the last two are `econtext` under the names of its shops. */
const notRefundable = new Set([
  'promptpay',
  'bill_payment_tesco_lotus',
  'econtext',
  'wechat_pay',
  'konbini',
  'payeasy',
]);
/** Wallets that hold cards: the payer has agreed on the device before the charge is made. */
const cardWallets = new Set(['applepay', 'googlepay']);

/** Whether a pending charge of a source type can be expired. */
export const canExpire = (type: string): boolean => expirable.has(type);

/** Whether a paid charge of a source type can be refunded. */
export const canRefund = (type: string): boolean => !notRefundable.has(type);

/** Whether the payer has agreed already. */
export const isAgreed = (type: string): boolean => cardWallets.has(type);

/** What an offline method gives its payer: a code to scan, numbers, or nothing because the shop scans the payer's own code. */
export const codeKindOf = (type: string): 'qr' | 'bill' | 'voucher' | 'none' => {
  if (flows.get(type) !== 'offline' || type.startsWith('barcode_') || type.endsWith('_upm')) return 'none';
  if (type.startsWith('bill_payment_')) return 'bill';
  return ['econtext', 'konbini', 'payeasy'].includes(type) ? 'voucher' : 'qr';
};
