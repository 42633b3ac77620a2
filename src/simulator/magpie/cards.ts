/** A card as the provider keeps it: without number and security code. */
export interface MagpieCard {
  id: string;
  name: string;
  last4: string;
  expMonth: string;
  expYear: string;
  brand: string;
  address: Readonly<Record<string, string | null>>;
  /** Why charges of it fail, or null. */
  failureCode: string | null;
  /** Whether its bank wants 3-D Secure. */
  challenge: boolean;
}

/** The test cards of the provider's guide that do not go through; every other card does. */
const failures: Readonly<Record<string, string>> = {
  '4000000000000002': 'card_declined',
  '4000000000009995': 'insufficient_funds',
};

/** Why charges of a card number fail, or null. */
export const failureOf = (number: string): string | null => failures[number] ?? null;

/** What a failed charge says beside its code. */
export const failureTexts: Readonly<Record<string, readonly [reason: string, nextSteps: string]>> = {
  authentication_required: [
    'The card was declined as the transaction requires authentication.',
    'The customer should try again and authenticate their card when prompted during the transaction.',
  ],
  card_declined: [
    'The card was declined for an unknown reason.',
    'The customer needs to contact their card issuer for more information.',
  ],
  insufficient_funds: [
    'The card has insufficient funds to complete the purchase.',
    'The customer should use an alternative payment method.',
  ],
  generic_decline: [
    'The payment was declined for an unknown reason.',
    'The customer should use an alternative payment method.',
  ],
};

/** Whether a text is a card number. */
export const isCardNumber = (number: string): boolean => {
  if (!/^\d{12,19}$/.test(number)) return false;
  const sum = Array.from(number)
    .reverse()
    .reduce((total, digit, index) => {
      const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return sum % 10 === 0;
};

/** The brand of a card number. */
export const brandOf = (number: string): string => {
  if (number.startsWith('4')) return 'visa';
  if (/^(?:5[1-5]|2[2-7])/.test(number)) return 'mastercard';
  if (number.startsWith('35')) return 'jcb';
  return /^3[47]/.test(number) ? 'amex' : 'unknown';
};

/** Whether a card can no longer be used. */
export const hasExpired = (now: number, year: string, month: string): boolean =>
  now >= Date.UTC(Number(year), Number(month), 1);

/** A card as the wire shows it. */
export const renderCard = (card: MagpieCard): Record<string, unknown> => ({
  object: 'card',
  id: card.id,
  name: card.name,
  last4: card.last4,
  exp_month: card.expMonth,
  exp_year: card.expYear,
  brand: card.brand,
  country: 'PH',
  cvc_checked: '',
  funding: 'credit',
  issuing_bank: 'SIMULATED BANK',
  ...card.address,
});
