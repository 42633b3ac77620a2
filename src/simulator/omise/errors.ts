import { jsonResponse, type SimulatorResponse } from '../face.js';

/** Every error code that this face answers with, its HTTP status and its message when nothing more precise is known. */
const errors = {
  authentication_failure: [401, 'authentication failed'],
  backend_error: [400, 'backend error'],
  bad_request: [400, 'bad request'],
  expired_charge: [400, 'charge expired'],
  failed_capture: [400, 'capture failed'],
  failed_expire: [400, 'expire failed'],
  failed_refund: [400, 'refund failed'],
  failed_reverse: [400, 'reverse failed'],
  failed_void: [400, 'void failed'],
  feature_not_supported: [400, 'feature not supported'],
  internal_error: [500, 'internal error'],
  invalid_amount: [400, 'amount is invalid'],
  invalid_card: [400, 'card is invalid'],
  invalid_charge: [400, 'charge is invalid'],
  invalid_dispute: [400, 'dispute is invalid'],
  invalid_filter: [422, 'filter is invalid'],
  invalid_page: [422, 'page is invalid'],
  invalid_per_page: [422, 'per_page is invalid'],
  invalid_scope: [422, 'scope is invalid'],
  missing_card: [400, 'card is missing'],
  not_found: [404, 'not found'],
  too_many_requests: [429, 'too many requests'],
  used_token: [400, 'token was already used'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

/** A code of Omise's error table. */
export type OmiseErrorCode = keyof typeof errors;

/** Ends the handling of a request with an error answer. It never leaves this face. */
export class OmiseRefusal extends Error {
  override readonly name = 'OmiseRefusal';

  constructor(
    readonly code: OmiseErrorCode,
    message?: string,
  ) {
    super(message ?? errors[code][1]);
  }
}

/** An error in Omise's envelope. */
export const errorResponse = (
  code: OmiseErrorCode,
  message?: string,
  headers?: Record<string, string>,
): SimulatorResponse =>
  jsonResponse(
    errors[code][0],
    {
      object: 'error',
      location: `https://www.omise.co/api-errors#${code.replaceAll('_', '-')}`,
      code,
      message: message ?? errors[code][1],
    },
    headers,
  );
