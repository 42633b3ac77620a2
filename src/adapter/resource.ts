import * as z from 'zod';
import type { Charge } from '../models/charge.js';
import type { Refund, RefundStatus } from '../models/refund.js';
import type { Call, PageItems, WireRequest } from '../provider.js';
import { parseEndpoint, type Endpoint, type Ids, type Query } from './endpoint.js';
import { fieldsOf, textOf, type Fields } from './fields.js';

/** What a provider's charge or refund is on the wire. */
export interface ResourceFacts<Wire, Model> {
  /** The check of one object, without an envelope. */
  readonly schema: z.ZodType<Wire>;
  /** Where one is read. The last placeholder is the id of the object itself. */
  readonly at: Endpoint;
  /** The field of an answer that holds the object. Left out where the answer is the object. */
  readonly in?: string;
  /** The field of a page that holds its objects. Default: `data`. */
  readonly listIn?: string;
  /** The field of an object that is its id. Default: `id`. */
  readonly id?: string;
  /** The field of a refund that names its charge. With it a refund of another charge is told before more is read for it. */
  readonly chargeId?: string;
  /** The fields that may say when it was made, for objects that cannot be read. Default: `created_at`. */
  readonly createdAt?: readonly string[];
  /** Where an event names objects by more than their own id: the ids in its data. */
  idsIn?(data: Fields): Ids | null;
  /** The normalized object. `status`: what an event settles of a refund. */
  read(wire: Wire, call: Call, status?: RefundStatus): Model | Promise<Model>;
}

/** What is special about one reading of an object. */
export interface FetchOptions<Wire> {
  /** Headers of this reading alone. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What is asked for with it, such as objects to expand. */
  readonly query?: Query;
  /** A stricter check, where a field that else only informs decides what is done next. */
  readonly schema?: z.ZodType<Wire>;
}

/** A charge or refund of a provider: how it is checked, fetched and read. */
export interface Resource<Wire, Model> {
  /** The check of one object, without an envelope. */
  readonly schema: z.ZodType<Wire>;
  /** Where one is read. */
  readonly at: Endpoint;
  /** The field of an object that is its id. */
  readonly id: string;
  /** The field of a refund that names its charge. */
  readonly chargeId?: string;
  /** Where a page holds its objects, and the check of one. */
  readonly items: PageItems;
  /** The check of an answer that holds one object, and the object in it. */
  answer<Own>(schema: z.ZodType<Own>): { readonly schema: z.ZodType; objectIn(body: unknown): Own };
  /** The request that reads one object. */
  request(ids: string | Ids, more?: Pick<FetchOptions<unknown>, 'headers' | 'query'>): WireRequest;
  /** Reads one object beside the operation. An answer about another one is an `IntegrityError` `crossed_answers`. */
  fetch(ids: string | Ids, call: Call, more?: FetchOptions<Wire>): Promise<Wire>;
  /** The ids by which an event's data can be fetched; null where it names none. */
  idsIn(data: unknown): string | Ids | null;
  /** The normalized object. */
  read(wire: Wire, call: Call, status?: RefundStatus): Model | Promise<Model>;
}

/** A charge of a provider. */
export type ChargeResource<Wire> = Resource<Wire, Charge>;
/** A refund of a provider. */
export type RefundResource<Wire> = Resource<Wire, Refund>;

interface Held<Own> {
  readonly schema: z.ZodType;
  objectIn(body: unknown): Own;
}

/** The check of an answer that holds something in one of its fields, and what it holds. */
export const heldIn = <Own>(
  place: string,
  one: z.ZodType<Own>,
  beside: z.core.$ZodShape = {},
): Held<Own> => ({
  schema: z.object({ [place]: one, ...beside }),
  // Bodies come here after the check above, which is that of this field.
  objectIn: (body) => fieldsOf(body)[place] as Own,
});

/** Declares what a provider's charge or refund is on the wire, once for every row that reads one. */
export const resource = <Wire, Model>(facts: ResourceFacts<Wire, Model>): Resource<Wire, Model> => {
  const { schema, at, in: place, listIn = 'data', id = 'id', chargeId, createdAt, read } = facts;
  const { method, route, names } = parseEndpoint(at);
  const own = names.at(-1) ?? 'id';

  const answer = <Own>(one: z.ZodType<Own>): Held<Own> =>
    place === undefined ? { schema: one, objectIn: (body: Own) => body } : heldIn(place, one);
  const one = answer(schema);

  const request: Resource<Wire, Model>['request'] = (ids, { query, headers } = {}) => ({
    method,
    route,
    ids: typeof ids === 'string' ? { [own]: ids } : ids,
    ...(query === undefined ? {} : { query }),
    ...(headers === undefined ? {} : { headers }),
  });

  return {
    schema,
    at,
    id,
    ...(chargeId === undefined ? {} : { chargeId }),
    items: { in: listIn, schema, id, ...(createdAt === undefined ? {} : { createdAt }) },
    answer,
    request,
    fetch: async (ids, call, { schema: strict, ...more } = {}) => {
      const { schema: answered, objectIn } = strict === undefined ? one : answer(strict);
      const { wire } = await call.send(request(ids, more), answered);
      const object = objectIn(wire);
      const asked = typeof ids === 'string' ? ids : (ids[own] ?? '');
      call.checkSame(asked, textOf(fieldsOf(object)[id]) ?? '');
      return object;
    },
    idsIn: (data) => (facts.idsIn === undefined ? textOf(fieldsOf(data)[id]) : facts.idsIn(fieldsOf(data))),
    read,
  };
};
