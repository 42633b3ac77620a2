import type { LocalMethod } from './local-methods.js';

/** What an action is made of. */
export interface ActionFacts {
  /** The page on which the payer decides. */
  page: string;
  returnUrl: string | null;
  amount: number;
  currency: string;
  /** In Unix seconds. */
  expiresAt: number;
  /** An image of a code. */
  image: (kind: 'png' | 'svg') => string;
}

/** An action as an intent shows it. */
export interface LocalAction {
  type: string;
  details: Readonly<Record<string, unknown>>;
}

const holder = {
  account_holder_address: {
    city: 'South San Francisco',
    country: 'US',
    line1: '354 Oyster Point Blvd',
    line2: null,
    postal_code: '94080',
    state: 'CA',
  },
  account_holder_name: 'Simulated merchant',
  bank_address: {
    city: 'Test City',
    country: 'US',
    line1: '1 Bank Street',
    line2: null,
    postal_code: '94080',
    state: 'CA',
  },
};

const iban = {
  type: 'iban',
  iban: { ...holder, bic: 'AGRIFRPPXXX', country: 'FR', iban: 'FR7612345678901234567890123' },
  supported_networks: ['sepa'],
};

/** The transfer that pays an amount of a currency, and the accounts to pay to. */
const transfers: Readonly<Record<string, readonly [type: string, addresses: readonly object[]]>> = {
  eur: ['eu_bank_transfer', [iban]],
  gbp: [
    'gb_bank_transfer',
    [
      {
        type: 'sort_code',
        sort_code: { ...holder, account_number: '00012345', sort_code: '108800' },
        supported_networks: ['bacs', 'fps', 'chaps'],
      },
    ],
  ],
  jpy: [
    'jp_bank_transfer',
    [
      {
        type: 'zengin',
        zengin: {
          ...holder,
          account_number: '1234567',
          account_type: 'futsu',
          bank_code: '0009',
          bank_name: 'Test Bank',
          branch_code: '001',
          branch_name: 'Tokyo',
        },
        supported_networks: ['zengin'],
      },
    ],
  ],
  mxn: [
    'mx_bank_transfer',
    [
      {
        type: 'spei',
        spei: { ...holder, bank_code: '002', bank_name: 'Test Bank', clabe: '002180650612345670' },
        supported_networks: ['spei'],
      },
    ],
  ],
  usd: [
    'us_bank_transfer',
    [
      {
        type: 'aba',
        aba: {
          ...holder,
          account_number: '111222333444',
          account_type: 'checking',
          bank_name: 'Test Bank',
          routing_number: '999999999',
        },
        supported_networks: ['ach', 'domestic_wire_us'],
      },
      {
        type: 'swift',
        swift: {
          ...holder,
          account_number: '111222333444',
          account_type: 'checking',
          bank_name: 'Test Bank',
          swift_code: 'TESTUS99XXX',
        },
        supported_networks: ['swift'],
      },
    ],
  ],
};

const images = ({ image }: ActionFacts): object => ({
  image_url_png: image('png'),
  image_url_svg: image('svg'),
});

