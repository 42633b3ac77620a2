import { ChargesError, IdempotencyConflictError } from '../errors.js';
import { oldestFirst } from '../models/objects.js';

/** One call's hold of its key. */
export interface HeldKey {
  /** Notes that this call has begun its record and goes on to send. */
  begins(): void;
  /** Whether another call of this client, under way or over, may have sent under the key. */
  mayBeSentByAnother(): boolean;
}

/** The keys that one client sends under, or was told of: what it knows of a key where its store is out of reach. */
export interface OwnKeys {
  /** Holds a key while `work` runs, and remembers it after an end that may have moved money. */
  hold<Output>(scope: string, key: string, work: (held: HeldKey) => Promise<Output>): Promise<Output>;
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
  /** How many calls of each key have begun their record and are under way: they send, or have sent. */
  const begun = new Map<string, number>();
  // Oldest first.
  const remembered = new Set<string>();
  const nextOldest = oldestFirst(remembered);

  const remember = (name: string): void => {
    remembered.delete(name);
    remembered.add(name);
    const oldest = remembered.size > mostRemembered ? nextOldest() : undefined;
    if (oldest !== undefined) remembered.delete(oldest);
  };

  const nameOf = (scope: string, key: string): string => `${scope} ${key}`;
  const isSent = (name: string, own: number): boolean => (begun.get(name) ?? 0) > own || remembered.has(name);

  return {
    mayBeSent: (scope, key) => isSent(nameOf(scope, key), 0),
    hold: async (scope, key, work) => {
      const name = nameOf(scope, key);
      let own = 0;
      try {
        const output = await work({
          begins: () => {
            own = 1;
            begun.set(name, (begun.get(name) ?? 0) + 1);
          },
          mayBeSentByAnother: () => isSent(name, own),
        });
        remember(name);
        return output;
      } catch (error) {
        // Also where another process sent it: what this client was told of a key is not taken back.
        if (!isFree(error)) remember(name);
        else if (own > 0) remembered.delete(name);
        throw error;
      } finally {
        const others = (begun.get(name) ?? 0) - own;
        if (others > 0) begun.set(name, others);
        else begun.delete(name);
      }
    },
  };
};
