import type { InvalidRequestError } from '../errors.js';
import { createChargeList } from '../paginate.js';
import { callerKeyIn } from './caller-key.js';
import { refuseInput, type Refuser } from './check-input.js';
import { withMethods, type Method } from './methods.js';

/** Rejects with the refusal of a call, after its events were emitted. */
type Reject = (operation: string, error: InvalidRequestError) => Promise<never>;

const ordinals = ['', 'first', 'second', 'third'];

/** Methods that give something to await or iterate, and reject then. */
const startsLazily: ReadonlySet<string> = new Set(['list', 'search', 'reconcilePending']);

/** Methods whose last argument is no options. */
const hasNoOptions: ReadonlySet<string> = new Set(['parseWebhook']);

const surplusMessage = (name: string, most: number, given: number): string => {
  const place = hasNoOptions.has(name) ? undefined : ordinals[most];
  const rule = `takes at most ${most} argument${most === 1 ? '' : 's'}, got ${given}`;
  return place === undefined ? rule : `${rule}: options come ${place}`;
};

const refused = (
  context: Refuser,
  name: string,
  most: number,
  given: readonly unknown[],
  rejectWith: Reject,
): unknown => {
  const issue = { path: 'arguments', message: surplusMessage(name, most, given.length) };
  const idempotencyKey = given.map(callerKeyIn).find((key) => key !== null) ?? null;
  const error = refuseInput(context, name, [issue], { idempotencyKey });
  const reject = () => rejectWith(name, error);
  if (!startsLazily.has(name)) return reject();
  return createChargeList({
    cursor: null,
    maxItems: null,
    fetch: reject,
    onRepeatedCursor: reject,
  });
};

/** A method that refuses surplus arguments. A trailing undefined, as mocking tools pass, is ignored. */
const limited = (context: Refuser, name: string, method: Method, rejectWith: Reject): Method => {
  const most = method.length;
  const checked: Method = (...given) => {
    const count = given.findLastIndex((each) => each !== undefined) + 1;
    if (count > most) return refused(context, name, most, given.slice(0, count), rejectWith);
    return method(...given.slice(0, most));
  };
  return Object.defineProperties(checked, {
    name: { value: name, configurable: true },
    length: { value: most, configurable: true },
  });
};

/**
 * The same methods, refusing surplus arguments: in `create(params, undefined, { idempotencyKey })` and
 * `void(id, {}, { idempotencyKey })` the key would be ignored silently, and `ids.map(charges.retrieve)` hands
 * over an index as options. How many a method takes its parameter list says; one that names none may read
 * them all.
 */
export const limitArguments = <Methods extends object>(
  context: Refuser,
  methods: Methods,
  rejectWith: Reject = (_, error) => Promise.reject(error),
): Methods =>
  withMethods(methods, (name, member) =>
    // `supports` sends nothing, and serves as a filter: `operations.filter(charges.supports)`.
    member.length > 0 && name !== 'supports' ? limited(context, name, member, rejectWith) : member,
  );
