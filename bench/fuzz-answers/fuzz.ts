import {
  advanceCharge,
  ChargesError,
  InvalidResponseError,
  NotFoundError,
  type Charge,
} from '../../src/index.js';
import { wholeAnswers, type FuzzedProvider, type WholeAnswer } from './scene.js';

type Path = readonly string[];

/**
 * The fields that decide by each provider's documentation where a charge stands or how much of it went back: read as another
 * value they mean another charge, and nobody could tell.
 */
const deciding: Readonly<Record<FuzzedProvider, RegExp>> = {
  stripe:
    /^(?:status|object|captured|refunded|amount\w*|currency|latest_charge|cancellation_reason|last_payment_error|next_action|balance_transaction|refunds|data|has_more|created|metadata|payment_intent)$/,
  omise:
    /^(?:status|object|paid|authorized|reversed|voided|amount|currency|captured_amount|refunded_amount|refunded|refunds|data|total|expires_at|reversed_at|authorization_type|source|references)$/,
  magpie: /^(?:status|authorized|captured|amount\w*|currency|refunds|metadata|unicharge_\w+|action|url)$/,
  justifi: /^(?:status|returned|amount\w*|currency|refunds|capture_strategy|created_at|updated_at)$/,
  pin: /^(?:success|captured|authorisation_\w+|amount\w*|currency|redirect_url|status_message|error_message|metadata|unicharge_\w+)$/,
};

/** A small generator of numbers: the same seed, the same run. */
export const numbersFrom = (seed: number): ((below: number) => number) => {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

const placesIn = (value: unknown, path: Path = []): Path[] => {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, item]) => placesIn(item, [...path, name]))];
};

const deleted = Symbol('deleted');
const othersOf = (value: unknown): readonly unknown[] => [
  deleted,
  null,
  'word_of_tomorrow',
  Number.MAX_SAFE_INTEGER * 8,
  ...(typeof value === 'number' ? [String(value), -value, value + 0.5] : []),
  ...(typeof value === 'string' ? [7, { value }, ''] : []),
  ...(typeof value === 'boolean' ? [String(value), Number(value)] : []),
  ...(typeof value === 'object' ? [7, [], {}] : []),
];

const at = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], root);

/** A copy in which one place is another value, or gone. */
const broken = (root: unknown, path: Path, value: unknown): unknown => {
  const copy = structuredClone(root);
  const holder = at(copy, path.slice(0, -1)) as Record<string, unknown>;
  const name = path.at(-1) ?? '';
  if (value === deleted) {
    if (Array.isArray(holder)) holder.splice(Number(name), 1);
    else Reflect.deleteProperty(holder, name);
  } else holder[name] = value;
  return copy;
};

const amountsOf = ({ amount, amountCaptured, amountRefunded, currency }: Charge): string =>
  JSON.stringify([amount, amountCaptured, amountRefunded, currency]);

/** What is wrong with how a broken answer was read; null where nothing is. */
const faultOf = (
  read: Charge,
  truth: Charge,
  isDeciding: boolean,
  drifts: readonly string[],
): string | null => {
  const known = advanceCharge(null, truth);
  const after = advanceCharge(known, read);
  if (!isDeciding && after.amountRefunded < known.amountRefunded)
    return `lowers what was refunded from ${known.amountRefunded} to ${after.amountRefunded}`;
  const alone = advanceCharge(null, read).amountRefunded;
  if (read.status === 'captured' && alone < (read.amountRefunded ?? 0))
    return `is kept with ${alone} refunded instead of ${String(read.amountRefunded)}`;
  if (after.amount !== known.amount || after.currency !== known.currency) return 'changes the amount';
  if (isDeciding || drifts.length > 0) return null;
  if (read.status !== truth.status) return `reads ${truth.status} as ${read.status} without a word`;
  return amountsOf(read) === amountsOf(truth) ? null : 'changes amounts without a word';
};

const judge = async (
  provider: FuzzedProvider,
  answer: WholeAnswer,
  path: Path,
  value: unknown,
): Promise<string | null> => {
  // The name of the place itself; what is inside of a field that decides does not decide by that alone.
  const name = path.findLast((step) => !/^\d+$/.test(step)) ?? '';
  const isDeciding = deciding[provider].test(name) && name !== answer.items;
  let read: Awaited<ReturnType<WholeAnswer['read']>>;
  try {
    read = await answer.read(broken(answer.body, path, value));
  } catch (error) {
    if (!(error instanceof ChargesError)) return `throws ${String(error)}`;
    if (answer.items !== null) return `makes the list unreadable: ${error.message}`;
    // What is referred to under another id is not there, or somebody else's.
    const isTyped = error instanceof InvalidResponseError || error instanceof NotFoundError;
    return isTyped || error.code === 'crossed_answers'
      ? null
      : `rejects with ${error.name}: ${error.message}`;
  }
  for (const charge of read.charges) {
    const truth = answer.truth.find(({ id }) => id === charge.id);
    // An item under another id is another charge for whoever reads it.
    if (truth === undefined) continue;
    const fault = faultOf(charge, truth, isDeciding, read.drifts);
    if (fault !== null) return fault;
  }
  const others = answer.truth.length - 1;
  return read.charges.length >= others ? null : 'hides other charges';
};

/** Where one place of an answer may be broken: inside the items of a page, since around them it is no answer any more. */
const placesOf = ({ body, items }: WholeAnswer): Path[] =>
  items === null
    ? placesIn(body).filter((path) => path.length > 0)
    : placesIn((body as Record<string, unknown>)[items], [items]).filter((path) => path.length > 1);

/** Breaks one random place of a whole answer at a time, and says what was read wrongly. */
export const fuzzAnswers = async (
  provider: FuzzedProvider,
  { trials, seed }: { readonly trials: number; readonly seed: number },
): Promise<string[]> => {
  const below = numbersFrom(seed);
  const answers = (await wholeAnswers(provider)).map((answer) => ({ answer, places: placesOf(answer) }));
  const faults: string[] = [];
  for (let trial = 0; trial < trials; trial += 1) {
    const { answer, places } = answers[below(answers.length)]!;
    const path = places[below(places.length)]!;
    const values = othersOf(at(answer.body, path));
    const value = values[below(values.length)];
    const fault = await judge(provider, answer, path, value);
    const change = value === deleted ? 'deleted' : `= ${JSON.stringify(value)}`;
    if (fault !== null) faults.push(`${provider}, ${answer.name}: ${path.join('.')} ${change} ${fault}`);
  }
  return faults;
};
