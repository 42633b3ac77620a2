import { InvalidRequestError } from '../../errors.js';
import type { Charge } from '../../models/charge.js';
import type { Answered, Call, ListSearchRow, RequestRow, WireRequest } from '../../provider.js';
import { toCharge } from './charge.js';
import { cursorIssues, endOf } from './paging.js';
import {
  captureSchema,
  checkCreate,
  checkUpdate,
  createRequest,
  createSchema,
  currencies,
  inWindow,
  listRequest,
  listSchema,
  mergeMetadata,
  searchSchema,
  updateSchema,
} from './params.js';
import {
  paymentAnswerSchema,
  paymentPageSchema,
  paymentWireSchema,
  type PaymentAnswer,
  type PaymentPage,
  type PaymentWire,
} from './wire.js';

/** Minutes in which a payment can be voided, captured or not. After them a captured one can be refunded, an authorization only lapses. */
const voidWindowMs = 25 * 60 * 1000;

const read = (id: string): WireRequest => ({ method: 'GET', route: '/v1/payments/{id}', ids: { id } });

/** One payment, for the steps that have to know it before they write. */
export const readPayment = async (
  id: string,
  call: Call,
  headers: Readonly<Record<string, string>> = {},
): Promise<PaymentWire> => {
  const { data } = (await call.send({ ...read(id), headers }, paymentAnswerSchema)).wire;
  call.checkSame(id, data.id);
  return data;
};

const chargeOf = ({ wire }: Answered<PaymentAnswer>, call: Call): Charge => toCharge(wire.data, call.drift);

/**
 * Whether a key belongs to a sub account or to the whole platform is not documented. In the second case a key that two sub
 * accounts use is answered with the payment of the first. No proof of it: what `account_id` names is not documented either.
 */
const reportOtherAccount = ({ account_id }: PaymentWire, call: Call): void => {
  if (typeof account_id === 'string' && call.account !== null && account_id !== call.account)
    call.drift('account_id', 'inconsistent');
};

export const create = {
  params: createSchema,
  capability: {
    sources: ['token', 'card', 'bank_account'],
    refuses: ['customer', 'expiresAt'],
    // Billing fills what a raw card leaves open; beside a token it has no place.
    leavesOut: ['ip', 'billing', 'shipping', 'returnUrl'],
    currencies,
  },
  check: checkCreate,
  request: ({ params }, call) => createRequest(params, call.idempotencyKey),
  response: paymentAnswerSchema,
  output: (answered, call) => {
    reportOtherAccount(answered.wire.data, call);
    return chargeOf(answered, call);
  },
} satisfies RequestRow<'create', PaymentAnswer>;

export const retrieve = {
  capability: { include: ['fee'] },
  request: ({ id }) => read(id),
  response: paymentAnswerSchema,
  output: chargeOf,
} satisfies RequestRow<'retrieve', PaymentAnswer>;

export const update = {
  params: updateSchema,
  capability: { fields: ['description', 'metadata'] },
  check: checkUpdate,
  prepare: async ({ id, params }, call) => {
    if (params.metadata === undefined) return {};
    const { metadata } = await readPayment(id, call);
    return { metadata: mergeMetadata(metadata, params.metadata) };
  },
  request: ({ id, params }, call) => ({
    method: 'PATCH',
    route: '/v1/payments/{id}',
    ids: { id },
    json: { description: params.description, ...(call.prepared as { metadata?: unknown }) },
  }),
  response: paymentAnswerSchema,
  output: chargeOf,
} satisfies RequestRow<'update', PaymentAnswer>;

export const list = {
  params: listSchema,
  capability: { order: 'newest_first', pushedDown: ['createdAfter', 'createdBefore'], include: ['fee'] },
  check: ({ cursor }) => cursorIssues(cursor),
  request: ({ params, cursor }) => listRequest(params, cursor),
  response: paymentPageSchema,
  items: { in: 'data', schema: paymentWireSchema },
  output: async ({ wire }, call, { params, cursor }) => ({
    data: (await call.readItems(wire.data, (payment) => toCharge(payment, call.drift))).filter(
      ({ createdAt }) => inWindow(createdAt, params),
    ),
    nextCursor: call.nextCursor({ count: wire.data.length, asked: cursor, ...endOf(wire) }),
  }),
} satisfies RequestRow<'list', PaymentPage>;

/**
 * JustiFi has no search: its list is read and filtered here. `status` is not pushed down: its words cover captured, voided
 * and expired payments badly; a caller who knows one passes it as `providerOptions.paymentStatus`.
 */
export const search = {
  params: searchSchema,
  capability: { eventuallyConsistent: false },
  overList: { maxPages: 40 },
} satisfies ListSearchRow;

export const capture = {
  params: captureSchema,
  capability: { partial: false },
  // The server's treatment of an amount is not documented and might be to take everything: it is compared here, never sent.
  prepare: async ({ id, params }, call) => {
    if (params.amount === undefined) return null;
    const { amount } = await readPayment(id, call);
    if (params.amount !== amount) {
      const message =
        params.amount < amount
          ? 'must be the whole amount: JustiFi captures in full only'
          : 'is more than was authorized';
      throw new InvalidRequestError({
        message: `amount ${message}`,
        outcome: 'not_sent',
        provider: 'justifi',
        operation: 'capture',
        chargeId: id,
        issues: [{ path: 'amount', message }],
      });
    }
    return { amount };
  },
  request: ({ id }) => ({ method: 'POST', route: '/v1/payments/{id}/capture', ids: { id } }),
  response: paymentAnswerSchema,
  output: chargeOf,
} satisfies RequestRow<'capture', PaymentAnswer>;

export const voidPayment = {
  capability: { windowMs: voidWindowMs, captured: true },
  request: ({ id }) => ({ method: 'POST', route: '/v1/payments/{id}/void', ids: { id } }),
  response: paymentAnswerSchema,
  output: chargeOf,
} satisfies RequestRow<'void', PaymentAnswer>;
