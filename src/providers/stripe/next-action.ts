import { fieldsOf, rowOf, type Fields, itemsOf } from '../../adapter/fields.js';
import type { NextAction } from '../../models/charge.js';
import { isHttpUrl } from '../../models/http-url.js';
import type { ReportDrift } from '../../provider.js';
import { fromWireCurrency, safeAmount } from './currency.js';
import { isoTime, type WireIntent } from './wire.js';

/*
 * What the payer has to do at Stripe. The details stand in the member that `type` names and differ by payment method; they
 * are read by the few field names that all methods share. The table is what the page of the documentation is made from.
 */

type Details = Fields;

/** Longer than any code, name or number that a payer copies; the contents of a QR code are the longest. */
const longestText = 2_000;

const textIn = (details: Details, ...names: readonly string[]): string | null => {
  const values = names.map((name) => details[name]);
  const isText = (value: unknown): value is string =>
    typeof value === 'string' && value !== '' && value.length <= longestText;
  return values.find(isText) ?? null;
};

/** A web address among the named fields. */
const addressIn = (details: Details, ...names: readonly string[]): string | null => {
  const found = names.map((name) => textIn(details, name)).find((text) => isHttpUrl(text ?? ''));
  return found ?? null;
};

/**
 * The address in one of the named fields: a web address where there is one, else whatever stands there. What no browser may be
 * sent to is left out and reported by the engine, at every provider alike.
 */
const linkIn = (details: Details, ...names: readonly string[]): string | null => {
  const texts = names
    .map((name) => details[name])
    .filter((value): value is string => typeof value === 'string' && value !== '');
  return addressIn(details, ...names) ?? texts[0] ?? null;
};

/** The earlier of several moments, each in seconds. */
const earliest = (...values: readonly unknown[]): string | null => {
  const moments = values.filter((value): value is number => Number.isSafeInteger(value));
  return moments.length === 0 ? null : isoTime(Math.min(...moments));
};

/** Stripe's pages with the same instructions. */
const hostedPages = ['hosted_instructions_url', 'hosted_voucher_url', 'hosted_verification_url'] as const;

const camelCase = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** A postal address in one line, as a transfer form wants it. */
const addressLine = (value: unknown): string | null => {
  const address = fieldsOf(value);
  const parts = ['line1', 'line2', 'postal_code', 'city', 'state', 'country'].map((name) =>
    textIn(address, name),
  );
  const line = parts.filter((part) => part !== null).join(', ');
  return line === '' ? null : line;
};

/** Texts of one bank account by their own names, and its addresses in a line each. */
const accountDetails = (account: Details): [string, string][] =>
  Object.keys(account).flatMap((name): [string, string][] => {
    const text = textIn(account, name) ?? addressLine(account[name]);
    return text === null ? [] : [[camelCase(name), text]];
  });

const mostAddresses = 8;

/** The accounts to pay to: the first by plain names, each further one by names that begin with its kind. */
const bankDetails = (details: Details): [string, string][] => {
  const listed = details['financial_addresses'];
  const addresses = itemsOf(listed).slice(0, mostAddresses).map(fieldsOf);
  return addresses.flatMap((address, index) => {
    const kind = textIn(address, 'type') ?? '';
    const networks = address['supported_networks'];
    const isList = Array.isArray(networks) && networks.every((network) => typeof network === 'string');
    const entries = accountDetails(fieldsOf(address[kind]));
    if (isList && networks.length > 0) entries.push(['networks', networks.join(', ')]);
    const prefix = index === 0 ? '' : `${camelCase(kind)}.`;
    return entries.map(([name, text]): [string, string] => [`${prefix}${name}`, text]);
  });
};

/** What is left to pay of a transfer that came in part, in ISO 4217 minor units. */
const remainingAmount = (details: Details): [string, string][] => {
  const { amount_remaining: amount, currency } = details;
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || typeof currency !== 'string') return [];
  const code = fromWireCurrency(currency);
  const remaining = safeAmount(amount, code);
  return remaining === null ? [] : Object.entries({ amountRemaining: String(remaining), currency: code });
};

/** The codes of each shop where a konbini payment can be made. */
const storeDetails = (details: Details): [string, string][] =>
  Object.entries(fieldsOf(details['stores'])).flatMap(([store, codes]) =>
    accountDetails(fieldsOf(codes)).map(([name, text]): [string, string] => [
      `${camelCase(store)}.${name}`,
      text,
    ]),
  );

/** Texts beside the reference, by the names that they get. */
const named = (names: Readonly<Record<string, string>>, details: Details): [string, string][] =>
  Object.entries(names).flatMap(([wire, name]): [string, string][] => {
    const text = textIn(details, wire);
    return text === null ? [] : [[name, text]];
  });

/** A code with everything that comes with it; null where there is nothing to show. */
const displayCode = (
  details: Details,
  beside: readonly (readonly [string, string])[],
): (NextAction & { readonly type: 'display_code' }) | null => {
  const code = fieldsOf(details['qr_code']);
  const imageNames = ['image_url_png', 'image_url_svg'];
  const imageUrl = linkIn(details, ...imageNames) ?? linkIn(code, ...imageNames);
  const reference = textIn(details, 'number', 'reference');
  if (imageUrl === null && reference === null && beside.length === 0) return null;
  return {
    type: 'display_code',
    imageUrl,
    reference,
    pageUrl: linkIn(details, ...hostedPages),
    details: Object.fromEntries(beside),
    expiresAt: earliest(details['expires_at'], details['expires_after'], code['expires_at']),
  };
};

const redirectTo = (url: string | null): NextAction | null =>
  url === null ? null : { type: 'redirect', url };

