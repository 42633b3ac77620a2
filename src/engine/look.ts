import { IdempotencyConflictError, IntegrityError } from '../errors.js';
import { stampOf } from '../models/attachments.js';
import type { Charge } from '../models/charge.js';
import type { OperationRecord } from '../models/operation-store.js';
import type { SearchParams } from '../models/params.js';
import type { Refund } from '../models/refund.js';
import type { Sighting } from '../operations/protocol.js';
import type { RequestRow, RunRow, WirePage } from '../provider.js';
import type { CallRun } from './call.js';
import { callFacts, declineError } from './failures.js';
import { checkCharge, checkRefund, effectOn, type Asked } from './output.js';
import { runRow } from './reads.js';

/** What is looked for: a record, or what an error or a bare key tell of one. */
export type Wanted = Pick<OperationRecord, 'key' | 'operation' | 'target' | 'startedAt' | 'fingerprint'> & {
  readonly refundIdsBefore: readonly string[] | null;
};

/** The window opens this long before the write began, for clocks that disagree. */
const windowMarginMs = 15 * 60_000;
/** A clock that turns out to differ by more than this makes the look start again with the right window. */
const clockToleranceMs = 5 * 60_000;
/** Where no order is promised, so many steps back in time without one forward prove newest first: chance would not do it. */
const provingSteps = 10;
const pageSize = 100;
const maxPages = 200;

type ListRow = RequestRow<'list'> | RunRow<'list'>;

/** Reads of a look: never a write, whatever the call is. */
const readRun = (run: CallRun): CallRun => ({ ...run, isWrite: false });

const several = (run: CallRun, ids: readonly string[], what: string): Sighting<never> => ({
  seen: 'several',
  count: ids.length,
  error: new IntegrityError({
    ...callFacts(run),
    code: what === 'charge' ? 'duplicate_charge' : 'duplicate_refund',
    message: `this idempotency key has ${ids.length} ${what}s at the provider: all but one were made by a request that was duplicated on the way`,
    outcome: 'unknown',
    chargeId: what === 'charge' ? (ids[0] ?? null) : run.target,
    candidates: ids,
  }),
});

interface Scan {
  readonly matches: ReadonlyMap<string, Charge>;
  readonly covered: boolean;
}

/**
 * Reads the list back to the start of the window. It covers the window when it came to its end, or past its start in an
 * order that the data prove; a page limit or an unproven order leave it uncovered.
 */
const scan = async (run: CallRun, row: ListRow, key: string, from: number, limit: number): Promise<Scan> => {
  const { order, pushedDown } = (row.capability ?? {}) as { order?: string; pushedDown?: readonly string[] };
  const filtered = pushedDown?.includes('createdAfter') === true;
  const params = filtered ? { limit: pageSize, createdAfter: new Date(from) } : { limit: pageSize };
  const matches = new Map<string, Charge>();
  const asked = new Set<string>();
  let cursor: string | null = null;
  let previous = Infinity;
  let stepsBack = 0;
  let newestFirst = true;
  for (let page = 0; page < limit; page += 1) {
    const { data, nextCursor }: WirePage = await runRow<'list'>({ ...readRun(run), row: 'list' }, row, {
      params,
      cursor,
    });
    for (const charge of data) {
      if (stampOf(charge) === key) matches.set(charge.id, checkCharge(run, charge));
      const created = charge.createdAt === null ? Number.NaN : Date.parse(charge.createdAt);
      if (Number.isNaN(created) || created > previous) newestFirst = false;
      else {
        if (created < previous && previous !== Infinity) stepsBack += 1;
        previous = created;
      }
    }
    if (nextCursor === null) return { matches, covered: true };
    const proven = newestFirst && (order === 'newest_first' || stepsBack >= provingSteps);
    if (!filtered && proven && previous < from) return { matches, covered: true };
    if (asked.has(nextCursor)) return { matches, covered: false };
    asked.add(nextCursor);
    cursor = nextCursor;
  }
  return { matches, covered: false };
};

/**
 * The start of the window by the provider's clock. A clock that claims to be ahead opens it no later: the `Date` of a proxy
 * that is wrong would hide the charge, and a charge that is not seen is made again.
 */
const windowStart = (run: CallRun, startedAt: number, storeNow: number): number => {
  const { runtime, providerClock } = run.context;
  const storeOffset = storeNow - runtime.now();
  return startedAt - storeOffset + Math.min(0, providerClock.offsetMs ?? 0) - windowMarginMs;
};

