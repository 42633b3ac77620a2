import { systemRuntime } from '../runtime.js';
import {
  checkFunction,
  checkObject,
  checkSurplus,
  checkText,
  checkWhole,
} from '../simulator/check-values.js';
import type { Delivery } from '../simulator/delivery.js';
import type { SimulatorRequest, SimulatorResponse } from '../simulator/face.js';
import { meetFault } from '../simulator/fault-effects.js';
import {
  checkFault,
  checkOperation,
  createFaultQueue,
  type FaultOrder,
  type PendingFault,
} from '../simulator/faults.js';
import { checkMembers } from '../simulator/nearest-name.js';
import { createRequestLog, type ReceivedRequest } from '../simulator/request-log.js';
import { serveLocally } from '../simulator/server.js';
import { asRequest, asResponse } from './fault-server-messages.js';
import type { FaultServerRequest, FaultServerResponse } from './fault-server-messages.js';

export type { FaultServerRequest, FaultServerResponse } from './fault-server-messages.js';

/** What a provider is, for a test: a function from requests to answers, which keeps the money in memory. */
export type FaultServerHandler = (
  request: FaultServerRequest,
) => FaultServerResponse | Promise<FaultServerResponse>;

/** What `createFaultServer` takes besides the handler; nothing is required. */
export interface FaultServerOptions {
  /**
   * The unified name of what a request asks for: `create`, `retrieve`, `update`, `list`, `search`, `capture`, `void`, `expire`,
   * `refund`, `list_refunds`, `retrieve_refund`, `verify`, one of `operations`, or `unknown`. Without it every request is `unknown`,
   * and a fault for one operation is refused.
   */
  operationOf?(request: FaultServerRequest): string;
  /** Further names that `operationOf` may give, in snake case, such as `create_intent` for the first step of a create. */
  readonly operations?: readonly string[] | undefined;
  /**
   * The provider's own answer when it refuses because of too many requests, or breaks. `Retry-After` is added to the former. Default: 429
   * or 500 with `{ "error": { "message": "…" } }`.
   */
  failure?(kind: 'rate_limited' | 'server_error'): FaultServerResponse;
  /** The port on 127.0.0.1, 0 to 65535; a free one unless told. One that is taken rejects. */
  readonly port?: number | undefined;
}

/** A running server of a provider that a test has made. */
export interface FaultServer {
  /** Where it listens, such as `http://127.0.0.1:49152`, without a trailing slash: the `baseUrl` of the client. */
  readonly url: string;
  /**
   * Lets the next fitting requests meet a fault. Throws a `RangeError` for a fault, a member, or an operation that there is not, and a
   * `TypeError` for a value of another kind. There is one provider here, so `provider` is left out.
   */
  inject(order: FaultOrder): void;
  /** Forgets injected faults that have not struck yet. */
  clearFaults(): void;
  /** Injected faults that have not struck as often as they are to, oldest first: none when a test is over. */
  pendingFaults(): PendingFault[];
  /** Every request received, oldest first, without bodies and secrets. */
  requests(): Omit<ReceivedRequest, 'provider'>[];
  /**
   * Stops the server and breaks open connections. Delayed requests are not executed any more. Rejects with the first error that the
   * handler or an option threw: such a request was answered with 500.
   */
  close(): Promise<void>;
}

/** What `operationOf` may give besides the names of the options. */
const unifiedNames: readonly string[] = [
  'capture',
  'create',
  'expire',
  'list',
  'list_refunds',
  'refund',
  'retrieve',
  'retrieve_refund',
  'search',
  'update',
  'verify',
  'void',
];

const noOperation = 'unknown';
const provider = 'pretended';

const checkOptions = (options: FaultServerOptions): void => {
  checkObject('The options of createFaultServer', options, '{ operationOf }');
  checkMembers('createFaultServer', options, ['operationOf', 'operations', 'failure', 'port']);
  const { operationOf, operations, failure, port } = options;
  if (operationOf !== undefined) checkFunction("The 'operationOf' of createFaultServer", operationOf);
  if (failure !== undefined) checkFunction("The 'failure' of createFaultServer", failure);
  if (port !== undefined) checkWhole('The port of createFaultServer', port, 0, 65_535);
  if (operations === undefined) return;
  if (!Array.isArray(operations))
    throw new TypeError("The 'operations' of createFaultServer must be a list such as ['create_intent'].");
  for (const name of operations as unknown[])
    checkText("A name in the 'operations' of createFaultServer", name, 'create_intent');
};

