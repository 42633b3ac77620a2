/** Why the issuer or Stripe declines. */
export interface Decline {
  code: string;
  declineCode?: string;
  param?: string;
  message: string;
}

/** How a test card behaves. */
export interface TestCard {
  number: string;
  brand: string;
  funding: 'credit' | 'debit' | 'prepaid';
  country: string;
  /** Declines when it is charged (after authentication, if it asks for that). */
  decline?: Decline;
  /** `always`; `unless_set_up`: not once saved for later use; `if_asked`: only with `request_three_d_secure`. */
  authentication?: 'always' | 'unless_set_up' | 'if_asked';
  /** The authentication itself breaks, whatever the payer does. */
  authenticationBreaks?: true;
  supportsThreeDSecure?: false;
  dispute?: 'fraudulent' | 'product_not_received' | 'inquiry';
  /** Refunds stay pending for a while, or fail after they had succeeded. */
  refund?: 'pending_first' | 'fails_later';
  risk?: 'blocked' | 'elevated';
  cvcCheckFails?: true;
}

const card = (number: string, traits: Partial<TestCard> = {}): TestCard => ({
  number,
  brand: 'visa',
  funding: 'credit',
  country: 'US',
  ...traits,
});

const declined = (declineCode: string, message = 'Your card was declined.'): { decline: Decline } => ({
  decline: { code: 'card_declined', declineCode, message },
});

const insufficientFunds = declined('insufficient_funds', 'Your card has insufficient funds.');

const cards: readonly TestCard[] = [
  card('4242424242424242'),
  card('4000056655665556', { funding: 'debit' }),
  card('5555555555554444', { brand: 'mastercard' }),
  card('5200828282828210', { brand: 'mastercard', funding: 'debit' }),
  card('5105105105105100', { brand: 'mastercard', funding: 'prepaid' }),
  card('378282246310005', { brand: 'amex', supportsThreeDSecure: false }),
  card('6011111111111117', { brand: 'discover' }),
  card('3056930009020004', { brand: 'diners' }),
  card('3566002020360505', { brand: 'jcb', country: 'JP' }),
  card('6200000000000005', { brand: 'unionpay', country: 'CN' }),
  card('4000001240000000', { country: 'CA' }),
  card('4000000000000002', declined('generic_decline')),
  card('4000000000009995', insufficientFunds),
  card('4000000000009987', declined('lost_card')),
  card('4000000000009979', declined('stolen_card')),
  card('4000000000000069', {
    decline: { code: 'expired_card', param: 'exp_month', message: 'Your card has expired.' },
  }),
  card('4000000000000127', {
    decline: { code: 'incorrect_cvc', param: 'cvc', message: "Your card's security code is incorrect." },
    cvcCheckFails: true,
  }),
  card('4000000000000119', {
    decline: { code: 'processing_error', message: 'An error occurred while processing your card.' },
  }),
  card('4000000000006975', declined('card_velocity_exceeded')),
  card('4100000000000019', { ...declined('fraudulent'), risk: 'blocked' }),
  card('4000000000009235', { risk: 'elevated' }),
  card('4000000000000101', { cvcCheckFails: true }),
  card('4000000000000341', declined('generic_decline')),
  card('4000000000000259', { dispute: 'fraudulent' }),
  card('4000000000002685', { dispute: 'product_not_received' }),
  card('4000000000001976', { dispute: 'inquiry' }),
  card('4000000000005126', { refund: 'fails_later' }),
  card('4000000000007726', { refund: 'pending_first' }),
  card('4000002760003184', { authentication: 'always' }),
  card('4000002500003155', { authentication: 'unless_set_up' }),
  card('4000000000003220', { authentication: 'always' }),
  card('4000008400001629', { authentication: 'always', ...declined('generic_decline') }),
  card('4000008400001280', { authentication: 'always', authenticationBreaks: true }),
  card('4000000000003055', { authentication: 'if_asked' }),
  card('4000000000003097', { authentication: 'if_asked', authenticationBreaks: true }),
  card('4000008260003178', { authentication: 'always', ...insufficientFunds }),
];

/** What comes after `tok_` and `pm_card_`. Both prefixes take every name: the two spellings grew apart over the years. */
const numberByName: Record<string, string> = {
  visa: '4242424242424242',
  visa_debit: '4000056655665556',
  mastercard: '5555555555554444',
  mastercard_debit: '5200828282828210',
  mastercard_prepaid: '5105105105105100',
  amex: '378282246310005',
  discover: '6011111111111117',
  diners: '3056930009020004',
  jcb: '3566002020360505',
  unionpay: '6200000000000005',
  ca: '4000001240000000',
  chargeDeclined: '4000000000000002',
  visa_chargeDeclined: '4000000000000002',
  chargeDeclinedInsufficientFunds: '4000000000009995',
  visa_chargeDeclinedInsufficientFunds: '4000000000009995',
  visa_chargeDeclinedLostCard: '4000000000009987',
  visa_chargeDeclinedStolenCard: '4000000000009979',
  chargeDeclinedExpiredCard: '4000000000000069',
  chargeDeclinedIncorrectCvc: '4000000000000127',
  chargeDeclinedProcessingError: '4000000000000119',
  chargeDeclinedFraudulent: '4100000000000019',
  visa_chargeDeclinedVelocityLimitExceeded: '4000000000006975',
  radarBlock: '4100000000000019',
  riskLevelElevated: '4000000000009235',
  cvcCheckFail: '4000000000000101',
  chargeCustomerFail: '4000000000000341',
  createDispute: '4000000000000259',
  createDisputeProductNotReceived: '4000000000002685',
  createDisputeInquiry: '4000000000001976',
  authenticationRequired: '4000002760003184',
  authenticationRequiredOnSetup: '4000002500003155',
  threeDSecure2Required: '4000000000003220',
};

const byNumber = new Map(cards.map((each) => [each.number, each]));

/** The test card of a number, or undefined: no other numbers exist here. */
export const cardByNumber = (number: string): TestCard | undefined =>
  byNumber.get(number.replaceAll(/[ -]/g, ''));

/** The test card of a `tok_…` or `pm_card_…` name that every account knows. */
export const cardByName = (id: string, prefix: 'tok_' | 'pm_card_'): TestCard | undefined => {
  if (!id.startsWith(prefix)) return undefined;
  const name = id.slice(prefix.length);
  return Object.hasOwn(numberByName, name) ? byNumber.get(numberByName[name] ?? '') : undefined;
};
