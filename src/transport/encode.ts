import type { WireRequest, WireValue } from '../provider.js';

const exceptions: Readonly<Record<string, string>> = {
  '!': '%21',
  "'": '%27',
  '(': '%28',
  ')': '%29',
  '*': '%2A',
  '%5B': '[',
  '%5D': ']',
};

/** Most names and values: nothing in them is encoded. */
const plainText = /^[\w.~-]*$/;

/** Percent-encoded as the official clients do it: brackets stay readable, and five signs do not that a URI would allow. */
const encodeText = (text: string): string =>
  plainText.test(text)
    ? text
    : encodeURIComponent(text).replace(/[!'()*]|%5[BD]/g, (sign) => exceptions[sign] ?? sign);

const isList = (value: object): value is readonly WireValue[] => Array.isArray(value);

/** The pairs before, and those of a field whose name is encoded already. */
const withField = (pairs: string, name: string, value: WireValue): string => {
  if (value === undefined) return pairs;
  if (typeof value !== 'object' || value === null) {
    const pair = `${name}=${encodeText(value === null ? '' : String(value))}`;
    return pairs === '' ? pair : `${pairs}&${pair}`;
  }
  let more = pairs;
  if (isList(value)) {
    for (let index = 0; index < value.length; index += 1)
      more = withField(more, `${name}[${index}]`, value[index]);
    return more;
  }
  for (const field of Object.keys(value))
    more = withField(more, `${name}[${encodeText(field)}]`, value[field]);
  return more;
};

/** Nested fields as `application/x-www-form-urlencoded`: `a[b]=c`, arrays indexed, null empty, undefined left out. */
export const encodeFields = (fields: Readonly<Record<string, WireValue>>): string => {
  let pairs = '';
  for (const name of Object.keys(fields)) pairs = withField(pairs, encodeText(name), fields[name]);
  return pairs;
};

/** What may stand in an id: no separators, no dots alone, nothing that makes another address of it. */
const idPattern = /^(?!\.{1,2}$)[A-Za-z0-9_.:~-]{1,255}$/;

/** Whether a text can be an id in a path. */
export const isPathId = (id: unknown): id is string => typeof id === 'string' && idPattern.test(id);

/** Fills the placeholders of a route. Throws a RangeError for an id that cannot be one. */
export const fillRoute = (request: Pick<WireRequest, 'route' | 'ids' | 'query'>): string => {
  const path = request.route.replace(/\{(\w{1,64})\}/g, (_, name: string) => {
    const id = request.ids?.[name];
    if (!isPathId(id)) throw new RangeError(`${name} cannot be an id`);
    return encodeURIComponent(id);
  });
  const query = request.query === undefined ? '' : encodeFields(request.query);
  return query === '' ? path : `${path}?${query}`;
};

/** The body and its content type. */
export const encodeBody = (
  request: WireRequest,
): { readonly body: string | null; readonly contentType: string | null } => {
  if (request.form !== undefined) {
    return { body: encodeFields(request.form), contentType: 'application/x-www-form-urlencoded' };
  }
  if (request.json !== undefined)
    return { body: JSON.stringify(request.json), contentType: 'application/json' };
  // A write without a body still says so: some servers refuse a POST without a length.
  return { body: request.method === 'GET' ? null : '', contentType: null };
};
