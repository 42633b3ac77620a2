import type * as z from 'zod';
import type { Include } from '../charges-client.js';
import type { Capabilities, SearchFilter } from '../models/capabilities.js';
import type { Charge } from '../models/charge.js';
import type { Refund } from '../models/refund.js';
import type { Fields } from './fields.js';
import type { AdapterCall, AdapterTypes, RowInput } from './inputs.js';
import type { CreateLimits, MetadataLimits, UpdateLimits } from './limits.js';
import type { Paging } from './paging.js';

/** What callers may ask for with `include`. */
interface Including {
  readonly include?: readonly Include[];
}

/** What a list or a search declares beside its request. */
export interface PageFacts<Types extends AdapterTypes, Name extends 'list' | 'search'> extends Including {
  /** Where the pages of this operation are counted in another way than those of the provider's other lists. */
  readonly paging?: Paging;
  /** Filters that the provider applies. */
  readonly pushedDown?: readonly SearchFilter[];
  /** Instead of the provider's own reading: what this operation knows of a charge besides. */
  readItem?(
    wire: Types['charge'],
    call: AdapterCall<Types['settings']>,
    input: RowInput<Types, Name>,
  ): Charge | Promise<Charge>;
  /** Leaves out charges that the provider lists too many. */
  keeps?(charge: Charge, input: RowInput<Types, Name>): boolean;
}

/** What is declared beside the request of an operation: the kit checks it, and `capabilities` tell it. */
export interface Facts<Types extends AdapterTypes> {
  create: CreateLimits<Types>;
  retrieve: Including;
  update: UpdateLimits & {
    /**
     * What the provider does with the metadata of an update: `merged` with what is there; `replaced` by it, so that the charge
     * is read and the whole map goes out; `either`, where it is not known, so that the whole map goes out and removed keys are
     * null in it; then a charge without a readable map is refused. Our stamp survives all three.
     */
    readonly metadata: 'merged' | 'replaced' | 'either';
  };
  list: PageFacts<Types, 'list'> & {
    readonly order: 'newest_first' | 'unspecified';
    readonly covers?: Capabilities['list']['covers'];
  };
  search: PageFacts<Types, 'search'> & { readonly eventuallyConsistent?: boolean };
  capture: {
    /** False: an amount is compared with the charge before anything is sent, and never sent itself. */
    readonly partial: boolean | 'some';
  };
  void: {
    /** Whether captured money that is not settled can be voided, too. */
    readonly captured: boolean;
    /** How long after the charge it is possible. */
    readonly windowMs?: number;
  };
  expire: object;
  refund: {
    readonly partial: boolean;
    /** Whether refunds keep metadata; where they do not, it is refused. */
    readonly metadata: boolean;
    readonly metadataLimits?: MetadataLimits;
    /**
     * What goes out for everything, decided before sending and recorded: `named`, what the charge has left;
     * `left_out_first`, no amount while nothing was refunded, then what is left by the list of refunds. Left out where the
     * row has a `prepare` of its own.
     */
    readonly everything?: 'named' | 'left_out_first';
    /** Whether the request has to know the currency: then the charge is read first. */
    readonly readsCurrency?: boolean;
  };
  listRefunds: {
    /** The refunds that a charge carries, where they have no list of their own. */
    inCharge?(
      wire: Types['charge'],
      call: AdapterCall<Types['settings']>,
    ): readonly Refund[] | Promise<readonly Refund[]>;
    /** A stricter check of that charge, where refunds that are missing must not pass for none. */
    readonly schema?: z.ZodType<Types['charge']>;
    readonly paging?: Paging;
    /** The charge that a page of the list names, besides its refunds; null where it names none. */
    chargeIdIn?(page: Fields): string | null;
  };
  retrieveRefund: {
    /** The refunds that a charge carries, where one cannot be read alone. `refundId`: the others need not be given. */
    inCharge?(
      wire: Types['charge'],
      call: AdapterCall<Types['settings']>,
      refundId: string,
    ): readonly Refund[] | Promise<readonly Refund[]>;
  };
  verify3DS: {
    /** How the payer who came back is recognized; what the provider does not know is refused. */
    readonly by: readonly ('chargeId' | 'sessionToken' | 'otp')[];
    /** The call finishes the payment, so it is sent once and never repeated. */
    readonly isWrite?: boolean;
  };
}
