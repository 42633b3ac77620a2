import type { Operation } from '../../charges-client.js';
import { otherParameters } from '../../models/provider-failure.js';
import type { Call, ProviderFailure, WireAnswer } from '../../provider.js';
import {
  declineRowOf,
  networkCodeOutcomeUnknown,
  networkCodeVoidWindowPassed,
  readDecline,
} from './codes.js';
import { leavesOutcomeOpen, refusalRows, type RefusalRow } from './refusals.js';

/** What an error body says, whatever its shape. Names are lower-case and trimmed. */
interface ErrorBody {
  /** Whether the body says anything in JustiFi's way: a proxy's page does not, nor does a damaged one. */
  readonly isEnvelope: boolean;
  readonly message: string | null;
  readonly code: string | null;
  readonly param: string | null;
  readonly declineCode: string | null;
  readonly network: string | null;
  readonly networkCategory: string | null;
  readonly networkCode: string | null;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;

const textOf = (value: unknown): string | null => {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
};

const nameOf = (value: unknown): string | null => textOf(value)?.toLowerCase() ?? null;

/** The shapes seen: `{error: {code, …}}`, `{error: "text"}`, `{message}`, `{errors: ["text"]}`, `{}`, and no JSON at all. */
const readErrorBody = (body: unknown): ErrorBody => {
  const outer = fieldsOf(body);
  const inner = fieldsOf(outer?.error);
  const errors: unknown = outer?.errors;
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const networkCode = textOf(inner?.network_error_code);
  const message = textOf(inner?.message) ?? textOf(outer?.error) ?? textOf(outer?.message) ?? textOf(first);
  const code = nameOf(inner?.code);
  const declineCode = nameOf(inner?.decline_code);
  return {
    // A text alone may be anybody's, and so may a number: JustiFi names its code.
    isEnvelope: typeof inner?.code === 'string' && code !== null,
    message,
    code,
    param: textOf(inner?.param),
    declineCode,
    network: nameOf(inner?.network),
    networkCategory: nameOf(inner?.network_error_category),
    networkCode:
      networkCode !== null && /^\d{1,2}$/.test(networkCode) ? networkCode.padStart(3, '0') : networkCode,
  };
};

const rejected = (kind: ProviderFailure['kind'], advice: RefusalRow['advice'] = null): RefusalRow => ({
  kind,
  outcome: 'rejected',
  advice,
});

const unknown = (kind: ProviderFailure['kind']): RefusalRow => ({
  kind,
  outcome: 'unknown',
  advice: 'retry_later',
});

/** Codes whose meaning depends on the status, then the table. */
const refusalOf = ({ code }: ErrorBody, status: number): RefusalRow | undefined => {
  if (code === 'invalid_sub_account' && status !== 402) return rejected('invalid_request', 'contact_support');
  if (code === 'not_authorized') {
    return rejected(status === 401 ? 'authentication' : 'permission', 'contact_support');
  }
  return code !== null && Object.hasOwn(refusalRows, code) ? refusalRows[code] : undefined;
};

const refusalOfStatus = (status: number, isEnvelope: boolean): RefusalRow => {
  if (status >= 500 || status < 400 || status === 408) return unknown('provider');
  switch (status) {
    case 401:
      return rejected('authentication', 'contact_support');
    // Where nothing is charged a 402 is no decline; the state or the balance does not allow it.
    case 402:
      return rejected('conflict');
    // Documented as "not permitted, or duplicate": the duplicate may be of our own earlier request.
    case 403:
      return { ...rejected('permission', 'contact_support'), mayBeOwnSuccess: true };
    case 404:
      return rejected('not_found');
    case 409:
      return unknown('in_progress');
    // Not documented. Only JustiFi's own word is believed to mean "not executed", not that of a proxy before it.
    case 429:
      return isEnvelope ? rejected('rate_limit', 'retry_later') : unknown('rate_limit');
    default:
      return rejected('invalid_request', 'fix_details');
  }
};

/** The operations on which an issuer can decline. A 402 to a refund is something else. */
const canDecline: ReadonlySet<Operation> = new Set(['create', 'capture']);

const saysDeclined = (error: ErrorBody, status: number): boolean =>
  status === 402 ||
  error.code === 'card_declined' ||
  declineRowOf(error.code) !== undefined ||
  declineRowOf(error.declineCode) !== undefined;

/** Wire names of params whose own name is another. */
const paramNames: Readonly<Record<string, string>> = {
  capture_strategy: 'capture',
  payment_method: 'source',
  statement_descriptor: 'statementDescriptor',
};

/** Reads a non-2xx answer: by its code wherever it has a known one, for JustiFi documents few statuses; then by the status. */
export const failure = (
  answer: WireAnswer,
  operation: Operation,
  call: Pick<Call, 'drift'>,
): ProviderFailure => {
  const { status } = answer;
  const error = readErrorBody(answer.body);
  const named = error.code === null ? '' : ` (${error.code})`;
  const facts = {
    message: error.message ?? `JustiFi answered ${String(status)}${named}`,
    providerCode: error.code,
    networkCode: error.networkCode,
    ...(error.param === null
      ? {}
      : {
          issues: [{ path: paramNames[error.param] ?? error.param, message: `refused by JustiFi${named}` }],
        }),
    ...(error.isEnvelope ? {} : { isUnreadable: true }),
  };
  const refuse = ({ kind, outcome, advice, mayBeOwnSuccess }: RefusalRow): ProviderFailure => ({
    ...facts,
    kind,
    outcome,
    advice,
    ...(mayBeOwnSuccess ? { mayBeOwnSuccess } : {}),
  });

  if (leavesOutcomeOpen(error.declineCode)) return refuse(unknown('provider'));
  const refusal = refusalOf(error, status);
  if (refusal?.kind === 'idempotency_conflict') return { ...refuse(refusal), message: otherParameters };
  if (refusal !== undefined) return refuse(refusal);
  if (error.networkCode === networkCodeVoidWindowPassed) {
    return refuse({ ...rejected('conflict', 'do_not_retry'), mayBeOwnSuccess: true });
  }

  // A decline beside a 5xx contradicts itself: the money may have moved, so the status is believed.
  if (canDecline.has(operation) && status >= 400 && status < 500 && saysDeclined(error, status)) {
    const isSubAccount = error.code === 'invalid_sub_account';
    const { code, advice, known } = isSubAccount
      ? ({ code: 'transaction_not_allowed', advice: 'contact_support', known: true } as const)
      : readDecline(error);
    const isNamed = declineRowOf(error.declineCode) !== undefined || declineRowOf(error.code) !== undefined;
    if (!isNamed && error.networkCode === networkCodeOutcomeUnknown) return refuse(unknown('provider'));
    if (!known) call.drift(error.declineCode === null ? 'error.code' : 'error.decline_code', 'unknown_value');
    return { ...facts, kind: 'card', outcome: 'rejected', declineCode: code, advice };
  }
  return refuse(refusalOfStatus(status, error.isEnvelope));
};
