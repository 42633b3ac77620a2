import { ChargesError, IntegrityError, OutcomeUnknownError } from '../errors.js';
import { withDetails } from '../errors/with-details.js';
import type { CreateParams } from '../models/params.js';
import { conflictAfterSuccess } from '../writes/key-conflict.js';
import { ask, chargeIn, several, type Word } from './ask-routes.js';
import { routerName } from './params.js';
import type { Position } from './plan.js';
import { placed, snapshotRouted } from './recorded.js';
import type { RoutedCharge } from './route.js';
import { routeNamed, type RouterContext, type RouterRun } from './router-context.js';

/** The key was used for another payment. The error carries what that made; nothing of this one was sent. */
const otherPayment = (key: string, charge: RoutedCharge): ChargesError => {
  const facts = { provider: routerName, operation: 'create', idempotencyKey: key, chargeId: charge.id };
  const error = conflictAfterSuccess(facts, snapshotRouted(charge));
  if (error.charge !== null) placed(error.charge, charge.route);
  return error;
};

const asksFor = ({ amount, currency }: CreateParams, charge: RoutedCharge): boolean =>
  charge.amount === amount && charge.currency === currency;

/** What the routes said of a key. */
interface Seen {
  readonly charges: readonly RoutedCharge[];
  /** The routes that do not know, or do not know yet. `step`: where a route stands in the plan; undefined where it does not fit. */
  readonly open: readonly {
    readonly name: string;
    readonly step: Position['steps'][number] | undefined;
    readonly found: Word;
  }[];
  /** Why a route could not be asked; the first. */
  readonly failure: Error | null;
}

const notAsked = (): Error => new Error('a route could not be asked');

/** What one route says of a key, or why it could not be asked. */
const askInTime = async (context: RouterContext, run: RouterRun, name: string): Promise<Word | Error> => {
  const route = routeNamed(context, name);
  if (route === null) return notAsked();
  const deadlineMs = Math.max(1, Math.floor(run.deadline - context.runtime.monotonic()));
  return ask(route, run.key, { deadlineMs }).catch((error: unknown) => {
    // Contradicting charges are an answer, not an outage.
    if (error instanceof IntegrityError) throw withDetails(error, { outcome: 'unknown' });
    return error instanceof Error ? error : notAsked();
  });
};

/** The routes of a plan in its order, and then those that do not fit: they may have fitted before a restart. */
const namesOf = ({ settings }: RouterContext, { steps }: Position): ReadonlySet<string> =>
  new Set([...steps, ...settings.routes.map(({ name }) => ({ route: name }))].map(({ route }) => route));

const askAll = async (context: RouterContext, run: RouterRun, position: Position): Promise<Seen> => {
  const charges: RoutedCharge[] = [];
  const open: Seen['open'][number][] = [];
  let failure: Error | null = null;
  for (const name of namesOf(context, position)) {
    const step = position.steps.find(({ route }) => route === name);
    const found = await askInTime(context, run, name);
    if (found instanceof Error) {
      failure ??= found;
      continue;
    }
    const charge = chargeIn(found);
    if (charge !== null) charges.push(charge);
    // Without a record, and with a complete lookup, a client cannot say when to look again. A record that no lookup can settle counts.
    if (found.outcome === 'unknown' && (found.operation !== null || found.retryAfterMs !== null))
      open.push({ name, step, found });
  }
  return { charges, open, failure };
};

/** A route that this payment does not fit now may have it. */
const mayLiveAt = (key: string, name: string, found: Word): ChargesError =>
  new OutcomeUnknownError({
    provider: routerName,
    operation: 'create',
    idempotencyKey: key,
    message: `nothing was sent: the route ${name}, which this payment does not fit now, may have it and does not know yet`,
    outcome: 'unknown',
    retryAfterMs: found.outcome === 'unknown' ? found.retryAfterMs : null,
    candidates: found.outcome === 'unknown' ? found.candidates : [],
  });

/**
 * Asks the clients of all routes for the key: those of the plan, and those that the payment does not fit now.
 *
 * 1. One charge with these params is the answer. Another payment's charge, or several charges, throw.
 * 2. If `isStrict` (an earlier owner left an open record), a route that could not be asked stops the payment.
 * 3. A route with an unresolved record goes first, and is `open`.
 * 4. Without such a record, so does a route whose lookup was incomplete: only the plan's first, or any if `isStrict`.
 * 5. A payment goes to no route that it does not fit: where one of those would go first, nothing is sent.
 * 6. Otherwise the plan stays as it is.
 */
export const lookEverywhere = async (
  context: RouterContext,
  run: RouterRun,
  position: Position,
  params: CreateParams,
  isStrict: boolean,
): Promise<{ readonly charge: RoutedCharge } | { readonly position: Position; readonly open: boolean }> => {
  const { charges, open, failure } = await askAll(context, run, position);
  if (charges.length > 1) throw several(run.key, charges);
  const [charge] = charges;
  if (charge !== undefined) {
    if (!asksFor(params, charge)) throw otherPayment(run.key, charge);
    return { charge };
  }
  if (isStrict && failure !== null)
    throw failure instanceof ChargesError ? withDetails(failure, { outcome: 'unknown' }) : failure;
  const recorded = open.find(({ found }) => found.operation !== null);
  const unclear = open.find(({ step }) => isStrict || step === position.steps[0]);
  const home = recorded ?? unclear;
  if (home === undefined) return { position, open: false };
  const { step: first } = home;
  if (first === undefined) throw mayLiveAt(run.key, home.name, home.found);
  const others = position.steps.filter((other) => other !== first);
  return { position: { ...position, steps: [first, ...others] }, open: true };
};
