import type * as z from 'zod';
import type { Operation } from '../charges-client.js';
import type * as models from '../models/params.js';
import type { OperationRows, ProviderSpec } from '../provider.js';
import type { WebhookDelivery, WebhookSpec } from '../webhook-spec.js';
import type { AdapterTypes, OptionSchemas } from './inputs.js';
import type { Paging } from './paging.js';
import type { ParamsSchemas } from './request-row.js';
import type { ChargeResource, RefundResource } from './resource.js';
import type { Rows } from './rows.js';

/** The types of a definition's rows, by what it declares. */
export interface TypesOf<
  Shape extends z.core.$ZodShape,
  Options extends OptionSchemas,
  ChargeWire,
  RefundWire,
> extends AdapterTypes {
  /** Its settings, as their schemas give them. */
  readonly settings: z.output<z.ZodObject<Shape>>;
  /** Its schemas of `providerOptions`, by operation. */
  readonly options: Options;
  /** Its charge on the wire. */
  readonly charge: ChargeWire;
  /** Its refund on the wire. */
  readonly refund: RefundWire;
}

/** How deliveries are verified and read. */
export interface AdapterWebhook<Settings> {
  /** How far the signed time may be off, both ways, where the settings do not say. */
  readonly toleranceMs: number;
  /** `timedHeader`, `headerPair`, or what can be checked where nothing reliable is signed. */
  verify(delivery: WebhookDelivery, settings: Settings): void;
  /** Test or live by the payload; null where it does not say. */
  livemode?(payload: unknown): boolean | null;
  /** `eventsOf`, or the provider's own reading. */
  readonly event: WebhookSpec['event'];
}

/** A provider as facts: what `defineAdapter` makes a `ProviderSpec` of. */
export interface Definition<
  Shape extends z.core.$ZodShape,
  Options extends OptionSchemas,
  Params extends ParamsSchemas,
  ChargeWire,
  RefundWire,
  Names extends Operation,
  Extras extends object,
  Provider extends string,
> extends Omit<ProviderSpec<Shape, OperationRows, Extras, Provider>, 'operations' | 'webhook'> {
  /** The provider's name in messages, such as `Pin`. */
  readonly name: string;
  /** Schemas of `providerOptions`, by operation. An operation without one takes none. */
  readonly options?: Options;
  /** Params that the provider reads more narrowly than the common ones, by operation, without their `providerOptions`. */
  readonly params?: Params;
  /** Its charge: how one is checked, fetched and read. */
  readonly charge: ChargeResource<ChargeWire>;
  /** Left out where refunds are told by their charge alone. */
  readonly refund?: RefundResource<RefundWire>;
  /** How the pages of its lists are counted. Left out where nothing comes in pages. */
  readonly paging?: Paging;
  /** Words that stand where the id of a charge stands: as an id they would ask for something else. */
  readonly notIds?: { readonly words: readonly string[]; readonly message: string };
  /** One row an operation. An absent row is an operation that the provider lacks. */
  readonly operations: Rows<TypesOf<Shape, Options, ChargeWire, RefundWire>, Names>;
  /** How its deliveries are verified and read. Left out where it sends none. */
  readonly webhook?: AdapterWebhook<z.output<z.ZodObject<Shape>>>;
}

interface CommonParams {
  readonly create: typeof models.createParamsSchema;
  readonly update: typeof models.updateParamsSchema;
  readonly list: typeof models.listParamsSchema;
  readonly search: typeof models.searchParamsSchema;
  readonly capture: typeof models.captureParamsSchema;
  readonly refund: typeof models.refundParamsSchema;
  readonly verify3DS: typeof models.verify3DSParamsSchema;
}

type GivenParams<Params, Name extends keyof CommonParams> = Name extends keyof Params
  ? Params[Name] extends z.ZodType
    ? z.input<Params[Name]>
    : never
  : z.input<CommonParams[Name]>;

type GivenOptions<Options, Name> = Name extends keyof Options
  ? Options[Name] extends z.ZodType
    ? z.input<Options[Name]>
    : never
  : Record<string, never>;

type ParamsInput<Options, Params, Name extends keyof CommonParams> = Omit<
  GivenParams<Params, Name>,
  'providerOptions'
> & { providerOptions?: GivenOptions<Options, Name> | undefined };

/** The rows as the engine and the types of a client see them: names and params, nothing of the wire. */
export type SpecRows<Options, Params, Names extends Operation> = {
  readonly [Name in Names]: NonNullable<OperationRows[Name]> &
    (Name extends keyof CommonParams
      ? { readonly params: z.ZodType<never, ParamsInput<Options, Params, Name>> }
      : unknown);
};
