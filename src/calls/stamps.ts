import { stampOf } from '../models/attachments.js';
import type { Charge } from '../models/charge.js';
import type { Refund } from '../models/refund.js';
import type { DriftKind } from '../provider.js';
import { integrityError } from './output.js';
import type { CallContext } from './start-call.js';

/** Far more writes than one connection could mix up. */
const mostUnstamped = 1_000;

/** What comes without its stamp is whose key named it first: a later write that is answered with it got the answer of that one. */
const isOfAnotherKey = ({ context, idempotencyKey }: CallContext, id: string): boolean => {
  const { unstamped } = context.observed;
  const owner = unstamped.get(id);
  if (owner !== undefined) return owner !== idempotencyKey;
  if (idempotencyKey !== null) unstamped.set(id, idempotencyKey);
  const [oldest] = unstamped.keys();
  if (unstamped.size > mostUnstamped && oldest !== undefined) unstamped.delete(oldest);
  return false;
};

/**
 * Whether a charge that was read for a lookup is known to be of another key: by its stamp, or, without one, by the write that named
 * it first. The id that is looked up may have come in the response to another write.
 */
export const isKnownAsOthers = (run: CallContext, charge: Charge): boolean => {
  const stamp = stampOf(charge);
  if (stamp !== null) return run.idempotencyKey?.startsWith(stamp) !== true;
  const owner = run.context.observed.unstamped.get(charge.id);
  return owner !== undefined && owner !== run.idempotencyKey;
};

/** The stamp of what a write made must be our key. */
export const assertStamp = (
  run: CallContext,
  model: Charge | Refund,
  drift: (path: string, kind: DriftKind) => void,
): void => {
  const stamp = stampOf(model);
  if (stamp === null) {
    run.context.observed.stampLost = true;
    drift('metadata', 'stamp_lost');
    if (!isOfAnotherKey(run, model.id)) return;
  }
  if (stamp === run.idempotencyKey) return;
  // A stamp that was cut off is no proof of whose it is, nor is a later one that is missing then.
  if (stamp !== null && run.idempotencyKey?.startsWith(stamp) === true) run.context.observed.stampLost = true;
  // It is not about the charge of this write: its id would lead to somebody else's.
  throw integrityError(run, 'the answer belongs to another idempotency key', null, 'crossed_answers');
};
