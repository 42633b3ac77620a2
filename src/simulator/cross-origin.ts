import type { Face, SimulatorRequest, SimulatorResponse } from './face.js';

const allowAnyOrigin = { 'access-control-allow-origin': '*' };

/** Whether a browser may ask for this from the page of a shop. */
const servesBrowsers = (face: Face, request: SimulatorRequest): boolean =>
  request.headers['origin'] !== undefined && face.browser?.serves(request) === true;

/** The answer to a browser that asks whether a page of another origin may send what follows; undefined for other requests. */
export const answerPreflight = (face: Face, request: SimulatorRequest): SimulatorResponse | undefined => {
  const method = request.headers['access-control-request-method'];
  if (request.method !== 'OPTIONS' || method === undefined) return undefined;
  if (!servesBrowsers(face, { ...request, method })) return { status: 403, headers: {}, body: '' };
  return {
    status: 204,
    headers: {
      ...allowAnyOrigin,
      'access-control-allow-methods': method,
      'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '',
    },
    body: '',
  };
};

/** The headers that let a page read the answer. Whatever takes the secret key alone has none: no page may read it. */
export const crossOriginHeaders = (face: Face, request: SimulatorRequest): Record<string, string> =>
  servesBrowsers(face, request) ? allowAnyOrigin : {};
