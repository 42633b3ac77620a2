import * as z from 'zod';
import { ConflictError, InvalidRequestError } from '../../errors.js';
import type { Charge } from '../../models/charge.js';
import type { RefundParams } from '../../models/params.js';
import type { Refund } from '../../models/refund.js';
import type { Answered, Call, RequestRow, RunRow, WireRequest } from '../../provider.js';
import { toCharge } from './charge.js';
import { omiseCurrencies } from './currency.js';
import { readAll } from './paging.js';
import {
  captureSchema,
  createIssues,
  createRequest,
  createSchema,
  mergedMetadata,
  refundMetadata,
  refundSchema,
  updatableFields,
  updateIssues,
  updateSchema,
  verifySchema,
  type OmiseRefundOptions,
} from './params.js';
import { toRefund } from './refund.js';
import {
  chargeWire,
  refundPageWire,
  refundWire,
  relatedId,
  type ChargeWire,
  type RefundWire,
} from './wire.js';

const toOutput = ({ wire }: Answered<ChargeWire>, call: Call): Charge => toCharge(wire, call.drift);

const readRequest = (id: string): WireRequest => ({ method: 'GET', route: '/charges/{id}', ids: { id } });

/** Reads a charge, beside the operation that needs to know it. */
export const readCharge = async (id: string, call: Call): Promise<{ wire: ChargeWire; charge: Charge }> => {
  const { wire } = await call.send(readRequest(id), chargeWire);
  call.checkSame(id, wire.id);
  return { wire, charge: toCharge(wire, call.drift) };
};

export const create = {
  params: createSchema,
  capability: {
    sources: ['token', 'customer', 'redirect'],
    leavesOut: ['statementDescriptor', 'email', 'billing', 'shipping'],
    currencies: omiseCurrencies,
  },
  check: ({ params }) => createIssues(params),
  request: ({ params }, call) => createRequest(params, call.idempotencyKey),
  response: chargeWire,
  output: toOutput,
} satisfies RequestRow<'create', ChargeWire>;

export const retrieve = {
  capability: { include: ['fee'] },
  request: ({ id }) => readRequest(id),
  response: chargeWire,
  output: toOutput,
} satisfies RequestRow<'retrieve', ChargeWire>;

/** Merging into a map that could not be read would wipe it, our stamp included. */
const chargeWithMetadata = chargeWire.extend({ metadata: z.record(z.string(), z.unknown()) });

const preparedUpdate = z.object({ metadata: z.record(z.string(), z.unknown()).nullable() });

export const update = {
  params: updateSchema,
  capability: { fields: updatableFields },
  check: ({ params }) => updateIssues(params),
  // Whether Omise merges or replaces metadata is not documented. The whole map, our stamp included, is right both ways.
  prepare: async ({ id, params }, call) => {
    if (params.metadata === undefined) return { metadata: null };
    const { wire } = await call.send(readRequest(id), chargeWithMetadata);
    call.checkSame(id, wire.id);
    return { metadata: mergedMetadata(wire.metadata, params.metadata) };
  },
  request: ({ id, params }, call) => ({
    method: 'PATCH',
    route: '/charges/{id}',
    ids: { id },
    json: {
      description: params.description,
      metadata: preparedUpdate.parse(call.prepared).metadata ?? undefined,
    },
  }),
  response: chargeWire,
  output: toOutput,
} satisfies RequestRow<'update', ChargeWire>;

const preparedCapture = z.object({ amount: z.int().nullable() });

const refuseCapture = (id: string, message: string): never => {
  throw new InvalidRequestError({
    message: `amount ${message}`,
    provider: 'omise',
    operation: 'capture',
    outcome: 'not_sent',
    chargeId: id,
    issues: [{ path: 'amount', message }],
  });
};

export const capture = {
  params: captureSchema,
  capability: { partial: 'some' },
  // What Omise does with a partial amount on an ordinary authorization is not known: it might take everything.
  prepare: async ({ id, params }, call) => {
    if (params.amount === undefined) return { amount: null };
    const { wire } = await readCharge(id, call);
    if (params.amount === wire.amount) return { amount: null };
    if (params.amount > wire.amount) return refuseCapture(id, 'is more than was authorized');
    if (wire.authorization_type === 'pre_auth') return { amount: params.amount };
    return refuseCapture(
      id,
      'must be the whole amount: only charges created with authorizationType "pre_auth" are captured in part',
    );
  },
  request: ({ id }, call) => {
    const { amount } = preparedCapture.parse(call.prepared);
    return {
      method: 'POST',
      route: '/charges/{id}/capture',
      ids: { id },
      ...(amount === null ? {} : { json: { capture_amount: amount } }),
    };
  },
  response: chargeWire,
  output: toOutput,
} satisfies RequestRow<'capture', ChargeWire>;

