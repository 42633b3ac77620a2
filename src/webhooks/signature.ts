import { timingSafeEqual } from 'node:crypto';
import { ConfigurationError, WebhookSignatureError } from '../errors.js';
import type { WebhookDelivery } from '../webhook-spec.js';

/** Why a delivery was refused; the `code` of the `WebhookSignatureError`. */
export type WebhookRefusal =
  | 'webhook_header_missing'
  | 'webhook_header_malformed'
  | 'webhook_secret_is_api_key'
  | 'webhook_body_changed'
  | 'webhook_signature_mismatch'
  | 'webhook_time_out_of_tolerance'
  // Of a provider that signs nothing reliable.
  | 'webhook_too_large'
  | 'webhook_not_json'
  | 'webhook_unknown_charge';

/** What a delivery claims, and how its provider signs. */
export interface SignatureClaim {
  readonly provider: string;
  readonly delivery: WebhookDelivery;
  /** The signatures that came with it: one is enough. */
  readonly signatures: readonly Buffer[];
  /** The signed time in milliseconds, or NaN where the signed text is no time. */
  readonly signedAt: number;
  /** The signature that the provider makes with this secret, or null where the secret cannot be a key. */
  sign(secret: string, body: Uint8Array): Buffer | null;
  /** Tells the provider's API keys, which are often pasted where the secret belongs. */
  isApiKey?(secret: string): boolean;
  /** Where the right secret is found: `the whsec_… of the endpoint`. */
  readonly secretPlace: string;
}

/** Throws the `WebhookSignatureError` of a delivery that is not believed. */
export const refuseWebhook = (provider: string, code: WebhookRefusal, message: string): never => {
  throw new WebhookSignatureError({
    message: `${provider}: ${message}`,
    code,
    provider,
    operation: 'parseWebhook',
    outcome: 'not_sent',
  });
};

/** @throws ConfigurationError where no secret was configured: nothing could ever be verified. */
export const requireSecrets = (provider: string, secrets: readonly string[], secretPlace: string): void => {
  if (secrets.length > 0) return;
  throw new ConfigurationError({
    message: `${provider}: webhookSecret is not set: webhooks cannot be verified. Pass webhookSecret: ${secretPlace}`,
    provider,
    operation: 'parseWebhook',
    outcome: 'not_sent',
  });
};

/** The longest header that is read. Three signatures of 128 digits, as during a rotation, need a tenth of it. */
const longestHeader = 4_096;

/**
 * A header of a signature. Its length is limited, because any sender chooses it and with it the cost of
 * reading it.
 */
export const signatureHeader = (provider: string, delivery: WebhookDelivery, name: string): string => {
  const value = delivery.headers[name.toLowerCase()];
  if (value === undefined || value === '') {
    return refuseWebhook(provider, 'webhook_header_missing', `the header ${name} is missing`);
  }
  if (value.length > longestHeader) {
    return refuseWebhook(provider, 'webhook_header_malformed', `the header ${name} is too long to be one`);
  }
  return value;
};

/**
 * The longest body that is searched for what happened to it, about as long as events are: all its spellings together cost what
 * checking the signature of a large body costs.
 */
const longestDiagnosed = 8_192;
/** How often the length of a body its longest spelling may have: an honest one has less than twice. */
const mostGrowth = 4;

const [opens, closes, separates, escapes] = [1, 2, 3, 5] as const;
/** What each sign does to the length of a body in another spelling; `\\u003c` is five longer than the sign it stands for. */
const growthOf = new Uint8Array(256);
for (const [signs, change] of [
  ['[{', opens],
  [']}', closes],
  [',', separates],
  ['<>&', escapes],
] as const)
  for (const sign of Buffer.from(signs)) growthOf[sign] = change;

/**
 * Whether a body grows in another spelling as no honest one does: brackets in brackets make the indented one as long as their
 * number times their depth. Counted without parsing; what stands in texts is counted as well, which only makes it more careful.
 */
const growsTooMuch = (body: Uint8Array): boolean => {
  let depth = 0;
  let growth = 0;
  for (const byte of body) {
    const change = growthOf[byte] ?? 0;
    if (change === 0) continue;
    if (change === escapes) {
      growth += escapes;
      continue;
    }
    // A line of its own for what follows `[`, `{`, `,` or stands before `]`, `}`.
    depth = Math.max(0, depth + (change === opens ? 1 : change === closes ? -1 : 0));
    growth += 1 + 2 * depth;
  }
  return growth > (mostGrowth - 1) * body.byteLength;
};

const escapedForHtml = (text: string): string =>
  text
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');

/** How JSON libraries of the providers' languages write one value: what a parsed body may have looked like before. */
const spellingsOf = (value: unknown): readonly string[] => {
  const compact = JSON.stringify(value);
  const indented = JSON.stringify(value, null, 2);
  return [
    compact,
    indented,
    `${compact}\n`,
    `${indented}\n`,
    escapedForHtml(compact),
    compact.replaceAll('/', '\\/'),
  ];
};

/**
 * Whether the signature matches the same JSON in another spelling: then the body was parsed and rewritten in
 * transit. Only small and flat bodies are tried, because the body is not verified and its sender decides the
 * cost.
 */
