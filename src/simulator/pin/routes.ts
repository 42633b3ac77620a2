import { jsonResponse, type SimulatorRequest, type SimulatorResponse } from '../face.js';
import { captureCharge, findCharge, type PinCharge, voidCharge } from './charge.js';
import { isListed, renderCharge } from './charge-view.js';
import { createCharge } from './create-charge.js';
import { newestFirst, pageOf } from './pages.js';
import { type Parameters, readBody, readQuery, readText } from './parameters.js';
import { findRefund, refundCharge, renderRefund } from './refunds.js';
import { searchCharges } from './search.js';
import type { PinState } from './state.js';
import { verifyCharge } from './three-d-secure.js';
import { createCard, createCustomer, createPaymentSource, findCustomer, renderCustomer } from './vault.js';

/** What an endpoint gets. */
interface Call {
  state: PinState;
  request: SimulatorRequest;
  /** The token in the path, or empty. */
  token: string;
}

/** An endpoint. */
export interface Route {
  method: string;
  /** Segments after the version; `*` stands for a token. */
  path: readonly string[];
  operation: string;
  /** Whether the publishable key may call it, too. */
  isPublic: boolean;
  run(call: Call): SimulatorResponse;
}

const route = (
  method: string,
  path: string,
  operation: string,
  run: (call: Call) => SimulatorResponse,
  isPublic = false,
): Route => ({ method, path: path.split('/'), operation, isPublic, run });

const answer = (status: number, response: unknown): SimulatorResponse => jsonResponse(status, { response });

const create = ({ state, request }: Call): SimulatorResponse => {
  const { charge, redirectUrl } = createCharge(state, readBody(request));
  const rendered = renderCharge(state, charge);
  return redirectUrl === null
    ? answer(201, rendered)
    : answer(202, { ...rendered, redirect_url: redirectUrl });
};

const listCharges = (
  { state, request }: Call,
  belongs: (charge: PinCharge) => boolean = () => true,
): SimulatorResponse => {
  const listed = newestFirst(
    state,
    state.charges.values(),
    (charge) => isListed(state, charge) && belongs(charge),
  );
  return pageOf(state, listed, readQuery(request), (charge) => renderCharge(state, charge));
};

const listRefunds = ({ state, request }: Call, charge?: PinCharge): SimulatorResponse => {
  const refunds = newestFirst(state, charge?.refunds ?? state.refunds.values(), () => true);
  return pageOf(state, refunds, readQuery(request), (refund) => renderRefund(state, refund));
};

/** An endpoint that changes a charge and answers with it. */
const action = (
  name: string,
  status: number,
  change: (state: PinState, charge: PinCharge, parameters: Parameters) => void,
): Route =>
  route('PUT', `charges/*/${name}`, name, ({ state, request, token }) => {
    const charge = findCharge(state, token);
    change(state, charge, readBody(request));
    return answer(status, renderCharge(state, charge));
  });

// `search` and `verify` stand where the token of a charge stands, so they come first.
const routes: readonly Route[] = [
  route('POST', 'charges', 'create', create),
  route('GET', 'charges', 'list', (call) => listCharges(call)),
  route('GET', 'charges/search', 'search', ({ state, request }) => searchCharges(state, readQuery(request))),
  route('GET', 'charges/verify', 'verify', ({ state, request }) => {
    const sessionToken = readText(readQuery(request), 'session_token') ?? '';
    return answer(200, renderCharge(state, verifyCharge(state, sessionToken)));
  }),
  route('GET', 'charges/*', 'retrieve', ({ state, token }) =>
    answer(200, renderCharge(state, findCharge(state, token))),
  ),
  action('capture', 201, captureCharge),
  action('void', 200, voidCharge),
  route('POST', 'charges/*/refunds', 'refund', ({ state, request, token }) =>
    answer(201, renderRefund(state, refundCharge(state, findCharge(state, token), readBody(request)))),
  ),
  route('GET', 'charges/*/refunds', 'list_refunds', (call) =>
    listRefunds(call, findCharge(call.state, call.token)),
  ),
  route('GET', 'refunds', 'list_all_refunds', (call) => listRefunds(call)),
  route('GET', 'refunds/*', 'retrieve_refund', ({ state, token }) =>
    answer(200, renderRefund(state, findRefund(state, token))),
  ),
  route(
    'POST',
    'cards',
    'create_card',
    (call) => answer(201, createCard(call.state, readBody(call.request))),
    true,
  ),
  route(
    'POST',
    'payment_sources',
    'create_payment_source',
    (call) => answer(201, createPaymentSource(call.state, readBody(call.request))),
    true,
  ),
  route('POST', 'customers', 'create_customer', (call) =>
    answer(201, createCustomer(call.state, readBody(call.request))),
  ),
  route('GET', 'customers/*', 'retrieve_customer', ({ state, token }) =>
    answer(200, renderCustomer(findCustomer(state, token))),
  ),
  route('GET', 'customers/*/charges', 'list_customer_charges', (call) => {
    const customer = findCustomer(call.state, call.token);
    return listCharges(call, (charge) => charge.card.customer === customer.token);
  }),
];

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** Everything that a request may ask for. */
export const operations: readonly string[] = [...new Set(routes.map(({ operation }) => operation))];

/** The endpoint that a request is for, with the token of its path, or undefined. */
export const findRoute = (request: SimulatorRequest): { route: Route; token: string } | undefined => {
  const [version, ...segments] = request.path.replace(/^\/|\/$/g, '').split('/');
  if (version !== '1') return undefined;
  const found = routes.find(
    ({ method, path }) =>
      method === request.method &&
      path.length === segments.length &&
      path.every((name, index) => (name === '*' ? segments[index] !== '' : name === segments[index])),
  );
  if (found === undefined) return undefined;
  return { route: found, token: decode(segments[found.path.indexOf('*')] ?? '') };
};
