import type { Charge } from '../models/charge.js';
import type { Refund } from '../models/refund.js';
import type { LookupResult } from './protocol.js';
import { keyOfWrite, type CallContext } from '../calls/start-call.js';
import { lookUpCreate } from './lookup-create.js';
import { lookUpRefund, refundsCarryStamps } from './lookup-refund.js';
import { effectOn, type AskedAmount } from '../calls/output.js';
import { readCharge } from '../calls/reads.js';
import type { LookupQuery } from './lookup-query.js';

/** Captures, voids and expiries are read off the charge. */
export const lookUpOnCharge = async (
  run: CallContext,
  wanted: Pick<LookupQuery, 'target' | 'capturedBefore' | 'mayBeSent'> & {
    readonly fingerprint: AskedAmount;
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
  return effect === 'unclear' || charge.status === 'unknown'
    ? { seen: 'unclear', candidates: [charge.id] }
    : { seen: 'nothing' };
};

/** Tells of one lookup at the provider, whatever for, and gives what it saw. */
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

/** Whether what the write makes carries the key at the provider. */
export const carriesStamp = (run: CallContext): boolean =>
  run.row === 'create' || (run.row === 'refund' && refundsCarryStamps(run));

/**
 * When the last request left, by the provider's clock: the store's own word, or what its clock of today makes of it, whichever
 * is later. A store whose clock was set back would make every refund of the provider look late.
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

/** Looks at the provider for what became of a write. Never sends one. A brief lookup takes the list's word for a decline. */
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
