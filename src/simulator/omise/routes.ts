import { jsonResponse, type SimulatorRequest, type SimulatorResponse } from '../face.js';
import { codeImage, renderAccount, renderCapability } from './account.js';
import { findCharge, type OmiseCharge } from './charge.js';
import {
  captureCharge,
  disputeCharge,
  expireCharge,
  findRefund,
  refundCharge,
  reverseCharge,
  updateCharge,
} from './charge-actions.js';
import { renderCharge, renderDispute, renderRefund } from './charge-view.js';
import { createCharge, settleUnpaid } from './create-charge.js';
import { OmiseRefusal } from './errors.js';
import { pageOf } from './lists.js';
import { type Parameters, readFlag } from './parameters.js';
import { searchCharges } from './search.js';
import { createSource, findSource, renderSource } from './sources.js';
import { type OmiseState, timestamp } from './state.js';
import { createCustomer, createToken, findCustomer, renderCustomer, renderToken } from './vault.js';

/** What an endpoint gets. */
interface Call {
  state: OmiseState;
  parameters: Parameters;
  /** The ids in the path, in order. */
  ids: readonly string[];
}

/** Whose key an endpoint asks for; the vault wants the public one. */
export type KeyKind = 'secret' | 'public' | 'either' | 'none';

/** An endpoint. */
export interface Route {
  method: string;
  /** Segments; `*` stands for an id. */
  path: readonly string[];
  operation: string;
  key: KeyKind;
  run(call: Call): SimulatorResponse;
}

const ok = (value: unknown): SimulatorResponse => jsonResponse(200, value);

const route = (
  method: string,
  path: string,
  operation: string,
  run: (call: Call) => SimulatorResponse,
  key: KeyKind = 'secret',
): Route => ({ method, path: path.split('/'), operation, key, run });

const chargeOf = ({ state, ids }: Call): OmiseCharge => findCharge(state, ids[0] ?? '');

/** An endpoint that changes a charge and answers with it. */
const action = (
  name: string,
  operation: string,
  change: (state: OmiseState, charge: OmiseCharge, parameters: Parameters) => void,
): Route =>
  route('POST', `charges/*/${name}`, operation, (call) => {
    const charge = chargeOf(call);
    change(call.state, charge, call.parameters);
    return ok(renderCharge(call.state, charge));
  });

const listCharges = ({ state, parameters }: Call): SimulatorResponse => {
  const now = state.context.now();
  const { listDelayMs } = state.switches;
  const all = [...state.charges.values()];
  const listed = listDelayMs === 0 ? all : all.filter((charge) => charge.createdAt <= now - listDelayMs);
  return ok(pageOf(listed, parameters, '/charges', now, (charge) => renderCharge(state, charge)));
};

const listRefunds = (
  { state, parameters }: Call,
  charges: Iterable<OmiseCharge>,
  location: string,
): SimulatorResponse => {
  const refunds = [...charges]
    .flatMap((charge) => charge.refunds.map((refund) => ({ ...refund, currency: charge.currency })))
    .sort((left, right) => left.createdAt - right.createdAt);
  return ok(
    pageOf(refunds, parameters, location, state.context.now(), (refund) =>
      renderRefund(refund, refund.currency),
    ),
  );
};

const listEvents = (call: Call): SimulatorResponse => {
  const charge = chargeOf(call);
  return ok(
    pageOf(
      charge.events,
      call.parameters,
      `/charges/${charge.id}/events`,
      call.state.context.now(),
      (event) => ({
        object: 'event',
        id: event.id,
        livemode: false,
        location: `/events/${event.id}`,
        key: event.key,
        webhook_deliveries: [],
        created_at: timestamp(event.createdAt),
      }),
    ),
  );
};

