import { InvalidRequestError } from '../errors.js';
import { fits } from '../models/accepts.js';
import { attach } from '../models/attachments.js';
import type { Charge } from '../models/charge.js';
import type { Dispute } from '../models/dispute.js';
import type { ChargeEventType, ReportedEvent } from '../models/event.js';
import type { Refund, RefundStatus } from '../models/refund.js';
import type { Call } from '../provider.js';
import { rowOf } from './fields.js';
import type { Resource } from './resource.js';

/** What a name says that an event is about. `new_…`: a pending object of this event has just been made. */
export type EventSubject =
  'charge' | 'new_charge' | 'refund' | 'new_refund' | 'dispute.opened' | 'dispute.updated' | 'dispute.closed';

/** A provider's events: their envelope, and what their names are about. */
export interface Events<ChargeWire, RefundWire> {
  /** The provider's name, in lower case. */
  readonly provider: string;
  /** How the charge in an event is checked, fetched and read. */
  readonly charge: Resource<ChargeWire, Charge>;
  /** How the refund in an event is checked, fetched and read. Left out where no event is about a refund. */
  readonly refund?: Resource<RefundWire, Refund>;
  /** The envelope of a payload; null where it is no event. */
  read(
    payload: unknown,
    call: Call,
  ): {
    readonly id: string;
    readonly name: string;
    readonly createdAt: string | null;
    /** Null where it does not say. Left out where the client's key tells it. */
    readonly livemode?: boolean | null;
    readonly data: unknown;
    /** Headers of whatever is read for this event, such as that of the account which it speaks of. */
    readonly headers?: Readonly<Record<string, string>>;
  } | null;
  /** What each name is about. Others are `unknown`, never an error. */
  readonly names: Readonly<Record<string, EventSubject>>;
  /** The status of a refund, where the name settles what the refund leaves open. */
  refundStatus?(name: string, wire: RefundWire, call: Call): RefundStatus | undefined;
  /** Why an event is refused that holds nothing to read or fetch. Left out: it is told without its object. */
  readonly holdsNone?: { readonly charge: string; readonly refund: string };
  /**
   * A dispute, and the charge that it names; the dispute is null where the data only speaks of one, all is null where not even that.
   * Left out where no event is about a dispute.
   */
  dispute?(
    name: string,
    data: unknown,
    call: Call,
  ): { readonly dispute: Dispute | null; readonly chargeId: string | null } | null;
}

type Content = Pick<ReportedEvent, 'type'> &
  Partial<Pick<ReportedEvent, 'chargeId' | 'charge' | 'refund' | 'dispute'>> & {
    /** The object and the state that it reached. */
    readonly state?: string;
  };

/** The type of an event of a charge: by the state that the charge in it has, not by the provider's verb. */
export const chargeEventType = ({ status }: Charge, isNew = false): ChargeEventType => {
  if (status === 'pending') return isNew ? 'charge.created' : 'charge.updated';
  return status === 'unknown' ? 'charge.updated' : `charge.${status}`;
};

/** The type of an event of a refund, by the state that the refund in it has. */
export const refundEventType = ({ status }: Refund, isNew = false): ChargeEventType => {
  if (status === 'succeeded' || status === 'failed') return `refund.${status}`;
  return status === 'pending' && isNew ? 'refund.created' : 'refund.updated';
};

/** The object in an event is believed; one that cannot be read there is fetched by its id. `refuse`: where there is none. */
const objectIn = async <Wire>(
  data: unknown,
  resource: Resource<Wire, unknown>,
  call: Call,
  refuse: (() => never) | undefined,
): Promise<Wire | null> => {
  if (fits(resource.schema, data)) return data;
  const ids = resource.idsIn(data);
  if (ids !== null) return resource.fetch(ids, call);
  refuse?.();
  call.drift('data', 'wrong_type');
  return null;
};

/** A call whose reads have these headers. */
export const withHeaders = (call: Call, headers: Readonly<Record<string, string>> | undefined): Call =>
  headers === undefined
    ? call
    : {
        ...call,
        send: (request, response) =>
          call.send({ ...request, headers: { ...headers, ...request.headers } }, response),
      };

/** Refuses a payload that is verified and yet no event. */
export const refusePayload = (provider: string, message = 'the payload is no event'): never => {
  throw new InvalidRequestError({
    message: `${provider}: ${message}`,
    provider,
    operation: 'parseWebhook',
    outcome: 'not_sent',
  });
};

/** Reads verified payloads as events. */
export const eventsOf = <ChargeWire, RefundWire>(events: Events<ChargeWire, RefundWire>) => {
  const { provider, charge: charges, refund: refunds, holdsNone } = events;
  const refusal = (kind: 'charge' | 'refund') =>
    holdsNone === undefined ? undefined : () => refusePayload(provider, holdsNone[kind]);

  const aboutCharge = async (data: unknown, isNew: boolean, call: Call): Promise<Content> => {
    const wire = await objectIn(data, charges, call, refusal('charge'));
    if (wire === null) return { type: 'charge.updated' };
    const charge = await charges.read(wire, call);
    return {
      type: chargeEventType(charge, isNew),
      chargeId: charge.id,
      // A copy: what rides on a charge beside its fields has no place in an event.
      charge: { ...charge },
      state: `${charge.id}:${charge.status}`,
    };
  };

  const aboutRefund = async (name: string, data: unknown, isNew: boolean, call: Call): Promise<Content> => {
    const wire = refunds === undefined ? null : await objectIn(data, refunds, call, refusal('refund'));
    if (refunds === undefined || wire === null) return { type: 'refund.updated' };
    const refund = await refunds.read(wire, call, events.refundStatus?.(name, wire, call));
    return {
      type: refundEventType(refund, isNew),
      chargeId: refund.chargeId,
      refund: { ...refund },
      state: `${refund.id}:${refund.status}`,
    };
  };

  const contentOf = (name: string, data: unknown, call: Call): Content | Promise<Content> => {
    const subject = rowOf(events.names, name);
    switch (subject) {
      case undefined:
        return { type: 'unknown' };
      case 'charge':
      case 'new_charge':
        return aboutCharge(data, subject === 'new_charge', call);
      case 'refund':
      case 'new_refund':
        return aboutRefund(name, data, subject === 'new_refund', call);
      default: {
        const told = events.dispute?.(name, data, call) ?? null;
        if (told === null) return { type: subject };
        const { dispute, chargeId } = told;
        const state = dispute === null ? {} : { state: `${dispute.id}:${dispute.status}` };
        return { type: subject, chargeId, dispute, ...state };
      }
    }
  };

  return async (payload: unknown, call: Call): Promise<ReportedEvent> => {
    const event = events.read(payload, call) ?? refusePayload(provider);
    const { state, ...content } = await contentOf(event.name, event.data, withHeaders(call, event.headers));
    const dedupeKey = `${provider}:${event.id}`;
    return attach<ReportedEvent>(
      {
        id: event.id,
        provider,
        chargeId: null,
        charge: null,
        refund: null,
        dispute: null,
        ...content,
        createdAt: event.createdAt,
        livemode: event.livemode === undefined ? call.livemode : event.livemode,
        dedupeKey,
        stateKey: state === undefined ? dedupeKey : `${provider}:${state}`,
      },
      { raw: payload },
    );
  };
};
