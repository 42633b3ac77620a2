import { OmiseRefusal } from './errors.js';
import { isCurrency } from './money.js';
import { has, type Parameters, readFlag, readInteger, readText } from './parameters.js';
import { type OmiseState, timestamp } from './state.js';

/** How a payer pays with a source: on a page, in an app, or with a code. */
export type SourceFlow = 'redirect' | 'app_redirect' | 'offline';

/** What a source tells the payer beside a URL: a code to scan, or numbers to type. */
export interface PaymentCode {
  scannableCode: Readonly<Record<string, unknown>> | null;
  references: Readonly<Record<string, unknown>> | null;
}

/** A way to pay that is no card. */
export interface OmiseSource {
  id: string;
  type: string;
  flow: SourceFlow;
  amount: number;
  currency: string;
  /** `unknown` until it is charged. */
  chargeStatus: string;
  zeroInterestInstallments: boolean | null;
  installmentTerm: number | null;
  /** The other details, as given. */
  details: Readonly<Record<string, string | null>>;
  code: PaymentCode;
  createdAt: number;
}

const banksWithInstallments = ['bay', 'bbl', 'first_choice', 'kbank', 'ktc', 'mbb', 'scb', 'ttb', 'uob'];

const typesOf: Readonly<Record<SourceFlow, readonly string[]>> = {
  redirect: [
    'alipay',
    'boost',
    'duitnow_obw',
    'duitnow_qr',
    'fpx',
    'grabpay',
    ...banksWithInstallments.flatMap((bank) => [`installment_${bank}`, `installment_wlb_${bank}`]),
    'internet_banking_bay',
    'internet_banking_bbl',
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
    ...['bay', 'bbl', 'kbank', 'ktb', 'scb', 'ocbc'].map((bank) => `mobile_banking_${bank}`),
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

const flowOf = new Map(
  (Object.entries(typesOf) as [SourceFlow, readonly string[]][]).flatMap(([flow, types]) =>
    types.map((type) => [type, flow] as const),
  ),
);

/** Source types of which it is known that an unpaid charge can be expired. */
const expirable = new Set(['barcode_alipay', 'alipay_cn']);
/** Methods whose money cannot be sent back through Omise. */
const notRefundable = new Set(['promptpay', 'bill_payment_tesco_lotus', 'econtext', 'wechat_pay']);
/** Offline methods with a QR code, and those with numbers to type. Barcodes are shown by the payer, not by us. */
const withQrCode = new Set(['promptpay', 'paynow']);
const withReferences = new Set(['bill_payment_tesco_lotus', 'econtext']);

/** Whether a pending charge of a source type can be expired. */
export const canExpire = (type: string): boolean => expirable.has(type);

/** Whether a paid charge of a source type can be refunded. */
export const canRefund = (type: string): boolean => !notRefundable.has(type);

const detailNames = [
  'bank',
  'barcode',
  'email',
  'mobile_number',
  'name',
  'phone_number',
  'platform_type',
  'promotion_code',
  'store_id',
  'store_name',
  'terminal_id',
] as const;

/** The code or the numbers with which the payer of a charge pays offline. */
export const paymentCodeFor = (
  state: OmiseState,
  source: OmiseSource,
  chargeId: string,
  expiresAt: number,
): PaymentCode => {
  const { context } = state;
  const numbers = (length: number): string =>
    context.ids.next('', length).replace(/\D/g, (letter) => String(letter.charCodeAt(0) % 10));
  if (withQrCode.has(source.type)) {
    const document = context.ids.nextLowerCase('docu_test_', 19);
    const location = `/charges/${chargeId}/documents/${document}`;
    return {
      references: null,
      scannableCode: {
        object: 'barcode',
        type: 'qr',
        image: {
          object: 'document',
          id: document,
          livemode: false,
          location,
          deleted: false,
          kind: 'qr',
          filename: 'qrcode.svg',
          download_uri: `${context.origin()}${location}/downloads/${context.ids.next('', 16)}`,
          created_at: timestamp(context.now()),
        },
      },
    };
  }
  if (!withReferences.has(source.type)) return { scannableCode: null, references: null };
  return {
    scannableCode: null,
    references: {
      expires_at: timestamp(expiresAt),
      device_id: null,
      customer_amount: null,
      customer_currency: null,
      customer_exchange_rate: null,
      omise_tax_id: source.type === 'econtext' ? null : numbers(13),
      reference_number_1: source.type === 'econtext' ? null : numbers(18),
      reference_number_2: source.type === 'econtext' ? null : numbers(18),
      barcode: null,
      payment_code: source.type === 'econtext' ? numbers(12) : null,
      va_code: null,
    },
  };
};

/** Keeps a source. An inline source takes amount and currency from its charge. */
export const addSource = (
  state: OmiseState,
  parameters: Parameters,
  amount: number,
  currency: string,
): OmiseSource => {
  const type = readText(parameters, 'type') ?? '';
  const flow = flowOf.get(type);
  if (flow === undefined) throw new OmiseRefusal('bad_request', `source type ${type} is not supported`);
  const installmentTerm = readInteger(parameters, 'installment_term');
  if (type.startsWith('installment_') && !(installmentTerm !== null && installmentTerm > 0)) {
    throw new OmiseRefusal('bad_request', 'installment_term is missing');
  }
  const details: Record<string, string | null> = {};
  for (const name of detailNames) details[name] = readText(parameters, name);
  const source: OmiseSource = {
    id: state.context.ids.nextLowerCase('src_test_', 19),
    type,
    flow,
    amount,
    currency,
    chargeStatus: 'unknown',
    zeroInterestInstallments: has(parameters, 'zero_interest_installments')
      ? readFlag(parameters, 'zero_interest_installments', false)
      : null,
    installmentTerm,
    details,
    code: { scannableCode: null, references: null },
    createdAt: state.context.now(),
  };
  state.sources.set(source.id, source);
  return source;
};

/** A source as the wire shows it. */
export const renderSource = (source: OmiseSource): Record<string, unknown> => ({
  object: 'source',
  id: source.id,
  livemode: false,
  location: `/sources/${source.id}`,
  type: source.type,
  flow: source.flow,
  amount: source.amount,
  currency: source.currency,
  charge_status: source.chargeStatus,
  ...source.details,
  installment_term: source.installmentTerm,
  zero_interest_installments: source.zeroInterestInstallments,
  absorption_type: null,
  scannable_code: source.code.scannableCode,
  references: source.code.references,
  provider_references: null,
  receipt_amount: null,
  qr_settings: null,
  billing: null,
  shipping: null,
  items: [],
  discounts: [],
  ip: null,
  created_at: timestamp(source.createdAt),
});

/** `POST /sources`. */
export const createSource = (state: OmiseState, parameters: Parameters): Record<string, unknown> => {
  const amount = readInteger(parameters, 'amount');
  const currency = readText(parameters, 'currency')?.toUpperCase() ?? '';
  if (amount === null) throw new OmiseRefusal('bad_request', 'amount is missing');
  if (!(amount > 0)) throw new OmiseRefusal('invalid_amount', 'amount must be a positive whole number');
  if (!isCurrency(currency)) throw new OmiseRefusal('bad_request', 'currency is currently not supported');
  return renderSource(addSource(state, parameters, amount, currency));
};

/** `GET /sources/{id}`. */
export const findSource = (state: OmiseState, id: string): OmiseSource => {
  const source = state.sources.get(id);
  if (source === undefined) throw new OmiseRefusal('not_found', `source ${id} was not found`);
  return source;
};
