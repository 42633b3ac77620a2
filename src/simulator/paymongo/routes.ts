import { jsonResponse, type SimulatorRequest, type SimulatorResponse } from '../face.js';
import { attributesOf } from './attributes.js';
import { attachMethod, cancelIntent, captureIntent, createIntent, findIntent } from './intents.js';
import { createMethod, createSource, findMethod, findSource } from './methods.js';
import { createPayment, findPayment, pageOf } from './payments.js';
import { createRefund, findRefund } from './refunds.js';
import type { PaymongoIntent, PaymongoState } from './state.js';
import {
  renderIntent,
  renderListed,
  renderMethod,
  renderPayment,
  renderRefund,
  renderSource,
  type Rendered,
} from './view.js';

/** What an endpoint gets. */
interface Call {
  state: PaymongoState;
  request: SimulatorRequest;
  /** The id in the path, if it has one. */
  id: string;
}

/** An endpoint. */
export interface Route {
  method: string;
  /** Segments below `/v1`; `*` stands for an id. */
  path: readonly string[];
  operation: string;
  /** Whether it creates something: then it takes an idempotency key. */
  creates: boolean;
  /** Whether the public key may ask for it. */
  isPublic: boolean;
  run(call: Call): SimulatorResponse;
}

/** Every success is a 200. */
const one = (data: Rendered): SimulatorResponse => jsonResponse(200, { data });

const route = (
  line: `${'GET' | 'POST'} ${string}`,
  operation: string,
  run: (call: Call) => SimulatorResponse,
  { creates = false, isPublic = false }: { creates?: boolean; isPublic?: boolean } = {},
): Route => {
  const [method = '', path = ''] = line.split(' ');
  return { method, path: path.split('/'), operation, creates, isPublic, run };
};

const intentAction = (
  name: string,
  operation: string,
  change: (state: PaymongoState, intent: PaymongoIntent, request: SimulatorRequest) => void,
): Route =>
  route(`POST payment_intents/*/${name}`, operation, ({ state, request, id }) => {
    const intent = findIntent(state, id);
    change(state, intent, request);
    return one(renderIntent(intent));
  });

const creates = { creates: true };
const fromPages = { creates: true, isPublic: true };

const routes: readonly Route[] = [
  route(
    'POST payment_intents',
    'create_intent',
    ({ state, request }) => one(renderIntent(createIntent(state, attributesOf(request)))),
    creates,
  ),
  route('GET payment_intents/*', 'retrieve', ({ state, id }) => one(renderIntent(findIntent(state, id)))),
  // What takes the money is the create of every other provider.
  intentAction('attach', 'create', (state, intent, request) => {
    attachMethod(state, intent, attributesOf(request));
  }),
  intentAction('capture', 'capture', (state, intent, request) => {
    captureIntent(state, intent, attributesOf(request));
  }),
  intentAction('cancel', 'void', cancelIntent),
  route(
    'POST payments',
    'create',
    ({ state, request }) => one(renderPayment(createPayment(state, attributesOf(request)))),
    creates,
  ),
  route('GET payments', 'list', ({ state, request }) => {
    const { payments, hasMore } = pageOf(state, new URLSearchParams(request.query));
    const data = payments.map((payment) => renderListed(state, payment));
    return jsonResponse(200, { data, has_more: hasMore });
  }),
  route('GET payments/*', 'retrieve', ({ state, id }) => one(renderPayment(findPayment(state, id)))),
  route(
    'POST refunds',
    'refund',
    ({ state, request }) => one(renderRefund(createRefund(state, attributesOf(request)))),
    creates,
  ),
  route('GET refunds', 'list_all_refunds', ({ state }) =>
    jsonResponse(200, { data: [...state.refunds.values()].reverse().map(renderRefund), has_more: false }),
  ),
  route('GET refunds/*', 'retrieve_refund', ({ state, id }) => one(renderRefund(findRefund(state, id)))),
  route(
    'POST payment_methods',
    'create_token',
    ({ state, request }) => one(renderMethod(createMethod(state, attributesOf(request)))),
    fromPages,
  ),
  route(
    'GET payment_methods/*',
    'retrieve_token',
    ({ state, id }) => one(renderMethod(findMethod(state, id))),
    { isPublic: true },
  ),
  route(
    'POST sources',
    'create_source',
    ({ state, request }) => one(renderSource(createSource(state, attributesOf(request)))),
    fromPages,
  ),
  route('GET sources/*', 'retrieve_source', ({ state, id }) => one(renderSource(findSource(state, id))), {
    isPublic: true,
  }),
];

/** Everything that a request may ask for. */
export const operations: readonly string[] = [...new Set(routes.map(({ operation }) => operation))];

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** The endpoint that a request is for, with the id of its path, or undefined. */
export const findRoute = (request: SimulatorRequest): { route: Route; id: string } | undefined => {
  const [version, ...segments] = request.path.slice(1).split('/');
  if (version !== 'v1') return undefined;
  const found = routes.find(
    ({ method, path }) =>
      method === request.method &&
      path.length === segments.length &&
      path.every((name, index) => (name === '*' ? segments[index] !== '' : name === segments[index])),
  );
  return found === undefined ? undefined : { route: found, id: decode(segments[1] ?? '') };
};
