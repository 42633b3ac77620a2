/** A value of a form or query: nested objects become `parent[child]`, arrays `parent[0]`, undefined is left out, null is empty. */
export type WireValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly WireValue[]
  | { readonly [field: string]: WireValue };

/** One request as data. The transport adds authentication, the idempotency key and the version headers of `connect`. */
export interface WireRequest {
  /** The HTTP method. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The path with placeholders, such as `/v1/charges/{id}/capture`: what events and logs show. */
  readonly route: string;
  /** Values of the placeholders. They are checked and percent-encoded. */
  readonly ids?: Readonly<Record<string, string>>;
  /** Sent in the query of the URL, percent-encoded. */
  readonly query?: Readonly<Record<string, WireValue>>;
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, WireValue>>;
  /** Sent as `application/json`. Undefined fields are left out. */
  readonly json?: unknown;
  /** Further headers of this request, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One answer: any status, headers in lower case, the body parsed as JSON. */
export interface WireAnswer {
  /** The HTTP status. */
  readonly status: number;
  /** Names in lower case; several values of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body; undefined where it is empty or no JSON. */
  readonly body: unknown;
  /** The provider's id of the request, from `requestIdHeaders`; null where it sent none. */
  readonly requestId: string | null;
}

/** A checked body with its answer. `wire` is the untouched body: the schema is a check, it never transforms. */
export interface Answered<Wire> {
  /** The body as the provider sent it. */
  readonly wire: Wire;
  /** The answer with its status and headers. */
  readonly answer: WireAnswer;
}
