import { memberOf } from '../models/objects.js';
/** One attempt as bytes: no retries, no redirects, no meaning. */
export interface ExchangeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Milliseconds from the start to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | null;
  /**
   * For writes that cannot be repeated: use a new connection, or one that was idle for less than a second. A stale keep-alive
   * socket would leave open whether the request arrived.
   */
  readonly freshConnection: boolean;
}

export interface ExchangeAnswer {
  readonly status: number;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Why an attempt has no whole answer. `cannot_start`: the way to the provider itself is missing or refused here. */
export type ExchangeFailureReason =
  'connection' | 'timeout' | 'aborted' | 'truncated' | 'too_large' | 'cannot_start';

/** An attempt without a whole answer. It holds no request, no header and no client object. */
export class ExchangeFailure extends Error {
  constructor(
    readonly reason: ExchangeFailureReason,
    /** False only where it is proven that no byte of the request left. */
    readonly sent: boolean,
    /** Node's code of the cause, such as `ECONNREFUSED`. */
    readonly networkCode: string | null = null,
    /** The status of an answer whose body was cut. */
    readonly status: number | null = null,
    /** What a human needs to mend it. It may quote secrets: mask it before it is shown. */
    readonly detail: string | null = null,
  ) {
    super(`${reason}${networkCode === null ? '' : ` (${networkCode})`}`);
    this.name = 'ExchangeFailure';
  }
}

/** The failure of a way that cannot start, with the words of its cause. */
export const cannotStart = (what: string, cause?: unknown): ExchangeFailure => {
  const words = cause instanceof Error ? `: ${cause.message}` : '';
  return new ExchangeFailure('cannot_start', false, null, null, `${what}${words}`);
};

/** Sends one attempt. Rejects with `ExchangeFailure` only. */
export type Exchange = (request: ExchangeRequest) => Promise<ExchangeAnswer>;

/** Larger answers are refused: no charge needs more, and memory is the merchant's. */
export const maxAnswerBytes = 10 * 1024 * 1024;

/** Nothing gets better without a change: the certificate, the address or a header is wrong. */
const permanentCodes: readonly string[] = [
  'ERR_INVALID_URL',
  'ERR_INVALID_PROTOCOL',
  'ERR_UNESCAPED_CHARACTERS',
  'ERR_INVALID_CHAR',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

const permanent: ReadonlySet<string> = new Set(permanentCodes);

/**
 * Codes of failures before a connection stood: name look-up, connect, the tunnel of a proxy, and what the client finds wrong
 * with a certificate. With one of them no byte of the request can have left. Codes that may also come later, such as
 * `ECONNRESET`, `EPROTO` or `ETIMEDOUT`, are not here.
 */
const beforeConnection: ReadonlySet<string> = new Set([
  ...permanentCodes,
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NODATA',
  'EAI_NONAME',
  'ERR_PROXY_TUNNEL',
]);

/** Whether the code alone proves that no byte of the request left. */
export const failedBeforeConnection = (networkCode: string | null): boolean =>
  networkCode !== null && beforeConnection.has(networkCode);

/** Whether the same request would fail again until somebody changes something. */
export const isPermanent = (networkCode: string | null): boolean =>
  networkCode !== null && permanent.has(networkCode);

/** Node's error code of whatever was thrown, or null. */
export const networkCodeOf = (error: unknown): string | null => {
  const code = memberOf(error, 'code');
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : null;
};
