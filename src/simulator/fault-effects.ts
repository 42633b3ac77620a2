import type { Delivery } from './delivery.js';
import type { InjectedFailure, SimulatorResponse } from './face.js';
import type { FaultDetails } from './faults.js';

/** How the server that a fault strikes executes the request, and how it fails. */
export interface StruckServer {
  /** Executes the request. With `substitute` the effect takes place, but the answer is the given one. */
  execute(substitute?: SimulatorResponse): SimulatorResponse | Promise<SimulatorResponse>;
  /** A failure in front of the execution, in the provider's own envelope. */
  failure(kind: InjectedFailure, retryAfterSeconds?: number): SimulatorResponse;
  /** Marks the request as in flight until the returned function is called. */
  hold?(): (() => void) | undefined;
  /** Called between the two executions of a request that arrives twice. */
  repeat(first: SimulatorResponse): void;
  /** Waits. Rejects when the server is stopped. */
  sleep(milliseconds: number): Promise<void>;
}

const badGateway: SimulatorResponse = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
};

const answered = (response: SimulatorResponse): Delivery => ({ outcome: 'answered', response });

const delayed = async ({ ms = 1000, when }: FaultDetails, server: StruckServer): Promise<Delivery> => {
  if (when === 'after_commit') {
    const response = await server.execute();
    await server.sleep(ms);
    return answered(response);
  }
  const release = server.hold?.();
  await server.sleep(ms);
  release?.();
  return answered(await server.execute());
};

/** What the client sees of a request that meets a fault, and what the server executes of it. */
export const meetFault = async (fault: FaultDetails, server: StruckServer): Promise<Delivery> => {
  switch (fault.type) {
    case 'refuse':
      return { outcome: 'refused' };
    case 'cut_before_commit':
      return { outcome: 'cut' };
    case 'cut_after_commit':
      await server.execute();
      return { outcome: 'cut' };
    case 'delay':
      return delayed(fault, server);
    case 'half_answer': {
      const response = await server.execute();
      return {
        outcome: 'half_answered',
        response,
        partialBody: response.body.slice(0, response.body.length >> 1),
      };
    }
    case 'rate_limited':
      return answered(server.failure('rate_limited', fault.retryAfterSeconds ?? 1));
    case 'server_error':
      return answered(server.failure('server_error'));
    case 'server_error_after_commit':
      return answered(await server.execute(server.failure('server_error')));
    case 'bad_gateway_after_commit':
      await server.execute();
      return answered({ ...badGateway, headers: { ...badGateway.headers } });
    case 'malformed_json': {
      const response = await server.execute();
      return answered({ ...response, body: `${response.body.slice(0, -2)},,` });
    }
    case 'empty_body':
      return answered({ ...(await server.execute()), body: '' });
    case 'duplicate_delivery': {
      const first = await server.execute();
      server.repeat(first);
      const second = await server.execute();
      return answered(fault.answer === 'first' ? first : second);
    }
  }
};
