import type { Operation } from '../../charges-client.js';
import { unknownDecline } from '../../models/decline.js';
import type { Call, ProviderFailure, WireAnswer } from '../../provider.js';
import { cardDataDecline, readMessages, type WireMessage } from './error-messages.js';
import { declines, openDeclines, refusals, statusRefusals, type RefusalRow } from './codes.js';

/** The envelope of an error, whatever form it came in. */
interface Envelope {
  /** `error`, lower case; empty where the body is none of Pin's. */
  readonly code: string;
  readonly providerCode: string | null;
  readonly description: string | null;
  readonly chargeId: string | null;
  readonly messages: readonly WireMessage[];
}

const text = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;

/** Reads an error body: an object, the same inside an array of one, or nothing that makes sense (HTML, empty, null). */
const readEnvelope = (body: unknown): Envelope => {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  const fields =
    typeof first === 'object' && first !== null ? (first as Readonly<Record<string, unknown>>) : {};
  const providerCode = text(fields['error']);
  return {
    code: providerCode?.toLowerCase() ?? '',
    providerCode,
    description: text(fields['error_description']),
    chargeId: text(fields['charge_token']),
    messages: readMessages(fields['messages']),
  };
};

const row = <Row>(table: Readonly<Record<string, Row>>, name: string): Row | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

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

/**
 * Whether an earlier success of the same write would get this answer: a single-use token that is spent, a state that is
 * reached, a balance that our refund has used up, a session that is verified.
 */
const mayBeOwnSuccess = (
  operation: Operation,
  kind: ProviderFailure['kind'],
  { code }: Envelope,
  status: number,
): boolean => {
  if (certain.has(kind)) return false;
  switch (operation) {
    case 'create':
      return code === 'token_already_used' || status === 404 || kind === 'conflict';
    case 'capture':
    case 'void':
    case 'verify3DS':
    case 'refund':
      return kind !== 'card';
    default:
      return false;
  }
};

/** Reads an answer that is no 2xx. The status decides first, then the code; texts are never matched. */
export const failure = (answer: WireAnswer, operation: Operation, call: Call): ProviderFailure => {
  const envelope = readEnvelope(answer.body);
  const { code, providerCode, chargeId } = envelope;
  const message =
    envelope.description ?? envelope.messages[0]?.message ?? `Pin answered with HTTP ${answer.status}`;
  const about = { message, providerCode, chargeId };
  const decline = decliningOperations.has(operation) ? row(declines, code) : undefined;

  const isFault = answer.status >= 500 || answer.status < 400 || answer.status === 408;
  if (isFault || openDeclines.has(code)) {
    // A failed charge may exist, or a good one: whoever has its id reads it, the others look for the stamp.
    return {
      ...about,
      kind: 'provider',
      outcome: 'unknown',
      advice: decline?.advice ?? 'retry_later',
      declineCode: decline?.code ?? null,
    };
  }
  if (answer.status === 429)
    return { ...about, kind: 'rate_limit', outcome: 'unknown', advice: 'retry_later' };

  const found = row(refusals, code) ?? (decline === undefined ? statusRefusals[answer.status] : undefined);
  const cardData =
    operation === 'create' && code === 'invalid_resource' ? cardDataDecline(envelope.messages) : null;
  if (cardData !== null) {
    return { ...about, kind: 'card', outcome: 'rejected', declineCode: cardData, advice: 'fix_details' };
  }
  const isUnlistedDecline =
    decliningOperations.has(operation) && found === undefined && (chargeId !== null || answer.status === 402);
  if (decline !== undefined || isUnlistedDecline) {
    if (decline === undefined) call.drift('error', 'unknown_value');
    const { code: declineCode, advice } = decline ?? unknownDecline;
    return { ...about, kind: 'card', outcome: 'rejected', declineCode, advice };
  }
  const paymentRequired: RefusalRow = { kind: 'conflict', advice: 'retry_later' };
  const otherwise: RefusalRow =
    answer.status === 402 ? paymentRequired : { kind: 'invalid_request', advice: 'fix_details' };
  const { kind, advice } = adjusted(found ?? otherwise, operation, envelope);
  return {
    ...about,
    kind,
    outcome: 'rejected',
    advice,
    issues:
      kind === 'invalid_request'
        ? envelope.messages.map(({ path, message: text }) => ({ path, message: text }))
        : [],
    mayBeOwnSuccess: mayBeOwnSuccess(operation, kind, envelope, answer.status),
  };
};
