import * as z from 'zod';
import type { CallOptions } from '../../charges-client.js';
import { InvalidRequestError, UnsupportedOperationError } from '../../errors.js';
import type { Charge } from '../../models/charge.js';
import { isChargeEvent, type ChargeEvent } from '../../models/event.js';
import { isObject } from '../../models/objects.js';
import { momentSchema, momentToMilliseconds } from '../../models/params.js';
import { describeIssues, fieldIssues, lostFields } from '../../models/validation.js';
import type { Call, ExtraCall } from '../../provider.js';
import { toCharge } from './charge.js';
import { newestFirst, orderSchema, pages, wireMoment } from './params.js';
import { toEvent } from './webhook.js';
import { chargeWire, eventWire, listWire, type EventWire } from './wire.js';

/** Which events of a charge are read, and in which order. */
const eventPartSchema = z.strictObject({
  /** Inclusive. */
  createdAfter: momentSchema.exactOptional(),
  /** Exclusive. */
  createdBefore: momentSchema.exactOptional(),
  /** Oldest or newest first; default `reverse_chronological`, newest first. */
  order: orderSchema.exactOptional(),
  /** Ends the reading after so many events. */
  maxItems: z.int().min(1).exactOptional(),
});

type EventPart = z.input<typeof eventPartSchema>;

/** What `listEvents` takes: which events of the charge, and the options of every call. */
export type OmiseEventOptions = CallOptions & EventPart;

/** Methods that only Omise has. */
export interface OmiseExtras {
  /**
   * Every event of a charge, newest first, or the part that the options name. An event whose object Omise left out has
   * `charge: null`.
   * @example
   * const firstTwo = await charges.listEvents('chrg_test_…', { order: 'chronological', maxItems: 2 });
   */
  listEvents(id: string, options?: OmiseEventOptions): Promise<ChargeEvent[]>;
  /** Test mode only: plays the payer who pays. Not every method can. */
  markAsPaid(id: string, options?: CallOptions): Promise<Charge>;
  /** Test mode only: plays the payer who fails. The failed charge is the answer, not an error. */
  markAsFailed(id: string, options?: CallOptions): Promise<Charge>;
}

const partNames = Object.keys(eventPartSchema.shape);

/** Splits the argument into the event filter and the call options. Anything else is passed on unchanged. */
const splitOptions = (
  options: CallOptions | undefined,
): { readonly part: unknown; readonly rest: CallOptions | undefined } => {
  const isSplit = isObject(options) && partNames.some((name) => Object.hasOwn(options, name));
  // Invalid options are refused by the call itself.
  if (!isSplit) return { part: {}, rest: options };
  const entries = Object.entries(options);
  const isPart = ([name]: [string, unknown]) => partNames.includes(name);
  return {
    part: Object.fromEntries(entries.filter(isPart)),
    rest: Object.fromEntries(entries.filter((entry) => !isPart(entry))),
  };
};

const readPart = (given: unknown, id: string): EventPart => {
  const parsed = eventPartSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lost = lostFields(eventPartSchema, given);
  const isLost = (path: string) => lost.some((issue) => issue.path === path);
  const issues = [...lost, ...fieldIssues(eventPartSchema, parsed.error).filter(({ path }) => !isLost(path))];
  throw new InvalidRequestError({
    message: `listEvents was not run: ${describeIssues(issues)}`,
    provider: 'omise',
    operation: 'listEvents',
    outcome: 'not_sent',
    chargeId: id,
    issues,
  });
};

/** Whether Omise's own bounds include their edges is not documented: the edges are cut here. */
const isIn =
  ({ createdAfter, createdBefore }: EventPart) =>
  ({ createdAt }: Pick<ChargeEvent, 'createdAt'>): boolean => {
    if (createdAfter === undefined && createdBefore === undefined) return true;
    if (createdAt === null) return false;
    const at = Date.parse(createdAt);
    return (
      (createdAfter === undefined || at >= momentToMilliseconds(createdAfter)) &&
      (createdBefore === undefined || at < momentToMilliseconds(createdBefore))
    );
  };

const eventPageWire = z.object({ data: z.array(eventWire), ...listWire });

/** The events of a list, each once, or as many of them as are wanted. */
const readEvents = async (
  id: string,
  { createdAfter, createdBefore, order = newestFirst }: EventPart,
  maxItems: number,
  call: Call,
): Promise<EventWire[]> => {
  const limit = Math.min(pages.largest ?? maxItems, maxItems);
  const bounds = { order, from: wireMoment(createdAfter), to: wireMoment(createdBefore) };
  const events = await call.readPages({
    page: async (cursor) => {
      const query = { ...pages.query(cursor, limit), ...bounds };
      const request = { method: 'GET', route: '/charges/{id}/events', ids: { id }, query } as const;
      const { wire } = await call.send(request, eventPageWire);
      const isEnough = Number(cursor ?? 0) + wire.data.length >= maxItems;
      const end = pages.end(wire, { cursor, limit, items: wire.data }, call.drift);
      return { items: wire.data, ...(isEnough ? { next: null, hasMore: false } : end) };
    },
    idOf: (event) => event.id,
  });
  return events.slice(0, maxItems);
};

const listEvents = async (id: string, given: unknown, call: Call): Promise<ChargeEvent[]> => {
  const part = readPart(given, id);
  const isCut = part.createdAfter !== undefined || part.createdBefore !== undefined;
  // One at an edge may be cut off below, and another one has to take its place.
  const wires = await readEvents(id, part, isCut ? Infinity : (part.maxItems ?? Infinity), call);
  const events = await Promise.all(wires.map((wire) => toEvent(wire, call, { chargeId: id })));
  return events.filter(isChargeEvent).filter(isIn(part)).slice(0, part.maxItems);
};

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
  return toCharge(wire, call);
};

export const extras = (run: ExtraCall): OmiseExtras => ({
  listEvents: (id, options) => {
    const { part, rest } = splitOptions(options);
    return run('listEvents', rest, (call) => listEvents(id, part, call));
  },
  markAsPaid: (id, options) => run('markAsPaid', options, (call) => mark('markAsPaid', id, call)),
  markAsFailed: (id, options) => run('markAsFailed', options, (call) => mark('markAsFailed', id, call)),
});
