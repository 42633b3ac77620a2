import type { PinErrorCode, Problems } from './errors.js';
import { type Parameters, readInteger, readText } from './parameters.js';

/** Why a card is declined; `gateway_error` answers 502. */
export type PinDecline = Extract<
  PinErrorCode,
  | 'card_declined'
  | 'insufficient_funds'
  | 'invalid_cvv'
  | 'invalid_card'
  | 'processing_error'
  | 'suspected_fraud'
  | 'gateway_error'
  | 'unknown'
>;

/** The numbers of the test host; it takes no others. */
const testNumbers: Readonly<Record<PinDecline | 'success', readonly string[]>> = {
  success: ['4200000000000000', '5520000000000000', '372000000000000'],
  card_declined: ['4100000000000001', '5560000000000001', '371000000000001'],
  insufficient_funds: ['4000000000000002', '5510000000000002', '370000000000002'],
  invalid_cvv: ['4900000000000003', '5550000000000003', '379000000000003'],
  invalid_card: ['4800000000000004', '5500000000000004', '378000000000004'],
  processing_error: ['4700000000000005', '5590000000000005', '377000000000005'],
  suspected_fraud: ['4600000000000006', '5540000000000006', '376000000000006'],
  gateway_error: ['4300000000000009', '5570000000000009', '373000000000009'],
  unknown: ['4400000000000099', '5530000000000099', '374000000000099'],
};

const outcomeOf = new Map(
  Object.entries(testNumbers).flatMap(([outcome, numbers]) =>
    numbers.map((number) => [number, outcome as PinDecline | 'success'] as const),
  ),
);

/** A card as Pin keeps it: without the number. */
export interface PinCard {
  readonly token: string;
  readonly scheme: string;
  readonly lastDigits: string;
  readonly expiryMonth: number;
  readonly expiryYear: number;
  readonly name: string;
  readonly address: Readonly<Record<AddressField, string | null>>;
  /** Why it is declined, or null when it goes through. */
  readonly decline: PinDecline | null;
  /** Whether its issuer demands 3-D Secure. No test number does; the simulator makes such cards itself. */
  readonly challenge: boolean;
  /** The customer that it belongs to. */
  readonly customer: string | null;
}

const addressFields = [
  'address_line1',
  'address_line2',
  'address_city',
  'address_postcode',
  'address_state',
  'address_country',
] as const;
type AddressField = (typeof addressFields)[number];

const required: readonly AddressField[] = ['address_line1', 'address_city', 'address_country'];

const schemeOf = (number: string): string => {
  if (number.startsWith('4')) return 'visa';
  return number.startsWith('5') ? 'master' : 'american_express';
};

/** Reads a card, noting what is wrong with it. `prefix` is `card.` for a card within another request. */
export const readCard = (
  parameters: Parameters,
  prefix: '' | 'card.' | 'source.',
  now: number,
  problems: Problems,
): Omit<PinCard, 'token' | 'customer'> => {
  const number = (readText(parameters, 'number') ?? '').replace(/[ -]/g, '');
  const outcome = outcomeOf.get(number);
  const month = readInteger(parameters, 'expiry_month') ?? 0;
  const year = readInteger(parameters, 'expiry_year') ?? 0;
  const name = readText(parameters, 'name');
  if (outcome === undefined) problems.add(`${prefix}number`, 'Card number is not a valid card number');
  if (month < 1 || month > 12) problems.add(`${prefix}expiry_month`, 'Card expiry month is invalid');
  else if (now >= Date.UTC(year, month, 1)) {
    problems.add(`${prefix}expiry_month`, 'Card expiry month is expired');
    problems.add(`${prefix}expiry_year`, 'Card expiry year is expired');
  }
  if (!/^\d{3,4}$/.test(readText(parameters, 'cvc') ?? '')) {
    problems.add(`${prefix}cvc`, 'Card cvc is not valid');
  }
  if (name === null) problems.add(`${prefix}name`, "Card name can't be blank");
  const address = Object.fromEntries(
    addressFields.map((field) => [field, readText(parameters, field)]),
  ) as Record<AddressField, string | null>;
  for (const field of required) {
    if (address[field] === null) {
      problems.add(`${prefix}${field}`, `Card ${field.replaceAll('_', ' ')} can't be blank`);
    }
  }
  return {
    scheme: schemeOf(number),
    lastDigits: number.slice(-4),
    expiryMonth: month,
    expiryYear: year,
    name: name ?? '',
    address,
    decline: outcome === undefined || outcome === 'success' ? null : outcome,
    challenge: false,
  };
};

/** The card of a source that the simulator makes for a test. */
export const testCard = (
  decline: PinDecline | null,
  challenge: boolean,
): Omit<PinCard, 'token' | 'customer'> => {
  const number = testNumbers[decline ?? 'success'][0] ?? '';
  return {
    scheme: schemeOf(number),
    lastDigits: number.slice(-4),
    expiryMonth: 12,
    expiryYear: 2099,
    name: 'A Tester',
    address: {
      address_line1: '1 Test Street',
      address_line2: null,
      address_city: 'Perth',
      address_postcode: '6000',
      address_state: 'WA',
      address_country: 'Australia',
    },
    decline,
    challenge,
  };
};

/** A card as the wire shows it. */
export const renderCard = (card: PinCard): Record<string, unknown> => ({
  token: card.token,
  scheme: card.scheme,
  display_number: `XXXX-XXXX-XXXX-${card.lastDigits}`,
  issuing_country: 'AU',
  expiry_month: card.expiryMonth,
  expiry_year: card.expiryYear,
  name: card.name,
  ...card.address,
  customer_token: card.customer,
  primary: card.customer === null ? null : true,
  network_type: null,
  network_format: null,
});
