import type { Delivery } from './delivery.js';
import { jsonResponse, type SourceKind, type SimulatorRequest, type SimulatorResponse } from './face.js';
import type { SimulatedProvider } from './faces.js';
import type { FaultOrder } from './faults.js';
import { checkMembers } from './nearest-name.js';
import { type LocalServer, serveLocally } from './server.js';
import type { Simulator } from './simulator.js';

const refusal = (status: number, message: string): SimulatorResponse =>
  jsonResponse(status, { error: message });

const overview = (simulator: Simulator): object => ({
  providers: Object.fromEntries(
    simulator.providers.map((provider) => [provider, simulator.settings(provider)]),
  ),
  pages: [
    'GET /ledger',
    'GET /requests',
    'POST /sources {"provider": "…", "kind": "approved"}',
    'POST /faults',
    'DELETE /faults',
    'POST /clock {"advanceMs": 1000}',
  ],
});

/** What a program asks for, member by member: the simulator itself refuses values that it does not know. */
interface Asked {
  readonly provider: SimulatedProvider;
  readonly kind?: SourceKind;
  readonly returnUrl?: string;
  readonly advanceMs: number;
}

const readBody = (text: string, known: readonly (keyof Asked)[] | null): Asked & FaultOrder => {
  const body: unknown = JSON.parse(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new RangeError('The body must be a JSON object.');
  if (known !== null) checkMembers('The body', body, known);
  return body as Asked & FaultOrder;
};

const makeSource = (simulator: Simulator, { provider, kind, returnUrl }: Asked): unknown =>
  simulator.source(provider, kind ?? 'approved', { returnUrl });

const change = (simulator: Simulator, request: SimulatorRequest): SimulatorResponse => {
  try {
    switch (request.path) {
      case '/sources':
        return jsonResponse(200, {
          source: makeSource(simulator, readBody(request.body, ['provider', 'kind', 'returnUrl'])),
        });
      case '/faults':
        simulator.inject(readBody(request.body, null));
        break;
      case '/clock':
        simulator.clock.advance(readBody(request.body, ['advanceMs']).advanceMs);
        break;
      default:
        return refusal(404, 'There is no such page.');
    }
    return jsonResponse(200, { done: true });
  } catch (error) {
    return refusal(400, error instanceof Error ? error.message : 'The request is damaged.');
  }
};

/** Names of this machine, also as containers on it call it. */
const isThisMachine = (hostname: string): boolean =>
  /^(?:127(?:\.\d{1,3}){3}|\[::1\]|(?:[a-z\d-]+\.)*localhost|host\.(?:docker|containers)\.internal)$/.test(
    hostname,
  );

const hostnameOf = (address: string): string => {
  try {
    return new URL(address).hostname;
  } catch {
    return '';
  }
};

/**
 * A page in the browser of whoever runs this must not reach it: neither by a name that was pointed at 127.0.0.1, nor from a
 * page of somebody else. Programs send no origin.
 */
const isForeign = ({ headers }: SimulatorRequest): boolean => {
  const { host, origin } = headers;
  const isOwnHost =
    host === undefined || (/^[^@/]*$/.test(host) && isThisMachine(hostnameOf(`http://${host}`)));
  return !isOwnHost || (origin !== undefined && !isThisMachine(hostnameOf(origin)));
};

const answer = (simulator: Simulator, request: SimulatorRequest): SimulatorResponse => {
  if (isForeign(request)) {
    return refusal(
      403,
      'Only this machine is answered: ask 127.0.0.1 or localhost, and from no page of another site.',
    );
  }
  if (request.method === 'POST') return change(simulator, request);
  if (request.method === 'DELETE' && request.path === '/faults') {
    simulator.clearFaults();
    return jsonResponse(200, { done: true });
  }
  if (request.method !== 'GET') return refusal(405, 'Only GET and POST are answered.');
  switch (request.path) {
    case '/':
      return jsonResponse(200, overview(simulator));
    case '/ledger':
      return jsonResponse(200, simulator.ledger.charges());
    case '/requests':
      return jsonResponse(200, simulator.requests());
    default:
      return refusal(404, 'There is no such page.');
  }
};

/** Serves the simulator's own pages for programs in other languages: ledger, requests, faults, clock. */
export const serveControl = (simulator: Simulator, port: number): Promise<LocalServer> =>
  serveLocally(port, (request) =>
    Promise.resolve<Delivery>({ outcome: 'answered', response: answer(simulator, request) }),
  );