/** What the payer of one kind of action gets. */
export interface ActionFact {
  /** The kind of `nextAction`; null where there is none that a web page could carry out. */
  readonly gives: 'redirect' | 'display_code' | null;
  /** Where it comes from, or why there is none, for the documentation. */
  readonly from: string;
  readonly read: (details: Details) => NextAction | null;
}

const redirect = (name: string): ActionFact => ({
  gives: 'redirect',
  from: `\`${name}\``,
  read: (details) => redirectTo(linkIn(details, name)),
});

/** Without enough to pay with, the hosted page is all that the payer needs. */
const code = (
  from: string,
  beside: (details: Details) => [string, string][],
  isEnough: (action: NextAction & { readonly type: 'display_code' }) => boolean = () => true,
): ActionFact => ({
  gives: 'display_code',
  from,
  read: (details) => {
    const action = displayCode(details, beside(details));
    return action !== null && isEnough(action) ? action : redirectTo(linkIn(details, ...hostedPages));
  },
});

const nothing = (why: string): ActionFact => ({ gives: null, from: why, read: () => null });

const qrData = (details: Details): [string, string][] => named({ data: 'qrCodeData' }, details);
const qrImage = '`imageUrl`, `pageUrl`, `details.qrCodeData`';
/** The code inside these holds its own data, and a payer on the phone has an address of their own. */
const appDetails = (details: Details): [string, string][] => {
  const mobile = addressIn(details, 'mobile_auth_url');
  const shown = qrData(fieldsOf(details['qr_code']));
  if (mobile !== null) shown.push(['mobileAuthUrl', mobile]);
  return shown;
};
const pdfDetails = (details: Details): [string, string][] => {
  const pdf = addressIn(details, 'pdf');
  return pdf === null ? [] : [['pdfUrl', pdf]];
};

/** Every kind of action of a PaymentIntent. */
export const nextActions: Readonly<Record<string, ActionFact>> = {
  redirect_to_url: redirect('url'),
  alipay_handle_redirect: redirect('url'),
  verify_with_microdeposits: redirect('hosted_verification_url'),
  boleto_display_details: code('`reference` (the number), `pageUrl`, `details.pdfUrl`', pdfDetails),
  oxxo_display_details: code('`reference` (the number), `pageUrl`', () => []),
  konbini_display_details: code(
    '`pageUrl`, `details` by shop: `familymart.paymentCode`, `lawson.confirmationNumber`, …',
    storeDetails,
  ),
  multibanco_display_details: code(
    '`reference`, `details.entity`, `pageUrl`; a redirect to the page where one of the two is missing',
    (details) => named({ entity: 'entity' }, details),
    ({ reference, details }) => reference !== null && details['entity'] !== undefined,
  ),
  display_bank_transfer_instructions: code(
    '`reference`, `pageUrl`, `details`: `amountRemaining`, `currency`, and the account to pay to; a redirect to the page where no account is told',
    (details) => [...remainingAmount(details), ...bankDetails(details)],
    ({ details }) => Object.keys(details).some((name) => /^(?:iban|clabe|accountNumber)$/.test(name)),
  ),
  klarna_display_qr_code: code('`imageUrl`, `details.qrCodeData`', qrData),
  paynow_display_qr_code: code(qrImage, qrData),
  pix_display_qr_code: code(`${qrImage} (the text to paste)`, qrData),
  promptpay_display_qr_code: code(qrImage, qrData),
  wechat_pay_display_qr_code: code(qrImage, qrData),
  cashapp_handle_redirect_or_display_qr_code: code(
    '`imageUrl`, `pageUrl`, `details.mobileAuthUrl` for payers on the phone',
    appDetails,
  ),
  swish_handle_redirect_or_display_qr_code: code(
    '`imageUrl`, `pageUrl`, `details.qrCodeData`, `details.mobileAuthUrl` for payers on the phone',
    appDetails,
  ),
  upi_handle_redirect_or_display_qr_code: code('`imageUrl`, `pageUrl`', appDetails),
  use_stripe_sdk: nothing('Stripe.js goes on in the browser; give a `returnUrl` to get a redirect instead'),
  blik_authorize: nothing('the payer confirms in the app of the bank: wait for the event'),
  card_await_notification: nothing('the payer is told by the bank: wait for the event'),
  wechat_pay_redirect_to_android_app: nothing('for the SDK of WeChat in your Android app: in `raw`'),
  wechat_pay_redirect_to_ios_app: nothing('for the SDK of WeChat in your iOS app: in `raw`'),
};

/** A kind that nobody knows: a code where it looks like one, else the address or page that it may hold. */
const readUnknown = (details: Details): NextAction | null => {
  const action = displayCode(details, qrData(details));
  if (action !== null && (action.imageUrl !== null || action.reference !== null)) return action;
  return redirectTo(addressIn(details, 'url', 'redirect_url', ...hostedPages, 'mobile_auth_url'));
};

/** What the payer has to do, or null where it cannot be expressed. What should be there and is not is drift. */
export const nextActionOf = (intent: WireIntent, drift: ReportDrift): NextAction | null => {
  const wire = intent.next_action;
  if (!wire) return null;
  const type = wire.type ?? '';
  const details = fieldsOf(rowOf<unknown>(wire, type));
  const fact = rowOf(nextActions, type);
  if (fact === undefined) {
    drift('next_action.type', type === '' ? 'missing' : 'unknown_value');
    return readUnknown(details);
  }
  const action = fact.read(details);
  if (action === null && fact.gives !== null) drift(`next_action.${type}`, 'missing');
  return action;
};
