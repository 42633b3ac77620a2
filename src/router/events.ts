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
      readonly idempotencyKey: string;
      readonly routes: readonly string[];
      readonly recorded: boolean;
    }
  | {
      /** The position is recorded, and the route's client is called. */
      readonly type: 'entered';
      readonly idempotencyKey: string;
      readonly route: string;
      readonly position: number;
    }
  | {
      /** How an attempt at a route ended. */
      readonly type: 'ended';
      readonly idempotencyKey: string;
      readonly route: string;
      readonly outcome: Outcome | 'succeeded';
      readonly code: string | null;
      readonly declineCode: DeclineCode | null;
    }
  | {
      /** The payment goes on to another route. */
      readonly type: 'moved';
      readonly idempotencyKey: string;
      readonly from: string;
      readonly to: string;
    }
  | {
      readonly type: 'stayed';
      readonly idempotencyKey: string;
      readonly route: string;
      readonly reason: StayReason;
    }
  | {
      /** A route is thought ill, tried again, or thought well. */
      readonly type: 'health';
      readonly route: string;
      readonly health: RouteHealth;
    }
  /** The store failed. */
  | Extract<EventOfCall, { type: 'store' }>;

/** What a process thinks of a route: taken as usual, put last, or being tried by one payment. */
export type RouteHealth = 'well' | 'resting' | 'probing';

/** Receives the decisions of a router. What it throws is ignored. */
export type RouterEventListener = (event: RouterEvent) => void;
