import { answerPreflight, crossOriginHeaders } from './cross-origin.js';
import type { Face, SimulatorRequest, SimulatorResponse } from './face.js';
import { meetFault } from './fault-effects.js';
import type { FaultQueue } from './faults.js';
import type { PayerDesk } from './payer.js';
import type { RequestLog } from './request-log.js';

/** What the client sees of a request. */
export type Delivery =
  | {
      /** A whole answer. */
      outcome: 'answered';
      /** What the provider answered. */
      response: SimulatorResponse;
    }
  | {
      /** The connection was closed before the request was accepted. */
      outcome: 'refused';
    }
  | {
      /** The connection broke before any byte of an answer. */
      outcome: 'cut';
    }
  | {
      /** Status and headers arrive, `partialBody` too, then the connection breaks. */
      outcome: 'half_answered';
      /** The whole answer, of which the client sees the status and the headers. */
      response: SimulatorResponse;
      /** The part of the body that arrives. */
      partialBody: string;
    };

/** What a delivery needs from the simulator. */
export interface Exchange {
  provider: string;
  face: Face;
  payer: PayerDesk;
  faults: FaultQueue;
  log: RequestLog;
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Lets everything lapse that is due and tells the subscribers. */
  settle(): void;
}

/** Executes one request together with the fault that waits for it, if any. */
export const deliver = async (exchange: Exchange, request: SimulatorRequest): Promise<Delivery> => {
  exchange.settle();
  const page = exchange.payer.handle(request);
  if (page !== undefined) {
    exchange.settle();
    return { outcome: 'answered', response: page };
  }

  const preflight = answerPreflight(exchange.face, request);
  if (preflight !== undefined) return { outcome: 'answered', response: preflight };

  const operation = exchange.face.operationOf(request);
  const fault = exchange.faults.take(exchange.provider, operation);
  const answered = exchange.log.note(exchange.provider, operation, request);

  const execute = (substitute?: SimulatorResponse): SimulatorResponse => {
    exchange.settle();
    const response = exchange.face.handle(request, substitute);
    exchange.settle();
    response.headers['date'] = new Date(exchange.now()).toUTCString();
    return response;
  };
  const delivery: Delivery =
    fault === undefined
      ? { outcome: 'answered', response: execute() }
      : await meetFault(fault, {
          execute,
          failure: (kind, retryAfterSeconds) => exchange.face.failure(kind, retryAfterSeconds),
          hold: () => exchange.face.hold?.(request),
          repeat: ({ status }) => exchange.log.note(exchange.provider, operation, request)(status),
          sleep: exchange.sleep,
        });
  if (delivery.outcome !== 'answered') return delivery;
  const { response } = delivery;
  answered(response.status);
  Object.assign(response.headers, crossOriginHeaders(exchange.face, request), fault?.headers);
  return delivery;
};
