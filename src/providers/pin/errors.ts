import type { Operation } from '../../charges-client.js';
import { unknownDecline, type DeclineRow } from '../../models/decline.js';
import type { FieldIssue, Outcome } from '../../models/error-details.js';
import type { Call, ProviderFailure, ReportDrift, WireAnswer } from '../../provider.js';
import { cardDataDecline, readMessages, type WireMessage } from './error-messages.js';
import { declines, openDeclines, refusals, statusRefusals, wrongRequest, type RefusalRow } from './codes.js';

/** The envelope of an error, whatever form it came in. */
interface Envelope {
  /** Whether Pin wrote it: a code that it has, or one beside a text or messages. A gateway's `{ "error": "Forbidden" }` is none. */
  readonly isOwn: boolean;
  /** `error`, lower case; empty where the body is none of Pin's. */
  readonly code: string;
  readonly providerCode: string | null;
  readonly description: string | null;
  readonly chargeId: string | null;
  readonly messages: readonly WireMessage[];
}

const text = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;

const row = <Row>(table: Readonly<Record<string, Row>>, name: string): Row | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

const isKnown = (code: string | null): boolean => {
  const name = code?.toLowerCase() ?? '';
  return row(refusals, name) !== undefined || row(declines, name) !== undefined;
};
const isCode = (code: string | null): boolean => code !== null && /^\w+$/.test(code);

/** Reads an error body: an object, the same inside an array of one, or nothing that makes sense (HTML, empty, null). */
const readEnvelope = (body: unknown): Envelope => {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  const fields =
    typeof first === 'object' && first !== null ? (first as Readonly<Record<string, unknown>>) : {};
  const providerCode = text(fields['error']);
  const description = text(fields['error_description']);
  const messages = readMessages(fields['messages']);
  return {
    isOwn: isKnown(providerCode) || (isCode(providerCode) && (description !== null || messages.length > 0)),
    code: providerCode?.toLowerCase() ?? '',
    providerCode,
    description,
    chargeId: text(fields['charge_token']),
    messages,
  };
};

/** A decline exists only where a card is charged. HTTP 402 on a refund is none: the merchant's balance is too low. */
const decliningOperations: ReadonlySet<Operation> = new Set(['create', 'capture', 'verify3DS']);

/** Writes whose request holds nothing that could be wrong, so that a refusal speaks of the charge's state. */
const stateOperations: ReadonlySet<Operation> = new Set(['capture', 'void']);

/** What else a refusal can mean by the operation that got it. */
const adjusted = (found: RefusalRow, operation: Operation, { code, messages }: Envelope): RefusalRow => {
  if (found.kind === 'not_found' && operation === 'create')
    return { kind: 'invalid_request', advice: 'fix_details' };
  if (found.kind !== 'invalid_request') return found;
  if (stateOperations.has(operation) && code !== 'invalid_capture_amount')
    return { kind: 'conflict', advice: null };
  // More than what is left of the charge: Pin says it of the charge, not of the amount.
  const isOverRefund = operation === 'refund' && messages.some(({ param }) => param === 'charge');
  return isOverRefund ? { kind: 'conflict', advice: null } : found;
};

const certain: ReadonlySet<ProviderFailure['kind']> = new Set(['authentication', 'permission']);

/** A refused token may be one that our own earlier request used up: it is good for one charge. */
const isAboutToken = ({ code, param }: WireMessage): boolean =>
  code === 'token_already_used' || param === 'card_token' || param === 'payment_source_token';

/**
 * Whether an earlier success of the same write would get this answer: a single-use token that is spent, a state that is
 * reached, a balance that our refund has used up, a session that is verified.
 */
const mayBeOwnSuccess = (
  operation: Operation,
  kind: ProviderFailure['kind'],
  { code, messages }: Envelope,
  status: number,
): boolean => {
  if (certain.has(kind)) return false;
  switch (operation) {
    case 'create':
      return (
        code === 'token_already_used' ||
        status === 404 ||
        kind === 'conflict' ||
        // Nobody knows what it says: it may be that the token is spent.
        !isKnown(code) ||
        messages.some(isAboutToken)
      );
    case 'verify3DS':
      return kind !== 'card';
    case 'capture':
    case 'void':
    case 'refund':
      return kind !== 'card' && kind !== 'not_found';
    default:
      return false;
  }
};

const issuesOf = (messages: readonly WireMessage[]): readonly FieldIssue[] =>
  messages.map(({ path, message }) => ({ path, message: message === '' ? 'was refused by Pin' : message }));

