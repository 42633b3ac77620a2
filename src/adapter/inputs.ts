import type * as z from 'zod';
import type { Operation, ProviderParams } from '../charges-client.js';
import type { PaymentSourceObject } from '../models/payment-source.js';
import type { Refund } from '../models/refund.js';
import type { Charge } from '../models/charge.js';
import type { Call, OperationInputs } from '../provider.js';
import type { Query } from './endpoint.js';

/** Schemas of `providerOptions`, by operation. An operation without one takes none. */
export type OptionSchemas = { readonly [Name in keyof ProviderParams]?: z.ZodType<object> };

/** What the rows of a provider are generic over. */
export interface AdapterTypes {
  /** Its own settings, as its schemas give them. */
  readonly settings: unknown;
  /** Its charge on the wire. */
  readonly charge: unknown;
  /** Its refund on the wire. */
  readonly refund: unknown;
  /** Its schemas of `providerOptions`, by operation. */
  readonly options: OptionSchemas;
}

/** The checked `providerOptions` of an operation. */
export type OptionsOf<
  Types extends AdapterTypes,
  Name extends Operation,
> = Name extends keyof Types['options']
  ? Types['options'][Name] extends z.ZodType<infer Options>
    ? Partial<Options>
    : object
  : object;

/** The call of a row: with the provider's settings, and what the row's own `prepare` gave. */
export interface AdapterCall<Settings = unknown, Prepared = unknown> extends Call<Settings> {
  /** What the row's `prepare` gave, now or at an earlier attempt with the same key. */
  readonly prepared: Prepared;
}

/** What the kit works out beside the input of an operation. */
interface Worked {
  create: {
    /** What is charged; null where the provider needs none, or it is what is missing. */
    readonly source: PaymentSourceObject | null;
    /** The caller's, with the stamp and the adapter's own entries. */
    readonly metadata: Readonly<Record<string, string>>;
  };
  update: {
    /** What goes out, as the row's fact `metadata` says; undefined where nothing of it changes. */
    readonly metadata: Readonly<Record<string, unknown>> | undefined;
  };
  list: { /** The part of the query that names the page. */ readonly page: Query };
  search: { /** The part of the query that names the page. */ readonly page: Query };
  refund: {
    /** What goes out in minor units, where the row's fact `everything` is given; null where it is left out. */
    readonly amount: number | null;
    /** The currency of the charge, where the row's fact `readsCurrency` is given; else empty. */
    readonly currency: string;
    /** The caller's with the stamp, where refunds keep metadata. */
    readonly metadata: Readonly<Record<string, string>>;
  };
  listRefunds: { /** The part of the query that names the page. */ readonly page: Query };
}

type WithOptions<Types extends AdapterTypes, Name extends Operation> = Name extends keyof ProviderParams
  ? { readonly options: OptionsOf<Types, Name> }
  : unknown;

/** What a row gets: the input of its operation, its options, and what the kit has worked out. */
export type RowInput<Types extends AdapterTypes, Name extends Operation> = OperationInputs[Name] &
  WithOptions<Types, Name> &
  (Name extends keyof Worked ? Worked[Name] : unknown);

/** What the object of an answer becomes: on a page, each of its objects. */
export type ModelOf<Name extends Operation> = Name extends 'refund' | 'retrieveRefund' ? Refund : Charge;

/** The object of an answer, by what the operation gives. */
export type WireOf<Types extends AdapterTypes, Name extends Operation> = Name extends
  'refund' | 'retrieveRefund'
  ? Types['refund']
  : Types['charge'];
