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
   * Use a new connection, or one that was idle for less than a second. A stale keep-alive socket would leave open whether
   * the request arrived.
   */
  readonly freshConnection: boolean;
}

export interface ExchangeAnswer {
  readonly status: number;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Why an attempt has no whole answer. */
export type ExchangeFailureReason = 'connection' | 'timeout' | 'aborted' | 'truncated' | 'too_large';

/** An attempt without a whole answer. It holds no request, no header and no client object. */
export class ExchangeFailure extends Error {
  constructor(
    readonly reason: ExchangeFailureReason,
    /** False only where it is certain that no byte of the request left. */
    readonly sent: boolean,
    /** Node's code of the cause, such as `ECONNREFUSED`. */
    readonly networkCode: string | null = null,
    /** The status of an answer whose body was cut. */
    readonly status: number | null = null,
  ) {
    super(`${reason}${networkCode === null ? '' : ` (${networkCode})`}`);
    this.name = 'ExchangeFailure';
  }
}

/** Sends one attempt. Rejects with `ExchangeFailure` only. */
export type Exchange = (request: ExchangeRequest) => Promise<ExchangeAnswer>;

/** Larger answers are refused: no charge needs more, and memory is the merchant's. */
export const maxAnswerBytes = 10 * 1024 * 1024;

/**
 * Codes of failures before a connection stood: name look-up, connect and TLS handshake. With one of them no byte of the
 * request can have left.
 */
const beforeConnection: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NODATA',
  'EAI_NONAME',
  'ERR_INVALID_URL',
  'ERR_INVALID_PROTOCOL',
  'ERR_UNESCAPED_CHARACTERS',
  'ERR_INVALID_CHAR',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_UNTRUSTED',
  'CERT_REVOKED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

export const failedBeforeConnection = (networkCode: string | null): boolean =>
  networkCode !== null && beforeConnection.has(networkCode);

/** Node's error code of whatever was thrown, or null. */
export const networkCodeOf = (error: unknown): string | null => {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : null;
};
