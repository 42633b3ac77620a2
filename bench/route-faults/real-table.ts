import { markdown } from '../faults/table.js';
import type { WayName } from '../faults/messages.js';
import type { JudgedKey, RealResult } from './real-campaign.js';

const names: Readonly<Record<WayName, string>> = {
  router: '`createRouter`',
  failover: 'catch, and try the next',
};

const head = [
  'way',
  'keys',
  'calls',
  'processes killed',
  'paid',
  'charged at two routes',
  'twice at one',
  'misreported',
  'lost',
  'rescued by the second',
  'open after `reconcile`',
  'wrong, and forgotten with a process',
];

const rowOf = (
  name: string,
  judged: readonly JudgedKey[],
  totals: Pick<RealResult, 'calls' | 'kills' | 'reconciled'> | null,
): (string | number)[] => {
  const count = (test: (key: JudgedKey) => boolean): number => judged.filter(test).length;
  const has = (text: string): number =>
    count(({ violations }) => violations.some((violation) => violation.startsWith(text)));
  return [
    name,
    judged.length,
    totals?.calls ?? '',
    totals?.kills ?? '',
    count(({ paidAt }) => paidAt.length > 0),
    has('charged at two routes'),
    has('charged twice'),
    has('misreported'),
    has('lost'),
    count(({ paidAt, story }) => paidAt.length === 1 && paidAt[0] === story.plan.pair[1]),
    totals?.reconciled?.open ?? '',
    count(({ story, violations }) => story.isForgotten && violations.length > 0),
  ];
};

/** Both ways in one table, and the pairs of the router below. */
export const describeReal = (results: readonly (readonly [WayName, RealResult])[]): string => {
  const rows = results.map(([way, result]) => rowOf(names[way], result.judged, result));
  const routed = results.find(([way]) => way === 'router')?.[1].judged ?? [];
  const pairOf = ({ story }: JudgedKey): string => story.plan.pair.join(' then ');
  for (const pair of new Set(routed.map(pairOf))) {
    const own = routed.filter((key) => pairOf(key) === pair);
    rows.push(rowOf(pair, own, null));
  }
  return markdown(head, rows);
};

const isHeldAgainstUs = ({ story, violations }: JudgedKey): boolean =>
  violations.length > 0 && !story.isForgotten;

/** What was wrong though its process knew, or could know, of the key: a line each, with what led there. */
export const describeViolations = ({ judged, reconciled }: RealResult): readonly string[] => [
  ...judged.filter(isHeldAgainstUs).map(({ story, paidAt, violations }) => {
    const { plan, heard } = story;
    const told = heard
      .map(({ pid, said, code, route, words }) => `${pid}: ${said} ${code}${route ?? ''} ${words}`)
      .join('; ');
    return `${plan.key} (${plan.pair.join(' then ')}): ${violations.join('; ')}; paid at ${paidAt.join(' and ')}; faults ${plan.faults.join(' ')}; told ${told}; reconcile said ${story.reconciled ?? 'nothing'}`;
  }),
  ...(reconciled?.failures ?? []).map(({ scope, message }) => `reconcile failed: ${scope} ${message}`),
  ...(reconciled?.unserved ?? []).map(({ scope, open }) => `reconcile left alone: ${scope} ${open}`),
  ...(reconciled?.writes ?? [])
    .filter(({ outcome }) => outcome === 'unknown')
    .map(({ scope, key }) => `reconcile left open: ${scope} ${key}`),
];

/** Whether the ledgers hold nothing against the router, and its records are settled. */
export const isSoundRun = ({ judged, reconciled }: RealResult): boolean =>
  !judged.some(isHeldAgainstUs) && (reconciled?.open ?? 0) === 0;
