import type { CallOptions } from '../charges-client.js';
import type { Reconciliation } from '../models/reconciliation.js';
import { placed } from './recorded.js';
import { reconcileStored, storeTyped, unknown } from './reconcile.js';
import { settleRemembered, type RouterContext } from './router-context.js';

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/**
 * Settles the records of charge routes whose process died while it wrote them. These records hold no payment,
 * so nothing is yielded.
 */
const finishRemembered = async (context: RouterContext): Promise<void> => {
  for await (const record of storeTyped(context).listUnresolved(context.chargesScope))
    await settleRemembered(context, record);
};

/** The router's own payments that are open. */
async function* reconcileOwnRecords(
  context: RouterContext,
  options: CallOptions | undefined,
): AsyncGenerator<Reconciliation, void, undefined> {
  const store = storeTyped(context);
  let failure: Error | undefined;
  for await (const record of store.listUnresolved(context.scope)) {
    const stored = await store.get(context.scope, record.key);
    if (stored === null || (stored.record.state !== 'started' && stored.record.state !== 'unknown')) continue;
    yield await reconcileStored(context, stored, options).catch((error: unknown) => {
      // One payment in a bad way must not keep the others waiting.
      failure ??= asError(error);
      return unknown(record.key, null);
    });
  }
  if (failure !== undefined) throw failure;
}

/** What is open in one of the router's own scopes. */
export async function* reconcileOwnScope(
  context: RouterContext,
  scope: string,
): AsyncGenerator<Reconciliation, void, undefined> {
  if (scope === context.scope) yield* reconcileOwnRecords(context, undefined);
  else await finishRemembered(context);
}

/** Every unresolved write of the routes, then every payment of the router that is still open. */
export async function* reconcilePendingAtRoutes(
  context: RouterContext,
  options: CallOptions | undefined,
): AsyncGenerator<Reconciliation, void, undefined> {
  let failure: Error | undefined;
  const told = new Map<string, Reconciliation['outcome']>();
  for (const { client, name } of context.settings.routes) {
    try {
      for await (const found of client.reconcilePending(options)) {
        if (found.outcome !== 'unknown' && found.charge !== null) placed(found.charge, name);
        if (found.operation === 'create') told.set(found.idempotencyKey, found.outcome);
        yield found;
      }
    } catch (error) {
      // A route that is down must not keep the others waiting.
      failure ??= asError(error);
    }
  }
  try {
    for await (const found of reconcileOwnRecords(context, options)) {
      const before = told.get(found.idempotencyKey);
      // A payment is where its key is: what happened at the route has happened, also while the lease of a dead process keeps
      // the router's own record open. A shop that keeps the last answer would make a paid order an open one.
      const isOlder = before === 'happened' && found.outcome === 'unknown';
      if (before !== found.outcome && !isOlder) yield found;
    }
    await finishRemembered(context);
  } catch (error) {
    failure ??= asError(error);
  }
  if (failure !== undefined) throw failure;
}