/** What every failure tells of its answer. */
const aboutOf = ({ status }: WireAnswer, envelope: Envelope) => ({
  message:
    envelope.description ??
    envelope.messages.find(({ message }) => message !== '')?.message ??
    `Pin answered with HTTP ${status}`,
  providerCode: envelope.providerCode,
  chargeId: envelope.chargeId,
  // Whatever they are refused as: over-refund, lapsed and captured differ here alone.
  ...(envelope.messages.length === 0 ? {} : { issues: issuesOf(envelope.messages) }),
  ...(envelope.isOwn ? {} : { isUnreadable: true }),
});

/** An answer that leaves open whether the write was executed. */
const faultOf = ({ status }: WireAnswer, operation: Operation, { code }: Envelope) => {
  const isFault = status >= 500 || status < 400 || status === 408;
  if (isFault || openDeclines.has(code)) {
    // A failed charge may exist, or a good one: whoever has its id reads it, the others look for the stamp.
    const decline = decliningOperations.has(operation) ? row(declines, code) : undefined;
    return {
      kind: 'provider',
      outcome: 'unknown',
      advice: decline?.advice ?? 'retry_later',
      declineCode: decline?.code ?? null,
    } as const;
  }
  return status === 429 ? ({ kind: 'rate_limit', outcome: 'unknown', advice: 'retry_later' } as const) : null;
};

/** The decline that an answer below 500 is, or null. A row of the refusals beats everything else. */
const declineOf = (
  { status }: WireAnswer,
  operation: Operation,
  { code, chargeId, messages }: Envelope,
  drift: ReportDrift,
): DeclineRow | null => {
  if (!decliningOperations.has(operation) || code === '') return null;
  if (operation === 'create' && code === 'invalid_resource') {
    const declined = cardDataDecline(messages);
    return declined === null ? null : { code: declined, advice: 'fix_details' };
  }
  if (row(refusals, code) !== undefined) return null;
  const known = row(declines, code);
  if (known !== undefined) return known;
  // The token of a charge under a create means that a failed one exists; under a capture it is there anyway.
  const namesFailedCharge =
    operation !== 'capture' && chargeId !== null && statusRefusals[status] === undefined;
  if (status !== 402 && !namesFailedCharge) return null;
  drift('error', 'unknown_value');
  return unknownDecline;
};

/** What a refusal means that is neither a fault nor a decline. */
const refusalOf = ({ status }: WireAnswer, operation: Operation, envelope: Envelope) => {
  const found = row(refusals, envelope.code) ?? statusRefusals[status] ?? wrongRequest;
  const { kind, advice } = adjusted(found, operation, envelope);
  const isAmbiguous = mayBeOwnSuccess(operation, kind, envelope, status);
  // A verify is not recorded, and how Pin answers a session that was verified before is not known: the charge tells.
  const outcome: Outcome = operation === 'verify3DS' && isAmbiguous ? 'unknown' : 'rejected';
  return {
    kind,
    outcome,
    advice,
    mayBeOwnSuccess: isAmbiguous,
  };
};

const spentSource = 'is not there, or was used before: a token is good for one charge, so make a new one';

/** Pin says of a used token as of a wrong one that nothing was found, and of neither what to do. */
const aboutSource = (
  about: ReturnType<typeof aboutOf>,
  operation: Operation,
  { code, messages }: Envelope,
): ReturnType<typeof aboutOf> => {
  const isSpent = code === 'token_already_used' || row(refusals, code)?.kind === 'not_found';
  if (operation !== 'create' || !isSpent) return about;
  const others = issuesOf(messages).filter(({ path }) => path !== 'source');
  return {
    ...about,
    message: `${about.message.replace(/\.$/, '')}: the source ${spentSource}`,
    issues: [{ path: 'source', message: spentSource }, ...others],
  };
};

/** Reads an answer that is no 2xx. The status decides first, then the code; texts are never matched. */
export const failure = (answer: WireAnswer, operation: Operation, call: Call): ProviderFailure => {
  const envelope = readEnvelope(answer.body);
  const about = aboutOf(answer, envelope);
  const fault = faultOf(answer, operation, envelope);
  if (fault !== null) return { ...about, ...fault };
  const decline = declineOf(answer, operation, envelope, call.drift);
  if (decline !== null) {
    return { ...about, kind: 'card', outcome: 'rejected', declineCode: decline.code, advice: decline.advice };
  }
  return { ...aboutSource(about, operation, envelope), ...refusalOf(answer, operation, envelope) };
};
