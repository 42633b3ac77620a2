import type { LedgerCharge } from '../../src/simulator/index.js';
import type { RouteReport } from '../faults/messages.js';
import type { PlannedKey } from './real-plan.js';

/** Everything that is known of one key when it is over. */
export interface RouteStory {
  readonly plan: PlannedKey;
  /** What callers were told, in order; those whose process died heard nothing. */
  readonly heard: readonly RouteReport[];
  /** A process that knew of it died, and its store with it: what follows is a documented limit of the memory store. */
  readonly isForgotten: boolean;
  /** When the first request left that took money, in milliseconds since 1970. */
  readonly paidSince: number;
  /** What `npx unicharge reconcile` said of the key after the storm; null where it said nothing. */
  readonly reconciled: 'happened' | 'did_not_happen' | 'unknown' | null;
  /** How many charges stood when it said so. */
  readonly paidThen: number;
}

/** What the ledgers say against a key: empty where nothing is wrong. */
export const judgeRoutes = (
  { heard, paidSince, reconciled, paidThen }: RouteStory,
  charges: readonly LedgerCharge[],
): readonly string[] => {
  const paid = charges.filter(({ state }) => state !== 'failed');
  const places = new Set(paid.map(({ provider }) => provider));
  const violations: string[] = [];
  if (places.size > 1) violations.push('charged at two routes');
  else if (paid.length > 1) violations.push('charged twice at one route');
  const last = heard.at(-1);
  if (last === undefined || last.said === 'unknown' || last.said === 'not_sent')
    violations.push('lost: no last word');
  for (const { said, id, route, code, isDecline, at } of heard) {
    const isThere = paid.some((charge) => charge.id === id && charge.provider === route);
    if (said === 'charged' && !isThere) violations.push('misreported: told of a charge that is not there');
    const isPaidThen = paidSince <= at;
    if (said === 'rejected' && (isDecline ? paid.length > 0 : isPaidThen))
      violations.push('misreported: rejected, and charged');
    // Where the store cannot be asked, a call answers for what it sent itself.
    if (said === 'not_sent' && code !== 'store_unavailable' && isPaidThen)
      violations.push('misreported: not sent, and charged');
  }
  if (reconciled === 'happened' && paidThen === 0)
    violations.push('misreported: reconciled as happened, and not charged');
  if (reconciled === 'did_not_happen' && paidThen > 0)
    violations.push('misreported: reconciled as not happened, and charged');
  return violations;
};
