import { decodeForm } from '../form.js';
import type { SimulatorRequest, SimulatorResponse } from '../face.js';
import { invalidParameter, Refusal } from './errors.js';

const lifetimeMs = 24 * 3600 * 1000;
const longestKey = 255;

/** What has to be the same; the headers are left out, because they hold the secret key. */
type Fingerprint = Pick<SimulatorRequest, 'method' | 'path' | 'body'>;

interface Kept {
  request: Fingerprint;
  response: SimulatorResponse;
  requestId: string;
  keptAt: number;
}

/** What an idempotency key says about a request. */
export type KeyVerdict =
  /** Not seen yet, forgotten, or there is no key. */
  | { kind: 'new' }
  /** The same request was executed: this is its answer. */
  | { kind: 'replay'; response: SimulatorResponse; originalRequest: string };

/** The idempotency keys of one account. */
export interface IdempotencyKeys {
  /** Asks about the key of a request. Refuses another request under a used key, and a key in flight. */
  check(key: string, request: SimulatorRequest): KeyVerdict;
  /** Keeps the answer of an executed request. */
  keep(key: string, request: SimulatorRequest, response: SimulatorResponse, requestId: string): void;
  /** Marks a key as in flight until the returned function is called. */
  hold(key: string): () => void;
}

/** Parameters in any order are the same parameters. */
const canonical = (request: Fingerprint): string => {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
    return entries.map(([name, each]) => [name, sorted(each)]);
  };
  return `${request.method} ${request.path} ${JSON.stringify(sorted(decodeForm(request.body)))}`;
};

/** Equal bytes are the common case and need no decoding. */
const isSame = (left: Fingerprint, right: Fingerprint): boolean =>
  (left.method === right.method && left.path === right.path && left.body === right.body) ||
  canonical(left) === canonical(right);

/** Makes an empty set of keys. Stripe forgets a key once it is 24 hours old. */
export const createIdempotencyKeys = (now: () => number): IdempotencyKeys => {
  const kept = new Map<string, Kept>();
  const inFlight = new Map<string, number>();

  const prune = (): void => {
    for (const [key, { keptAt }] of kept) {
      if (now() - keptAt < lifetimeMs) return;
      kept.delete(key);
    }
  };

  return {
    check: (key, request) => {
      prune();
      if (key.length > longestKey) {
        throw invalidParameter(
          'Idempotency-Key',
          `Idempotency keys can have up to ${longestKey} characters.`,
        );
      }
      if (inFlight.has(key)) {
        throw new Refusal(
          409,
          'invalid_request_error',
          {
            code: 'idempotency_key_in_use',
            message:
              'There is currently another in-progress request using this Idempotent Key. Please try again later.',
          },
          false,
        );
      }
      const known = kept.get(key);
      if (known === undefined) return { kind: 'new' };
      if (!isSame(known.request, request)) {
        throw new Refusal(
          400,
          'idempotency_error',
          {
            message:
              'Keys for idempotent requests can only be used with the same parameters they were first used with. ' +
              `Try using a key other than '${key}' if you meant to execute a different request.`,
          },
          false,
        );
      }
      return { kind: 'replay', response: known.response, originalRequest: known.requestId };
    },
    keep: (key, request, response, requestId) => {
      const { method, path, body } = request;
      kept.set(key, { request: { method, path, body }, response, requestId, keptAt: now() });
    },
    hold: (key) => {
      inFlight.set(key, (inFlight.get(key) ?? 0) + 1);
      return () => {
        const left = (inFlight.get(key) ?? 1) - 1;
        if (left === 0) inFlight.delete(key);
        else inFlight.set(key, left);
      };
    },
  };
};
