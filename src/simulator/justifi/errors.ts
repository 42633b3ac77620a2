import { jsonResponse, type SimulatorResponse } from '../face.js';
import type { JustifiSwitches } from './switches.js';

/** What stands beside code and message in an error. */
export interface ErrorDetails {
  param?: string;
  decline_code?: string | null;
  network?: string | null;
  network_error_category?: string | null;
  network_error_code?: string | null;
}

/** Ends the handling of a request with an error answer. It never leaves this face. */
export class JustifiRefusal extends Error {
  override readonly name = 'JustifiRefusal';

  constructor(
    readonly status: number,
    readonly code: string,
    message?: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message ?? code.replaceAll('_', ' '));
  }
}

/** A parameter that means nothing to JustiFi. */
export const invalid = (code: string, param: string): JustifiRefusal =>
  new JustifiRefusal(422, code, undefined, { param });

/** Nothing by this id that this request may see. */
export const notFound = (): JustifiRefusal =>
  new JustifiRefusal(404, 'resource_not_found', 'Resource Not Found');

/** Codes that leave open whether anything has happened. */
const undecided = new Set([
  'gateway_error',
  'gateway_error_please_retry',
  'gateway_timeout_error',
  'internal_server_error',
  'refund_error',
]);

/** Whether an error says nothing about what happened to the money. */
export const leavesOpen = (refusal: JustifiRefusal): boolean => undecided.has(refusal.code);

/** The error that is injected as a failure of the server. */
export const serverError = (switches: JustifiSwitches): JustifiRefusal =>
  new JustifiRefusal(switches.serverErrorAs === 'internal_server_error' ? 500 : 402, switches.serverErrorAs);

/** An error as the wire shows it. */
export const errorResponse = (
  refusal: JustifiRefusal,
  shape: JustifiSwitches['errorBody'],
  headers?: Record<string, string>,
): SimulatorResponse => {
  const { status, code, message, details } = refusal;
  const bodies = {
    object: { error: { code, message, ...details } },
    text: { error: message },
    list: { errors: [message] },
    empty: {},
  };
  return jsonResponse(status, bodies[shape], headers);
};
