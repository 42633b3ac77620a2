import type { SimulatorRequest, SimulatorResponse } from '../face.js';
import { PaymongoRefusal } from './errors.js';
import type { PaymongoSwitches } from './switches.js';

interface Finished {
  readonly fingerprint: string;
  readonly at: number;
  readonly answered: SimulatorResponse;
}

/** Remembers keys and what was answered to them. */
export interface IdempotencyKeys {
  /** Marks a key as in flight; the returned function ends that. */
  hold(request: SimulatorRequest): () => void;
  /** Executes a request unless its key says otherwise. */
  once(request: SimulatorRequest, execute: () => SimulatorResponse): SimulatorResponse;
}

const longestKey = 255;

const keyIn = (request: SimulatorRequest): string | undefined => request.headers['idempotency-key'];

const copyOf = (response: SimulatorResponse): SimulatorResponse => ({
  ...response,
  headers: { ...response.headers },
});

/** Nothing is remembered of a request that failed its validation. */
const isRemembered = ({ status, body }: SimulatorResponse): boolean =>
  status < 400 || !/"code":"(?:parameter_\w+|resource_not_found)"/.test(body);

/** Makes the key store of an account. */
export const createIdempotencyKeys = (now: () => number, switches: PaymongoSwitches): IdempotencyKeys => {
  const inFlight = new Set<string>();
  const finished = new Map<string, Finished>();
  return {
    hold: (request) => {
      const key = keyIn(request);
      if (key === undefined) return () => undefined;
      inFlight.add(key);
      return () => {
        inFlight.delete(key);
      };
    },
    once: (request, execute) => {
      const key = keyIn(request);
      if (key === undefined) return execute();
      if (key.length > longestKey)
        throw new PaymongoRefusal(400, 'parameter_above_maximum', 'The Idempotency-Key is too long.');
      if (inFlight.has(key))
        throw new PaymongoRefusal(409, 'resource_processing_state', 'A request with this key is under way.');
      const fingerprint = `${request.method} ${request.path}\n${request.body}`;
      const known = finished.get(key);
      if (known !== undefined && now() - known.at < switches.keyLifetimeMs) {
        if (known.fingerprint === fingerprint) return copyOf(known.answered);
        const { status, code } = switches.keyMismatch;
        throw new PaymongoRefusal(status, code, 'The Idempotency-Key was used with other parameters.');
      }
      const answered = execute();
      if (isRemembered(answered)) finished.set(key, { fingerprint, at: now(), answered: copyOf(answered) });
      return answered;
    },
  };
};
