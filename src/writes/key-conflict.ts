import { IdempotencyConflictError, type ErrorDetails, type Outcome } from '../errors.js';
import { readErrorJSON } from '../errors/from-json.js';
import { chargeSchema, type Charge } from '../models/charge.js';
import type { OperationRecord, OperationResult } from '../models/operation-store.js';
import { refundSchema, type Refund } from '../models/refund.js';

/** What the error of a call knows of it. */
type Facts = Pick<ErrorDetails, 'provider' | 'operation' | 'idempotencyKey' | 'chargeId'>;

/** What the first request with the key made, as far as a record or a lookup tells. */
interface Made {
  readonly charge: Charge | null;
  readonly refund: Refund | null;
}

const nothing: Made = { charge: null, refund: null };

const madeIn = (result: OperationResult | null): Made => {
  if (result?.kind === 'refund') {
    const refund = refundSchema.safeParse(result.value);
    return refund.success ? { ...nothing, refund: refund.data } : nothing;
  }
  if (result?.kind === 'charge') {
    const charge = chargeSchema.safeParse(result.value);
    return charge.success ? { ...nothing, charge: charge.data } : nothing;
  }
  return nothing;
};

const conflict = (facts: Facts, outcome: Outcome, message: string, { charge, refund }: Made = nothing) =>
  new IdempotencyConflictError({
    ...facts,
    chargeId: charge?.id ?? refund?.chargeId ?? facts.chargeId,
    outcome,
    message,
    charge,
    refund,
  });

/** The key was used for another request that took effect. Shows what it made; never suggests a new key. */
export const conflictAfterSuccess = (
  facts: Facts,
  result: OperationResult | null,
): IdempotencyConflictError => {
  const made = madeIn(result);
  const which = made.charge === null ? made.refund?.id : `${made.charge.id}, ${made.charge.status}`;
  return conflict(
    facts,
    'unknown',
    `this idempotency key was used for another request, which took effect${which === undefined ? '' : ` (${which})`}: look at that before anything is sent again`,
    made,
  );
};

const kindOf = (id: string | null): string | undefined =>
  id === null ? undefined : /^[^_]{1,16}_/.exec(id)?.[0];

/** Whether two ids certainly name two charges. Ids of two kinds, such as `pi_…` and `ch_…`, may name one. */
const isOtherTarget = (left: string | null, right: string | null): boolean =>
  left !== right && kindOf(left) === kindOf(right);

/**
 * The key was used for another request. If that was another operation or another charge, this request was
 * never sent. Otherwise report the outcome of the first request, because the outcome belongs to the key. A
 * new key is safe only if the first request was finally refused or is known not to have happened.
 */
export const keyConflict = (
  facts: Facts,
  record: OperationRecord,
  asked: Pick<OperationRecord, 'operation' | 'target'>,
): IdempotencyConflictError => {
  if (record.operation !== asked.operation || isOtherTarget(record.target, asked.target)) {
    return conflict(
      facts,
      'not_sent',
      `this idempotency key belongs to ${record.operation === asked.operation ? 'another charge' : `another operation, ${record.operation}`}: every write needs a key of its own. Nothing of this one was sent`,
    );
  }
  switch (record.state) {
    case 'succeeded':
      return conflictAfterSuccess(facts, record.result);
    case 'rejected': {
      const earlier = readErrorJSON(record.result?.value);
      // A conflict of its own: the provider knew the key, with other parameters.
      if (earlier?.outcome === 'unknown') {
        const charge = earlier instanceof IdempotencyConflictError ? earlier.charge : null;
        const refund = earlier instanceof IdempotencyConflictError ? earlier.refund : null;
        return conflict(facts, 'unknown', earlier.message, { charge, refund });
      }
      return conflict(
        facts,
        'rejected',
        'this idempotency key was used for another request, which was refused: a changed request needs a new key',
      );
    }
    case 'did_not_happen':
      return conflict(
        facts,
        'not_sent',
        'this idempotency key was used for another request, which did not happen as far as this store knows: repeat that one with this key. A changed request needs a new key, which is safe where the store is durable',
      );
    default:
      return conflict(
        // An unreadable response may still have named the charge.
        { ...facts, chargeId: facts.chargeId ?? readErrorJSON(record.result?.value)?.chargeId ?? null },
        'unknown',
        'this idempotency key was used for another request, and it is not known yet what became of it: repeat that one unchanged, or reconcile the key',
      );
  }
};

/** Whether an attempt before this one ended in such a conflict of the provider's. */
export const metConflict = ({ result }: Pick<OperationRecord, 'result'>): boolean =>
  result?.kind === 'error' && readErrorJSON(result.value) instanceof IdempotencyConflictError;
