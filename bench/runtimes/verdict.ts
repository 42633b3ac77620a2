import type { Result } from './cases.js';

/** What is false about a result; null where nothing is. */
export const flawOf = ({ provider, outcome, writes, effects }: Result): string | null => {
  if (effects > 1) return 'double';
  if (provider === 'pin' && writes > 1) return 'sent twice';
  if ((outcome === 'not_sent' || outcome === 'refused') && writes > 0) return 'false not_sent';
  if (outcome === 'rejected' && effects > 0) return 'false rejected';
  if (outcome === 'succeeded' && effects !== 1) return 'false success';
  if (!['succeeded', 'not_sent', 'rejected', 'unknown', 'refused'].includes(outcome)) return outcome;
  return null;
};
