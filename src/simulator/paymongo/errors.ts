import { jsonResponse, type SimulatorResponse } from '../face.js';

/** What stands beside code and text in an error. */
export interface RefusalDetails {
  /** The attribute of the request that is wrong. */
  attribute?: string;
  /** Why a card was declined. */
  subCode?: string;
}

/** Ends the handling of a request with an error answer. It never leaves this face. */
export class PaymongoRefusal extends Error {
  override readonly name = 'PaymongoRefusal';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: RefusalDetails = {},
  ) {
    super(message);
  }
}

/** A parameter that is missing or wrong. */
export const wrong = (code: `parameter_${string}`, attribute: string, text: string): PaymongoRefusal =>
  new PaymongoRefusal(400, code, `${attribute} ${text}`, { attribute });

/** Nothing by this id. */
export const notFound = (kind: string, id: string): PaymongoRefusal =>
  new PaymongoRefusal(404, 'resource_not_found', `No such ${kind} with id ${id}.`);

/**
 * What the status of an object does not allow. Documented are the codes of failed, processing and pending; those of other
 * statuses are formed like them.
 */
export const wrongState = (status: string, kind: string): PaymongoRefusal =>
  new PaymongoRefusal(
    400,
    `resource_${status.replace(/^awaiting_/, '')}_state`,
    `The ${kind} has the status ${status}.`,
  );

/** An error as the wire shows it. */
export const errorResponse = (
  { status, code, message, details: { attribute, subCode } }: PaymongoRefusal,
  headers: Record<string, string> = {},
): SimulatorResponse =>
  jsonResponse(
    status,
    {
      errors: [
        {
          code,
          detail: message,
          ...(subCode === undefined ? {} : { sub_code: subCode }),
          ...(attribute === undefined
            ? {}
            : { source: { pointer: `data.attributes.${attribute}`, attribute } }),
        },
      ],
    },
    headers,
  );

/** The answer for anything that a handler threw; what is no refusal is a fault of the simulator and goes on. */
export const refusalResponse = (error: unknown): SimulatorResponse => {
  if (!(error instanceof PaymongoRefusal)) throw error;
  return errorResponse(error);
};
