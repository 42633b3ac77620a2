import { invalidParameter } from './errors.js';

/** Which fields to expand, and which within them. */
export type Expansion = ReadonlyMap<string, Expansion>;

/** The kinds of answers; lists hold objects of one kind. */
export type ObjectName =
  | 'charge'
  | 'payment_intent'
  | 'refund'
  | 'payment_method'
  | 'customer'
  | 'balance_transaction'
  | 'token'
  | 'confirmation_token';

/** What a call answers with: an object, a list of objects, or a page of search. */
export type AnswerKind = ObjectName | `list of ${ObjectName}` | `search of ${ObjectName}`;

/** Nothing to expand. */
export const noExpansion: Expansion = new Map();

/** The expandable fields and what they become; null where the simulator never has anything. */
const expandable: Record<ObjectName, Record<string, AnswerKind | null>> = {
  charge: {
    balance_transaction: 'balance_transaction',
    customer: 'customer',
    payment_intent: 'payment_intent',
    refunds: 'list of refund',
    application: null,
    application_fee: null,
    failure_balance_transaction: null,
    invoice: null,
    on_behalf_of: null,
    review: null,
    source_transfer: null,
    transfer: null,
  },
  payment_intent: {
    latest_charge: 'charge',
    charges: 'list of charge',
    customer: 'customer',
    payment_method: 'payment_method',
    application: null,
    invoice: null,
    on_behalf_of: null,
    payment_record: null,
    review: null,
    source: null,
  },
  refund: {
    balance_transaction: 'balance_transaction',
    charge: 'charge',
    failure_balance_transaction: 'balance_transaction',
    payment_intent: 'payment_intent',
    payment_method: 'payment_method',
    customer: 'customer',
    source_transfer_reversal: null,
    transfer_reversal: null,
  },
  payment_method: { customer: 'customer' },
  customer: { default_source: null, sources: null },
  balance_transaction: { source: 'charge' },
  token: {},
  confirmation_token: {},
};

const longestPath = 4;

const childKind = (kind: AnswerKind, name: string): AnswerKind | null | undefined => {
  const list = /^(list|search) of (.+)$/.exec(kind);
  if (list === null) {
    const fields = expandable[kind as ObjectName];
    return Object.hasOwn(fields, name) ? fields[name] : undefined;
  }
  if (name === 'data') return list[2] as ObjectName;
  return name === 'total_count' && list[1] === 'search' ? null : undefined;
};

/** Reads `expand[]` for an answer of a kind; refuses what cannot be expanded before anything is executed. */
export const readExpansion = (paths: readonly string[], answer: AnswerKind): Expansion => {
  const root = new Map<string, Expansion>();
  for (const path of paths) {
    const names = path.split('.');
    if (names.length > longestPath) {
      throw invalidParameter('expand', `You cannot expand more than ${longestPath} levels of a property.`);
    }
    let level = root;
    let kind: AnswerKind | null = answer;
    for (const name of names) {
      const child: AnswerKind | null | undefined = kind === null ? undefined : childKind(kind, name);
      if (child === undefined)
        throw invalidParameter('expand', `This property cannot be expanded (${path}).`);
      kind = child;
      const next = (level.get(name) as Map<string, Expansion> | undefined) ?? new Map<string, Expansion>();
      level.set(name, next);
      level = next;
    }
  }
  return root;
};
