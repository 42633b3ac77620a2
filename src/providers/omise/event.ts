import { attach } from '../../models/attachments.js';
import type { Charge } from '../../models/charge.js';
import type { ChargeEventType, ReportedEvent } from '../../models/event.js';
import type { Refund } from '../../models/refund.js';
import type { ReportDrift } from '../../provider.js';
import { toCharge } from './charge.js';
import { toDispute } from './dispute.js';
import { toRefund } from './refund.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import { chargeWire, disputeWire, refundWire, relatedId, type EventWire } from './wire.js';

/** The events that tell the state of a charge. `charge.expire` stands in unofficial material only: it is read, not relied on. */
const chargeEvents: ReadonlySet<string> = new Set([
  'charge.create',
  'charge.update',
  'charge.capture',
  'charge.reverse',
  'charge.complete',
  'charge.expire',
]);

const refundEvent = 'refund.create';

const disputeEvents: ReadonlyMap<string, ChargeEventType> = new Map([
  ['dispute.create', 'dispute.opened'],
  ['dispute.update', 'dispute.updated'],
  ['dispute.close', 'dispute.closed'],
]);

/** An event is named after the state that the charge in it has, not after Omise's verb. */
const chargeEventType = (key: string, { status }: Charge): ChargeEventType => {
  if (key === 'charge.update') return 'charge.updated';
  if (status === 'pending') return key === 'charge.create' ? 'charge.created' : 'charge.updated';
  return status === 'unknown' ? 'charge.updated' : `charge.${status}`;
};

const refundEventType = ({ status }: Refund): ChargeEventType => {
  if (status === 'pending') return 'refund.created';
  return status === 'succeeded' || status === 'failed' ? `refund.${status}` : 'refund.updated';
};

type Facts = Pick<ReportedEvent, 'type' | 'chargeId' | 'charge' | 'refund' | 'dispute'> & {
  readonly state: string | null;
};

const nothing: Facts = {
  type: 'unknown',
  chargeId: null,
  charge: null,
  refund: null,
  dispute: null,
  state: null,
};

/** What is known beside the event: the charge that it is about, and what had to be fetched because it did not tell. */
export interface Known {
  readonly chargeId?: string;
  readonly charge?: Charge;
  readonly refund?: Refund;
}

/** Names of what an event tells of, but not in a way that can be read: it is written in an older API version. */
export interface Unread {
  readonly chargeId: string;
  /** Null where the charge itself is meant. */
  readonly refundId: string | null;
}

const nameIn = (data: EventWire['data'], field: string): string | null => {
  const value = data?.[field];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** What has to be fetched to know what an event tells; null where the event itself suffices, or names nothing. */
export const unreadIn = ({ key, data }: EventWire): Unread | null => {
  const id = nameIn(data, 'id');
  if (chargeEvents.has(key)) {
    return id === null || chargeWire.safeParse(data).success ? null : { chargeId: id, refundId: null };
  }
  if (key !== refundEvent) return null;
  const chargeId = nameIn(data, 'charge');
  const isReadable = typeof refundWire.safeParse(data).data?.status === 'string';
  return id === null || chargeId === null || isReadable ? null : { chargeId, refundId: id };
};

const chargeFacts = (event: EventWire, fetched: Charge | undefined, drift: ReportDrift): Facts => {
  const parsed = chargeWire.safeParse(event.data);
  const charge = fetched ?? (parsed.success ? toCharge(parsed.data, drift) : null);
  if (charge === null) return { ...nothing, type: 'charge.updated', chargeId: nameIn(event.data, 'id') };
  return {
    ...nothing,
    type: chargeEventType(event.key, charge),
    chargeId: charge.id,
    // A copy: what rides on a charge beside its fields has no place in an event.
    charge: { ...charge },
    state: `${charge.id}:${charge.status}`,
  };
};

const refundFacts = (event: EventWire, fetched: Refund | undefined, drift: ReportDrift): Facts => {
  const parsed = refundWire.safeParse(event.data);
  const refund = fetched ?? (parsed.success ? toRefund(parsed.data, drift) : null);
  if (refund === null) return { ...nothing, type: 'refund.updated', chargeId: nameIn(event.data, 'charge') };
  return {
    ...nothing,
    type: refundEventType(refund),
    chargeId: refund.chargeId,
    refund: { ...refund },
    state: `${refund.id}:${refund.status}`,
  };
};

const disputeFacts = (event: EventWire, type: ChargeEventType, drift: ReportDrift): Facts => {
  const parsed = disputeWire.safeParse(event.data);
  if (!parsed.success) {
    drift('data', 'wrong_type');
    return { ...nothing, type };
  }
  const wire = parsed.data;
  const dispute = toDispute(wire, drift);
  const chargeId = wire.charge == null ? null : relatedId(wire.charge);
  return { ...nothing, type, chargeId, dispute, state: `${wire.id}:${wire.status}` };
};

const toFacts = (event: EventWire, known: Known, drift: ReportDrift): Facts => {
  if (chargeEvents.has(event.key)) return chargeFacts(event, known.charge, drift);
  if (event.key === refundEvent) return refundFacts(event, known.refund, drift);
  const type = disputeEvents.get(event.key);
  return type === undefined ? nothing : disputeFacts(event, type, drift);
};

/** An event of Omise as an event. What is known stands for what cannot be read in the event itself. */
export const toEvent = (wire: EventWire, drift: ReportDrift, known: Known = {}): ReportedEvent => {
  const { state, ...facts } = toFacts(wire, known, drift);
  const dedupeKey = `omise:${wire.id}`;
  const event: ReportedEvent = {
    id: wire.id,
    provider: 'omise',
    ...facts,
    chargeId: facts.chargeId ?? known.chargeId ?? null,
    createdAt: readTimestamp(wire.created_at ?? wire.created, 'created_at', drift),
    livemode: wire.livemode ?? null,
    dedupeKey,
    stateKey: state === null ? dedupeKey : `omise:${state}`,
  };
  return attach(event, { raw: wire });
};
