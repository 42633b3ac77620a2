import type { WireRequest, WireValue } from '../provider.js';

/** `PUT /1/charges/{id}/capture`: the method, and the path with placeholders. */
export type Endpoint = `${WireRequest['method']} /${string}`;

/** Values of placeholders by their names. */
export type Ids = Readonly<Record<string, string>>;

/** Fields of a query or a form. */
export type Query = Readonly<Record<string, WireValue>>;

/** An endpoint, taken apart. */
export interface ParsedEndpoint {
  readonly method: WireRequest['method'];
  readonly route: string;
  /** The names of the placeholders, in the order of the path. */
  readonly names: readonly string[];
}

const parsed = new Map<Endpoint, ParsedEndpoint>();

/** Takes an endpoint apart. Each is parsed once, however often it is asked. */
export const parseEndpoint = (endpoint: Endpoint): ParsedEndpoint => {
  const known = parsed.get(endpoint);
  if (known !== undefined) return known;
  const space = endpoint.indexOf(' ');
  const route = endpoint.slice(space + 1);
  const made = {
    // The type of an endpoint holds no other method.
    method: endpoint.slice(0, space) as WireRequest['method'],
    route,
    names: [...route.matchAll(/\{(\w{1,64})\}/g)].map(([, name = '']) => name),
  };
  parsed.set(endpoint, made);
  return made;
};
