import { IntegrityError, type ChargesError } from '../errors.js';
import type { Charge } from '../models/charge.js';
import type { SearchParams } from '../models/params.js';
import { preparedAtOf } from './clocks.js';
import { conflictAfterSuccess } from './key-conflict.js';
import type { LookupResult } from './protocol.js';
import type { CallContext } from '../calls/start-call.js';
import { callFacts, declineError, plainCharge } from '../calls/failures.js';
import { stampTold } from '../calls/page-items.js';
import { isKnownAsOthers } from '../calls/stamps.js';
import { readCharge, readRun, runRow } from '../calls/reads.js';
import { possiblyUnstamped, scanList, windowMarginMs, type Scan } from './scan-list.js';
import { several, type LookupQuery } from './lookup-query.js';
import { derivedFrom, memberOf } from '../models/objects.js';

/** A clock that turns out to differ by more than this makes the lookup start again with the right window. */
const clockToleranceMs = 5 * 60_000;

/**
 * How far the provider's clock is known to be behind. A clock that seems to be ahead never starts the window
 * later: a proxy's wrong `Date` would hide the charge.
 */
const behindBy = (run: CallContext): number => Math.min(0, run.context.observed.clockOffsetMs ?? 0);

/**
 * Scans again from further back if this clock turns out to be ahead of the provider's: the first response
 * shows the provider's time.
 */
const withMeasuredClock = async (run: CallContext, scan: () => Promise<Scan>): Promise<Scan> => {
  const assumed = behindBy(run);
  const found = await scan();
  return found.matches.size === 0 && assumed - behindBy(run) > clockToleranceMs ? scan() : found;
};

/** For how long a key may have been in use without a record of this process: as long as anybody remembers it. */
const rememberedMs = ({ context }: CallContext): number =>
  Math.max(context.lookbackMs, context.protocol.keyLifetimeMs ?? 0);

/**
 * The start of the window on the provider's clock: the earlier of the store's and the sender's time. A record
 * that is lost with its process may be younger than its key: an earlier process may have sent with the key,
 * unless that was looked up before the first attempt.
 */
const windowStart = (run: CallContext, wanted: LookupQuery, storeNow: number, isBrief: boolean): number => {
  const storeOffset = storeNow - run.context.runtime.now();
  const startedAt = Math.min(wanted.startedAt - storeOffset, preparedAtOf(wanted) ?? Infinity);
  const { protocol, common } = run.context;
  const wasLookedFor = protocol.keyLifetimeMs === null && common.lookupFirst !== false;
  const isCallers = run.keyIsCallers || run.operation === 'reconcile';
  const mayBeOlder = !isBrief && !protocol.store.durable && !wasLookedFor && isCallers;
  return startedAt + behindBy(run) - windowMarginMs - (mayBeOlder ? rememberedMs(run) : 0);
};

const wrongAmount = (run: CallContext, { fingerprint }: LookupQuery, charge: Charge): ChargesError | null => {
  const { amount, currency } = fingerprint;
  if ((amount === null || amount === charge.amount) && (currency === null || currency === charge.currency))
    return null;
  return new IntegrityError({
    ...callFacts(run),
    message: 'the charge with this idempotency key has another amount or currency than was asked',
    outcome: 'unknown',
    chargeId: charge.id,
    candidates: [charge.id],
  });
};

/** The same call at the API that the write was recorded to be sent to: with another setting now the lists are others, too. */
const atItsApi = (run: CallContext, { resolved }: Pick<LookupQuery, 'resolved'>): CallContext => {
  const { spec, own } = run.context;
  const api = memberOf(resolved, 'api');
  if (spec.apiSetting === undefined || typeof api !== 'string') return run;
  return { ...run, context: derivedFrom(run.context, { own: { ...own, [spec.apiSetting.name]: api } }) };
};

/** The object that a preparation made and the write then charges: its id, where the adapter names it. */
export const targetOf = (run: CallContext, { resolved }: Pick<LookupQuery, 'resolved'>): string | null => {
  const row = run.context.spec.operations.create;
  const prepared = memberOf(resolved, 'row') ?? null;
  return prepared === null ? null : (row?.lookup?.target(prepared) ?? null);
};

/** A create in two steps: what the first step made shows whether the second took effect. */
const lookUpTarget = async (
  run: CallContext,
  wanted: LookupQuery,
  id: string,
): Promise<LookupResult<Charge>> => {
  const row = run.context.spec.operations.create;
  const charge = await readCharge(run, id);
  if (charge === null) return { seen: 'unclear', candidates: [id] };
  if (isKnownAsOthers(run, charge))
    throw new IntegrityError({
      ...callFacts(run),
      code: 'crossed_answers',
      message: 'what the first step of this write made belongs to another idempotency key',
      outcome: 'unknown',
    });
  if (charge.status === 'failed')
    return { seen: 'refused', error: declineError({ ...run, isWrite: true }, charge) };
  if (charge.amount === null || charge.currency === null) return { seen: 'unclear', candidates: [id] };
  const error = wrongAmount(run, wanted, charge);
  if (error !== null) return { seen: 'several', count: 1, error };
  if (charge.status === 'unknown') return { seen: 'unclear', candidates: [id] };
  return row?.lookup?.tookEffect(charge) === true
    ? { seen: 'happened', output: charge, refundId: null }
    : { seen: 'nothing' };
};

