interface RequestFacts {
  readonly provider: string;
  readonly operation: string;
  readonly method: string;
  /** With placeholders, never with ids: `/v1/charges/{id}/capture`. */
  readonly route: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
}

/** What a client tells `onEvent`. No event holds a body, a header, a key of an account or a card. */
export type ClientEvent =
  | (RequestFacts & { readonly type: 'request'; readonly idempotencyKey: string | null })
  | (RequestFacts & {
      readonly type: 'response';
      readonly status: number;
      readonly requestId: string | null;
      readonly durationMs: number;
    })
  | (RequestFacts & {
      readonly type: 'no_answer';
      readonly reason: string;
      /** False only where it is certain that no byte of the request left. */
      readonly sent: boolean;
      readonly durationMs: number;
    })
  | (RequestFacts & { readonly type: 'retry'; readonly delayMs: number })
  | {
      /** The provider answered something that this version does not know. */
      readonly type: 'drift';
      readonly provider: string;
      readonly operation: string;
      readonly path: string;
      readonly kind: string;
    }
  | {
      /** A request leaves with fields of `providerOptions.wire`. */
      readonly type: 'passthrough';
      readonly provider: string;
      readonly operation: string;
      /** Their names, with those of the objects around them, such as `mandate_data.customer_acceptance.type`. */
      readonly fields: readonly string[];
    }
  | {
      /** The operation store failed: before the write was sent, which then was not, or after it, which did not suffer. */
      readonly type: 'store';
      readonly provider: string;
      readonly operation: string;
      readonly action: string;
      readonly idempotencyKey: string;
      readonly reason: string;
    }
  | {
      /** The library looked at the provider for what became of a write. */
      readonly type: 'lookup';
      readonly provider: string;
      readonly operation: string;
      readonly idempotencyKey: string;
      readonly seen: string;
    };

/** Receives events. What it throws is ignored: watching must not change what happens. */
export type EventListener = (event: ClientEvent) => void;
