/** The test cards of the testing page that do not go through, by the `sub_code` of their decline; every other card does. */
const failures: Readonly<Record<string, string>> = {
  '4200000000000018': 'generic_decline',
  '4300000000000017': 'cvc_invalid',
  '5100000000000198': 'insufficient_funds',
  '4111111111111111': 'generic_decline',
};

/** The test cards that have 3-D Secure; every other card has none. */
const threeDSecure: Readonly<Record<string, 'required' | 'optional'>> = {
  '4120000000000007': 'required',
  '5123000000000001': 'optional',
};

/** Why charges of a card fail, or null. */
export const failureOf = (number: string): string | null => failures[number] ?? null;

/** Whether a card meets 3-D Secure: always, where the intent asks for `any`, or never (null). */
export const threeDSecureOf = (number: string): 'required' | 'optional' | null =>
  threeDSecure[number] ?? null;

/** The brand of a card. */
export const brandOf = (number: string): string => (number.startsWith('5') ? 'mastercard' : 'visa');

/** What the provider says of a failed payment. */
export const failureText = (code: string): string =>
  `The payment was declined (${code.replaceAll('_', ' ')}).`;
