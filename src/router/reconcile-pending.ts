import type { CallOptions } from '../charges-client.js';
import { IntegrityError } from '../errors.js';
import { placedWord } from './recorded.js';
import { unknown, type Word } from './ask-routes.js';
import { reconcileAtRoutes, reconcileStored, storeTyped } from './reconcile.js';
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
): AsyncGenerator<Word, void, undefined> {
  const store = storeTyped(context);
  let failure: Error | undefined;
  for await (const record of store.listUnresolved(context.scope)) {
    const stored = await store.get(context.scope, record.key);
    if (stored === null || (stored.record.state !== 'started' && stored.record.state !== 'unknown')) continue;
    yield await reconcileStored(context, stored, options).catch((error: unknown) => {
      // One payment in a bad way must not keep the others waiting.
      failure ??= asError(error);
      return unknown(record.key, null, error instanceof IntegrityError ? error.candidates : []);
    });
  }
  if (failure !== undefined) throw failure;
}

/** What is open in one of the router's own scopes. */
export async function* reconcileOwnScope(
  context: RouterContext,
  scope: string,
): AsyncGenerator<Word, void, undefined> {
  if (scope === context.scope) yield* reconcileOwnRecords(context, undefined);
  else await finishRemembered(context);
}

/** Whether the router has a record of a key, whose word then counts. A store that fails does not say that there is none. */
const isRouted = async (context: RouterContext, key: string): Promise<boolean> => {
  const stored = await storeTyped(context)
    .get(context.scope, key)
    .catch(() => undefined);
  return stored !== null;
};

/** What is told of each key, so that nothing is told twice and no payment is taken back. */
const createTold = () => {
  const told = new Map<string, Word['outcome']>();
  /** A payment is where its key is: a shop that keeps the last answer would make a paid order an open one. */
  const hasHappened = ({ idempotencyKey }: Word): boolean => told.get(idempotencyKey) === 'happened';
  return {
    note: ({ idempotencyKey, outcome }: Word): void => {
      told.set(idempotencyKey, outcome);
    },
    hasHappened,
    isNews: (found: Word): boolean => !hasHappened(found) && told.get(found.idempotencyKey) !== found.outcome,
  };
};

/**
 * Every unresolved write of the routes, then every payment of the router that is still open. Of a create that the router has a
 * record of, a client alone can only say that it happened: it may live at another route by now, so for everything else
 * the word of the router is told.
 */
export async function* reconcilePendingAtRoutes(
  context: RouterContext,
  options: CallOptions | undefined,
): AsyncGenerator<Word, void, undefined> {
  let failure: Error | undefined;
  const told = createTold();
  const owed = new Set<string>();
  for (const { client, name } of context.settings.routes) {
    try {
      for await (const said of client.reconcilePending(options)) {
        const found = placedWord(said, name);
        if (found.operation === 'create') {
          if (found.outcome !== 'happened' && (await isRouted(context, found.idempotencyKey))) {
            owed.add(found.idempotencyKey);
            continue;
          }
          if (found.outcome !== 'happened' && told.hasHappened(found)) continue;
          told.note(found);
        }
        yield found;
      }
    } catch (error) {
      // A route that is down must not keep the others waiting.
      failure ??= asError(error);
    }
  }
  try {
    for await (const found of reconcileOwnRecords(context, options)) {
      owed.delete(found.idempotencyKey);
      if (!told.isNews(found)) continue;
      told.note(found);
      yield found;
    }
    await finishRemembered(context);
  } catch (error) {
    failure ??= asError(error);
  }
  // Their records are not open, or could not be listed.
  for (const key of owed) {
    const found = await reconcileAtRoutes(context, key, options).catch((error: unknown) => {
      failure ??= asError(error);
      return unknown(key, null, error instanceof IntegrityError ? error.candidates : []);
    });
    if (told.isNews(found)) yield found;
  }
  if (failure !== undefined) throw failure;
}
