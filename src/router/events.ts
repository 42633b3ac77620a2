import type { EventOfCall } from '../models/client-event.js';
import type { DeclineCode } from '../models/decline.js';
import type { Outcome } from '../models/error-details.js';

/** Why a payment stays at its route though its attempt ended. */
export type StayReason =
  /** Money may have moved there. */
  | 'outcome_unknown'
  /** The decline is none after which another route is tried, or none that may be. */
  | 'decline_is_final'
  /** A network forbids another try. */
  | 'network_forbids'
  /** The request is wrong, was aborted or the store failed: no other route would help. */
  | 'not_the_route'
  /** `cascade.failures` is false. */
  | 'failures_stay'
  /** The route could not be asked what became of the key, or does not know yet. */
  | 'not_confirmed'
  | 'no_route_left'
  | 'no_time_left';

/** What a router tells `onEvent`: every decision, with names and codes only. */
export type RouterEvent =
  | {
      /** The routes of a payment, in order. `recorded`: an earlier call chose them. */
      readonly type: 'planned';
      /** The key of the payment. */
      readonly idempotencyKey: string;
      /** The names of the routes, in the order in which they are tried. */
      readonly routes: readonly string[];
      /** Whether an earlier call with this key chose them. */
      readonly recorded: boolean;
    }
  | {
      /** The position is recorded, and the route's client is called. */
      readonly type: 'entered';
      /** The key of the payment. */
      readonly idempotencyKey: string;
      /** The name of the route. */
      readonly route: string;
      /** Its place among the planned routes, from 0. */
      readonly position: number;
    }
  | {
      /** How an attempt at a route ended. */
      readonly type: 'ended';
      /** The key of the payment. */
      readonly idempotencyKey: string;
      /** The name of the route. */
      readonly route: string;
      /** `succeeded` where there is a charge, else the `outcome` of the error. */
      readonly outcome: Outcome | 'succeeded';
      /** The `code` of the error; null where there is a charge. */
      readonly code: string | null;
      /** Why it was declined; null where it was not. */
      readonly declineCode: DeclineCode | null;
    }
  | {
      /** The payment goes on to another route. */
      readonly type: 'moved';
      /** The key of the payment. */
      readonly idempotencyKey: string;
      /** The name of the route that is left. */
      readonly from: string;
      /** The name of the route that is tried next. */
      readonly to: string;
    }
  | {
      /** The payment does not go on to another route. */
      readonly type: 'stayed';
      /** The key of the payment. */
      readonly idempotencyKey: string;
      /** The name of the route. */
      readonly route: string;
      /** Why it stays. */
      readonly reason: StayReason;
    }
  | {
      /** A route is thought ill, tried again, or thought well. */
      readonly type: 'health';
      /** The name of the route. */
      readonly route: string;
      /** What this process thinks of it from now on. */
      readonly health: RouteHealth;
    }
  /** The store failed. */
  | Extract<EventOfCall, { type: 'store' }>;

/** What a process thinks of a route: taken as usual, put last, or being tried by one payment. */
export type RouteHealth = 'well' | 'resting' | 'probing';

/** Receives the decisions of a router. What it throws is ignored. */
export type RouterEventListener = (event: RouterEvent) => void;
