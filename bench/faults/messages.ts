import type { PaymentSource } from '../../src/models/payment-source.js';
import type { SimulatedProvider } from '../../src/simulator/index.js';
import type { Kind } from './plan.js';

/** The clients that can be put through the same faults. */
export const clientNames = ['unicharge', 'naive', 'stripe-sdk', 'omise-sdk', 'justifi-sdk'] as const;
export type ClientName = (typeof clientNames)[number];
export const storeNames = ['memory', 'redis', 'postgres', 'sqlite'] as const;
export type StoreName = (typeof storeNames)[number];
/** How a payment goes over two routes: with a router, or as a shop writes it first. */
export const wayNames = ['router', 'failover'] as const;
export type WayName = (typeof wayNames)[number];

/** What a merchant process is started with. */
export interface MerchantSetup {
  readonly client: ClientName | WayName;
  readonly store: StoreName;
  /** Whether an SDK is given the order number as its idempotency key; otherwise it does what it does by itself. */
  readonly givesKeys: boolean;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly settleMs: number;
  readonly abandonedMs: number;
}

/** Which account at which provider, and the way to it. */
export interface Place {
  readonly provider: SimulatedProvider;
  readonly namespace: string;
  readonly baseUrl: string;
  /** What the simulator says that a client needs: keys. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface WriteOrder {
  readonly type: 'write';
  readonly place: Place;
  readonly kind: Kind;
  readonly key: string;
  readonly amount: number;
  /** For creates. */
  readonly source: PaymentSource | null;
  /** The charge, for everything else. */
  readonly target: string | null;
}

export interface ReconcileOrder {
  readonly type: 'reconcile';
  readonly place: Place;
  /** A key, or the JSON of an error. */
  readonly input: unknown;
}

export interface PendingOrder {
  readonly type: 'pending';
  readonly place: Place;
}

/** A payment over several routes, in their order. */
export interface RouteOrder {
  readonly type: 'route';
  readonly places: readonly Place[];
  readonly key: string;
  readonly amount: number;
  readonly currency: string;
  /** By provider, which is the name of the route. */
  readonly sources: Readonly<Record<string, PaymentSource>>;
}

export type Order = WriteOrder | ReconcileOrder | PendingOrder | RouteOrder;

/** What a merchant was told of a charge or a refund; null from clients that tell it in other words. */
export interface MadeReport {
  readonly what: 'charge' | 'refund';
  readonly id: string;
  readonly chargeId: string;
  /** Null where nobody knows where the charge stands. */
  readonly amount: number | null;
  readonly currency: string | null;
  /** Null where the provider does not say, and for refunds. */
  readonly amountCaptured: number | null;
}

/** How a write ended, as the process that made it saw it. */
export type WriteReport =
  | { readonly done: true; readonly id: string; readonly made: MadeReport | null }
  | {
      readonly done: false;
      readonly name: string;
      readonly message: string;
      /** Whether this is the last word, so that a job does not call again. */
      readonly definite: boolean;
      /** Whether the client says that money may have moved; null where it cannot say. */
      readonly outcome: 'not_sent' | 'rejected' | 'unknown' | null;
      /** The charge that the error is about, if it says so. */
      readonly chargeId?: string | null;
      /** The error as JSON, for a later `reconcile`. */
      readonly error: unknown;
    };

/** What a look back said. */
export type ReconcileReport =
  | {
      readonly said: 'happened' | 'did_not_happen' | 'unknown';
      /** Null where there was no record. */
      readonly operation: string | null;
      readonly made?: MadeReport | null;
      readonly retryAfterMs: number | null;
    }
  | { readonly said: 'duplicate' }
  | { readonly said: 'failed'; readonly message: string };

/** What became of all open writes of one account. */
export interface PendingReport {
  readonly settled: number;
  readonly open: number;
}

/** What the caller of a routed payment was told, and when, in milliseconds since 1970. */
export interface RouteReport {
  readonly said: 'charged' | 'rejected' | 'not_sent' | 'unknown';
  /** The charge, where it is told. */
  readonly id: string | null;
  readonly route: string | null;
  readonly code: string;
  readonly isDecline: boolean;
  /** The error in its own words; empty where there is none. */
  readonly words: string;
  readonly at: number;
  /** Which process said it. */
  readonly pid: number;
}

export interface Reports {
  readonly route: RouteReport;
  readonly write: WriteReport;
  readonly reconcile: ReconcileReport;
  readonly pending: PendingReport;
}

export type ReportOf<Asked extends Order> = Reports[Asked['type']];

/** A job that pays over several routes. */
export interface RouteJob {
  route(order: RouteOrder): Promise<RouteReport>;
}

/** A client as a merchant's job uses it. */
export interface JobClient {
  write(order: WriteOrder): Promise<WriteReport>;
  reconcile(order: ReconcileOrder): Promise<ReconcileReport>;
  pending(order: PendingOrder): Promise<PendingReport>;
}
