import { checkObject, checkText, checkWhole, shown } from '../simulator/check-values.js';
import type { SimulatorRequest, SimulatorResponse } from '../simulator/face.js';
import { checkMembers } from '../simulator/nearest-name.js';

/** A request as the handler of a fault server gets it. */
export interface FaultServerRequest {
  /** The HTTP method, upper case. */
  readonly method: string;
  /** The path without the query, as sent (percent-encoded). */
  readonly path: string;
  /** The query, decoded. */
  readonly query: URLSearchParams;
  /** Names in lower case; several values of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text; empty where there is none. */
  readonly body: string;
}

/** What the handler of a fault server answers. */
export interface FaultServerResponse {
  /** The HTTP status, 200 to 599. */
  readonly status: number;
  /** Headers besides `content-length`; without a `content-type` it is JSON. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A text is sent as it is, everything else as JSON. Left out, there is no body. */
  readonly body?: unknown;
}

export const asRequest = ({ query, ...request }: SimulatorRequest): FaultServerRequest => ({
  ...request,
  query: new URLSearchParams(query),
});

const textOf = (owner: string, body: unknown): string => {
  if (body === undefined) return '';
  if (typeof body === 'string') return body;
  const text: unknown = JSON.stringify(body);
  if (typeof text !== 'string')
    throw new TypeError(`A body of ${owner} must be something that JSON has, not ${shown(body)}.`);
  return text;
};

/** The answer of a handler as it goes out; one that is none is refused, with the name of what gave it. */
export const asResponse = (owner: string, answer: FaultServerResponse): SimulatorResponse => {
  checkObject(`What ${owner} answers`, answer, '{ status: 200, body: { id } }');
  checkMembers(`The answer of ${owner}`, answer, ['status', 'headers', 'body']);
  const { status, headers = {}, body } = answer;
  checkWhole('The status of an answer', status, 200, 599);
  checkObject('The headers of an answer', headers, "{ 'x-request-id': '1' }");
  const lowered: Record<string, string> = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(headers)) {
    checkText(`The header '${name}' of an answer`, value, '1');
    lowered[name.toLowerCase()] = value;
  }
  return { status, headers: lowered, body: textOf(owner, body) };
};
