import { declineCodes } from '../../models/decline.js';
import type { FieldIssue } from '../../models/error-details.js';
import { nearestName } from '../../models/nearest-name.js';

/** The tokens that decide what happens, and the one that the examples use. */
const fakeTokens = ['approved', 'declined', 'insufficient_funds', 'requires_3ds'];

/** What is no success wherever it stands in a token, as in the test tokens of providers. */
const tellingWords: ReadonlySet<string> = new Set([
  ...['decline', 'declined', 'declines', 'fail', 'failed', 'fails', 'failing', 'failure', 'error', 'invalid'],
  ...['reject', 'rejected', 'rejects', 'refused', 'denied', 'blocked', 'incorrect', 'insufficient'],
  ...['expired', 'lost', 'stolen', 'fraud', 'fraudulent', 'challenge', 'challenged'],
  ...['3d', '3ds', '3ds1', '3ds2', '3dsecure', '3dsecure2', 'threeds', 'threedsecure', 'dsecure', 'dsecure2'],
]);

const tellingPhrases: readonly string[] = [
  ...declineCodes,
  'card_declined',
  'expired_card',
  'requires_action',
  'action_required',
  'pickup_card',
];

/** `pm_card_chargeDeclined` as `pm_card_charge_declined`. */
const inSnakeCase = (token: string): string =>
  token
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z\d]/g, '_');

const withoutSeparators = (text: string): string => text.replaceAll('_', '');

/** Whether a token says that it is declined or asks the payer for something. Random ids do not. */
const isTelling = (token: string): boolean => {
  const name = inSnakeCase(token);
  return (
    name.split('_').some((word) => tellingWords.has(word)) ||
    tellingPhrases.some(
      (phrase) =>
        `_${name}_`.includes(`_${phrase}_`) || withoutSeparators(name) === withoutSeparators(phrase),
    )
  );
};

/** A misspelt token, or one of a provider's, would be approved, and the test of a decline would prove nothing. */
export const tokenIssues = (token: string): readonly FieldIssue[] => {
  if (fakeTokens.includes(token)) return [];
  const meant = nearestName(token, fakeTokens);
  if (meant !== null)
    return [{ path: 'source', message: `is not a source of the fake client; did you mean ${meant}?` }];
  return isTelling(token)
    ? [
        {
          path: 'source',
          message: `is a decline or an action elsewhere, and would be approved here; the fake client knows ${fakeTokens.join(', ')}`,
        },
      ]
    : [];
};