const makers: Readonly<Record<string, (facts: ActionFacts) => Record<string, unknown>>> = {
  redirect_to_url: ({ page, returnUrl }) => ({ return_url: returnUrl, url: page }),
  alipay_handle_redirect: ({ page, returnUrl }) => ({
    native_data: null,
    native_url: null,
    return_url: returnUrl,
    url: page,
  }),
  blik_authorize: () => ({}),
  boleto_display_details: ({ page, expiresAt }) => ({
    expires_at: expiresAt,
    hosted_voucher_url: page,
    number: '01010101010101010101010101010101010101010101010',
    pdf: `${page}/pdf`,
  }),
  card_await_notification: () => ({ charge_attempt_at: null, customer_approval_required: true }),
  cashapp_handle_redirect_or_display_qr_code: (facts) => ({
    hosted_instructions_url: facts.page,
    mobile_auth_url: facts.page,
    qr_code: { expires_at: facts.expiresAt, ...images(facts) },
  }),
  display_bank_transfer_instructions: ({ page, amount, currency }) => {
    const [type, addresses] = transfers[currency] ?? ['eu_bank_transfer', [iban]];
    return {
      amount_remaining: amount,
      currency,
      financial_addresses: addresses,
      hosted_instructions_url: page,
      reference: 'K9XG4VZ6B2QT',
      type,
    };
  },
  klarna_display_qr_code: (facts) => ({ data: facts.page, expires_at: facts.expiresAt, ...images(facts) }),
  konbini_display_details: ({ page, expiresAt }) => ({
    expires_at: expiresAt,
    hosted_voucher_url: page,
    stores: {
      familymart: { confirmation_number: '01011112222', payment_code: '123456' },
      lawson: { confirmation_number: '01011112222', payment_code: '223456' },
      ministop: { confirmation_number: '01011112222', payment_code: '323456' },
      seicomart: { confirmation_number: '01011112222', payment_code: '423456' },
    },
  }),
  multibanco_display_details: ({ page, expiresAt }) => ({
    entity: '12345',
    expires_at: expiresAt,
    hosted_voucher_url: page,
    reference: '999123456',
  }),
  oxxo_display_details: ({ page, expiresAt }) => ({
    expires_after: expiresAt,
    hosted_voucher_url: page,
    number: '12345678901234657890123456789012',
  }),
  paynow_display_qr_code: (facts) => ({
    data: 'paynow-code',
    hosted_instructions_url: facts.page,
    ...images(facts),
  }),
  pix_display_qr_code: (facts) => ({
    data: 'pix-code',
    expires_at: facts.expiresAt,
    hosted_instructions_url: facts.page,
    ...images(facts),
  }),
  promptpay_display_qr_code: (facts) => ({
    data: 'promptpay-code',
    hosted_instructions_url: facts.page,
    ...images(facts),
  }),
  swish_handle_redirect_or_display_qr_code: (facts) => ({
    hosted_instructions_url: facts.page,
    mobile_auth_url: facts.page,
    qr_code: { data: 'swish-code', expires_at: facts.expiresAt, ...images(facts) },
  }),
  upi_handle_redirect_or_display_qr_code: (facts) => ({
    hosted_instructions_url: facts.page,
    qr_code: { expires_at: facts.expiresAt, ...images(facts) },
  }),
  verify_with_microdeposits: ({ page, expiresAt }) => ({
    arrival_date: expiresAt,
    hosted_verification_url: page,
    microdeposit_type: 'descriptor_code',
  }),
  wechat_pay_display_qr_code: (facts) => ({
    data: 'weixin://wxpay/bizpayurl?pr=test',
    hosted_instructions_url: facts.page,
    image_data_url: 'data:image/png;base64,iVBORw0KGgo=',
    ...images(facts),
  }),
  wechat_pay_redirect_to_android_app: () => ({
    app_id: 'wx000',
    nonce_str: 'nonce',
    package: 'Sign=WXPay',
    partner_id: '000',
    prepay_id: 'wx000',
    sign: 'sign',
    timestamp: '1795000000',
  }),
  wechat_pay_redirect_to_ios_app: () => ({ native_url: 'weixin://app/wx000/pay/' }),
};

/** The action that a method asks for; WeChat Pay by the client that the payer uses. */
export const actionOf = (method: LocalMethod, client: unknown, facts: ActionFacts): LocalAction => {
  const isApp = method.type === 'wechat_pay' && (client === 'android' || client === 'ios');
  const type = isApp ? `wechat_pay_redirect_to_${client}_app` : method.action;
  const make = makers[type];
  if (make === undefined) throw new Error(`There is no action ${type}.`);
  return { type, details: make(facts) };
};
