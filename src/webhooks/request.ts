import { types } from 'node:util';
import type { WebhookBody, WebhookHeaders } from '../charges-client.js';
import { isPromise } from '../calls/charge-id.js';
import { refuseInput } from '../calls/check-input.js';
import { ConfigurationError, WebhookSignatureError, type InvalidRequestError } from '../errors.js';
import { systemRuntime } from '../runtime.js';
import type { WebhookSpec } from '../webhook-spec.js';
import { showName, unknownName } from '../models/nearest-name.js';
import { isObject, isRecord, memberOf } from '../models/objects.js';

const rawBodyAdvice =
  'pass the raw body of the request, not a parsed object. express: express.raw({ type: "*/*" }) on this route and request.body; ' +
  'fastify: addContentTypeParser("application/json", { parseAs: "buffer" }, …) and request.body; ' +
  'hono: await context.req.text(); Next: await request.text() in a route handler, or bodyParser: false in pages/api';

/**
 * The bytes of a value, by its internal type: `instanceof` would mistake a proxy or a value of another realm.
 */
const readBytes = (body: unknown): Uint8Array | null => {
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  if (types.isUint8Array(body)) return body;
  if (!types.isAnyArrayBuffer(body)) return null;
  try {
    return new Uint8Array(body);
  } catch {
    // Its memory was transferred to somebody else.
    return null;
  }
};

const refuse = (provider: string, path: string, message: string): InvalidRequestError =>
  refuseInput({ spec: { provider }, secrets: [] }, 'parseWebhook', [{ path, message }]);

/** What is wrong with an argument that is not of its kind. */
const wrong = (given: unknown, kind: string): string => {
  if (given === undefined || given === null) return 'is missing';
  return isPromise(given) ? 'is a promise: await it first' : `must be ${kind}`;
};

/** The bytes of a raw body. A body that was parsed already is refused, with the way to the raw one. */
export const bodyBytes = (provider: string, body: unknown): Uint8Array => {
  const bytes = readBytes(body);
  if (bytes !== null) return bytes;
  const message = wrong(body, 'a string, a Buffer or a Uint8Array');
  throw refuse(provider, 'rawBody', `${message}: ${rawBodyAdvice}`);
};

/** `Headers` of any realm or polyfill. */
const isHeaders = (headers: WebhookHeaders): headers is Headers =>
  typeof memberOf(headers, 'forEach') === 'function';

const readHeaders = (headers: WebhookHeaders): Record<string, string> => {
  const flat: Record<string, string> = {};
  if (isHeaders(headers)) {
    headers.forEach((value: unknown, name) => {
      if (typeof value === 'string') flat[name.toLowerCase()] = value;
    });
    return flat;
  }
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') flat[name.toLowerCase()] = value;
    else if (Array.isArray(value)) flat[name.toLowerCase()] = value.join(',');
  }
  return flat;
};

/** Headers in lower case. One that came twice is joined, as HTTP does. */
export const lowerCaseHeaders = (provider: string, headers: WebhookHeaders): Record<string, string> => {
  let message = 'cannot be read';
  try {
    if (isObject(headers) && !Array.isArray(headers)) return readHeaders(headers);
    message = wrong(headers, 'a Headers object or a record');
  } catch {
    // A getter or a proxy of the caller's threw; what it said may hold anything.
  }
  throw refuse(provider, 'headers', `${message}: pass the headers of the request`);
};

/** The JSON of a body that has been verified. */
export const verifiedPayload = (provider: string, body: Uint8Array): unknown => {
  try {
    // A view, no copy.
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    throw new WebhookSignatureError({
      provider,
      operation: 'parseWebhook',
      outcome: 'not_sent',
      code: 'webhook_not_json',
      message: `${provider}: the webhook is signed, but it is no JSON`,
    });
  }
};

/** How to verify a webhook where no client is at hand. */
export interface WebhookVerificationOptions {
  /** The secret of the endpoint; several while one is being rotated. */
  readonly secret: string | readonly string[];
  /** How far the signed time may be off, both ways, in milliseconds. Default: the same as the client's. */
  readonly toleranceMs?: number | undefined;
  /** The time to compare with, in milliseconds since 1970. Default: now. */
  readonly now?: number | undefined;
}

/** A delivery whose bytes the provider has signed. */
export interface VerifiedWebhook {
  /** Always true: the signature of exactly these bytes was checked. */
  readonly isSigned: true;
  /** The provider's own event, parsed. */
  readonly payload: unknown;
}

/** A delivery that anybody could have sent: what it says is a hint to read the charge, nothing more. */
export interface UnsignedWebhook {
  /** Always false: nothing in the delivery proves who sent it. */
  readonly isSigned: false;
  /** The body, parsed. Believe nothing of it before the charge was read. */
  readonly payload: unknown;
}

const verificationOptions: readonly string[] = ['secret', 'toleranceMs', 'now'];

/**
 * Makes the function that verifies a provider's webhooks without a client. The calls are marked as pure, so that a bundle of a
 * client alone leaves it out.
 */
export const webhookVerifier =
  (
    provider: string,
    spec: Pick<WebhookSpec, 'verify' | 'toleranceMs'>,
    /** Options that this provider has besides. */
    more: readonly string[] = [],
  ) =>
  (rawBody: WebhookBody, headers: WebhookHeaders, options: WebhookVerificationOptions): VerifiedWebhook => {
    const refuse = (message: string): never => {
      throw new ConfigurationError({
        message: `${provider}: ${message}`,
        provider,
        operation: 'parseWebhook',
        outcome: 'not_sent',
      });
    };
    if (!isRecord(options)) return refuse('the third argument must be a plain object such as { secret }');
    const known = [...verificationOptions, ...more];
    for (const name of Object.keys(options))
      if (!known.includes(name)) return refuse(`${showName(name)} ${unknownName('option', name, known)}`);
    const secrets = [options.secret]
      .flat()
      .filter((secret) => typeof secret === 'string' && secret.trim() !== '');
    if (secrets.length === 0)
      return refuse('secret is missing or empty: pass the secret of the endpoint, or several');
    const { toleranceMs = spec.toleranceMs, now = systemRuntime.now() } = options;
    // A tolerance that is no number, or without end, would let every time pass.
    for (const [name, value] of Object.entries({ toleranceMs, now }))
      if (!(Number.isFinite(value) && value >= 0)) return refuse(`${name} must be a number of milliseconds`);
    const body = bodyBytes(provider, rawBody);
    spec.verify({ body, headers: lowerCaseHeaders(provider, headers), secrets, toleranceMs, now });
    return { isSigned: true, payload: verifiedPayload(provider, body) };
  };
