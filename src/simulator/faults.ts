import { checkNumber, checkObject, checkText, checkWhole, checkWord, shown } from './check-values.js';
import { checkMembers, meant } from './nearest-name.js';

/** What can go wrong between a client and a provider. */
export type FaultType =
  /** The connection is closed before the request is accepted; nothing happens. */
  | 'refuse'
  /** The answer is late by `ms`; the request is executed at the end of the wait, or before it (`when: 'after_commit'`). */
  | 'delay'
  /** The connection breaks before the request is executed. */
  | 'cut_before_commit'
  /** The request is executed, the connection breaks before the answer. */
  | 'cut_after_commit'
  /** The request is executed, headers and half of the body arrive, then the connection breaks. */
  | 'half_answer'
  /** 429 with `Retry-After`; nothing happens. */
  | 'rate_limited'
  /** 500 in the provider's envelope; nothing happens. */
  | 'server_error'
  /** The request is executed, then 500; with an idempotency key the 500 is what a replay gets. */
  | 'server_error_after_commit'
  /** The request is executed, a proxy answers 502 with HTML. */
  | 'bad_gateway_after_commit'
  /** The request is executed, the answer is damaged JSON. */
  | 'malformed_json'
  /** The request is executed, the answer has its status but no body. */
  | 'empty_body'
  /** The network delivers the request twice; the client gets the second answer (or the first: `answer: 'first'`). */
  | 'duplicate_delivery';

/** A fault with its particulars. */
export interface FaultDetails {
  /** What goes wrong. */
  type: FaultType;
  /** `delay`: how long; 1000 unless told. */
  ms?: number | undefined;
  /** `delay`: whether the request is executed after the wait (default) or before it. */
  when?: 'before_commit' | 'after_commit' | undefined;
  /** `rate_limited`: seconds in `Retry-After`; 1 unless told. */
  retryAfterSeconds?: number | undefined;
  /** Of a fault with a whole answer: headers besides its own (names in lower case), such as `stripe-should-retry`. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** `duplicate_delivery`: whose answer the client gets; the second unless told. */
  answer?: 'first' | 'second' | undefined;
}

/** What `inject` takes. */
export interface FaultOrder {
  /** Only requests to this provider; any unless told. */
  provider?: string | undefined;
  /** Only this operation, in snake case (`create`, `list_refunds`, …); any unless told. A name that no request has is refused. */
  operation?: string | undefined;
  /** What goes wrong: its name, or an object with its particulars. */
  fault: FaultType | FaultDetails;
  /** How many requests it hits; 1 unless told. */
  times?: number | undefined;
}

/** An injected fault that has not struck as often as it is to. */
export interface PendingFault {
  /** The provider that it waits for; null where any is hit. */
  readonly provider: string | null;
  /** The operation that it waits for; null where any is hit. */
  readonly operation: string | null;
  /** What goes wrong. */
  readonly fault: FaultType;
  /** How many requests it is still to hit. */
  readonly left: number;
}

type Particular = Exclude<keyof FaultDetails, 'type'>;

/** The particulars that each fault has. Headers come with a whole answer only. */
const particularsOf: Readonly<Record<FaultType, readonly Particular[]>> = {
  refuse: [],
  delay: ['ms', 'when', 'headers'],
  cut_before_commit: [],
  cut_after_commit: [],
  half_answer: [],
  rate_limited: ['retryAfterSeconds', 'headers'],
  server_error: ['headers'],
  server_error_after_commit: ['headers'],
  bad_gateway_after_commit: ['headers'],
  malformed_json: ['headers'],
  empty_body: ['headers'],
  duplicate_delivery: ['answer', 'headers'],
};

const faultTypes: readonly string[] = Object.keys(particularsOf);

const orderMembers = ['provider', 'operation', 'fault', 'times'];
const particulars = ['ms', 'when', 'retryAfterSeconds', 'headers', 'answer'];
const detailMembers = ['type', ...particulars];

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isGiven = (value: unknown): boolean => value !== undefined;

/** The members that are not undefined. */
const givenIn = (members: object): object =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => isGiven(value)));

const checkHeaders = (headers: unknown): void => {
  checkObject('The headers of a fault', headers, "{ 'retry-after': '3' }");
  for (const [name, value] of Object.entries(headers as object))
    if (typeof value !== 'string') checkText(`The header '${name}' of a fault`, value, '3');
};