const checkOrder = (order: FaultOrder, hasNames: boolean, names: readonly string[]): void => {
  checkFault(order);
  if (order.provider !== undefined)
    throw new RangeError("This server is one provider: leave 'provider' out of the fault.");
  if (order.operation !== undefined && !hasNames)
    throw new RangeError(
      `A fault for '${order.operation}' could never strike: give createFaultServer an 'operationOf' that names requests.`,
    );
  checkOperation(order, names);
};

const usualFailure = (kind: 'rate_limited' | 'server_error'): FaultServerResponse =>
  kind === 'rate_limited'
    ? { status: 429, body: { error: { message: 'Too many requests.' } } }
    : { status: 500, body: { error: { message: 'Something broke.' } } };

/**
 * Serves a provider of your own over HTTP on 127.0.0.1, with every fault that the simulator has: what the conformance kit needs to test an
 * adapter for lost answers. `handle` answers requests as the provider's documentation says; it may be called again for a request
 * that it has executed already, as a network does. What a repeat with the same key gets is up to it.
 *
 * Rejects with a `RangeError` or a `TypeError` for options that are none, and with Node's error for a port that is taken.
 *
 * @example
 * const server = await createFaultServer(
 *   ({ method, path, body }) => acme.handle(method, path, body === '' ? {} : JSON.parse(body)),
 *   { operationOf: ({ method, path }) => (method === 'POST' && path === '/payments' ? 'create' : 'unknown') },
 * );
 * testChargesClient(test, {
 *   createClient: (overrides) => createAcme({ secretKey: 'test_1', baseUrl: server.url, ...overrides }),
 *   sources: { approved: () => 'tok_approved' },
 *   currency: 'EUR',
 *   faults: { inject: server.inject, clear: server.clearFaults },
 *   requests: server.requests,
 * });
 */
export const createFaultServer = async (
  handle: FaultServerHandler,
  options: FaultServerOptions = {},
): Promise<FaultServer> => {
  checkFunction('The handler of createFaultServer', handle);
  checkOptions(options);
  const names = [...new Set([...unifiedNames, ...(options.operations ?? [])])].sort();
  const faults = createFaultQueue();
  const log = createRequestLog();
  const stopped = new AbortController();
  let broken: { readonly error: unknown } | undefined;

  const operationOf = (request: SimulatorRequest): string => {
    if (options.operationOf === undefined) return noOperation;
    const name: unknown = options.operationOf(asRequest(request));
    checkText("What 'operationOf' returns", name, 'create');
    if (name !== noOperation) checkOperation({ operation: String(name), fault: 'refuse' }, names);
    return String(name);
  };
  const failure = (kind: 'rate_limited' | 'server_error', retryAfterSeconds?: number): SimulatorResponse => {
    const response = asResponse("'failure'", (options.failure ?? usualFailure)(kind));
    const advice = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
    return { ...response, headers: { ...response.headers, ...advice } };
  };

  const deliver = async (request: SimulatorRequest): Promise<Delivery> => {
    const operation = operationOf(request);
    const fault = faults.take(provider, operation);
    const answered = log.note(provider, operation, request);
    const execute = async (substitute?: SimulatorResponse): Promise<SimulatorResponse> => {
      const response = asResponse('the handler', await handle(asRequest(request)));
      return substitute ?? response;
    };
    const delivery: Delivery =
      fault === undefined
        ? { outcome: 'answered', response: await execute() }
        : await meetFault(fault, {
            execute,
            failure,
            repeat: ({ status }) => log.note(provider, operation, request)(status),
            sleep: (milliseconds) => systemRuntime.sleep(milliseconds, stopped.signal),
          });
    if (delivery.outcome === 'answered') {
      answered(delivery.response.status);
      Object.assign(delivery.response.headers, fault?.headers);
    }
    return delivery;
  };

  const server = await serveLocally(options.port ?? 0, (request) =>
    deliver(request).catch((error: unknown): Delivery => {
      if (stopped.signal.aborted) return { outcome: 'cut' };
      broken ??= { error };
      const body = `The server of this test is wrong: ${String(error)}`;
      return {
        outcome: 'answered',
        response: { status: 500, headers: { 'content-type': 'text/plain' }, body },
      };
    }),
  );

  return {
    url: server.origin,
    inject: (order) => {
      checkOrder(order, options.operationOf !== undefined, names);
      faults.add(order);
    },
    clearFaults: () => {
      faults.clear();
    },
    pendingFaults: (...given: unknown[]) => {
      checkSurplus('pendingFaults', given, 'it gives every fault; filter them.');
      return faults.pending();
    },
    requests: (...given: unknown[]) => {
      checkSurplus('requests', given, 'it gives every request; filter them.');
      return log.all().map(({ provider: _, ...request }) => request);
    },
    close: async () => {
      stopped.abort(new Error('The server was closed.'));
      await server.close();
      if (broken !== undefined) throw broken.error;
    },
  };
};
