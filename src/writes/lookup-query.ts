import { IntegrityError } from '../errors.js';
import type { OperationRecord } from '../models/operation-store.js';
import type { LookupResult } from './protocol.js';
import type { CallContext } from '../calls/start-call.js';
import { callFacts } from '../calls/failures.js';

/** What to look up: a record, or as much of it as an error or a bare key holds. */
export type LookupQuery = Pick<
  OperationRecord,
  'key' | 'operation' | 'target' | 'startedAt' | 'fingerprint' | 'resolved'
> & {
  readonly refundIdsBefore: readonly string[] | null;
  /** What had been captured of the charge before a capture of a part; null where nobody looked. */
  readonly capturedBefore: number | null;
  /** Whether a request of this write may have been sent, when its effect was not there yet. */
  readonly mayBeSent: boolean;
  /** The last moment at which a request of this write could have left; null where none is known. */
  readonly lastSendAt: number | null;
};

/** Several charges or refunds that carry one key. */
export const several = (
  run: CallContext,
  ids: readonly string[],
  what: 'charge' | 'refund',
): LookupResult<never> => ({
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
