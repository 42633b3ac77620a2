import { InvalidResponseError } from '../errors.js';
import type { Charge } from '../models/charge.js';
import type { RequestRow, RunRow, WirePage } from '../provider.js';
import type { CallContext } from '../calls/start-call.js';
import type { AskedAmount } from '../calls/output.js';
import { isSketch, lostOf, stampTold, type LostItem } from '../calls/page-items.js';
import { readRun, runRow } from '../calls/reads.js';

/** Where no order is promised, so many steps back in time without one forward prove newest first: chance would not do it. */
const provingSteps = 10;
/** A window opens this long before a write began: the clocks of the store, of this machine and of the provider may each be an hour off. */
export const windowMarginMs = 3 * 60 * 60_000;
const pageSize = 100;
/** A list that is longer is not read to its end, and what was not read is not known to be missing. */
export const maxPages = 200;

export type ListRow = RequestRow<'list'> | RunRow<'list'>;

/** What a lookup back over the list saw. */
export interface Scan {
  /** The charges that carry the key, by their ids. */
  readonly matches: ReadonlyMap<string, Charge>;
  /** Whether everything since the start of the window was seen. */
  readonly covered: boolean;
  /** Charges of the asked amount that carry no stamp, or the beginning of this one. */
  readonly lookalikes: readonly { readonly id: string; readonly stampLength: number }[];
  /**
   * Items of the window whose key cannot be read: their ids, and how many there are with or without an id.
   * Each could be the match.
   */
  readonly unread: { readonly ids: readonly string[]; readonly count: number };
  /** The length of the longest stamp that was seen: it tells whether the provider keeps them whole. */
  readonly longestStamp: number;
}

/** What of a scan is collected charge by charge. */
const createTally = (key: string, asked: AskedAmount, from: number) => {
  const matches = new Map<string, Charge>();
  const lookalikes = new Map<string, number>();
  const unread = new Set<string>();
  let withoutId = 0;
  let longestStamp = 0;
  let previous = Infinity;
  let stepsBack = 0;
  let newestFirst = true;
  return {
    add: (charge: Charge): void => {
      const stamp = stampTold(charge);
      longestStamp = Math.max(longestStamp, stamp?.length ?? 0);
      if (stamp === key) matches.set(charge.id, charge);
      const created = charge.createdAt === null ? Number.NaN : Date.parse(charge.createdAt);
      const isAsked =
        (asked.amount === null || charge.amount === null || charge.amount === asked.amount) &&
        (asked.currency === null || charge.currency === null || charge.currency === asked.currency);
      const isInWindow = Number.isNaN(created) || created >= from;
      if (stamp === undefined) {
        if (isInWindow) unread.add(charge.id);
      } else if (isInWindow && isAsked && stamp !== key && key.startsWith(stamp ?? ''))
        lookalikes.set(charge.id, stamp?.length ?? 0);
      // An unreadable item without a time does not disprove the order.
      if (Number.isNaN(created) && isSketch(charge)) return;
      if (Number.isNaN(created) || created > previous) newestFirst = false;
      else {
        if (created < previous && previous !== Infinity) stepsBack += 1;
        previous = created;
      }
    },
    /** An item that is no charge at all: without its id it is unknown, and without its key it could be the one. */
    addLost: ({ createdAt, stamp }: LostItem): void => {
      const isOthers = stamp === null || (stamp !== undefined && stamp !== key);
      if (!isOthers && (createdAt === null || createdAt >= from)) withoutId += 1;
    },
    /** Whether the list went past the start of the window, in an order that is promised or that the data prove. */
    isPast: (order: string | undefined): boolean =>
      newestFirst && (order === 'newest_first' || stepsBack >= provingSteps) && previous < from,
    scan: (covered: boolean): Scan => ({
      matches,
      covered,
      unread: { ids: [...unread], count: unread.size + withoutId },
      longestStamp,
      lookalikes: [...lookalikes].map(([id, stampLength]) => ({ id, stampLength })),
    }),
  };
};

/**
 * Reads the list back to the start of the window. It covers the window when it came to its end, or past its start in an
 * order that the data prove. A page limit, an unproven order, a circle, or a list that does not show everything leave it
 * uncovered.
 */
export const scanList = async (
  run: CallContext,
  row: ListRow,
  key: string,
  asked: AskedAmount,
  { from, filter }: { readonly from: number; readonly filter: boolean },
): Promise<Scan> => {
  const { order, pushedDown, covers } = row.capability ?? {};
  const filtered = filter && pushedDown?.includes('createdAfter') === true;
  const params = filtered ? { limit: pageSize, createdAfter: new Date(from) } : { limit: pageSize };
  const showsAll = covers !== 'settled';
  const tally = createTally(key, asked, from);
  const seen = new Set<string>();
  let cursor: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    let read: WirePage;
    try {
      read = await runRow<'list'>({ ...readRun(run), row: 'list' }, row, { params, cursor });
    } catch (error) {
      // The list announces more items than it returns, so its end was not seen.
      if (error instanceof InvalidResponseError && error.code === 'incomplete_list') return tally.scan(false);
      throw error;
    }
    for (const charge of read.data) tally.add(charge);
    for (const item of lostOf(read)) tally.addLost(item);
    if (read.nextCursor === null) return tally.scan(showsAll);
    if (!filtered && tally.isPast(order)) return tally.scan(showsAll);
    if (seen.has(read.nextCursor)) return tally.scan(false);
    seen.add(read.nextCursor);
    cursor = read.nextCursor;
  }
  return tally.scan(false);
};

/**
 * Charges that could be the one that is looked for, without its stamp: where this provider was seen to lose stamps, and where
 * the stamp may have been cut off, because the list shows none that is longer.
 */
export const possiblyUnstamped = (
  run: CallContext,
  scan: Scan,
  nothingWasSent: boolean,
): readonly string[] => {
  const { stampLost } = run.context.observed;
  if (nothingWasSent && !stampLost) return [];
  return scan.lookalikes
    .filter(({ stampLength }) => (stampLength === 0 ? stampLost : scan.longestStamp <= stampLength))
    .map(({ id }) => id);
};
