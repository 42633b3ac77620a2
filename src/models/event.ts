import type { Charge } from './charge.js';
import type { Dispute } from './dispute.js';
import type { Refund } from './refund.js';

/** What happened, named after the state that the object reached. */
export type ChargeEventType =
  | 'charge.created'
  | 'charge.requires_action'
  | 'charge.authorized'
  | 'charge.captured'
  | 'charge.voided'
  | 'charge.expired'
  | 'charge.failed'
  | 'charge.updated'
  | 'refund.created'
  | 'refund.succeeded'
  | 'refund.failed'
  | 'refund.updated'
  | 'dispute.opened'
  | 'dispute.updated'
  | 'dispute.closed'
  | 'unknown';

/** A verified webhook. Events may come late, twice, and in any order. */
export interface ChargeEvent {
  readonly id: string;
  readonly provider: string;
  readonly type: ChargeEventType;
  /** The one id of the payment, also where `charge` is null. */
  readonly chargeId: string | null;
  readonly charge: Charge | null;
  readonly refund: Refund | null;
  readonly dispute: Dispute | null;
  readonly createdAt: string | null;
  readonly livemode: boolean | null;
  /** The same for two deliveries of one event. */
  readonly dedupeKey: string;
  /** The same for two events that tell the same state of the same object. */
  readonly stateKey: string;
  /** The provider's event, non-enumerable. It may hold secrets: never log it. */
  readonly raw?: unknown;
}
