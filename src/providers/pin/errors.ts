import { failureOf, type ErrorTold, type Refusal } from '../../adapter/failure.js';
import { fieldsOf, rowOf, trimmedTextOf, type Fields } from '../../adapter/fields.js';
import type { Operation } from '../../charges-client.js';
import type { DeclineCode, DeclineRow } from '../../models/decline.js';
import type { ProviderFailure } from '../../provider.js';

/** `error` values that are declines: a failed charge exists and `charge_token` names it. */
export const declines: Readonly<Record<string, DeclineRow>> = {
  card_declined: { code: 'generic_decline', advice: 'use_other_card' },
  insufficient_funds: { code: 'insufficient_funds', advice: 'retry_later' },
  invalid_cvv: { code: 'incorrect_cvc', advice: 'fix_details' },
  invalid_card: { code: 'incorrect_number', advice: 'fix_details' },
  expired_card: { code: 'expired_card', advice: 'use_other_card' },
  lost_card: { code: 'lost_or_stolen_card', advice: 'do_not_retry' },
  stolen_card: { code: 'lost_or_stolen_card', advice: 'do_not_retry' },
  processing_error: { code: 'processing_error', advice: 'retry_later' },
  suspected_fraud: { code: 'suspected_fraud', advice: 'do_not_retry' },
  unknown: { code: 'generic_decline', advice: 'use_other_card' },
  gateway_error: { code: 'processing_error', advice: 'retry_later' },
};

/** Declines that say nothing about the money: the charge is read before anybody says "rejected". */
export const openDeclines: ReadonlySet<string> = new Set(['unknown', 'gateway_error']);

const wrongRequest: Refusal = { kind: 'invalid_request', advice: 'fix_details' };
const ofState: Refusal = { kind: 'conflict', advice: null };

/** `error` values that are no declines, whatever the HTTP status below 500. */
const refusals: Readonly<Record<string, Refusal>> = {
  invalid_resource: wrongRequest,
  description_invalid: wrongRequest,
  amount_invalid: wrongRequest,
  invalid_capture_amount: wrongRequest,
  invalid_request: wrongRequest,
  cannot_delete_primary_card: wrongRequest,
  token_already_used: wrongRequest,
  authorisation_expired: { kind: 'conflict', advice: 'do_not_retry' },
  already_captured: ofState,
  invalid_state: ofState,
  not_found: { kind: 'not_found', advice: null },
  resource_not_found: { kind: 'not_found', advice: null },
  insufficient_pin_balance: { kind: 'conflict', advice: 'retry_later' },
  unauthenticated: { kind: 'authentication', advice: 'contact_support' },
  limit_reached: { kind: 'permission', advice: 'contact_support' },
};

/** Our paths of Pin's fields, where the names differ. */
const paths: Readonly<Record<string, string>> = {
  ip_address: 'ip',
  reference: 'statementDescriptor',
  card: 'source',
  card_token: 'source',
  customer_token: 'source',
  payment_source_token: 'source',
  'card.number': 'source.number',
  'card.expiry_month': 'source.expMonth',
  'card.expiry_year': 'source.expYear',
  'card.cvc': 'source.cvc',
  'card.name': 'source.holderName',
  'card.address_line1': 'source.address.line1',
  'card.address_line2': 'source.address.line2',
  'card.address_city': 'source.address.city',
  'card.address_postcode': 'source.address.postalCode',
  'card.address_state': 'source.address.state',
  'card.address_country': 'source.address.country',
  'three_d_secure.callback_url': 'returnUrl',
};

/** One entry of `messages`. `param` is Pin's own name of the field: `card.number`, `amount`; empty where it names none. */
interface Message {
  readonly param: string;
  readonly code: string;
  readonly text: string;
}
interface PinError extends ErrorTold {
  readonly messages: readonly Message[];
}

const messageOf = (param: string, { code, message }: Fields): Message => ({
  // A bracketed name means the same as a dotted one.
  param: param.trim().replaceAll(/\[(\w{1,64})\]/g, '.$1'),
  code: trimmedTextOf(code)?.toLowerCase() ?? '',
  text: typeof message === 'string' ? message : '',
});

/** `messages` is an array of `{ code, message, param }`, or an object of texts by field. Anything else is no message. */
const readMessages = (messages: unknown): readonly Message[] => {
  if (Array.isArray(messages)) {
    return messages
      .filter((entry) => typeof entry === 'object' && entry !== null)
      .map((entry: unknown) => fieldsOf(entry))
      .map((entry) => messageOf(trimmedTextOf(entry['param']) ?? '', entry));
  }
  return Object.entries(fieldsOf(messages)).flatMap(([param, texts]) =>
    [texts].flat().map((message: unknown) => messageOf(param, { message })),
  );
};

const isKnown = (code: string): boolean =>
  rowOf(refusals, code) !== undefined || rowOf(declines, code) !== undefined;

