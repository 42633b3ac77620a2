import { jsonResponse, type SimulatorResponse } from '../face.js';

/** Every error code that this face answers with, its HTTP status and its description when nothing more precise is known. */
const errors = {
  already_captured: [400, 'The charge has already been captured.'],
  authorisation_expired: [400, 'The authorisation has expired and can not be captured.'],
  card_declined: [400, 'The card was declined.'],
  gateway_error: [502, 'An upstream error occurred while processing the transaction. Please try again.'],
  insufficient_funds: [400, 'There are not enough funds available to process the requested amount.'],
  insufficient_pin_balance: [402, 'The balance of the account is not sufficient for this refund.'],
  internal_server_error: [500, 'Something went wrong.'],
  invalid_capture_amount: [400, 'The amount to capture has to be the authorised amount.'],
  invalid_card: [400, 'The card was invalid.'],
  invalid_cvv: [400, 'The card verification code (cvc) was not provided or is wrong.'],
  invalid_request: [400, 'The request could not be understood.'],
  invalid_resource: [422, 'One or more parameters were missing or invalid.'],
  invalid_state: [400, 'The charge is in a state that does not allow this.'],
  not_found: [404, 'The requested resource could not be found.'],
  processing_error: [400, 'An error occurred while processing the card.'],
  suspected_fraud: [400, 'The transaction was flagged as possibly fraudulent and subsequently declined.'],
  token_already_used: [400, 'Token already used. Card tokens can only be used once.'],
  too_many_requests: [429, 'Too many requests.'],
  unauthenticated: [401, 'Not authorised. (Check API Key).'],
  unknown: [400, 'The transaction was declined for an unknown reason.'],
} as const satisfies Record<string, readonly [status: number, description: string]>;

/** An `error` of Pin's envelope. */
export type PinErrorCode = keyof typeof errors;

/** One thing that is wrong with a request. */
export interface PinMessage {
  code: string;
  message: string;
  /** Dotted for the fields of a nested card. */
  param: string;
}

/** Pin writes a list of messages, except where a charge as a whole refuses a refund: there, texts by field. */
export type PinMessages = readonly PinMessage[] | Readonly<Record<string, readonly string[]>>;

/** What an error may say besides its code. */
export interface PinErrorDetails {
  description?: string;
  /** The charge that exists all the same: a declined one, or the one that was to be captured. */
  chargeToken?: string;
  messages?: PinMessages;
  /** Whether the envelope comes inside an array of one. */
  inArray?: boolean;
}

/** Ends the handling of a request with an error answer. It never leaves this face. */
export class PinRefusal extends Error {
  override readonly name = 'PinRefusal';

  constructor(
    readonly code: PinErrorCode,
    readonly details: PinErrorDetails = {},
  ) {
    super(details.description ?? errors[code][1]);
  }
}

/** The description of an error, which is also what a failed charge says about itself. */
export const descriptionOf = (code: PinErrorCode): string => errors[code][1];

/** An error in Pin's envelope. */
export const errorResponse = (
  code: PinErrorCode,
  details: PinErrorDetails = {},
  headers?: Record<string, string>,
): SimulatorResponse => {
  const body = {
    error: code,
    error_description: details.description ?? errors[code][1],
    ...(details.chargeToken === undefined ? {} : { charge_token: details.chargeToken }),
    ...(details.messages === undefined ? {} : { messages: details.messages }),
  };
  return jsonResponse(errors[code][0], details.inArray === true ? [body] : body, headers);
};

/** Collects everything that is wrong with a request: Pin names all of it at once. */
export class Problems {
  private readonly messages: PinMessage[] = [];

  /** Notes that a parameter is wrong; its code is its last name with `_invalid`, for a card with `card_` before. */
  add(param: string, message: string): void {
    this.messages.push({ code: `${param.replaceAll('.', '_')}_invalid`, message, param });
  }

  /** Refuses the request if anything was noted. */
  refuse(): void {
    if (this.messages.length > 0) throw new PinRefusal('invalid_resource', { messages: this.messages });
  }
}
