/** The test cards of the testing page that do not go through, by the `sub_code` of their decline; every other card does. */
const failures: Readonly<Record<string, string>> = {
  '4200000000000018': 'generic_decline',
  '4300000000000017': 'cvc_invalid',
  '5100000000000198': 'insufficient_funds',
  '4111111111111111': 'generic_decline',
};

/** The test cards that need 3-D Secure, and the one that has it where it is asked for. */
const [challenged, optional] = ['4120000000000007', '5123000000000001'];

/** Why charges of a card fail, or null. */
export const failureOf = (number: string): string | null => failures[number] ?? null;

/** Whether a card meets 3-D Secure. */
export const isChallenged = (number: string, asked: 'any' | 'automatic'): boolean =>
  number === challenged || (number === optional && asked === 'any');

/** The brand of a card. */
export const brandOf = (number: string): string => (number.startsWith('5') ? 'mastercard' : 'visa');

/** What the provider says of a failed payment. */
export const failureText = (code: string): string =>
  `The payment was declined (${code.replaceAll('_', ' ')}).`;
