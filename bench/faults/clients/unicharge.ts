import type { ChargesClient } from '../../../src/charges-client.js';
import { ChargesError } from '../../../src/errors.js';
import type { Charge } from '../../../src/models/charge.js';
import type { Refund } from '../../../src/models/refund.js';
import { paramsFor } from '../../simulate/sources.js';
import { openClients } from './open-clients.js';
import type {
  JobClient,
  MadeReport,
  MerchantSetup,
  ReconcileReport,
  WriteOrder,
  WriteReport,
} from '../messages.js';

const call = (client: ChargesClient, { kind, key, amount, source, target, place }: WriteOrder) => {
  const options = { idempotencyKey: key };
  const id = target ?? '';
  switch (kind) {
    case 'create':
    case 'authorize': {
      const params = {
        amount,
        source,
        capture: kind === 'create',
        metadata: { order: key },
        ...paramsFor(place.provider),
      };
      return client.create(params as never, options);
    }
    case 'capture':
      return client.capture(id, {}, options);
    case 'void':
      return client.void(id, options);
    case 'refund':
      return client.refund(id, {}, options);
    case 'partial_refund':
      return client.refund(id, { amount: amount / 4 }, options);
  }
};

const madeOf = (made: Charge | Refund): MadeReport =>
  'chargeId' in made
    ? { what: 'refund', id: made.id, chargeId: made.chargeId, amount: made.amount, currency: made.currency, amountCaptured: null } // prettier-ignore
    : { what: 'charge', id: made.id, chargeId: made.id, amount: made.amount, currency: made.currency, amountCaptured: made.amountCaptured }; // prettier-ignore

const reportOf = (error: unknown): WriteReport => {
  if (!(error instanceof ChargesError)) throw error;
  const { name, message, outcome, chargeId } = error;
  const definite = outcome === 'rejected';
  return { done: false, name, message, outcome, definite, chargeId, error: error.toJSON() };
};

const madeOrNull = (made: Charge | Refund | null): MadeReport | null => (made === null ? null : madeOf(made));

/** This library, used as its documentation says. */
export const createUnichargeJob = async (setup: MerchantSetup): Promise<JobClient> => {
  const { clientFor } = await openClients(setup);

  return {
    write: (order) =>
      call(clientFor(order.place), order).then(
        (made): WriteReport => ({ done: true, id: made.id, made: madeOf(made) }),
        (error: unknown) => reportOf(error),
      ),
    reconcile: async ({ place, input }): Promise<ReconcileReport> => {
      try {
        const found = await clientFor(place).reconcile(input as never);
        return {
          said: found.outcome,
          operation: found.operation,
          made: found.outcome === 'happened' ? madeOrNull(found.charge ?? found.refund) : null,
          retryAfterMs: found.outcome === 'unknown' ? found.retryAfterMs : null,
        };
      } catch (error) {
        if (!(error instanceof ChargesError)) throw error;
        if (error.code.startsWith('duplicate_')) return { said: 'duplicate' };
        return { said: 'failed', message: `${error.name}: ${error.message}` };
      }
    },
    pending: async ({ place }) => {
      let settled = 0;
      let open = 0;
      const iterate = clientFor(place).reconcilePending()[Symbol.asyncIterator]();
      for (;;) {
        try {
          const next = await iterate.next();
          if (next.done === true) return { settled, open };
          if (next.value.outcome === 'unknown') open += 1;
          else settled += 1;
        } catch (error) {
          // A duplicate ends the iteration: the caller reconciles the others one by one.
          if (!(error instanceof ChargesError)) throw error;
          return { settled, open: open + 1 };
        }
      }
    },
  };
};
