import { ChargesError, IdempotencyConflictError } from '../errors.js';

/** The calls of one key that are under way. */
interface CallsOfKey {
  calls: number;
  /** How many of them have begun their record: they send, or have sent. */
  begun: number;
}

/** One call's hold of its key. */
export interface HeldKey {
  /** Notes that this call has begun its record and goes on to send. */
  begins(): void;
  /** Whether another call of this client, under way or over, may have sent under the key. */
  mayBeSentByAnother(): boolean;
  /** `failure`: how the call ended; null for a success. */
  leave(failure: unknown): void;
}

/** The keys that one client sends under, or was told of: what it knows of a key where its store is out of reach. */
export interface OwnKeys {
  enter(scope: string, key: string): HeldKey;
  /** Whether a call of this client, under way or over, may have sent under the key. */
  mayBeSent(scope: string, key: string): boolean;
}

/** How many keys a client remembers after their calls. */
const mostRemembered = 10_000;

/** Whether nothing can have moved under the key of a call that ended with this error. */
const isFree = (failure: unknown): boolean =>
  failure instanceof ChargesError &&
  (failure.outcome === 'not_sent' ||
    (failure.outcome === 'rejected' && !(failure instanceof IdempotencyConflictError)));

export const createOwnKeys = (): OwnKeys => {
  const underWay = new Map<string, CallsOfKey>();
  // Oldest first.
  const remembered = new Set<string>();

  const remember = (name: string): void => {
    remembered.delete(name);
    remembered.add(name);
    const [oldest] = remembered;
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
  };

  const nameOf = (scope: string, key: string): string => `${scope} ${key}`;

  return {
    mayBeSent: (scope, key) => {
      const name = nameOf(scope, key);
      return (underWay.get(name)?.begun ?? 0) > 0 || remembered.has(name);
    },
    enter: (scope, key) => {
      const name = nameOf(scope, key);
      const entry = underWay.get(name) ?? { calls: 0, begun: 0 };
      entry.calls += 1;
      underWay.set(name, entry);
      let own = 0;
      return {
        begins: () => {
          own = 1;
          entry.begun += 1;
        },
        mayBeSentByAnother: () => entry.begun > own || remembered.has(name),
        leave: (failure) => {
          entry.calls -= 1;
          entry.begun -= own;
          if (entry.calls === 0) underWay.delete(name);
          // Also where another process sent it: what this client was told of a key is not taken back.
          if (!isFree(failure)) remember(name);
          else if (own > 0) remembered.delete(name);
        },
      };
    },
  };
};