/** Pin's description often says no more than that something was wrong: then what is wrong follows in the words of the messages. */
const textOfError = (description: string | null, messages: readonly Message[]): string | null => {
  const texts = messages.map(({ text }) => text.trim()).filter((text) => text !== '');
  if (description === null) return texts[0] ?? null;
  const told = description.toLowerCase();
  const isTold = texts.some((text) => told.includes(text.toLowerCase()));
  return isTold || texts.length === 0
    ? description
    : `${description.replace(/\.$/, '')}: ${texts.slice(0, 3).join('; ')}`;
};

/** An error body: an object, the same inside an array of one, or nothing that makes sense (HTML, empty, null). */
const read = (body: unknown): PinError => {
  const fields = fieldsOf(Array.isArray(body) ? body[0] : body);
  const providerCode = trimmedTextOf(fields['error']);
  const code = providerCode?.toLowerCase() ?? '';
  const description = trimmedTextOf(fields['error_description']);
  const messages = readMessages(fields['messages']);
  return {
    // A code that Pin has, or one beside a text or messages: a gateway's `{ "error": "Forbidden" }` is none.
    isOwn: isKnown(code) || (/^\w+$/.test(code) && (description !== null || messages.length > 0)),
    code,
    providerCode,
    message: textOfError(description, messages),
    chargeId: trimmedTextOf(fields['charge_token']),
    issues: messages.map(({ param, text }) => ({
      path: rowOf(paths, param) ?? param,
      message: text === '' ? 'was refused by Pin' : text,
    })),
    messages,
  };
};

/** What a refused field says about the card, or null for a field that is no card data. */
const cardFieldDecline = ({ param, code }: Message): DeclineCode | null => {
  const field = param.replace(/^card\./, '');
  if (code === 'card_number_invalid' || field === 'number') return 'incorrect_number';
  if (field.startsWith('expiry')) return 'invalid_expiry';
  if (field === 'cvc') return 'incorrect_cvc';
  return field.startsWith('address') ? 'incorrect_address' : null;
};

/** A create whose card data alone were refused is a decline. Different faults together say nothing precise. */
const decline = ({ code, messages }: PinError, operation: Operation): DeclineRow | null | undefined => {
  if (operation !== 'create' || code !== 'invalid_resource') return undefined;
  const codes = new Set(messages.map(cardFieldDecline));
  const [first] = codes;
  if (first === undefined || first === null || codes.has(null)) return null;
  return { code: codes.size === 1 ? first : 'generic_decline', advice: 'fix_details' };
};

/** What else a refusal can mean by the operation that got it. */
const refusal = (found: Refusal, operation: Operation, { code, messages }: PinError): Refusal => {
  if (found.kind === 'not_found' && operation === 'create') return wrongRequest;
  if (found.kind !== 'invalid_request') return found;
  // The requests of a capture and a void hold nothing that could be wrong: their refusal speaks of the charge's state.
  const speaksOfState =
    (operation === 'capture' || operation === 'void') && code !== 'invalid_capture_amount';
  // More than what is left of the charge: Pin says it of the charge, not of the amount.
  const isOverRefund = operation === 'refund' && messages.some(({ param }) => param === 'charge');
  return speaksOfState || isOverRefund ? ofState : found;
};

/** A refused token may be one that our own earlier request used up: it is good for one charge. */
const isAboutToken = ({ code, param }: Message): boolean =>
  code === 'token_already_used' || param === 'card_token' || param === 'payment_source_token';

/** A single-use token that is spent, a state that is reached, a balance that our refund has used up, a verified session. */
const mayBeOwnSuccess = (
  { kind }: Refusal,
  operation: Operation,
  { code, messages }: PinError,
  status: number,
): boolean => {
  if (kind === 'authentication' || kind === 'permission') return false;
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
    case 'capture':
    case 'void':
    case 'refund':
      return kind !== 'not_found';
    default:
      return operation === 'verify3DS';
  }
};

const spentSource = 'is not there, or was used before: a token is good for one charge, so make a new one';

/** Pin says of a used token as of a wrong one that nothing was found, and of neither what to do. */
const explain = (
  failure: ProviderFailure,
  operation: Operation,
  { code, issues }: PinError,
): ProviderFailure => {
  const isSpent = code === 'token_already_used' || rowOf(refusals, code)?.kind === 'not_found';
  if (operation !== 'create' || !isSpent) return failure;
  const others = (issues ?? []).filter(({ path }) => path !== 'source');
  return {
    ...failure,
    message: `${failure.message.replace(/\.$/, '')}: the source ${spentSource}`,
    issues: [{ path: 'source', message: spentSource }, ...others],
  };
};

/** Reads an answer that is no 2xx. */
export const failure = failureOf<PinError>({
  name: 'Pin',
  read,
  declines,
  refusals,
  openCodes: openDeclines,
  decline,
  refusal,
  mayBeOwnSuccess,
  explain,
});
