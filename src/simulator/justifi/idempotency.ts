import type { SimulatorRequest, SimulatorResponse } from '../face.js';
import { accountHeaderOf } from './accounts.js';
import { JustifiRefusal } from './errors.js';
import type { JustifiSwitches } from './switches.js';

/** What became of the first request with a key. */
interface Finished {
  fingerprint: string;
  at: number;
  /** What the client was told. */
  answered: SimulatorResponse;
  /** What truly happened: differs when a server error stood in for the answer. */
  happened: SimulatorResponse;
  /** Whether the answer leaves open what happened. */
  isServerError: boolean;
}

/** What an executed request hands over for its replays. */
export interface Execution {
  answered: SimulatorResponse;
  happened: SimulatorResponse;
  isServerError: boolean;
}

/** Remembers keys and what was answered to them. */
export interface IdempotencyKeys {
  /** Marks a key as in flight; the returned function ends that. */
  hold(request: SimulatorRequest): () => void;
  /** Executes a request unless its key says otherwise. */
  once(request: SimulatorRequest, execute: () => Execution, replayStatus: number | null): SimulatorResponse;
}

const longestKey = 100;

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
};

const canonical = (body: string): string => {
  try {
    return JSON.stringify(sorted(JSON.parse(body)));
  } catch {
    return body;
  }
};

/** Method, path, account and parameters: a key belongs to all of them. */
const fingerprintOf = (request: SimulatorRequest, switches: JustifiSwitches): string =>
  [request.method, request.path, accountHeaderOf(request, switches) ?? '', canonical(request.body)].join(
    '\n',
  );

const copyOf = (response: SimulatorResponse): SimulatorResponse => ({
  ...response,
  headers: { ...response.headers },
});

/** Makes the key store of a platform. */
export const createIdempotencyKeys = (now: () => number, switches: JustifiSwitches): IdempotencyKeys => {
  const inFlight = new Map<string, number>();
  const finished = new Map<string, Finished>();

  const inProgress = (code: string): JustifiRefusal =>
    new JustifiRefusal(409, code, 'A request with this idempotency key is in progress or has failed');

  const replay = (known: Finished, replayStatus: number | null): SimulatorResponse | undefined => {
    const { answered, happened } = known;
    const succeeded = (response: SimulatorResponse): SimulatorResponse => ({
      ...copyOf(response),
      status: replayStatus ?? response.status,
    });
    if (answered.status < 300) return succeeded(answered);
    const policy = known.isServerError ? switches.keyAfterServerError : switches.keyAfterRefusal;
    if (policy === 'conflict') throw inProgress('idempotency_concurrent_request');
    if (policy === 'repeated') return copyOf(answered);
    return happened.status < 300 ? succeeded(happened) : undefined;
  };

  return {
    hold: (request) => {
      const key = request.headers['idempotency-key'];
      if (key === undefined) return () => undefined;
      inFlight.set(key, (inFlight.get(key) ?? 0) + 1);
      return () => {
        const left = (inFlight.get(key) ?? 1) - 1;
        if (left === 0) inFlight.delete(key);
        else inFlight.set(key, left);
      };
    },
    once: (request, execute, replayStatus) => {
      const key = request.headers['idempotency-key'] ?? '';
      if (key === '') {
        if (switches.idempotencyKeyRequired) throw new JustifiRefusal(400, 'idempotency_key_required');
        return execute().answered;
      }
      if (key.length > longestKey) {
        throw new JustifiRefusal(
          422,
          'unexpected_parameter',
          `Validation failed: Idempotency key is too long (maximum is ${longestKey} characters)`,
        );
      }
      if (inFlight.has(key)) throw inProgress('idempotency_request_in_progress');
      const fingerprint = fingerprintOf(request, switches);
      const known = finished.get(key);
      if (known !== undefined && now() - known.at < switches.keyLifetimeMs) {
        if (known.fingerprint !== fingerprint) {
          throw new JustifiRefusal(switches.paramsMismatchStatus, 'idempotency_params_mismatch');
        }
        const replayed = replay(known, replayStatus);
        if (replayed !== undefined) return replayed;
      }
      const execution = execute();
      finished.set(key, { ...execution, fingerprint, at: now(), answered: copyOf(execution.answered) });
      return execution.answered;
    },
  };
};
