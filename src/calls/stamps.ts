import { stampOf } from '../models/attachments.js';
import type { Charge } from '../models/charge.js';
import type { Refund } from '../models/refund.js';
import type { DriftKind } from '../provider.js';
import { integrityError } from './output.js';
import type { CallContext } from './start-call.js';

/** Far more writes than one connection could mix up. */
const mostUnstamped = 1_000;

/**
 * An object without its stamp belongs to the first key whose response named it. If a later write gets the
 * same object, it received the response of that earlier write.
 */
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
  // A truncated stamp does not prove which key it is, so from now on a missing stamp counts as lost, too.
  if (stamp !== null && run.idempotencyKey?.startsWith(stamp) === true) run.context.observed.stampLost = true;
  // The error names no charge, because the id in the response belongs to another write.
  throw integrityError(run, 'the answer belongs to another idempotency key', null, 'crossed_answers');
};
