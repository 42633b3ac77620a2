import type { NextAction } from '../../models/charge.js';
import { isHttpUrl } from '../../models/http-url.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import type { ReportDrift } from '../../provider.js';
import { filled, type ChargeWire } from './wire.js';

/** Where the answer to a pending charge tells its payer how to pay; `nothing` where the shop has scanned the payer's own code. */
type Instruction = 'authorize_uri' | 'source.scannable_code' | 'source.references' | 'nothing';

/** Sources with one flow, whose payers get the same. */
export interface SourceGroup {
  readonly types: readonly string[];
  /** What `source.flow` says; null if no sample response is known. */
  readonly flow: 'redirect' | 'app_redirect' | 'offline' | null;
  /** Where the instruction stands; null where only the answer itself can say. */
  readonly instructionField: Instruction | null;
  /** What `nextAction` holds for the payer, for the documentation. */
  readonly payerGets: string;
}

const named = (prefix: string, names: readonly string[]): readonly string[] =>
  names.map((name) => `${prefix}${name}`);

/** The source types that are known by their flow, and what the payer of each is shown. `type` stays an open word. */
export const sourceGroups: readonly SourceGroup[] = [
  {
    types: [
      'alipay',
      'boost',
      'duitnow_obw',
      'duitnow_qr',
      'fpx',
      'grabpay',
      ...named('installment_', ['bay', 'bbl', 'first_choice', 'kbank', 'ktc', 'mbb', 'scb', 'ttb', 'uob']),
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
    flow: 'redirect',
    instructionField: 'authorize_uri',
    payerGets: '`redirect`: a page of the wallet or the bank',
  },
  {
    types: [
      'alipay_cn',
      'alipay_hk',
      'dana',
      'gcash',
      'kakaopay',
      'touch_n_go',
      ...named('mobile_banking_', ['bay', 'bbl', 'kbank', 'ktb', 'scb']),
      'truemoney_jumpapp',
      'wechat_pay',
    ],
    flow: 'app_redirect',
    instructionField: 'authorize_uri',
    payerGets: '`redirect`: an address that opens the app',
  },
  {
    types: ['paynow', 'promptpay'],
    flow: 'offline',
    instructionField: 'source.scannable_code',
    payerGets: '`display_code` with the QR code in `imageUrl`',
  },
  {
    types: ['bill_payment_tesco_lotus'],
    flow: 'offline',
    instructionField: 'source.references',
    payerGets:
      '`display_code` with both numbers in `reference` and in `details.referenceNumber1`, `details.referenceNumber2`; the barcode in `imageUrl` or `details.barcode`; `details.taxId`',
  },
  {
    types: ['econtext', 'konbini', 'payeasy'],
    flow: 'offline',
    instructionField: 'source.references',
    payerGets:
      '`display_code` with the code for the store or the bank in `reference` and `details.paymentCode`',
  },
  {
    types: ['barcode_alipay', 'barcode_wechat'],
    flow: 'offline',
    instructionField: 'nothing',
    payerGets: 'nothing: the shop has scanned the code of the payer, and the charge is `pending`',
  },
  {
    types: ['alipayplus_upm', 'wechat_pay_upm'],
    flow: null,
    instructionField: 'nothing',
    payerGets: 'nothing: the shop has scanned the code of the payer, and the charge is `pending`',
  },
  {
    types: [
      'alipayplus_mpm',
      'atome',
      'atome_qr',
      ...named('direct_debit_', ['bay', 'kbank', 'ktb', 'scb']),
      'grabpay_rms',
      'installment_paynext_extra_qr',
      ...named('installment_wlb_', ['bay', 'bbl', 'kbank', 'ktc', 'scb', 'ttb', 'uob']),
      'internet_banking_bbl',
      'mobile_banking_ocbc',
      'mobile_banking_ocbc_pao',
      'ocbc_digital',
      'qr_code_upi',
      'touch_n_go_alipay_plus',
      'truemoney_qr',
      'wechat_pay_mpm',
    ],
    flow: null,
    instructionField: null,
    payerGets: 'what the answer tells: `redirect` with its page, else `display_code` with its code',
  },
  {
    types: ['applepay', 'googlepay'],
    flow: null,
    instructionField: 'nothing',
    payerGets: 'a card in a wallet: nothing, or `redirect` for 3-D Secure',
  },
];

const toldByType: ReadonlyMap<string, Instruction | null> = new Map(
  sourceGroups.flatMap(({ types, instructionField }) =>
    types.map((type) => [type, instructionField] as const),
  ),
);

const toldByFlow: Readonly<Record<string, Instruction>> = {
  redirect: 'authorize_uri',
  app_redirect: 'authorize_uri',
  offline: 'source.references',
};

/** Where a source tells its payer how to pay: by its flow, for what the flow leaves open by its type; null where neither is known. */
const instructionOf = (type: string | null, flow: string | null): Instruction | null => {
  const byFlow = flow !== null && Object.hasOwn(toldByFlow, flow) ? toldByFlow[flow] : undefined;
  if (byFlow === 'authorize_uri') return byFlow;
  return (type === null ? null : toldByType.get(type)) ?? byFlow ?? null;
};

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

const detailsOf = (references: Source['references']): Record<string, string> =>
  Object.fromEntries(
    detailFields.flatMap(([name, field]) => {
      const value = filled(references?.[field]);
      // A barcode may be an image URL; then it goes into `imageUrl`, not `details`.
      return value === null || (field === 'barcode' && isHttpUrl(value)) ? [] : [[name, value]];
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
    filled(code?.image?.download_uri) ?? (barcode !== null && isHttpUrl(barcode) ? barcode : null);
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

/** Reports drift if the payer needs an instruction that the response lacks. */
const reportMissing = ({ type, flow }: Source, drift: ReportDrift): void => {
  const instruction = instructionOf(filled(type), filled(flow));
  if (instruction === null) drift('source.flow', filled(flow) === null ? 'missing' : 'unknown_value');
  else if (instruction !== 'nothing') drift(instruction, 'missing');
};

/** What the payer does with a pending charge; null where there is nothing to do, or nothing to do it with. */
export const toNextAction = (wire: ChargeWire, drift: ReportDrift): NextAction | null => {
  if (wire.status !== 'pending' || wire.authorized) return null;
  // The address is never removed; it only matters while the charge is pending.
  const url = filled(wire.authorize_uri);
  if (url !== null) return { type: 'redirect', url };
  const code = toDisplayCode(wire, drift);
  if (code === null && wire.source != null) reportMissing(wire.source, drift);
  return code;
};
