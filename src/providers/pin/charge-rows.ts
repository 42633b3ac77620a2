import { IntegrityError, InvalidRequestError } from '../../errors.js';
import type { FieldIssue } from '../../models/error-details.js';
import { foreignCursor } from '../../models/paging.js';
import type { ListParams } from '../../models/params.js';
import type { Call, RequestRow } from '../../provider.js';
import { isMarkedManual, toCharge } from './charge.js';
import { pinCurrencies } from './currency.js';
import { endOf, positionOf, readCursor } from './pages.js';
import {
  asksThreeDS,
  captureParams,
  createIssues,
  createParams,
  createRequest,
  listParams,
  searchParams,
  verify3DSParams,
} from './params.js';
import { awaitCapture, readCharge, readRequest } from './reread.js';
import { searchRequest } from './search.js';
import { sourceTypes } from './source.js';
import {
  chargeAnswer,
  chargePageAnswer,
  chargeWire,
  type ChargeAnswer,
  type ChargePageAnswer,
} from './wire.js';

/** Words that stand where a charge token stands: as an id they would ask for something else. */
const reservedIds: ReadonlySet<string> = new Set(['search', 'verify']);

/** What is wrong with the id of a charge. */
export const chargeIdIssues = (id: string | undefined, path = 'id'): FieldIssue[] =>
  id !== undefined && reservedIds.has(id) ? [{ path, message: 'must be a charge token such as ch_…' }] : [];

const cursorIssues = (cursor: string | null): FieldIssue[] =>
  cursor !== null && readCursor(cursor) === null ? [{ path: 'cursor', message: foreignCursor }] : [];

const items = { in: 'response', schema: chargeWire, id: 'token' } as const;

const readPage = async (
  { response, pagination }: ChargePageAnswer,
  call: Call,
  params: Pick<ListParams, 'limit'>,
  cursor: string | null,
) => ({
  data: await call.readItems(response, (each) => toCharge(each, call)),
  total: pagination.count ?? null,
  nextCursor: call.nextCursor({
    count: response.length,
    asked: cursor,
    ...endOf(pagination, positionOf(params, cursor), call.drift),
  }),
});

export const create = {
  params: createParams,
  capability: {
    sources: sourceTypes,
    requires: ['email', 'description', 'ip'],
    // A customer alone is a source; beside another source it is refused.
    refuses: ['customer', 'expiresAt'],
    // Billing fills what a raw card leaves open; beside a token it has no place.
    leavesOut: ['billing', 'shipping'],
    currencies: pinCurrencies,
  },
  check: ({ params }, call) => createIssues(params, call),
  request: ({ params }, call) => createRequest(params, call),
  response: chargeAnswer,
  output: ({ wire, answer }, call, { params }) => {
    const circumstances = {
      httpStatus: answer.status,
      threeDSAsked: asksThreeDS(params),
      isOwnCapture: true,
    };
    const mayLag = circumstances.threeDSAsked && params.capture !== false;
    return mayLag
      ? awaitCapture(wire.response, call, circumstances)
      : toCharge(wire.response, call, circumstances);
  },
} satisfies RequestRow<'create', ChargeAnswer>;

export const retrieve = {
  capability: { include: ['fee'] },
  check: ({ id }) => chargeIdIssues(id),
  request: ({ id }) => readRequest(id),
  response: chargeAnswer,
  output: ({ wire }, call) => toCharge(wire.response, call),
} satisfies RequestRow<'retrieve', ChargeAnswer>;

/** The charges of a customer have their own address. Its order is not documented, so it is no help where a date bounds the list. */
const isCustomerList = ({ customer, createdAfter, createdBefore }: ListParams): boolean =>
  customer !== undefined && createdAfter === undefined && createdBefore === undefined;

