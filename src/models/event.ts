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

/** The types that name a state which the object has reached: all of its types but an update. */
type StateTypeOf<Subject extends 'charge' | 'refund'> = Exclude<
  Extract<ChargeEventType, `${Subject}.${string}`>,
  `${Subject}.updated`
>;

/** What an adapter reads from a verified webhook: the fields of every event, whatever its type. */
export interface ReportedEvent {
  /** The provider's id of the event, or of what it tells where events have none. */
  readonly id: string;
  /** The provider's name. */
  readonly provider: string;
  /** What happened, named after the state that the object reached. */
  readonly type: ChargeEventType;
  /** The one id of the payment, also where `charge` is null. */
  readonly chargeId: string | null;
  /** The charge as the event tells it, or as it was read for it. Never null where the type names a state of a charge. */
  readonly charge: Charge | null;
  /** The refund that the event is about. Never null where the type names a state of a refund. */
  readonly refund: Refund | null;
  /** The dispute that the event is about, where the event tells it in a form that can be read. */
  readonly dispute: Dispute | null;
  /** When the provider made the event: ISO 8601 in UTC, null where it does not say. */
  readonly createdAt: string | null;
  /** Whether real money is meant, null where the provider does not say. */
  readonly livemode: boolean | null;
  /** The same for two deliveries of one event. */
  readonly dedupeKey: string;
  /** The same for two events that tell the same state of the same object. */
  readonly stateKey: string;
  /** The provider's event, non-enumerable. It may hold secrets: never log it. */
  readonly raw?: unknown;
}

/** An event about a state that a charge has reached: the charge is there. */
export interface ChargeStateEvent extends ReportedEvent {
  /** The state that the charge reached. */
  readonly type: StateTypeOf<'charge'>;
  /** The charge as the event tells it, or as it was read for it. */
  readonly charge: Charge;
}

/** An event about a state that a refund has reached: the refund is there. */
export interface RefundStateEvent extends ReportedEvent {
  /** The state that the refund reached. */
  readonly type: StateTypeOf<'refund'>;
  /** The refund that the event is about. */
  readonly refund: Refund;
}

/** An event that names no state of a charge or refund: an update, a dispute, or one that this version does not know. */
export interface NoticeEvent extends ReportedEvent {
  /** What happened. */
  readonly type: Exclude<ChargeEventType, StateTypeOf<'charge' | 'refund'>>;
}

/** A verified webhook, told apart by `type`. Events may come late, twice, and in any order. */
export type ChargeEvent = ChargeStateEvent | RefundStateEvent | NoticeEvent;

/** Whether a type names a state that the object has reached. */
const isStateOf = (subject: 'charge' | 'refund', type: ChargeEventType): boolean =>
  type.startsWith(`${subject}.`) && type !== `${subject}.updated`;

/** Whether a reported event carries what its type names. */
export const isChargeEvent = (event: ReportedEvent): event is ChargeEvent =>
  (event.charge !== null || !isStateOf('charge', event.type)) &&
  (event.refund !== null || !isStateOf('refund', event.type));
