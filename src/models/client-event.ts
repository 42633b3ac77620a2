import type { DeclineCode } from './decline.js';
import type { Outcome } from './error-details.js';

/** What every event carries of the call that it belongs to. */
interface CallFacts {
  /** Joins the events of one call; no two calls share one. */
  readonly callId: string;
  /** The idempotency key that the caller gave; null where none was given, and on reads. */
  readonly callKey: string | null;
  /** Whom the call is for, where one key of the provider serves several accounts; null elsewhere. */
  readonly account: string | null;
}

/** What decided how a call ended: the provider's answer to its request, the operation store, or a lookup at the provider. */
export type ResolvedBy = 'response' | 'record' | 'lookup';

interface RequestFacts {
  /** The provider's name, such as `stripe`. */
  readonly provider: string;
  /** The method that was called, such as `create`. */
  readonly operation: string;
  /** The HTTP method. */
  readonly method: string;
  /** With placeholders, never with ids: `/v1/charges/{id}/capture`. */
  readonly route: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Which of all attempts of the call it is, beginning with 1: joins a request with its answer. */
  readonly exchange: number;
}

/** What happened, as it is told before anybody knows of which call. */
export type EventOfCall =
  | {
      /** A method was called. */
      readonly type: 'call_started';
      /** The provider's name, such as `stripe`. */
      readonly provider: string;
      /** The method that was called, such as `create`. */
      readonly operation: string;
    }
  | {
      /** The call is over: its promise settles next. */
      readonly type: 'call_ended';
      /** The provider's name, such as `stripe`. */
      readonly provider: string;
      /** The method that was called, such as `create`. */
      readonly operation: string;
      /** `succeeded` where the call fulfils, else the `outcome` of its error. What was paid the charge itself says. */
      readonly outcome: 'succeeded' | Outcome;
      /** The class of the error, such as `CardError`; null where the call fulfils. */
      readonly errorName: string | null;
      /** The `code` of the error, such as `store_unavailable`. */
      readonly errorCode: string | null;
      /** Why a charge was declined, in the words that are the same at every provider. */
      readonly declineCode: DeclineCode | null;
      /** How long the call took, in milliseconds, with its repeats and waits. */
      readonly durationMs: number;
      /** How many HTTP requests left: with repeats, looks, and what was read or prepared before. */
      readonly attempts: number;
      /** Null where nothing decided: the call was refused before it was sent, or its outcome is unknown. */
      readonly resolvedBy: ResolvedBy | null;
    }
  | (RequestFacts & {
      /** A request is about to leave. */
      readonly type: 'request';
      /** The key that the request carries, or that is stamped into its metadata; null on reads. */
      readonly idempotencyKey: string | null;
      /** Where it goes: scheme, host and port, such as `https://api.stripe.com`. */
      readonly origin: string;
    })
  | (RequestFacts & {
      /** The provider answered, with whatever status. */
      readonly type: 'response';
      /** The HTTP status. */
      readonly status: number;
      /** The id that the provider gave the request; null where it told none. */
      readonly requestId: string | null;
      /** Milliseconds from the request to its answer. */
      readonly durationMs: number;
    })
  | (RequestFacts & {
      /** The request got no answer: the connection failed, or time ran out. */
      readonly type: 'no_answer';
      /** What failed on the way, in a few words. */
      readonly reason: string;
      /** False only where it is certain that no byte of the request left. */
      readonly sent: boolean;
      /** Milliseconds from the request to its failure. */
      readonly durationMs: number;
    })
  | (RequestFacts & {
      /** The request is sent once more after a wait. */
      readonly type: 'retry';
      /** How long it waits first, in milliseconds. */
      readonly delayMs: number;
    })
  | {
      /** The provider answered something that this version does not know. */
      readonly type: 'drift';
      /** The provider's name, such as `stripe`. */
      readonly provider: string;
      /** The method that was called, such as `create`. */
      readonly operation: string;
      /** The place in the answer that deviates, such as `charge.status`. Its value is never told. */
      readonly path: string;
      /** How it deviates: a `DriftKind`, such as `unknown_value`. */
      readonly kind: string;
    }
  | {
      /** A request leaves with fields of `providerOptions.wire`. */
      readonly type: 'passthrough';
      /** The provider's name, such as `stripe`. */
      readonly provider: string;
      /** The method that was called, such as `create`. */
      readonly operation: string;
      /** Their names, with those of the objects around them, such as `mandate_data.customer_acceptance.type`. */
      readonly fields: readonly string[];
    }
  | {
      /** The operation store failed: before the write was sent, which then was not, or after it, which did not suffer. */
      readonly type: 'store';
      /** The provider's name; `router` for the store of a router. */
      readonly provider: string;
      /** The method that was called, such as `create`. */
      readonly operation: string;
      /** What the store was asked to do, such as `begin`, `prepare` or `settle`. */
      readonly action: string;
      /** The idempotency key of the write. */
      readonly idempotencyKey: string;
      /** The name, code and message of what the store threw. */
      readonly reason: string;
    }
  | {
      /** The library looked at the provider for what became of a write. */
      readonly type: 'lookup';
      /** The provider's name, such as `stripe`. */
      readonly provider: string;
      /** The method that was called, such as `create`. */
      readonly operation: string;
      /** The idempotency key of the write. */
      readonly idempotencyKey: string;
      /** What the look found: `happened`, `nothing`, `refused`, `several` or `unclear`. */
      readonly seen: string;
    };

/** What a client tells `onEvent`. No event holds a body, a header, a key of an account or a card. */
export type ClientEvent = EventOfCall & CallFacts;

/** Receives events. What it throws is ignored: watching must not change what happens. */
export type EventListener = (event: ClientEvent) => void;