const wasRewritten = (body: Uint8Array, fits: (body: Uint8Array) => boolean): boolean => {
  if (body.byteLength > longestDiagnosed || growsTooMuch(body)) return false;
  try {
    const text = Buffer.from(body).toString('utf8');
    const trimmed = text.trim();
    if (!trimmed.startsWith('{')) return false;
    const spellings = new Set([trimmed, ...spellingsOf(JSON.parse(text))]);
    // As it came it was checked already.
    spellings.delete(text);
    return [...spellings].some((spelling) => fits(Buffer.from(spelling)));
  } catch {
    return false;
  }
};

/** What a gateway made base64 of, such as that of AWS with `isBase64Encoded`; null for what is no base64. */
const decoded = (body: Uint8Array): Uint8Array | null => {
  // As above: nobody has signed this one.
  if (body.byteLength > longestDiagnosed) return null;
  const text = Buffer.from(body).toString('latin1');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
};

const explainMismatch = (claim: SignatureClaim, fits: (body: Uint8Array) => boolean): never => {
  const { provider, delivery, secretPlace } = claim;
  const { body, secrets } = delivery;
  const isKey = (secret: string): boolean =>
    claim.isApiKey?.(secret) === true || delivery.apiKeys?.includes(secret) === true;
  if (secrets.some(isKey)) {
    return refuseWebhook(
      provider,
      'webhook_secret_is_api_key',
      `webhookSecret looks like an API key: it has to be ${secretPlace}`,
    );
  }
  if (body.byteLength === 0) {
    return refuseWebhook(
      provider,
      'webhook_body_changed',
      'the body is empty: something in front of this handler, such as a JSON middleware, has read it already',
    );
  }
  if (Buffer.from('[object Object]').equals(body)) {
    return refuseWebhook(
      provider,
      'webhook_body_changed',
      'the body is the text "[object Object]": a parsed body was turned into text. Pass the raw body',
    );
  }
  const plain = decoded(body);
  if (plain !== null && fits(plain)) {
    return refuseWebhook(
      provider,
      'webhook_body_changed',
      "the body is base64 of the one that was signed, as a gateway gives it: pass Buffer.from(body, 'base64')",
    );
  }
  if (wasRewritten(body, fits)) {
    return refuseWebhook(
      provider,
      'webhook_body_changed',
      'the body was parsed and written anew on its way: the signature fits the same JSON in another spelling. ' +
        'Pass the raw body, byte for byte',
    );
  }
  // Whether a secret can be a key does not depend on the body.
  if (secrets.every((secret) => claim.sign(secret, new Uint8Array()) === null)) {
    return refuseWebhook(
      provider,
      'webhook_signature_mismatch',
      `webhookSecret is no key of this provider: it has to be ${secretPlace}`,
    );
  }
  return refuseWebhook(
    provider,
    'webhook_signature_mismatch',
    `no signature fits: webhookSecret is not ${secretPlace}, or the body is not the raw one that was signed`,
  );
};

/**
 * Checks that the provider signed exactly these bytes with one of the secrets, within the tolerance, and says what is wrong
 * if it did not. Compared in constant time, every pair, so that the time that it takes tells nothing about what came near.
 * @throws WebhookSignatureError
 */
export const checkSignature = (claim: SignatureClaim): void => {
  const { provider, delivery, signatures, signedAt } = claim;
  const { body, secrets, toleranceMs, now } = delivery;
  const fits = (bytes: Uint8Array): boolean => {
    let matches = 0;
    for (const secret of secrets) {
      const own = claim.sign(secret, bytes);
      if (own === null) continue;
      for (const given of signatures) {
        if (own.length === given.length && timingSafeEqual(own, given)) matches += 1;
      }
    }
    return matches > 0;
  };
  if (!fits(body)) explainMismatch(claim, fits);
  // Check the signature before the time, so that a sender without the secret learns nothing about our clock.
  if (Number.isNaN(signedAt))
    refuseWebhook(provider, 'webhook_header_malformed', 'the signed time is no time');
  const skew = now - signedAt;
  if (!(Math.abs(skew) <= toleranceMs)) {
    const seconds = Math.ceil(Math.abs(skew) / 1000);
    refuseWebhook(
      provider,
      'webhook_time_out_of_tolerance',
      `the signed time is too far from now: it lies ${seconds} seconds ${skew > 0 ? 'back' : 'ahead'}, ` +
        `${toleranceMs / 1000} are tolerated. ${
          skew > 0
            ? 'An old delivery was sent again, or a clock is wrong'
            : 'The clock of this machine is slow'
        }`,
    );
  }
};

/** A hexadecimal signature as bytes, or undefined where the text is none. */
export const hexadecimal = (text: string): Buffer | undefined =>
  /^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : undefined;

/** The parts of a header `t=…,v1=…,v1=…`. Several `v1` come while a secret is rotated; schemes that are not named are ignored. */
export const timedSignatures = (
  header: string,
  schemes: readonly string[],
): { readonly time: string | undefined; readonly signatures: readonly Buffer[] } => {
  const parts = header.split(',').map((part) => {
    const [scheme = '', ...rest] = part.trim().split('=');
    return { scheme, value: rest.join('=') };
  });
  return {
    time: parts.find(({ scheme }) => scheme === 't')?.value,
    signatures: parts.flatMap(({ scheme, value }) =>
      schemes.includes(scheme) ? (hexadecimal(value) ?? []) : [],
    ),
  };
};
