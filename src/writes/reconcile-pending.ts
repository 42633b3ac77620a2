import {
  ConflictError,
  IntegrityError,
  InvalidRequestError,
  InvalidResponseError,
  NotFoundError,
  ChargesError,
} from '../errors.js';
import type { StoredOperation } from '../models/operation-store.js';
import type { Reconciliation } from '../models/reconciliation.js';
import type { Context } from '../calls/context.js';
import { reconcileOpen, storeOf, tellReconcile } from './reconcile.js';
import { writeOf, runFor, unknownReconciliation } from './reconciliations.js';

/**
 * Reconciles every unresolved write of the client's scope. A write that fails must not block the others: it
 * is yielded as `unknown`, and its error is thrown after all of them.
 */
export async function* reconcilePending(
  context: Context,
  options: unknown,
): AsyncGenerator<Reconciliation, void, undefined> {
  const { scope } = runFor(context, { idempotencyKey: 'pending', operation: null, target: null }, options);
  let failure: ChargesError | undefined;
  for await (const record of storeOf(context).listUnresolved(scope)) {
    let stored: StoredOperation | null;
    try {
      stored = await storeOf(context).get(scope, record.key);
    } catch (error) {
      if (!isOfOneRecord(error)) throw error;
      failure ??= error;
      yield unknownReconciliation(writeOf(record), null);
      continue;
    }
    if (stored === null || (stored.record.state !== 'started' && stored.record.state !== 'unknown')) continue;
    yield await tellReconcile(context, record.key, options, (own) =>
      reconcileOpen(own, stored, options),
    ).catch((error: unknown) => {
      if (!isOfOneRecord(error)) throw error;
      failure ??= error;
      const candidates = error instanceof IntegrityError ? error.candidates : [];
      return unknownReconciliation(writeOf(stored.record), null, candidates);
    });
  }
  if (failure !== undefined) throw failure;
}

/** Whether a failure says something of one write alone, and so nothing against the others that wait. */
export const isOfOneRecord = (error: unknown): error is ChargesError =>
  error instanceof IntegrityError ||
  error instanceof NotFoundError ||
  error instanceof ConflictError ||
  error instanceof InvalidResponseError ||
  error instanceof InvalidRequestError ||
  (error instanceof ChargesError && error.code === 'record_unreadable');
