import { CardError } from '../errors.js';
import { attach } from '../models/attachments.js';
import { chargeSchema, isFinal, type Charge } from '../models/charge.js';
import type { OperationResult } from '../models/operation-store.js';
import type { Reconciliation } from '../models/reconciliation.js';
import type { RoutedCharge, RoutedReconciliation } from './route.js';
import { routeNamed, type RouterContext, type RouterRun } from './router-context.js';
import { memberOf } from '../models/objects.js';

/** The same charge with the name of its route. What rides on it unseen, such as `raw`, stays. */
export const placed = (charge: Charge, route: string): RoutedCharge => {
  const own = Object.isExtensible(charge) ? charge : { ...charge };
  return Object.assign(own, { route });
};

/** What a client knows of a write, with the route in its charge. */
export const placedWord = (found: Reconciliation, route: string): RoutedReconciliation =>
  found.outcome === 'unknown'
    ? found
    : { ...found, charge: found.charge === null ? null : placed(found.charge, route) };

/** A charge as it is recorded: plain, with its route. */
export const snapshotRouted = (charge: RoutedCharge): OperationResult => {
  const value: unknown = JSON.parse(JSON.stringify({ ...charge }));
  return { kind: 'charge', value };
};

/** A recorded charge. It carries its key again, but nothing of the provider's resource. */
export const restoreRouted = (result: OperationResult | null, key: string): RoutedCharge => {
  const route = memberOf(result?.value, 'route');
  if (result?.kind !== 'charge' || typeof route !== 'string')
    throw new TypeError('the record holds no charge');
  const charge = chargeSchema.parse(result.value);
  return placed(attach(charge, { stamp: key }), route);
};

/** The outcome of a client's reconciliation of a key without a charge. */
export const answerOf = ({ outcome }: Reconciliation): 'did_not_happen' | 'unknown' =>
  outcome === 'did_not_happen' ? 'did_not_happen' : 'unknown';

/**
 * A recorded charge that was not final may have changed: read it once at its route; if the read fails, return
 * it as recorded. It is never sent again, whatever the route remembers.
 */
export const refreshAt = async (
  context: RouterContext,
  run: RouterRun,
  recorded: RoutedCharge,
): Promise<RoutedCharge> => {
  context.emit({ type: 'planned', idempotencyKey: run.key, routes: [recorded.route], recorded: true });
  const route = routeNamed(context, recorded.route);
  if (isFinal(recorded) || route === null) return recorded;
  const { signal, timeoutMs } = run.options;
  const charge = await route.client
    .retrieve(recorded.id, {
      maxRetries: 0,
      deadlineMs: Math.max(1, Math.floor(run.deadline - context.runtime.monotonic())),
      ...(signal === undefined ? {} : { signal }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    })
    .catch(() => null);
  if (charge === null) return recorded;
  if (charge.status === 'failed') throw declined(run, charge);
  // Some providers return the URL of the payer's page only in the response to the create.
  const isStillOpen =
    charge.status === recorded.status && charge.nextAction === null && recorded.nextAction !== null;
  return isStillOpen ? recorded : placed(charge, recorded.route);
};

/** A charge that was declined after all, as the error that a decline is everywhere. */
const declined = (run: RouterRun, charge: Charge): CardError =>
  new CardError({
    provider: charge.provider,
    operation: 'create',
    idempotencyKey: run.key,
    outcome: 'rejected',
    message: charge.failure?.message ?? 'the charge was declined',
    chargeId: charge.id,
    charge: { ...charge },
    declineCode: charge.failure?.code ?? null,
    networkCode: charge.failure?.networkCode ?? null,
    advice: charge.failure?.advice ?? null,
    providerCode: charge.failure?.providerCode ?? null,
  });
