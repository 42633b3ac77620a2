import type { Runtime } from '../runtime.js';
import { createAgenda, type Agenda } from '../simulator/agenda.js';
import { ExchangeFailure, type Exchange, type ExchangeAnswer } from '../transport/exchange.js';
import type { FaultDetails, FaultQueue } from '../simulator/faults.js';

/** A request as an in-memory server reads it. */
export interface WireIncoming {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON body; an empty object where there is none. */
  readonly body: Record<string, unknown>;
}

/** What it answers; the body is sent as JSON. */
export interface WireReply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type WireHandler = (request: WireIncoming) => WireReply;

/** A runtime without a clock of its own: waits pass at once, every reading is the same in every run. */
export const createInstantRuntime = (start: number): Runtime & { pass(milliseconds: number): void } => {
  let elapsed = 0;
  let draws = 0;
  let ids = 0;
  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    sleep: (milliseconds, signal) => {
      if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
      elapsed += milliseconds;
      return Promise.resolve();
    },
    // Nothing takes time here, so no time limit is ever reached.
    timer: () => () => undefined,
    random: () => {
      draws += 1;
      return (draws * 0.618034) % 1;
    },
    uuid: () => {
      ids += 1;
      return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
    },
    pass: (milliseconds) => {
      elapsed += milliseconds;
    },
  };
};

const asAnswer = (reply: WireReply): ExchangeAnswer => ({
  status: reply.status,
  headers: { 'content-type': 'application/json', ...reply.headers },
  text: JSON.stringify(reply.body),
});

/** What a client sees of an answer that a fault met. The request was executed already, unless the fault says otherwise. */
const struck = (
  fault: FaultDetails,
  execute: () => ExchangeAnswer,
  problem: (code: string, message: string) => unknown,
  late: (fault: FaultDetails, execute: () => ExchangeAnswer) => ExchangeAnswer,
): ExchangeAnswer => {
  switch (fault.type) {
    case 'refuse':
      throw new ExchangeFailure('connection', false, 'ECONNREFUSED');
    case 'cut_before_commit':
      throw new ExchangeFailure('connection', true, 'ECONNRESET');
    case 'cut_after_commit':
      execute();
      throw new ExchangeFailure('connection', true, 'ECONNRESET');
    case 'half_answer': {
      const { status } = execute();
      throw new ExchangeFailure('truncated', true, 'ECONNRESET', status);
    }
    case 'rate_limited':
      return asAnswer({
        status: 429,
        body: problem('rate_limited', 'Too many requests.'),
        headers: { 'retry-after': String(fault.retryAfterSeconds ?? 1) },
      });
    case 'server_error':
      return asAnswer({ status: 500, body: problem('internal', 'Something broke.') });
    case 'server_error_after_commit':
      execute();
      return asAnswer({ status: 500, body: problem('internal', 'Something broke.') });
    case 'bad_gateway_after_commit':
      execute();
      return { status: 502, headers: { 'content-type': 'text/html' }, text: '<html>Bad gateway</html>' };
    case 'malformed_json': {
      const answer = execute();
      return { ...answer, text: answer.text.slice(0, -2) };
    }
    case 'empty_body':
      return { ...execute(), text: '' };
    case 'duplicate_delivery': {
      const first = execute();
      const second = execute();
      return fault.answer === 'first' ? first : second;
    }
    case 'delay':
      return late(fault, execute);
  }
};

/** Executes with a delay in virtual time. `timeoutMs` is how long the client waits for the answer. */
const delayedBy =
  (time: VirtualTime, agenda: Agenda, timeoutMs: number) =>
  ({ ms = 1000, when }: FaultDetails, execute: () => ExchangeAnswer): ExchangeAnswer => {
    const early = when === 'after_commit' ? execute() : null;
    if (ms < timeoutMs) {
      time.pass(ms);
      return early ?? execute();
    }
    // The client gives up; the request is still on its way, and is executed when its time has come.
    if (early === null) agenda.at(time.now() + ms, execute);
    time.pass(timeoutMs);
    throw new ExchangeFailure('timeout', true);
  };

/** The time of an in-memory server: that of the instant runtime fits. */
interface VirtualTime {
  now(): number;
  pass(milliseconds: number): void;
}

const timeOfItsOwn = (): VirtualTime => {
  let elapsed = 0;
  return {
    now: () => elapsed,
    pass: (milliseconds) => {
      elapsed += milliseconds;
    },
  };
};

/** An exchange that hands every request to a function, with faults on the way. */
export const createInMemoryExchange = (options: {
  readonly provider: string;
  readonly handle: WireHandler;
  /** The unified name of what a request asks for; injected faults are ordered by it. */
  operationOf(request: WireIncoming): string;
  readonly faults: FaultQueue;
  /** The provider's own envelope of a failure. */
  problem(code: string, message: string): unknown;
  /** Called before every request. */
  onRequest?(request: WireIncoming): void;
  /** What a delay lets pass; a time of its own unless told. */
  readonly time?: VirtualTime;
  /** Holds requests that are still on their way when their client has given them up; one of its own unless told. */
  readonly agenda?: Agenda;
}): Exchange => {
  const { time = timeOfItsOwn(), agenda = createAgenda() } = options;
  const answer = (incoming: WireIncoming, timeoutMs: number): ExchangeAnswer => {
    options.onRequest?.(incoming);
    agenda.runDue(time.now());
    const execute = () => asAnswer(options.handle(incoming));
    const fault = options.faults.take(options.provider, options.operationOf(incoming));
    if (fault === undefined) return execute();
    const met = struck(fault, execute, options.problem, delayedBy(time, agenda, timeoutMs));
    return { ...met, headers: { ...met.headers, ...fault.headers } };
  };
  return ({ method, url, headers, body, timeoutMs }) =>
    new Promise((resolve) => {
      const { pathname, searchParams } = new URL(url);
      const incoming = {
        method,
        path: pathname,
        query: searchParams,
        headers,
        body: body === null || body === '' ? {} : (JSON.parse(body) as Record<string, unknown>),
      };
      resolve(answer(incoming, timeoutMs));
    });
};

/** The same exchange with every JSON answer changed on its way. */
export const tamperedExchange =
  (exchange: Exchange, change: (body: unknown) => unknown): Exchange =>
  async (request) => {
    const answer = await exchange(request);
    return { ...answer, text: JSON.stringify(change(JSON.parse(answer.text))) };
  };
