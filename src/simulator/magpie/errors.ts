import { jsonResponse, type SimulatorResponse } from '../face.js';
import type { MagpieSwitches } from './switches.js';

/** One entry of the `detail` list of a 422. */
export interface ValidationProblem {
  loc: readonly (string | number)[];
  msg: string;
  type: string;
}

/** What an error object says about a decline. */
export interface DeclineDetails {
  code: string;
  chargeId: string;
}

/** Ends the handling of a request with an error answer. It never leaves this face. */
export class MagpieRefusal extends Error {
  override readonly name = 'MagpieRefusal';

  constructor(
    readonly status: number,
    message: string,
    readonly decline: DeclineDetails | null = null,
  ) {
    super(message);
  }
}

/** Ends the handling of a request with the 422 of a failed validation. */
export class MagpieValidationRefusal extends Error {
  override readonly name = 'MagpieValidationRefusal';

  constructor(readonly problems: readonly ValidationProblem[]) {
    super('Validation failed');
  }
}

const types: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'card_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'invalid_request_error',
  409: 'idempotency_error',
  429: 'rate_limit_error',
};

const errorObject = (status: number, message: string, decline: DeclineDetails | null): unknown => {
  const type = types[status] ?? 'api_error';
  return {
    error: {
      message,
      type,
      code: decline === null ? type.replace(/_error$/, '') : 'card_declined',
      param: null,
      doc_url: null,
      decline_code: decline?.code ?? null,
      charge_id: decline?.chargeId ?? null,
    },
  };
};

/** An error in the shape that the switches ask for. */
export const errorResponse = (
  switches: MagpieSwitches,
  status: number,
  message: string,
  decline: DeclineDetails | null = null,
  headers: Record<string, string> = {},
): SimulatorResponse => {
  // A decline that names its charge has only this shape to do it in.
  if (decline !== null) return jsonResponse(status, errorObject(status, message, decline), headers);
  const code = (types[status] ?? 'api_error').replace(/_error$/, '');
  switch (switches.errorShape) {
    case 'detail':
      return jsonResponse(status, { detail: message }, headers);
    case 'error_object':
      return jsonResponse(status, errorObject(status, message, null), headers);
    case 'error_text':
      return jsonResponse(status, { error: message, code }, headers);
    case 'message':
      return jsonResponse(status, { message, code }, headers);
    case 'empty':
      return { status, headers: { ...headers }, body: '' };
  }
};

/** The answer for anything that a handler threw; what is no refusal is a fault of the simulator and goes on. */
export const refusalResponse = (switches: MagpieSwitches, error: unknown): SimulatorResponse => {
  if (error instanceof MagpieValidationRefusal) return jsonResponse(422, { detail: error.problems });
  if (!(error instanceof MagpieRefusal)) throw error;
  const headers: Record<string, string> = error.status === 401 ? { 'www-authenticate': 'Basic' } : {};
  return errorResponse(switches, error.status, error.message, error.decline, headers);
};
