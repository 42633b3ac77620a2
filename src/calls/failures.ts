import * as errors from '../errors.js';
import {
  CardError,
  ConflictError,
  InvalidResponseError,
  type ChargesError,
  type ErrorDetails,
  type Outcome,
} from '../errors.js';
import { chargeSchema, type Charge } from '../models/charge.js';
import type { DeclineCode } from '../models/decline.js';
import type { Refund } from '../models/refund.js';
import type { Secret } from '../models/secret.js';
import type { Call, ProviderFailure, WireAnswer } from '../provider.js';
import { markEchoOfSuccess } from './echo-of-success.js';
import { isPermanent, type ExchangeFailure } from '../transport/exchange.js';
import { isPathId } from '../transport/encode.js';
import { isShownId, redactText } from '../transport/redact.js';
import type { Refused, SendTrace } from '../transport/send.js';
import type { CallContext } from './start-call.js';
import { markMayLackReturnUrl } from './missing-return-url.js';
import { redactChargeInPlace } from './shown.js';
import { refundFailed } from './whole-answers.js';

const classes: Readonly<Record<ProviderFailure['kind'], new (details: ErrorDetails) => ChargesError>> = {
  invalid_request: errors.InvalidRequestError,
  authentication: errors.AuthenticationError,
  permission: errors.PermissionError,
  not_found: errors.NotFoundError,
  card: errors.CardError,
  conflict: errors.ConflictError,
  idempotency_conflict: errors.IdempotencyConflictError,
  in_progress: errors.OperationInProgressError,
  rate_limit: errors.RateLimitError,
  provider: errors.ProviderError,
  connection: errors.ConnectionError,
};

const toldByStatus: ReadonlySet<ProviderFailure['kind']> = new Set([
  'authentication',
  'permission',
  'not_found',
  'rate_limit',
]);

/**
 * Reads a refusal. If a write's refusal has no error body of the provider, it proves neither a reason nor
 * that nothing was executed: with the provider's key a repeat returns the real response, otherwise a lookup
 * decides.
 */
export const readRefusal = (run: CallContext, answer: WireAnswer, call: Call): ProviderFailure => {
  const failure = run.context.spec.failure(answer, run.row, call);
  const isUnreadable = answer.body === undefined || failure.isUnreadable === true;
  if (!run.isWrite || !isUnreadable || failure.outcome !== 'rejected') return failure;
  const { message, chargeId = null } = failure;
  return {
    // What the status says of keys and limits is worth telling, though it does not say that nothing was done.
    kind: toldByStatus.has(failure.kind) ? failure.kind : 'provider',
    outcome: 'unknown',
    message,
    chargeId,
    advice: 'retry_later',
    mayBeOwnSuccess: true,
    isUnreadable: true,
  };
};

/** A charge for an error or a record: plain, without the provider's resource. */
export const plainCharge = (charge: Charge): Charge => ({ ...charge });

/** The id of a charge as an error names it: none that no later call would take, and none that holds a secret. */
const shownId = (run: CallContext, id: string | null | undefined): string | null =>
  isPathId(id) && isShownId(id, run.context.secrets) ? id : null;

/** What every error of a call knows. */
export const callFacts = (run: CallContext) => ({
  provider: run.context.spec.provider,
  operation: run.operation,
  idempotencyKey: run.idempotencyKey,
  chargeId: run.target,
});

/** The charge that a refusal shows, as every other charge is shown. */
const refusedCharge = (run: CallContext, charge: Charge | null | undefined): Charge | null => {
  if (charge == null || shownId(run, charge.id) === null) return null;
  const plain = plainCharge(charge);
  if (!chargeSchema.safeParse(plain).success) return null;
  const { provider } = run.context.spec;
  redactChargeInPlace(plain, run.context.secrets, (path, kind) => {
    run.context.emit({ type: 'drift', provider, operation: run.operation, path, kind });
  });
  return plain;
};

/**
 * The outcome for the key: an earlier attempt that may have moved money leaves it open, whatever the last one was told. The
 * exception is a decline at a provider with keys: there it is the stored answer of the key itself.
 */