const routes: readonly Route[] = [
  route('POST', 'charges', 'create', ({ state, parameters }) =>
    ok(renderCharge(state, createCharge(state, parameters))),
  ),
  route('GET', 'charges', 'list', listCharges),
  route('GET', 'charges/*', 'retrieve', (call) =>
    ok(renderCharge(call.state, chargeOf(call), readFlag(call.parameters, 'expand', false))),
  ),
  route('PATCH', 'charges/*', 'update', (call) => {
    const charge = chargeOf(call);
    updateCharge(call.state, charge, call.parameters);
    return ok(renderCharge(call.state, charge));
  }),
  action('capture', 'capture', captureCharge),
  action('reverse', 'void', reverseCharge),
  action('expire', 'expire', expireCharge),
  action('mark_as_paid', 'mark_as_paid', (state, charge) => settleUnpaid(state, charge, 'paid')),
  action('mark_as_failed', 'mark_as_failed', (state, charge) => settleUnpaid(state, charge, 'failed')),
  route('GET', 'charges/*/events', 'list_events', listEvents),
  route('POST', 'charges/*/disputes', 'create_dispute', (call) => {
    const charge = chargeOf(call);
    disputeCharge(call.state, charge);
    return ok(renderDispute(charge));
  }),
  route('POST', 'charges/*/refunds', 'refund', (call) => {
    const charge = chargeOf(call);
    return ok(renderRefund(refundCharge(call.state, charge, call.parameters), charge.currency));
  }),
  route('GET', 'charges/*/refunds', 'list_refunds', (call) => {
    const charge = chargeOf(call);
    return listRefunds(call, [charge], `/charges/${charge.id}/refunds`);
  }),
  route('GET', 'charges/*/refunds/*', 'retrieve_refund', (call) => {
    const charge = chargeOf(call);
    return ok(renderRefund(findRefund(charge, call.ids[1] ?? ''), charge.currency));
  }),
  route('GET', 'refunds', 'list_all_refunds', (call) =>
    listRefunds(call, call.state.charges.values(), '/refunds'),
  ),
  route('GET', 'search', 'search', ({ state, parameters }) => ok(searchCharges(state, parameters))),
  route(
    'POST',
    'tokens',
    'create_token',
    ({ state, parameters }) => ok(createToken(state, parameters)),
    'public',
  ),
  route(
    'GET',
    'tokens/*',
    'retrieve_token',
    ({ state, ids }) => {
      const token = state.tokens.get(ids[0] ?? '');
      if (token === undefined) throw new OmiseRefusal('not_found', `token ${ids[0] ?? ''} was not found`);
      return ok(renderToken(token));
    },
    'public',
  ),
  route(
    'POST',
    'sources',
    'create_source',
    ({ state, parameters }) => ok(createSource(state, parameters)),
    'either',
  ),
  route(
    'GET',
    'sources/*',
    'retrieve_source',
    ({ state, ids }) => ok(renderSource(findSource(state, ids[0] ?? ''))),
    'either',
  ),
  route('POST', 'customers', 'create_customer', ({ state, parameters }) =>
    ok(createCustomer(state, parameters)),
  ),
  route('GET', 'customers/*', 'retrieve_customer', ({ state, ids }) =>
    ok(renderCustomer(state, findCustomer(state, ids[0] ?? ''))),
  ),
  route('GET', 'account', 'account', ({ state }) => ok(renderAccount(state))),
  route('GET', 'capability', 'capability', ({ state }) => ok(renderCapability(state)), 'either'),
  route(
    'GET',
    'charges/*/documents/*/downloads/*',
    'download_document',
    () => ({ status: 200, headers: { 'content-type': 'image/svg+xml' }, body: codeImage }),
    'none',
  ),
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

/** The endpoint that a request is for, with the ids of its path, or undefined. */
export const findRoute = (request: SimulatorRequest): { route: Route; ids: string[] } | undefined => {
  const segments = request.path.replace(/^\/|\/$/g, '').split('/');
  const found = routes.find(
    ({ method, path }) =>
      method === request.method &&
      path.length === segments.length &&
      path.every((name, index) => (name === '*' ? segments[index] !== '' : name === segments[index])),
  );
  if (found === undefined) return undefined;
  return { route: found, ids: segments.filter((_, index) => found.path[index] === '*').map(decode) };
};