/** Looks for a create by its stamp. */
const lookForCreate = async (run: CallRun, wanted: Wanted, storeNow: number): Promise<Sighting<Charge>> => {
  const row = run.context.spec.operations.list;
  if (row === undefined) return { seen: 'unclear', candidates: [] };
  const assumed = run.context.providerClock.offsetMs ?? 0;
  let found = await scan(run, row, wanted.key, windowStart(run, wanted.startedAt, storeNow), maxPages);
  const measured = run.context.providerClock.offsetMs ?? 0;
  if (found.matches.size === 0 && Math.abs(measured - assumed) > clockToleranceMs) {
    found = await scan(run, row, wanted.key, windowStart(run, wanted.startedAt, storeNow), maxPages);
  }
  return judgeCreate(run, wanted, [...found.matches.values()], found.covered);
};

const judgeCreate = async (
  run: CallRun,
  wanted: Wanted,
  matches: readonly Charge[],
  covered: boolean,
): Promise<Sighting<Charge>> => {
  // A declined attempt leaves a charge behind, too: the key of a repeat that was paid is no duplicate for it.
  const standing = matches.filter(({ status }) => status !== 'failed');
  const [match = matches[0]] = standing;
  if (match === undefined) return covered ? { seen: 'nothing' } : { seen: 'unclear', candidates: [] };
  if (standing.length > 1)
    return several(
      run,
      standing.map(({ id }) => id),
      'charge',
    );
  const charge = await readWhole(run, match);
  const { amount, currency } = wanted.fingerprint;
  if ((amount !== null && amount !== charge.amount) || (currency !== null && currency !== charge.currency)) {
    const error = new IntegrityError({
      ...callFacts(run),
      message: 'the charge with this idempotency key has another amount or currency than was asked',
      outcome: 'unknown',
      chargeId: charge.id,
      candidates: [charge.id],
    });
    return { seen: 'several', count: 1, error };
  }
  if (charge.status === 'failed')
    return { seen: 'refused', error: declineError({ ...run, isWrite: true }, charge) };
  return { seen: 'happened', output: charge, refundId: null };
};

/** Lists may be terse: the charge itself is read, and the list's word stands where that fails. */
const readWhole = async (run: CallRun, charge: Charge): Promise<Charge> => {
  const row = run.context.spec.operations.retrieve;
  if (row === undefined) return charge;
  try {
    return checkCharge(
      run,
      await runRow<'retrieve'>({ ...readRun(run), row: 'retrieve' }, row, { id: charge.id }),
    );
  } catch {
    return charge;
  }
};

/** How far back a look goes that knows nothing but a key. */
const blindWindowMs = 24 * 60 * 60_000;
const blindPages = 10;

/** A look with nothing but a key, before a first attempt or without a record. Only a hit says something. */
export const lookByStamp = async (run: CallRun, wanted: Wanted): Promise<Sighting<Charge>> => {
  const { spec, runtime } = run.context;
  const params: SearchParams | undefined = spec.searchByStamp?.(wanted.key);
  const search = spec.operations.search;
  const matches = new Map<string, Charge>();
  if (params !== undefined && search !== undefined && !('overList' in search)) {
    // A search may be late, or not be offered to an account: only a hit says something, and the list is there, too.
    const reading = runRow<'search'>({ ...readRun(run), row: 'search' }, search, { params, cursor: null });
    const page = await reading.catch(() => null);
    for (const charge of page?.data ?? [])
      if (stampOf(charge) === wanted.key) matches.set(charge.id, checkCharge(run, charge));
  }
  if (matches.size === 0 && spec.operations.list !== undefined) {
    const from = runtime.now() + (run.context.providerClock.offsetMs ?? 0) - blindWindowMs;
    const found = await scan(run, spec.operations.list, wanted.key, from, blindPages);
    for (const [id, charge] of found.matches) matches.set(id, charge);
  }
  const sighting = await judgeCreate(run, wanted, [...matches.values()], false);
  if (sighting.seen !== 'several' || matches.size > 1) return sighting;
  // Nothing was sent in this write yet: what carries its key is the charge of another request.
  const [charge] = matches.keys();
  const error = new IdempotencyConflictError({
    ...callFacts(run),
    message:
      'this idempotency key was used for a charge of another amount or currency: a changed request needs a new key',
    outcome: 'not_sent',
    chargeId: charge,
  });
  return { ...sighting, error };
};

