import { IntegrityError } from '../../errors.js';
import type { Call } from '../../provider.js';
import type { WireCharge } from './wire.js';

/**
 * The charge of an answer, if it is the one that was asked about. Answers can cross on the way: another charge says nothing
 * of this one, whatever state it shows.
 * @throws IntegrityError
 */
export const sameCharge = (wire: WireCharge, id: string, call: Pick<Call, 'idempotencyKey'>): WireCharge => {
  if (wire.id === id) return wire;
  throw new IntegrityError({
    message: 'the provider answered with another charge',
    code: 'crossed_answers',
    outcome: call.idempotencyKey === null ? 'not_sent' : 'unknown',
    provider: 'magpie',
    idempotencyKey: call.idempotencyKey,
    chargeId: id,
  });
};