const outcomeOf = (run: CallContext, trace: SendTrace, failure: ProviderFailure): Outcome => {
  if (!run.isWrite) return 'not_sent';
  const answersForKey = failure.kind === 'card' && run.context.protocol.keyLifetimeMs !== null;
  return trace.earlierMayHaveExecuted && !answersForKey ? 'unknown' : failure.outcome;
};

/** Statuses that only something on the way gives, whatever its body says. */
const givenOnTheWay: Readonly<Record<number, string>> = {
  407: 'a proxy on the way asks for credentials',
  511: 'a network on the way asks for a login',
};

/** Who gave an answer, where it was not the provider. */
const originOf = ({ answer, failure: { isUnreadable = false } }: Refused): string => {
  const { status, body } = answer;
  const isForeign = isUnreadable || body === undefined;
  const told =
    givenOnTheWay[status] ??
    (isForeign && status >= 520 && status <= 530
      ? 'a proxy before the provider could not reach it'
      : isForeign && (status === 404 || status === 405)
        ? 'not in the words of the provider: look at baseUrl, and at what stands on the way'
        : null);
  return told === null ? '' : `: ${told}`;
};

/**
 * With `strictResponses` a refusal with drift says so. It stays the refusal that it is: an `InvalidResponseError` would leave
 * open whether money moved, and here nothing did.
 */
const strictly = (run: CallContext, drift: readonly string[]) =>
  run.context.common.strictResponses === true && drift.length > 0
    ? { code: 'drift', remark: `; the answer deviates from what is known: ${drift.join(', ')}` }
    : null;

/** What to do where a charge cannot be voided. Providers say that it cannot, and few say why. */
const adviceOf = ({ row }: CallContext, { kind }: ProviderFailure): string =>
  row === 'void' && kind === 'conflict' ? '; if the charge is captured, refund it instead' : '';

/** The provider's sentence with ours behind it. Its full stop goes where one follows. */
const continued = (told: string, ...further: readonly (string | undefined)[]): string => {
  const ours = further.join('');
  return ours === '' ? told : `${told.trimEnd().replace(/\.$/, '')}${ours}`;
};

/**
 * The error of a final refusal. `drift`: the deviations of its response. `quoted`: wire field values of the
 * caller that the provider's text may repeat; they are redacted.
 */
export const refusalError = (
  run: CallContext,
  sent: Refused,
  trace: SendTrace,
  { drift, quoted }: { readonly drift: readonly string[]; readonly quoted: readonly Secret[] } = {
    drift: [],
    quoted: [],
  },
): ChargesError => {
  const { failure } = sent;
  const secrets = [...run.context.secrets, ...quoted];
  // Codes and field names are the provider's text like any other: it may quote what it was sent.
  const clean = (text: string | null | undefined) => (text == null ? null : redactText(text, secrets));
  const strict = strictly(run, drift);
  const error = new classes[failure.kind]({
    ...callFacts(run),
    ...(strict === null ? {} : { code: strict.code }),
    message: redactText(
      continued(failure.message, originOf(sent), adviceOf(run, failure), strict?.remark),
      secrets,
    ),
    outcome: outcomeOf(run, trace, failure),
    statusCode: sent.answer.status,
    providerCode: clean(failure.providerCode),
    requestId: sent.answer.requestId,
    chargeId: shownId(run, failure.chargeId ?? failure.charge?.id) ?? run.target,
    charge: refusedCharge(run, failure.charge),
    declineCode: failure.declineCode ?? null,
    networkCode: clean(failure.networkCode),
    advice: failure.advice ?? null,
    issues: (failure.issues ?? []).map(({ path, message }) => ({
      path: redactText(path, secrets),
      message: redactText(message, secrets),
    })),
    retryAfterMs: sent.retryAfterMs,
  });
  if (failure.mayLackReturnUrl === true) markMayLackReturnUrl(error);
  const isEcho = failure.mayBeOwnSuccess === true || maySeeItself(run, failure.declineCode ?? null);
  return isEcho ? markEchoOfSuccess(error) : error;
};

/** Where requests go: no path, which holds ids, and no user. */
const hostOf = ({ context }: CallContext): string =>
  redactText(new URL(context.transport.baseUrl).host, context.secrets);