const checkParticulars = (fault: object): void => {
  checkMembers('A fault', fault, detailMembers);
  const { ms, when, retryAfterSeconds, headers, answer }: Record<string, unknown> = { ...fault };
  if (isGiven(ms)) checkNumber('The ms of a fault', ms, 0);
  if (isGiven(when)) checkWord("The 'when' of a fault", when, ['before_commit', 'after_commit']);
  if (isGiven(retryAfterSeconds)) checkNumber('The retryAfterSeconds of a fault', retryAfterSeconds, 0);
  if (isGiven(headers)) checkHeaders(headers);
  if (isGiven(answer)) checkWord('The answer of a fault', answer, ['first', 'second']);
};

const readDetails = (order: FaultOrder): FaultDetails => {
  // It may come over the wire, or from JavaScript.
  if (!isObject(order)) throw new RangeError("A fault is an object such as { fault: 'refuse' }.");
  const particular = Object.keys(order).find((name) => particulars.includes(name));
  if (particular !== undefined) {
    const type = typeof order.fault === 'string' ? shown(order.fault) : '…';
    throw new RangeError(
      `A fault has no '${particular}' beside it: give fault: { type: ${type}, ${particular} }. Known are ${orderMembers.join(', ')}.`,
    );
  }
  checkMembers('A fault', order, orderMembers);
  const { provider, operation, fault, times }: Record<string, unknown> = { ...order };
  if (isGiven(provider)) checkText('The provider of a fault', provider, 'fake');
  if (isGiven(operation)) checkText('The operation of a fault', operation, 'create');
  if (isGiven(times)) checkWhole('The times of a fault', times, 1, Infinity);
  if (isObject(fault)) checkParticulars(fault);
  const type = String(isObject(fault) && 'type' in fault ? fault.type : isObject(fault) ? undefined : fault);
  const known = faultNamed(type);
  if (isObject(fault))
    checkMembers(`The fault '${known}'`, givenIn(fault), ['type', ...particularsOf[known]]);
  return typeof order.fault === 'string' ? { type: known } : order.fault;
};

const isFaultType = (name: string): name is FaultType => faultTypes.includes(name);

/** A fault by its name. One that there is not is refused. */
export const faultNamed = (name: string): FaultType => {
  if (isFaultType(name)) return name;
  throw new RangeError(
    `There is no fault '${name}'.${meant(name, faultTypes)} Known are ${faultTypes.join(', ')}.`,
  );
};

/** Refuses what is no fault, a member of it that there is not, and a value that would never do what was meant. */
export const checkFault = (order: FaultOrder): void => void readDetails(order);

/** Refuses a fault for an operation that no request has: it would never strike, and the test would prove nothing. */
export const checkOperation = ({ provider, operation }: FaultOrder, known: readonly string[]): void => {
  if (operation === undefined || known.includes(operation)) return;
  const place = provider === undefined ? '' : ` at ${provider}`;
  throw new RangeError(
    `There is no operation '${operation}'${place}.${meant(operation, known)} Known are ${known.join(', ')}.`,
  );
};

/** Holds injected faults until requests come that they fit. */
export interface FaultQueue {
  add(order: FaultOrder): void;
  /** The oldest fault that fits, used up once. */
  take(provider: string, operation: string): FaultDetails | undefined;
  /** Forgets all faults that have not struck yet. */
  clear(): void;
  /** What has not struck as often as it is to, oldest first. */
  pending(): PendingFault[];
}

/** Makes an empty queue of faults. */
export const createFaultQueue = (): FaultQueue => {
  let orders: {
    provider: string | undefined;
    operation: string | undefined;
    fault: FaultDetails;
    left: number;
  }[] = [];
  return {
    add: (order) => {
      const details = readDetails(order);
      const { provider, operation, times = 1 } = order;
      orders.push({ provider, operation, fault: details, left: times });
    },
    take: (provider, operation) => {
      const order = orders.find(
        (each) =>
          (each.provider === undefined || each.provider === provider) &&
          (each.operation === undefined || each.operation === operation),
      );
      if (order === undefined) return undefined;
      order.left -= 1;
      if (order.left <= 0) orders = orders.filter((each) => each !== order);
      return order.fault;
    },
    clear: () => {
      orders = [];
    },
    pending: () =>
      orders.map(({ provider = null, operation = null, fault, left }) => ({
        provider,
        operation,
        fault: fault.type,
        left,
      })),
  };
};