export const list = {
  params: listParams,
  capability: { order: 'newest_first', pushedDown: [], include: ['fee'] },
  check: ({ cursor }) => cursorIssues(cursor),
  request: ({ params, cursor }) => {
    const { page, perPage } = positionOf(params, cursor);
    const query = { page, per_page: perPage };
    return isCustomerList(params)
      ? {
          method: 'GET',
          route: '/1/customers/{customer}/charges',
          ids: { customer: params.customer ?? '' },
          query,
        }
      : { method: 'GET', route: '/1/charges', query };
  },
  response: chargePageAnswer,
  items,
  output: async ({ wire }, call, { params, cursor }) => {
    const page = await readPage(wire, call, params, cursor);
    // Here the customer is known, also where the card no longer names it.
    if (isCustomerList(params)) for (const charge of page.data) charge.customer ??= params.customer ?? null;
    return page;
  },
} satisfies RequestRow<'list', ChargePageAnswer>;

export const search = {
  params: searchParams,
  capability: {
    pushedDown: ['query', 'createdAfter', 'createdBefore'],
    eventuallyConsistent: true,
    include: ['fee'],
  },
  check: ({ cursor }) => cursorIssues(cursor),
  request: ({ params, cursor }) => searchRequest(params, cursor),
  response: chargePageAnswer,
  items,
  output: ({ wire }, call, { params, cursor }) => readPage(wire, call, params, cursor),
} satisfies RequestRow<'search', ChargePageAnswer>;

/** Pin captures in full only: an amount is compared with the charge before anything is sent, and never sent itself. */
export const capture = {
  params: captureParams,
  capability: { partial: false },
  check: ({ id }) => chargeIdIssues(id),
  prepare: async ({ id, params }, call) => {
    if (params.amount === undefined) return null;
    const { amount } = await readCharge(id, call);
    if (amount !== params.amount) {
      const message =
        params.amount < amount
          ? 'must be the whole amount: Pin captures in full only'
          : 'is more than was authorized';
      throw new InvalidRequestError({
        message: `amount ${message}`,
        outcome: 'not_sent',
        provider: 'pin',
        operation: 'capture',
        idempotencyKey: call.idempotencyKey,
        chargeId: id,
        issues: [{ path: 'amount', message }],
      });
    }
    return { amount };
  },
  request: ({ id }) => ({ method: 'PUT', route: '/1/charges/{id}/capture', ids: { id } }),
  response: chargeAnswer,
  output: ({ wire }, call) => toCharge(wire.response, call, { isOwnCapture: true }),
} satisfies RequestRow<'capture', ChargeAnswer>;

const voidCharge = {
  capability: { captured: false },
  check: ({ id }) => chargeIdIssues(id),
  request: ({ id }) => ({ method: 'PUT', route: '/1/charges/{id}/void', ids: { id } }),
  response: chargeAnswer,
  output: ({ wire }, call) => toCharge(wire.response, call),
} satisfies RequestRow<'void', ChargeAnswer>;
export { voidCharge as void };

/**
 * A GET that finishes the payment, and so a write: sent once. Without a session token the charge is only read. Afterwards
 * the charge may read authorized for a moment although it will be captured.
 */
export const verify3DS = {
  params: verify3DSParams,
  isWrite: true,
  capability: { by: ['sessionToken', 'chargeId'] },
  check: ({ params }) => chargeIdIssues(params.chargeId, 'chargeId'),
  request: ({ params }) =>
    params.sessionToken === undefined
      ? readRequest(params.chargeId ?? '')
      : { method: 'GET', route: '/1/charges/verify', query: { session_token: params.sessionToken } },
  response: chargeAnswer,
  output: ({ wire }, call, { params }) => {
    const { chargeId, sessionToken } = params;
    if (chargeId !== undefined && sessionToken === undefined) call.checkSame(chargeId, wire.response.token);
    if (chargeId !== undefined && chargeId !== wire.response.token) {
      throw new IntegrityError({
        code: 'unexpected_charge',
        message: 'the session token belongs to another charge',
        outcome: 'unknown',
        provider: 'pin',
        operation: 'verify3DS',
        idempotencyKey: call.idempotencyKey,
        chargeId: wire.response.token,
      });
    }
    const circumstances = { threeDSAsked: true };
    return isMarkedManual(wire.response)
      ? toCharge(wire.response, call, circumstances)
      : awaitCapture(wire.response, call, circumstances);
  },
} satisfies RequestRow<'verify3DS', ChargeAnswer> & { isWrite: boolean };
