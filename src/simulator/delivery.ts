import { answerPreflight, crossOriginHeaders } from './cross-origin.js';
import type { Face, SimulatorRequest, SimulatorResponse } from './face.js';
import type { FaultDetails, FaultQueue } from './faults.js';
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

const badGateway: SimulatorResponse = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
};

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
  const answer = (response: SimulatorResponse): Delivery => {
    answered(response.status);
    Object.assign(response.headers, crossOriginHeaders(exchange.face, request), fault?.headers);
    return { outcome: 'answered', response };
  };

  return fault === undefined ? answer(execute()) : deliverWith(fault, exchange, request, execute, answer);
};

const deliverWith = async (
  fault: FaultDetails,
  exchange: Exchange,
  request: SimulatorRequest,
  execute: (substitute?: SimulatorResponse) => SimulatorResponse,
  answer: (response: SimulatorResponse) => Delivery,
): Promise<Delivery> => {
  switch (fault.type) {
    case 'refuse':
      return { outcome: 'refused' };
    case 'cut_before_commit':
      return { outcome: 'cut' };
    case 'cut_after_commit':
      execute();
      return { outcome: 'cut' };
    case 'delay': {
      if (fault.when === 'after_commit') {
        const response = execute();
        await exchange.sleep(fault.ms ?? 1000);
        return answer(response);
      }
      const release = exchange.face.hold?.(request);
      await exchange.sleep(fault.ms ?? 1000);
      release?.();
      return answer(execute());
    }
    case 'half_answer': {
      const response = execute();
      return {
        outcome: 'half_answered',
        response,
        partialBody: response.body.slice(0, response.body.length >> 1),
      };
    }
    case 'rate_limited':
      return answer(exchange.face.failure('rate_limited', fault.retryAfterSeconds ?? 1));
    case 'server_error':
      return answer(exchange.face.failure('server_error'));
    case 'server_error_after_commit':
      return answer(execute(exchange.face.failure('server_error')));
    case 'bad_gateway_after_commit':
      execute();
      return answer({ ...badGateway, headers: { ...badGateway.headers } });
    case 'malformed_json': {
      const response = execute();
      return answer({ ...response, body: `${response.body.slice(0, -2)},,` });
    }
    case 'empty_body':
      return answer({ ...execute(), body: '' });
    case 'duplicate_delivery': {
      const first = execute();
      exchange.log.note(exchange.provider, exchange.face.operationOf(request), request)(first.status);
      const second = execute();
      return answer(fault.answer === 'first' ? first : second);
    }
  }
};
