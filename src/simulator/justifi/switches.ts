/** What a key says once its first request has failed. */
export type FailedKey =
  /** 409: documented for a key whose other request failed. */
  | 'conflict'
  /** The first answer again. */
  | 'repeated'
  /** What was done is answered, what was not done is tried again. */
  | 'resumed';

/** Behaviour of JustiFi that its documentation leaves open, or in which its sources disagree. */
export interface JustifiSwitches {
  /** The answer of the token endpoint to wrong credentials; the official clients assume 404. */
  badCredentialsStatus: 401 | 404;
  /** How long an access token is good, in milliseconds. */
  tokenLifetimeMs: number;
  /** Whether the token answer carries `expires_in`. */
  tokenExpiresIn: boolean;
  /**
   * What becomes of the deprecated header `Seller-Account`: an older page documents it for what `Sub-Account` does, the pages
   * since 2024 do not have it any more.
   */
  sellerAccountHeader: 'accepted' | 'ignored';
  /** Whether creating a payment needs a `Sub-Account` header, as documented since 2024. */
  subAccountRequired: boolean;
  /** Whether a write without an `Idempotency-Key` is refused. */
  idempotencyKeyRequired: boolean;
  /** How long a key is remembered, in milliseconds: documented nowhere. */
  keyLifetimeMs: number;
  /** The status of `idempotency_params_mismatch`. */
  paramsMismatchStatus: 400 | 409 | 422;
  /** A key whose first request was refused or declined. */
  keyAfterRefusal: FailedKey;
  /** A key whose first request broke with a server or gateway error, with or without having been executed. */
  keyAfterServerError: FailedKey;
  /** What an `amount` in the body of a capture does: the specification knows none. */
  captureAmount: 'ignored' | 'refused';
  /** The status of refusals that come from the state of a payment: already captured, window passed. */
  stateRefusalStatus: 400 | 403 | 409 | 422;
  /** Whether a voided payment keeps `captured` and `amount_refundable` as they were, as in a published sample. */
  voidKeepsAmounts: boolean;
  /** Whether `captured` is true on payments that took nothing, as in several published samples. */
  capturedLies: boolean;
  /** Whether raw cards and bank accounts may be charged: only approved accounts may. */
  rawCardsAllowed: boolean;
  /** Whether bank accounts are shown as the schema has them instead of as the examples do. */
  bankAccountAsInSchema: boolean;
  /** How long a bank debit stays pending, in milliseconds; 0 is the test mode, where it settles at once. */
  debitSettlesAfterMs: number;
  /** Whether settled bank debits come back. */
  debitsReturn: boolean;
  /** When they come back, in milliseconds after they have settled. */
  debitReturnsAfterMs: number;
  /** The status of a bank debit that came back; `returned` is true in both cases. */
  returnedDebitStatus: 'failed' | 'succeeded';
  /** What becomes of a refund. */
  refundOutcome: 'succeeded' | 'pending' | 'pending_then_succeeded' | 'pending_then_failed';
  /** How long a refund is pending, in milliseconds. */
  refundSettlesAfterMs: number;
  /** How long a payment can be refunded, in milliseconds: documented nowhere. */
  refundWindowMs: number;
  /** Whether the scenario `gateway_timeout` takes the money before it fails. */
  gatewayTimeoutCommits: boolean;
  /** How an injected server error is worded; gateway errors come with HTTP 402. */
  serverErrorAs: 'internal_server_error' | 'gateway_error' | 'gateway_timeout_error';
  /** The shape of error bodies: an object, or one of the odd ones that official clients tolerate. */
  errorBody: 'object' | 'text' | 'list' | 'empty';
  /** Whether the outer envelope deviates as in published examples: `id: 1`, `page_info: "string"`. */
  oddEnvelope: boolean;
  /** How long after its creation a payment or refund is missing from lists, in milliseconds. */
  listDelayMs: number;
}

const day = 86_400_000;

/** What the documentation says, or the more likely reading of it. */
export const justifiSwitches: JustifiSwitches = {
  badCredentialsStatus: 404,
  tokenLifetimeMs: day,
  tokenExpiresIn: false,
  sellerAccountHeader: 'accepted',
  subAccountRequired: true,
  idempotencyKeyRequired: true,
  keyLifetimeMs: day,
  paramsMismatchStatus: 422,
  keyAfterRefusal: 'conflict',
  keyAfterServerError: 'repeated',
  captureAmount: 'ignored',
  stateRefusalStatus: 422,
  voidKeepsAmounts: true,
  capturedLies: false,
  rawCardsAllowed: false,
  bankAccountAsInSchema: false,
  debitSettlesAfterMs: 0,
  debitsReturn: false,
  debitReturnsAfterMs: 3 * day,
  returnedDebitStatus: 'failed',
  refundOutcome: 'succeeded',
  refundSettlesAfterMs: 3 * day,
  refundWindowMs: Number.POSITIVE_INFINITY,
  gatewayTimeoutCommits: true,
  serverErrorAs: 'internal_server_error',
  errorBody: 'object',
  oddEnvelope: false,
  listDelayMs: 0,
};
