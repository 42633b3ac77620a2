import { jsonResponse, type SimulatorRequest, type SimulatorResponse } from '../face.js';
import { findCharge, type MagpieCharge } from './charge.js';
import { captureCharge, refundCharge, verifyCharge, voidCharge } from './charge-actions.js';
import { renderCharge, renderOwnSource } from './charge-view.js';
import { createCharge } from './create-charge.js';
import { listCharges } from './list.js';
import { createSource, findSource } from './sources.js';
import type { MagpieState } from './state.js';

/** What an endpoint gets. */
interface Call {
  state: MagpieState;
  request: SimulatorRequest;
  /** The id in the path, if it has one. */
  id: string;
}

/** Whose key an endpoint asks for: sources are made in browsers. */
export type KeyKind = 'secret' | 'public' | 'either';

/** An endpoint. */
export interface Route {
  method: string;
  /** Segments; `*` stands for an id. Collections end in an empty segment, that is, in a slash. */
  path: readonly string[];
  operation: string;
  key: KeyKind;
  run(call: Call): SimulatorResponse;
}

const route = (
  method: string,
  path: string,
  operation: string,
  run: (call: Call) => SimulatorResponse,
  key: KeyKind = 'secret',
): Route => ({ method, path: path.split('/'), operation, key, run });

/** An endpoint that changes a charge and answers with it. */
const action = (
  name: string,
  operation: string,
  change: (state: MagpieState, charge: MagpieCharge, request: SimulatorRequest) => void,
): Route =>
  route('POST', `v2/charges/*/${name}`, operation, ({ state, request, id }) => {
    const charge = findCharge(state, id);
    change(state, charge, request);
    return jsonResponse(200, renderCharge(state, charge));
  });

const routes: readonly Route[] = [
  route('POST', 'v2/charges/', 'create', ({ state, request }) =>
    jsonResponse(201, renderCharge(state, createCharge(state, request))),
  ),
  route('GET', 'v2/charges/', 'list', ({ state, request }) =>
    jsonResponse(200, listCharges(state, request.query)),
  ),
  route('GET', 'v2/charges/*', 'retrieve', ({ state, id }) =>
    jsonResponse(200, renderCharge(state, findCharge(state, id))),
  ),
  action('capture', 'capture', captureCharge),
  action('void', 'void', voidCharge),
  action('refund', 'refund', refundCharge),
  action('verify', 'verify', verifyCharge),
  route(
    'POST',
    'v2/sources/',
    'create_source',
    ({ state, request }) => jsonResponse(200, renderOwnSource(state, createSource(state, request))),
    'public',
  ),
  route(
    'GET',
    'v2/sources/*',
    'retrieve_source',
    ({ state, id }) => jsonResponse(200, renderOwnSource(state, findSource(state, id))),
    'either',
  ),
];

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

const fits = (path: readonly string[], segments: readonly string[]): boolean =>
  path.length === segments.length &&
  path.every((name, index) => (name === '*' ? segments[index] !== '' : name === segments[index]));

const otherSlash = (path: string): string => (path.endsWith('/') ? path.slice(0, -1) : `${path}/`);

/** What was found for a request. */
export interface Found {
  /** Missing when the path exists, but not with this method. */
  route: Route | undefined;
  id: string;
  /** The documented path, if the request differs from it by its trailing slash. */
  documentedPath: string | null;
}

/** Everything that a request may ask for. */
export const operations: readonly string[] = [...new Set(routes.map(({ operation }) => operation))];

/** The endpoint that a request is for, or undefined. */
export const findRoute = ({ method, path }: SimulatorRequest): Found | undefined => {
  for (const written of [path, otherSlash(path)]) {
    const segments = written.slice(1).split('/');
    const fitting = routes.filter((each) => fits(each.path, segments));
    const [first] = fitting;
    if (first === undefined) continue;
    return {
      route: fitting.find((each) => each.method === method),
      id: decode(segments[first.path.indexOf('*')] ?? ''),
      documentedPath: written === path ? null : written,
    };
  }
  return undefined;
};
