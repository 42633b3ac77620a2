/** The members of Stripe's error envelope besides `type`. */
export interface ErrorFields {
  code?: string | undefined;
  decline_code?: string | undefined;
  message?: string | undefined;
  param?: string | undefined;
  charge?: string | undefined;
  payment_intent?: object | undefined;
  payment_method?: object | undefined;
  advice_code?: string | undefined;
  network_decline_code?: string | undefined;
}

/** A refusal on its way to the client. Thrown inside the face, turned into an answer at its edge. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: number,
    readonly type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error',
    readonly fields: ErrorFields,
    /** Whether the endpoint had begun to execute; only then is the answer kept under an idempotency key. */
    readonly executed: boolean = true,
  ) {
    super(fields.message);
  }

  /** The answer's body. */
  body(): object {
    const { code } = this.fields;
    const page =
      code === undefined
        ? {}
        : { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` };
    return { error: { type: this.type, ...this.fields, ...page } };
  }
}

/** A parameter that is refused before anything is executed. */
export const invalidParameter = (param: string, message: string, code?: string): Refusal =>
  new Refusal(400, 'invalid_request_error', { code, message, param }, false);

/** A request that the state of an object does not allow. */
export const invalidState = (message: string, fields: ErrorFields = {}): Refusal =>
  new Refusal(400, 'invalid_request_error', { ...fields, message });

/** An object that does not exist, or exists in another account only. */
export const missingResource = (what: string, id: string, param: string): Refusal =>
  new Refusal(404, 'invalid_request_error', {
    code: 'resource_missing',
    message: `No such ${what}: '${id}'`,
    param,
  });
