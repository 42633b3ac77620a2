import type { OperationRecord } from '../models/operation-store.js';
import { metConflict } from './key-conflict.js';
import type { Session } from './protocol.js';
import type { Protocol } from '../calls/protocol.js';
import { memberOf } from '../models/objects.js';

type Clocks = Pick<Protocol, 'runtime' | 'store'>;

/**
 * The wall clock of the sender when it was about to send first, kept beside what it had read. With it the time that has
 * passed is known by two clocks, so that one of them may jump.
 */
export const preparedAtOf = ({ resolved }: Pick<OperationRecord, 'resolved'>): number | null => {
  const moment = memberOf(resolved, 'preparedAt');
  return typeof moment === 'number' ? moment : null;
};

/**
 * The store's time now, computed from this machine's wall clock and the offset between both at the first
 * send.
 */
const storeTimeByWall = ({ runtime }: Clocks, record: OperationRecord): number | null => {
  const preparedAt = preparedAtOf(record);
  if (preparedAt === null || record.sentAt === null) return null;
  return runtime.now() + (record.sentAt - preparedAt);
};

/**
 * Now, by the clock on which less time has passed, so that a wait is long enough by both. The memory store
 * uses the monotonic clock, which is never set, so its time alone is enough.
 */
export const earliestNow = (protocol: Clocks, session: Session): number =>
  protocol.store.durable
    ? Math.min(session.storeNow(), storeTimeByWall(protocol, session.record) ?? Infinity)
    : session.storeNow();

/**
 * Now, by the clock on which more time has passed: a key that may have expired by one clock counts as
 * expired. A monotonic clock stops while a machine sleeps.
 */
const latestNow = (protocol: Clocks, session: Session): number =>
  Math.max(session.storeNow(), storeTimeByWall(protocol, session.record) ?? -Infinity);

/** A request that leaves just before the provider forgets the key may arrive after it. */
const longestWayMs = 60_000;

/**
 * Whether the provider still knows the key of a write that was sent before, so that a repeat is answered and not executed. Asked
 * again before every attempt: a wait may be longer than what is left.
 */
export const keyIsAlive = (protocol: Clocks & Pick<Protocol, 'keyLifetimeMs'>, session: Session): boolean => {
  const { keyLifetimeMs } = protocol;
  const { sentAt } = session.record;
  if (keyLifetimeMs === null || sentAt === null) return false;
  const passed = latestNow(protocol, session) - sentAt;
  return passed + longestWayMs < keyLifetimeMs;
};

/** Whether the provider still knows a key that was sent, at the earliest, when its record began. */
export const mayBeKnown = (protocol: Clocks & Pick<Protocol, 'keyLifetimeMs'>, session: Session): boolean =>
  protocol.keyLifetimeMs !== null &&
  latestNow(protocol, session) - session.record.startedAt < protocol.keyLifetimeMs;

/** Whether the key met a conflict of the provider's before, so long ago that nothing of its first request is under way. */
export const isOldConflict = (protocol: Clocks & Pick<Protocol, 'settleMs'>, session: Session): boolean => {
  const { openSend } = session.record;
  return (
    openSend !== null &&
    metConflict(session.record) &&
    earliestNow(protocol, session) - openSend.until >= protocol.settleMs
  );
};
