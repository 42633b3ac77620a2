import type { ChargesClient, WriteOptions } from '../charges-client.js';
import type { Charge } from '../models/charge.js';
import type { ChargeEvent } from '../models/event.js';
import type { ChargeList } from '../models/page.js';
import type { PendingReconciliations, Reconciliation } from '../models/reconciliation.js';
import type { DeclineCode } from '../models/decline.js';
import type { OperationStore } from '../models/operation-store.js';
import type { CreateParams } from '../models/params.js';
import type { PaymentSource } from '../models/payment-source.js';
import type { RouterEventListener } from './events.js';

/** What a payment is known by when its routes are chosen. */
export interface RoutingFacts {
  /** In ISO 4217 minor units. */
  readonly amount: number;
  /** An ISO 4217 code, upper case. */
  readonly currency: string;
  /** The country of the billing address: ISO 3166-1 alpha-2. Null where there is none. */
  readonly country: string | null;
  /** The pairs that the caller gave; empty where there are none. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** When a route fits, by facts of the payment. Everything that is named has to fit. */
export interface RouteConditions {
  /** One code of ISO 4217, or several. */
  readonly currency?: string | readonly string[];
  /** Both inclusive, in minor units. Only together with one `currency`: 1000 is another amount in every currency. */
  readonly amount?: { readonly min?: number; readonly max?: number };
  /** The country of the billing address, or several: ISO 3166-1 alpha-2. A payment without one does not fit. */
  readonly country?: string | readonly string[];
  /** Pairs that the metadata of the payment has to hold. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Decides whether a route fits. It has to decide by these facts alone, and only when a payment is new. */
export type RouteTest = (facts: RoutingFacts) => boolean;

/** One way to charge: a client, and when it is taken. */
export interface Route {
  /** 1 to 32 letters, digits, hyphens and underscores. It is recorded with every payment: never give it to another account. */
  readonly name: string;
  /** The client of one provider and account. It protects its own writes; give it a durable store. */
  readonly client: ChargesClient;
  /** When the route fits. Left out: always. A function decides by the same facts. */
  readonly when?: RouteConditions | RouteTest;
  /**
   * The share of payments that begin here, against the weights of the other routes that fit. Where no route that fits has
   * one, they are taken in the order of the settings; where one has, routes without one, or with 0, are spare.
   */
  readonly weight?: number;
  /** Changes what is sent here, such as `customer` or `providerOptions`. Amount and currency have to stay. */
  readonly adapt?: (params: CreateParams) => CreateParams;
}

/** When a payment goes on to another route. */
export interface CascadeRules {
  /**
   * Declines after which another route is tried. Default: those of which `anotherAcquirer` says `yes`. One of which it says
   * `never` is refused, and what a network forbids is never tried again, whatever stands here.
   */
  readonly declines?: readonly DeclineCode[];
  /**
   * Whether a route is left after a failure that took nothing: never connected, a 429, a refused key or permission, a client that
   * is set up wrongly. A 500, a 503 or a timeout of the create is `unknown`, and the payment stays. Default true.
   */
  readonly failures?: boolean;
}

/** When a route is thought ill, and for how long. Known to this process alone, and forgotten with it. */
export interface HealthRules {
  /** How far back outcomes count, in milliseconds. Default 60 000. */
  readonly windowMs?: number;
  /** From how many outcomes in that time on a judgement is made. Default 5. */
  readonly minimum?: number;
  /** From which share of failures on a route rests: above 0, at most 1. Default 0.5. */
  readonly failureRate?: number;
  /** How long it rests before one payment tries it again, in milliseconds. Default 30 000. */
  readonly restMs?: number;
}

/** Which source is charged at a route: tokens of one provider mean nothing to another. Undefined: none, the route does not fit. */
export type RouteSources = (
  params: RouterCreateParams,
  route: string,
) => PaymentSource | undefined | Promise<PaymentSource | undefined>;

/** What `createRouter` takes. */
export interface RouterSettings {
  /** Where plans and positions are recorded. One that is not durable protects within this process only. */
  readonly store: OperationStore;
  /** The routes, in order of preference. */
  readonly routes: readonly Route[];
  /** Gives the source for a route. Left out: `sources` of the call, or its `source` where one route fits or it is raw data. */
  readonly sources?: RouteSources;
  /** When a payment goes on to another route. Left out: the defaults of its fields. */
  readonly cascade?: CascadeRules;
  /** When a route is thought ill; false: never. */
  readonly health?: HealthRules | false;
  /** How many routes one payment may try at most, the first counted. Default 2. */
  readonly maxRoutes?: number;
  /** Milliseconds for one call with all its routes. Default 120 000. */
  readonly deadlineMs?: number;
  /** Part of the scope of keys: test and live, or two shops, on one store need two. Default `default`. */
  readonly namespace?: string;
  /** How long after a reported unknown outcome a route may be left, as in the settings of a client. Default 5 minutes. */
  readonly settleMs?: number;
  /** The same where the process never reported. Default 15 minutes. */
  readonly abandonedMs?: number;
  /** Refuses creates without an `idempotencyKey`. Default false. */
  readonly requireIdempotencyKey?: boolean;
  /** Receives every decision. */
  readonly onEvent?: RouterEventListener;
}

/** What `create` of a router takes: that of every client, and the sources by the names of the routes. */
export type RouterCreateParams = CreateParams & {
  /** What is charged at which route. A route that has none does not fit. */
  sources?: Readonly<Record<string, PaymentSource>>;
};

/** Options of a create. Headers belong to one provider: give them to the settings of its client. */
export type RouterWriteOptions = Omit<WriteOptions, 'headers'>;

/** What holds charges, by the method that gives it. */
interface RoutedAnswers {
  list: ChargeList<RoutedCharge>;
  search: ChargeList<RoutedCharge>;
  reconcile: Promise<RoutedReconciliation>;
  reconcilePending: PendingReconciliations<RoutedReconciliation>;
  parseWebhook: Promise<RoutedEvent>;
}

/** The methods beside `create` that give charges. */
export type RoutedMethod =
  'retrieve' | 'update' | 'capture' | 'void' | 'reverse' | 'expire' | 'verify3DS' | keyof RoutedAnswers;

/** The methods beside `create` that give charges: at a router, and at the client of a route, each names its route. */
export type RoutedMethods = {
  readonly [Name in keyof Pick<ChargesClient, RoutedMethod>]: (
    ...given: Parameters<ChargesClient[Name]>
  ) => Name extends keyof RoutedAnswers ? RoutedAnswers[Name] : Promise<RoutedCharge>;
};

type Routed<Told> = Told extends { readonly charge: infer Held }
  ? Omit<Told, 'charge'> & {
      /** The charge, with the name of its route; null where it tells of none. */
      readonly charge: RoutedCharge | Extract<Held, null>;
    }
  : Told;

/** What became of a write; the charge names its route. */
export type RoutedReconciliation = Routed<Reconciliation>;

/** A verified webhook; the charge names its route. */
export type RoutedEvent = Routed<ChargeEvent>;

/** A charge with the name of the route where it lives. Keep both. */
export type RoutedCharge = Charge & {
  /** The name of the route where the charge lives. */
  readonly route: string;
};