/** The error of an attempt without a whole answer. */
export const exchangeError = (run: CallContext, failure: ExchangeFailure, trace: SendTrace): ChargesError => {
  const mayHaveExecuted = trace.earlierMayHaveExecuted || trace.lastMayHaveExecuted;
  const details = {
    ...callFacts(run),
    outcome: run.isWrite && mayHaveExecuted ? ('unknown' as const) : ('not_sent' as const),
    statusCode: failure.status,
  };
  const because = failure.networkCode === null ? '' : ` (${failure.networkCode})`;
  switch (failure.reason) {
    case 'timeout':
      return new errors.TimeoutError({ ...details, message: `${hostOf(run)} did not answer in time` });
    case 'aborted':
      return new errors.AbortError({ ...details, message: 'the call was aborted by its signal' });
    case 'too_large':
      return new InvalidResponseError({
        ...details,
        code: 'answer_too_large',
        message: 'the answer is too large to be one',
      });
    case 'truncated':
      return new errors.ConnectionError({
        ...details,
        code: 'answer_truncated',
        message: `the connection to ${hostOf(run)} was lost in the middle of the answer${because}`,
      });
    case 'connection':
      return new errors.ConnectionError({
        ...details,
        message: `the connection to ${hostOf(run)} failed${because}`,
        ...(isPermanent(failure.networkCode) ? { isRetryable: false } : {}),
      });
    case 'cannot_start':
      return new errors.ConfigurationError({
        ...details,
        message: redactText(failure.detail ?? 'the request cannot be sent', run.context.secrets),
      });
  }
};

/** An answer that is not what it should be. For a write the money may have moved: the id is kept where it can be found. */
export const invalidResponse = (
  run: CallContext,
  message: string,
  extra: Partial<Pick<ErrorDetails, 'code' | 'statusCode' | 'requestId' | 'chargeId'>> = {},
): ChargesError =>
  new InvalidResponseError({
    ...callFacts(run),
    // It may name fields, and a field may be named after anything.
    message: redactText(message, run.context.secrets),
    outcome: run.isWrite ? 'unknown' : 'not_sent',
    ...extra,
    chargeId: shownId(run, extra.chargeId) ?? run.target,
  });

/**
 * The error for a refund that the provider accepted but that failed or was canceled: no money was refunded.
 * `refund` must be checked and redacted already.
 */
export const failedRefundError = (run: CallContext, refund: Refund): ConflictError =>
  new ConflictError({
    ...callFacts(run),
    code: refundFailed,
    message: refund.failure?.message ?? `the refund is ${refund.status}: nothing was given back`,
    outcome: run.isWrite ? 'rejected' : 'not_sent',
    chargeId: refund.chargeId,
    providerCode: refund.failure?.providerCode ?? null,
    refund: { ...refund },
  });

/** Whether a refund failed or was canceled. */
export const isFailedRefund = ({ status }: Refund): boolean => status === 'failed' || status === 'canceled';

/**
 * The error for a declined charge, the same at every provider. `charge` must be checked and redacted already.
 */
export const declineError = (
  run: CallContext,
  charge: Charge,
  requestId: string | null = null,
): CardError => {
  const error = new CardError({
    ...callFacts(run),
    message: charge.failure?.message ?? 'the charge was declined',
    outcome: run.isWrite ? 'rejected' : 'not_sent',
    chargeId: charge.id,
    charge: plainCharge(charge),
    declineCode: charge.failure?.code ?? null,
    networkCode: charge.failure?.networkCode ?? null,
    advice: charge.failure?.advice ?? null,
    providerCode: charge.failure?.providerCode ?? null,
    requestId,
  });
  return maySeeItself(run, charge.failure?.code ?? null) ? markEchoOfSuccess(error) : error;
};

/**
 * A `duplicate_transaction` decline may be caused by an earlier copy of this very write that succeeded:
 * idempotency keys do not protect between provider and issuer.
 */
const maySeeItself = (run: CallContext, code: DeclineCode | null): boolean =>
  code === 'duplicate_transaction' && run.isWrite;
