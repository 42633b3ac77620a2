import type { CallOptions } from '../../charges-client.js';
import { UnsupportedOperationError } from '../../errors.js';
import type { Charge } from '../../models/charge.js';
import type { ChargeEvent } from '../../models/event.js';
import type { Call, ExtraCall } from '../../provider.js';
import { toCharge } from './charge.js';
import { toEvent } from './event.js';
import { readAll } from './paging.js';
import { chargeWire, eventPageWire } from './wire.js';

/** Methods that only Omise has. */
export interface OmiseExtras {
  /** Every event of a charge, newest first. An event whose object Omise left out has `charge: null`. */
  listEvents(id: string, options?: CallOptions): Promise<ChargeEvent[]>;
  /** Test mode only: plays the payer who pays. Not every method can. */
  markAsPaid(id: string, options?: CallOptions): Promise<Charge>;
  /** Test mode only: plays the payer who fails. The failed charge is the answer, not an error. */
  markAsFailed(id: string, options?: CallOptions): Promise<Charge>;
}

const mark = async (operation: 'markAsPaid' | 'markAsFailed', id: string, call: Call): Promise<Charge> => {
  if (call.livemode !== false) {
    throw new UnsupportedOperationError({
      message: `omise: ${operation} exists in test mode only`,
      provider: 'omise',
      operation,
      outcome: 'not_sent',
      chargeId: id,
    });
  }
  const route = operation === 'markAsPaid' ? '/charges/{id}/mark_as_paid' : '/charges/{id}/mark_as_failed';
  const { wire } = await call.send({ method: 'POST', route, ids: { id } }, chargeWire);
  call.checkSame(id, wire.id);
  return toCharge(wire, call.drift);
};

export const extras = (run: ExtraCall): OmiseExtras => ({
  listEvents: (id, options) =>
    run('listEvents', options, async (call) => {
      const events = await readAll(call, { route: '/charges/{id}/events', ids: { id } }, eventPageWire);
      return events.map((event) => toEvent(event, call.drift, { chargeId: id }));
    }),
  markAsPaid: (id, options) => run('markAsPaid', options, (call) => mark('markAsPaid', id, call)),
  markAsFailed: (id, options) => run('markAsFailed', options, (call) => mark('markAsFailed', id, call)),
});
