import type { SimulatorRequest } from './face.js';

/** A request as the simulator remembers it: no body, no authorization, no secrets in the path. */
export interface ReceivedRequest {
  /** The name of the simulated provider, such as `stripe`. */
  provider: string;
  /** What it asked for, in snake case: `create`, `list_refunds`, …. */
  operation: string;
  /** The HTTP method, upper case. */
  method: string;
  /** Path and query; values of secret parameters are masked. */
  path: string;
  /** What was answered, or null when the connection broke before. */
  status: number | null;
  /** The idempotency key in its header; null where it had none. */
  idempotencyKey: string | null;
}

const secretName = /secret|token|key|password|number|cvc|cvv|otp/i;
// Stripe's client secrets can stand anywhere: "pi_…_secret_…".
const clientSecret = /_secret_[A-Za-z0-9]+/g;

const maskQuery = (query: string): string =>
  query
    .split('&')
    .map((pair) => {
      const [name = '', value] = pair.split('=', 2);
      return value !== undefined && secretName.test(decodeLoosely(name)) ? `${name}=***` : pair;
    })
    .join('&');

const decodeLoosely = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const pathOf = (request: SimulatorRequest): string => {
  const path = request.query === '' ? request.path : `${request.path}?${maskQuery(request.query)}`;
  return path.replace(clientSecret, '_secret_***');
};

/** Remembers requests in the order in which they came. */
export interface RequestLog {
  /** Notes a request; the returned function notes the answer. */
  note(provider: string, operation: string, request: SimulatorRequest): (status: number | null) => void;
  all(): ReceivedRequest[];
}

/** Makes a log. With a limit the oldest entries are dropped, for very long simulations. */
export const createRequestLog = (limit = Number.POSITIVE_INFINITY): RequestLog => {
  let entries: ReceivedRequest[] = [];
  return {
    note: (provider, operation, request) => {
      const entry: ReceivedRequest = {
        provider,
        operation,
        method: request.method,
        path: pathOf(request),
        status: null,
        idempotencyKey: request.headers['idempotency-key'] ?? null,
      };
      entries.push(entry);
      if (entries.length > 2 * limit) entries = entries.slice(-limit);
      return (status) => {
        entry.status = status;
      };
    },
    all: () => (entries.length > limit ? entries.slice(-limit) : entries).map((entry) => ({ ...entry })),
  };
};
