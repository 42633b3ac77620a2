import { defineFace, jsonResponse } from '../face.js';

/** Settings for `createStripe`. */
export interface StripeSimulatorSettings {
  secretKey: string;
  baseUrl: string;
  settleMs: number;
  abandonedMs: number;
}

/** Behaviour of Stripe that its documentation leaves open. */
export interface StripeSwitches {
  /** Whether the remainder released by a partial capture shows in `amount_refunded`, as in old API versions. */
  releaseCountsAsRefund: boolean;
}

const switches: StripeSwitches = { releaseCountsAsRefund: false };

/** Stripe as `contracts` describe it. */
export const stripeFace = defineFace({
  switches,
  create: (context) => ({
    operationOf: () => 'unknown',
    handle: (request) =>
      jsonResponse(404, {
        error: {
          type: 'invalid_request_error',
          message: `Unrecognized request URL (${request.method}: ${request.path}).`,
        },
      }),
    failure: (kind, retryAfterSeconds) =>
      kind === 'rate_limited'
        ? jsonResponse(
            429,
            { error: { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests.' } },
            { 'retry-after': String(retryAfterSeconds ?? 1) },
          )
        : jsonResponse(500, { error: { type: 'api_error', message: 'An unexpected error occurred.' } }),
    settings: (baseUrl): StripeSimulatorSettings => ({
      secretKey: 'sk_test_simulator',
      baseUrl,
      settleMs: 50,
      abandonedMs: 50,
    }),
    source: (): string => context.ids.next('tok_'),
  }),
});