/** Captures, voids and expiries are read off the charge. */
export const lookAtCharge = async (
  run: CallRun,
  wanted: Pick<Wanted, 'target'> & { readonly fingerprint: Asked },
): Promise<Sighting<Charge>> => {
  const row = run.context.spec.operations.retrieve;
  if (row === undefined || wanted.target === null) return { seen: 'unclear', candidates: [] };
  const charge = checkCharge(
    run,
    await runRow<'retrieve'>({ ...readRun(run), row: 'retrieve' }, row, { id: wanted.target }),
  );
  const effect = effectOn(run, charge, wanted.fingerprint);
  if (effect === 'yes') return { seen: 'happened', output: charge, refundId: null };
  if (effect !== 'no') return { seen: 'refused', error: effect };
  return charge.status === 'unknown' ? { seen: 'unclear', candidates: [charge.id] } : { seen: 'nothing' };
};

/** Refunds are known by their stamp; where they carry none, by being new, unclaimed and of the asked amount. */
const lookForRefund = async (run: CallRun, wanted: Wanted): Promise<Sighting<Refund>> => {
  const { spec, protocol } = run.context;
  const row = spec.operations.listRefunds;
  if (row === undefined || wanted.target === null) return { seen: 'unclear', candidates: [] };
  const listed = await runRow<'listRefunds'>({ ...readRun(run), row: 'listRefunds' }, row, {
    id: wanted.target,
  });
  const refunds = listed.map((refund) => checkRefund(run, refund));
  if (refundsCarryStamps(run)) {
    const matches = refunds.filter((refund) => stampOf(refund) === wanted.key);
    const [match, ...others] = matches;
    if (match === undefined) return { seen: 'nothing' };
    if (others.length > 0)
      return several(
        run,
        matches.map(({ id }) => id),
        'refund',
      );
    return { seen: 'happened', output: match, refundId: match.id };
  }
  const before = wanted.refundIdsBefore;
  const { amount } = wanted.fingerprint;
  if (before === null) return { seen: 'unclear', candidates: refunds.map(({ id }) => id) };
  const fresh = refunds.filter(
    (refund) => !before.includes(refund.id) && (amount === null || refund.amount === amount),
  );
  const ids = fresh.map(({ id }) => id);
  const taken = await protocol.store.claimedRefunds(run.scope, ids, wanted.key).catch(() => null);
  // Without the store nobody knows whose refunds these are.
  if (taken === null) return { seen: 'unclear', candidates: ids };
  const free = fresh.filter(({ id }) => !taken.includes(id));
  const [match, ...others] = free;
  if (match === undefined) return { seen: 'nothing' };
  if (others.length > 0 || (amount === null && match.amount !== (await leftBefore(run, wanted, refunds))))
    return { seen: 'unclear', candidates: free.map(({ id }) => id) };
  return { seen: 'happened', output: match, refundId: match.id };
};

/** What a full refund gives back: all that was captured and not refunded before. Null where the provider does not say. */
const leftBefore = async (
  run: CallRun,
  wanted: Wanted,
  refunds: readonly Refund[],
): Promise<number | null> => {
  const row = run.context.spec.operations.retrieve;
  if (row === undefined || wanted.target === null) return null;
  const { amountCaptured } = checkCharge(
    run,
    await runRow<'retrieve'>({ ...readRun(run), row: 'retrieve' }, row, { id: wanted.target }),
  );
  if (amountCaptured === null) return null;
  return refunds
    .filter(
      ({ id, status }) =>
        wanted.refundIdsBefore?.includes(id) && status !== 'failed' && status !== 'canceled',
    )
    .reduce((left, { amount }) => left - amount, amountCaptured);
};

/** Whether the provider keeps metadata with refunds. */
export const refundsCarryStamps = (run: CallRun): boolean =>
  run.context.spec.operations.refund?.capability?.metadata === true;

/** Whether what the write makes carries the key at the provider. */
export const carriesStamp = (run: CallRun): boolean =>
  run.row === 'create' || (run.row === 'refund' && refundsCarryStamps(run));

/** Looks at the provider for what became of a write. Never sends one. */
export const lookFor = (
  run: CallRun,
  wanted: Wanted,
  storeNow: number,
): Promise<Sighting<Charge | Refund>> => {
  switch (run.row) {
    case 'create':
      return lookForCreate(run, wanted, storeNow);
    case 'refund':
      return lookForRefund(run, wanted);
    default:
      return lookAtCharge(run, wanted);
  }
};
