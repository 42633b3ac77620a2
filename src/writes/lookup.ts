import type { Charge } from '../models/charge.js';
import type { Refund } from '../models/refund.js';
import type { LookupResult } from './protocol.js';
import { keyOfWrite, type CallContext } from '../calls/start-call.js';
import { lookUpCreate } from './lookup-create.js';
import { lookUpRefund, refundsCarryStamps } from './lookup-refund.js';
import { effectOn, type AskedAmount } from '../calls/output.js';
import { readCharge } from '../calls/reads.js';
import type { LookupQuery } from './lookup-query.js';

/** Looks up a capture, void or expiry by reading the charge. */
export const lookUpOnCharge = async (
  run: CallContext,
  wanted: Pick<LookupQuery, 'target' | 'capturedBefore' | 'mayBeSent'> & {
    readonly fingerprint: AskedAmount;
    readonly lastSendAt?: number | null;
  },
): Promise<LookupResult<Charge>> => {
  const charge = wanted.target === null ? null : await readCharge(run, wanted.target);
  if (charge === null) return { seen: 'unclear', candidates: [] };
  const effect = effectOn(run, charge, {
    ...wanted.fingerprint,
    capturedBefore: wanted.capturedBefore,
    mayBeSent: wanted.mayBeSent,
  });
  if (effect === 'yes') return { seen: 'happened', output: charge, refundId: null };
  if (typeof effect === 'object') return { seen: 'refused', error: effect };
  // Some methods are captured later than the provider takes the order: where one was sent, its effect may still come.
  const isUnderWay = run.row === 'capture' && charge.status === 'pending' && wanted.lastSendAt != null;
  return effect === 'unclear' || charge.status === 'unknown' || isUnderWay
    ? { seen: 'unclear', candidates: [charge.id] }
    : { seen: 'nothing' };
};

/** Emits the `lookup` event and returns the result unchanged. */
export const reportLookup = <Seen extends LookupResult<unknown>>(
  run: CallContext,
  operation: string,
  result: Seen,
): Seen => {
  const { emit, spec } = run.context;
  emit({
    type: 'lookup',
    provider: spec.provider,
    operation,
    idempotencyKey: keyOfWrite(run),
    seen: result.seen,
  });
  return result;
};

/** Whether the charge or refund that the write makes carries the key at the provider. */
export const carriesStamp = (run: CallContext): boolean =>
  run.row === 'create' || (run.row === 'refund' && refundsCarryStamps(run));

/**
 * When the last request was sent, on the provider's clock: the later of the store's time and that time
 * corrected by current clock offsets. A store whose clock was set back would make every refund of the
 * provider look late.
 */
const lastSendByProvider = (
  { context }: CallContext,
  { lastSendAt, startedAt }: LookupQuery,
  storeNow: number,
): number => {
  const sentAt = lastSendAt ?? startedAt;
  const storeAhead = storeNow - context.runtime.now();
  return Math.max(sentAt, sentAt - storeAhead + Math.max(0, context.observed.clockOffsetMs ?? 0));
};

/**
 * Looks up a write at the provider; never sends one. A brief lookup trusts a declined charge in the list
 * without reading it.
 */
export const lookUp = (
  run: CallContext,
  wanted: LookupQuery,
  storeNow: number,
  isBrief = false,
): Promise<LookupResult<Charge | Refund>> => {
  switch (run.row) {
    case 'create':
      return lookUpCreate(run, wanted, storeNow, isBrief);
    case 'refund':
      return lookUpRefund(run, { ...wanted, lastSendAt: lastSendByProvider(run, wanted, storeNow) });
    default:
      return lookUpOnCharge(run, wanted);
  }
};