/** Looks for a create: at what its preparation made, else in the list by its stamp. */
export const lookUpCreate = async (
  asking: CallContext,
  wanted: LookupQuery,
  storeNow: number,
  isBrief = false,
): Promise<LookupResult<Charge>> => {
  const run = atItsApi(asking, wanted);
  const target = wanted.target ?? targetOf(run, wanted);
  if (target !== null) return lookUpTarget(run, wanted, target);
  const row = run.context.spec.operations.list;
  if (row === undefined) return { seen: 'unclear', candidates: [], hasNoList: true };
  const read = (): Promise<Scan> => {
    const from = windowStart(run, wanted, storeNow, isBrief);
    return scanList(run, row, wanted.key, wanted.fingerprint, { from, filter: true });
  };
  const found = await withMeasuredClock(run, read);
  return resultOf(run, wanted, [...found.matches.values()], found, { nothingWasSent: false, isBrief });
};

const resultOf = async (
  run: CallContext,
  wanted: LookupQuery,
  matches: readonly Charge[],
  scan: Scan | null,
  { nothingWasSent, isBrief }: { readonly nothingWasSent: boolean; readonly isBrief: boolean },
): Promise<LookupResult<Charge>> => {
  // A declined attempt leaves a charge behind, too: the key of a repeat that was paid is no duplicate for it.
  const standing = matches.filter(({ status }) => status !== 'failed');
  const [match = matches[0]] = standing;
  if (match === undefined) {
    const candidates = scan === null ? [] : possiblyUnstamped(run, scan, nothingWasSent);
    return scan?.covered === true && candidates.length === 0 && scan.unread.count === 0
      ? { seen: 'nothing' }
      : { seen: 'unclear', candidates: [...candidates, ...(scan?.unread.ids ?? [])] };
  }
  if (standing.length > 1)
    return several(
      run,
      standing.map(({ id }) => id),
      'charge',
    );
  // If the list was not read to its end, a declined charge with the key does not settle it: another copy of
  // the request may have been paid.
  if (standing.length === 0 && scan?.covered === false && !isBrief)
    return { seen: 'unclear', candidates: [match.id] };
  // Lists may show less: read the charge itself; if that fails, use the list's version.
  const isKnown = isBrief && match.status === 'failed';
  const charge = isKnown ? match : ((await readCharge(run, match.id, match)) ?? match);
  // Whatever it asked for: a declined charge took nothing.
  if (charge.status === 'failed')
    return { seen: 'refused', error: declineError({ ...run, isWrite: true }, charge) };
  // It carries the key, but its amount is unreadable, so it cannot be compared with the request.
  if (charge.amount === null || charge.currency === null) return { seen: 'unclear', candidates: [charge.id] };
  const error = wrongAmount(run, wanted, charge);
  if (error !== null) {
    // Nothing was sent in this write yet: what carries its key is the charge of another request.
    const conflict = () =>
      conflictAfterSuccess(callFacts(run), { kind: 'charge', value: plainCharge(charge) });
    return { seen: 'several', count: 1, error: nothingWasSent ? conflict() : error };
  }
  return { seen: 'happened', output: charge, refundId: null };
};

/**
 * Looks up a create by its key alone, before a first attempt or without a record. A miss counts only if the
 * list was read back for as long as a key may have been used without a record, and to where the write began.
 */
export const lookUpByStamp = async (
  asking: CallContext,
  wanted: LookupQuery,
): Promise<LookupResult<Charge>> => {
  const run = atItsApi(asking, wanted);
  const { spec, runtime } = run.context;
  const params: SearchParams | undefined = spec.searchByStamp?.(wanted.key);
  const search = spec.operations.search;
  const matches = new Map<string, Charge>();
  if (params !== undefined && search !== undefined && !('overList' in search)) {
    // A search may lag or be unavailable to an account: only a match counts; otherwise the list is read.
    const reading = runRow<'search'>({ ...readRun(run), row: 'search' }, search, { params, cursor: null });
    const page = await reading.catch(() => null);
    for (const charge of page?.data ?? [])
      if (stampTold(charge) === wanted.key) matches.set(charge.id, charge);
  }
  let scan: Scan | null = null;
  // A declined charge in the search does not end the lookup: the search may not show a later one yet.
  const isFound = [...matches.values()].some(({ status }) => status !== 'failed');
  const { list } = spec.operations;
  if (!isFound && list !== undefined) {
    // Newest first the first page shows the last charges however old they are, which a filter would hide.
    const filter = list.capability?.order !== 'newest_first';
    scan = await withMeasuredClock(run, () => {
      const oldest = Math.min(runtime.now() - rememberedMs(run), wanted.startedAt);
      const from = oldest + behindBy(run) - windowMarginMs;
      return scanList(run, list, wanted.key, wanted.fingerprint, { from, filter });
    });
    for (const [id, charge] of scan.matches) matches.set(id, charge);
  }
  return resultOf(run, wanted, [...matches.values()], scan, { nothingWasSent: true, isBrief: false });
};