/** An authorization is released with `reverse`. Captured money is never touched by it. */
export const release = {
  capability: { captured: false },
  request: ({ id }) => ({ method: 'POST', route: '/charges/{id}/reverse', ids: { id } }),
  response: chargeWire,
  output: toOutput,
} satisfies RequestRow<'void', ChargeWire>;

/** Which sources can be expired is documented for one of them only: Omise decides. */
export const expire = {
  request: ({ id }) => ({ method: 'POST', route: '/charges/{id}/expire', ids: { id } }),
  response: chargeWire,
  output: toOutput,
} satisfies RequestRow<'expire', ChargeWire>;

// Checked by the row's schema; the common params do not know its type.
const optionsOf = (params: RefundParams): OmiseRefundOptions => params.providerOptions ?? {};

const preparedRefund = z.object({ amount: z.int().positive() });

const refuseRefund = (charge: Charge, message: string): never => {
  throw new ConflictError({
    message: `omise: ${message}`,
    provider: 'omise',
    operation: 'refund',
    outcome: 'rejected',
    chargeId: charge.id,
  });
};

export const refund = {
  params: refundSchema,
  capability: { partial: true, metadata: true },
  // A refund always names its amount. What is left is read once, so that a repeat asks for the same amount again.
  prepare: async ({ id, params }, call) => {
    if (params.amount !== undefined) return { amount: params.amount };
    const { charge } = await readCharge(id, call);
    if (charge.status !== 'captured')
      return refuseRefund(charge, `the charge is ${charge.status}, not captured`);
    if (charge.amountCaptured === null)
      return refuseRefund(charge, 'how much was captured is not known: name an amount');
    const amount = charge.amountCaptured - charge.amountRefunded;
    return amount > 0 ? { amount } : refuseRefund(charge, 'nothing is left to refund');
  },
  request: ({ id, params }, call) => ({
    method: 'POST',
    route: '/charges/{id}/refunds',
    ids: { id },
    json: {
      ...preparedRefund.parse(call.prepared),
      metadata: refundMetadata(params, call.idempotencyKey),
      void: optionsOf(params).void,
    },
  }),
  response: refundWire,
  output: ({ wire }, call) => toRefund(wire, call.drift),
} satisfies RequestRow<'refund', RefundWire>;

/** Several pages: a charge may have more refunds than one page holds, and a look-up must see them all. */
export const listRefunds = {
  run: async ({ id }, call) => {
    const refunds = await readAll(call, { route: '/charges/{id}/refunds', ids: { id } }, refundPageWire);
    return refunds.map((wire) => toRefund(wire, call.drift));
  },
} satisfies RunRow<'listRefunds'>;

const readRefundRequest = (id: string, refundId: string): WireRequest => ({
  method: 'GET',
  route: '/charges/{id}/refunds/{refundId}',
  ids: { id, refundId },
});

/** Reads a refund that an event names. */
export const readRefund = async (id: string, refundId: string, call: Call): Promise<Refund> => {
  const { wire } = await call.send(readRefundRequest(id, refundId), refundWire);
  call.checkSame(refundId, wire.id);
  call.checkSame(id, relatedId(wire.charge));
  return toRefund(wire, call.drift);
};

export const retrieveRefund = {
  request: ({ id, refundId }) => readRefundRequest(id, refundId),
  response: refundWire,
  output: ({ wire }, call) => toRefund(wire, call.drift),
} satisfies RequestRow<'retrieveRefund', RefundWire>;

/** There is nothing to verify: after the payer came back, the charge itself says how it ended. */
export const verify3DS = {
  params: verifySchema,
  capability: { by: ['chargeId'] },
  check: ({ params }) => [
    ...(params.chargeId === undefined ? [{ path: 'chargeId', message: 'is required' }] : []),
    ...(['sessionToken', 'otp'] as const)
      .filter((field) => params[field] !== undefined)
      .map((path) => ({ path, message: 'does not exist at Omise: the charge is read by chargeId' })),
  ],
  request: ({ params }) => readRequest(params.chargeId ?? ''),
  response: chargeWire,
  output: toOutput,
} satisfies RequestRow<'verify3DS', ChargeWire>;
