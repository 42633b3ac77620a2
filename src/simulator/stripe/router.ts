import type { SimulatorRequest } from '../face.js';
import type { Route } from './call.js';
import { Refusal } from './errors.js';

/** A route and the id that stood in the path. */
export interface Match {
  route: Route;
  id: string;
}

/** Finds the call that a request asks for. */
export interface Router {
  /** Refuses with 404 when there is none. */
  match(request: SimulatorRequest): Match;
  operationOf(request: SimulatorRequest): string;
  /** Whether the publishable key may ask for it. */
  isPublic(request: SimulatorRequest): boolean;
}

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** Makes a router. Routes without an id go first, so that `search` is not taken for one. */
export const createRouter = (routes: readonly Route[]): Router => {
  const fixed = new Map<string, Route>();
  const withId = new Map<string, Route>();
  for (const row of routes) {
    const [before, after] = row.path.split('/:id');
    if (after === undefined) fixed.set(`${row.method} ${row.path}`, row);
    else withId.set(`${row.method} ${before}|${after}`, row);
  }

  const find = ({ method, path }: SimulatorRequest): Match | undefined => {
    // A trailing slash makes no difference: an empty id asks for the list.
    const plain = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    const route = fixed.get(`${method} ${plain}`);
    if (route !== undefined) return { route, id: '' };
    const [, version = '', resource = '', id = '', ...rest] = plain.split('/');
    const action = rest.length === 0 ? '' : `/${rest.join('/')}`;
    const row = withId.get(`${method} /${version}/${resource}|${action}`);
    return row === undefined || id === '' ? undefined : { route: row, id: decode(id) };
  };

  return {
    match: (request) => {
      const match = find(request);
      if (match !== undefined) return match;
      throw new Refusal(
        404,
        'invalid_request_error',
        { message: `Unrecognized request URL (${request.method}: ${request.path}).` },
        false,
      );
    },
    operationOf: (request) => find(request)?.route.operation ?? 'unknown',
    isPublic: (request) => find(request)?.route.isPublic ?? false,
  };
};
