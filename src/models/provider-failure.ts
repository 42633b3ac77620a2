import type { Charge } from './charge.js';
import type { Advice, DeclineCode } from './decline.js';
import type { FieldIssue, Outcome } from './error-details.js';

/** What a non-2xx answer means. The provider's table sets the outcome, not the HTTP class alone. */
export interface ProviderFailure {
  /**
   * Which class of error the answer becomes: `card` a `CardError`, `in_progress` an
   * `OperationInProgressError`, and so on.
   */
  readonly kind:
    | 'invalid_request'
    | 'authentication'
    | 'permission'
    | 'not_found'
    | 'card'
    | 'conflict'
    | 'idempotency_conflict'
    | 'in_progress'
    | 'rate_limit'
    | 'provider'
    | 'connection';
  /** Whether money may have moved, as the provider documents this answer. In doubt `unknown`. */
  readonly outcome: Outcome;
  /** The provider's text; secrets and card numbers in it are masked by the engine. */
  readonly message: string;
  /** The provider's own code of the error. */
  readonly providerCode?: string | null;
  /** What the caller should do, where the provider's table says more than the decline code. */
  readonly advice?: Advice | null;
  /** Of a decline: the code that all providers share. */
  readonly declineCode?: DeclineCode | null;
  /** Of a decline: the code of the card network or issuer. */
  readonly networkCode?: string | null;
  /** The charge that the answer names. A decline without `charge` is completed by reading it. */
  readonly chargeId?: string | null;
  /** The failed charge, where the answer carries it. */
  readonly charge?: Charge | null;
  /** The fields that the provider calls wrong, without their values. */
  readonly issues?: readonly FieldIssue[];
  /** An earlier success of the same write would be answered so, too: on a repeat, look before believing it. */
  readonly mayBeOwnSuccess?: boolean;
  /** The code is one of those that a create without `returnUrl` gets as well, where one is needed. */
  readonly mayLackReturnUrl?: boolean;
  /**
   * The body is not the provider's own error: damaged, empty, or written by something on the way, whatever its status says.
   * Such a refusal of a write proves nothing. An answer without JSON is unreadable in any case.
   */
  readonly isUnreadable?: boolean;
}

/**
 * The message of an `idempotency_conflict`. A provider's own text may advise another key, and another key may charge a
 * second time.
 */
export const otherParameters = 'the provider knows this idempotency key with other parameters';
