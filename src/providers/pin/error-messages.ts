import type { DeclineCode } from '../../models/decline.js';

/** One entry of `messages`. */
export interface WireMessage {
  /** Pin's own name of the field: `card.number`, `amount`. Empty where it names none. */
  readonly param: string;
  readonly code: string;
  readonly message: string;
  /** The field of our params that it speaks of. */
  readonly path: string;
}

/** Pin's fields and ours, where the names differ. */
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

const pathOf = (param: string): string => (Object.hasOwn(paths, param) ? paths[param] : undefined) ?? param;

const messageOf = (param: string, code: string, message: string): WireMessage => {
  // A bracketed name means the same as a dotted one.
  const dotted = param.trim().replaceAll(/\[(\w{1,64})\]/g, '.$1');
  return { param: dotted, code: code.trim().toLowerCase(), message, path: pathOf(dotted) };
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** `messages` is an array of `{ code, message, param }`, or an object of texts by field. Anything else is no message. */
export const readMessages = (messages: unknown): readonly WireMessage[] => {
  if (typeof messages !== 'object' || messages === null) return [];
  if (!Array.isArray(messages)) {
    return Object.entries(messages).flatMap(([param, texts]) =>
      (Array.isArray(texts) ? texts : [texts]).map((text: unknown) => messageOf(param, '', textOf(text))),
    );
  }
  return messages
    .filter(
      (entry): entry is Readonly<Record<string, unknown>> => typeof entry === 'object' && entry !== null,
    )
    .map((entry) => messageOf(textOf(entry['param']), textOf(entry['code']), textOf(entry['message'])));
};

/** What a refused field says about the card, or null for a field that is no card data. */
const cardFieldDecline = ({ param, code }: WireMessage): DeclineCode | null => {
  const field = param.replace(/^card\./, '');
  if (code === 'card_number_invalid' || field === 'number') return 'incorrect_number';
  if (field.startsWith('expiry')) return 'invalid_expiry';
  if (field === 'cvc') return 'incorrect_cvc';
  return field.startsWith('address') ? 'incorrect_address' : null;
};

/** The decline of a refusal that speaks of card data alone; null for every other. Different faults together say nothing precise. */
export const cardDataDecline = (messages: readonly WireMessage[]): DeclineCode | null => {
  const codes = new Set(messages.map(cardFieldDecline));
  const [first] = codes;
  if (first === undefined || codes.has(null)) return null;
  return codes.size === 1 ? first : 'generic_decline';
};
