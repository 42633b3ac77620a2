import * as z from 'zod';
import type { Call, ListSearchRow, RequestRow } from '../../provider.js';
import { lastIdOf } from '../../models/paging.js';
import { toCharge } from './charge.js';
import { cursorIssues, endOf } from './cursor.js';
import {
  captureParamsSchema,
  captureRequest,
  checkCreate,
  checkList,
  checkVerification,
  createParamsSchema,
  createRequest,
  listParamsSchema,
  listRequest,
  otpRequest,
  retrieveRequest,
  searchParamsSchema,
  verify3DSParamsSchema,
  voidRequest,
} from './params.js';
import { defaultsOf } from './settings.js';
import { wireChargeListSchema, wireChargeSchema, type WireCharge, type WireChargeList } from './wire.js';

const readCharge = async (id: string, call: Call): Promise<WireCharge> => {
  const { wire } = await call.send(retrieveRequest(id), wireChargeSchema);
  call.checkSame(id, wire.id);
  return wire;
};

export const create = {
  params: createParamsSchema,
  capability: {
    sources: ['token'],
    requires: ['description', 'statementDescriptor'],
    refuses: ['customer', 'expiresAt'],
    leavesOut: ['email', 'ip', 'billing', 'shipping'],
    currencies: ['PHP'],
  },
  check: ({ params }, call) => checkCreate(params, defaultsOf(call)),
  request: ({ params }, call) => createRequest(params, defaultsOf(call), call.idempotencyKey),
  response: wireChargeSchema,
  output: ({ wire }, call) => toCharge(wire, call.drift, {}),
} satisfies RequestRow<'create', WireCharge>;

export const retrieve = {
  request: ({ id }) => retrieveRequest(id),
  response: wireChargeSchema,
  output: ({ wire }, call) => toCharge(wire, call.drift),
} satisfies RequestRow<'retrieve', WireCharge>;

/**
 * The provider has no page size. A smaller `limit` cuts its page here, and the cursor is the last charge that is shown:
 * `start_after` is the id of a charge.
 */
export const list = {
  params: listParamsSchema,
  capability: { order: 'unspecified', pushedDown: [] },
  check: ({ params, cursor }) => [...checkList(params), ...cursorIssues(cursor)],
  request: ({ cursor }) => listRequest(cursor),
  response: wireChargeListSchema,
  items: { in: 'data', schema: wireChargeSchema },
  output: async ({ wire }, call, { params, cursor }) => {
    const shown = wire.data.slice(0, params.limit ?? wire.data.length);
    const isCut = shown.length > 0 && shown.length < wire.data.length;
    return {
      data: await call.readItems(shown, (charge) => toCharge(charge, call.drift)),
      nextCursor: call.nextCursor({
        count: wire.data.length,
        asked: cursor,
        ...(isCut ? { next: lastIdOf(shown) } : endOf(wire.next)),
      }),
    };
  },
} satisfies RequestRow<'list', WireChargeList>;

/** The provider has none: its list is read and filtered here, and not without an end. */
export const search = {
  overList: { maxPages: 20 },
  params: searchParamsSchema,
} satisfies ListSearchRow;

/** The amount of a capture, read before the write so that a repeat sends the same. */
const preparedCaptureSchema = z.object({ amount: z.int() });

export const capture = {
  params: captureParamsSchema,
  capability: { partial: true },
  // The provider requires the amount, also when it is all of it.
  prepare: async ({ id, params }, call) => ({ amount: params.amount ?? (await readCharge(id, call)).amount }),
  request: ({ id }, call) => captureRequest(id, preparedCaptureSchema.parse(call.prepared).amount),
  response: wireChargeSchema,
  output: ({ wire }, call) => toCharge(wire, call.drift, preparedCaptureSchema.parse(call.prepared)),
} satisfies RequestRow<'capture', WireCharge>;

/** Releases an authorization, or gives back captured money that was not settled yet. */
export const voidCharge = {
  capability: { captured: true },
  request: ({ id }) => voidRequest(id),
  response: wireChargeSchema,
  output: ({ wire }, call) => toCharge(wire, call.drift),
} satisfies RequestRow<'void', WireCharge>;

const preparedVerificationSchema = z.object({ isOpen: z.boolean() });

/**
 * After the payer came back from the redirect the charge is read. A one-time password is sent instead, and that finishes
 * the payment: it goes out once, and not at all where the charge is through already, so that a repeat is safe.
 */
export const verify3DS = {
  params: verify3DSParamsSchema,
  capability: { by: ['chargeId', 'otp'] },
  isWrite: true,
  check: ({ params }) => checkVerification(params),
  prepare: async ({ params: { chargeId, otp } }, call) => {
    if (otp === undefined) return { isOpen: false };
    const wire = await readCharge(chargeId ?? '', call);
    return {
      isOpen: ['pending', 'requires_action', 'unknown'].includes(toCharge(wire, () => undefined).status),
    };
  },
  request: ({ params: { chargeId, otp } }, call) => {
    const id = chargeId ?? '';
    const { isOpen } = preparedVerificationSchema.parse(call.prepared);
    return otp !== undefined && isOpen ? otpRequest(id, otp) : retrieveRequest(id);
  },
  response: wireChargeSchema,
  output: ({ wire }, call) => toCharge(wire, call.drift),
} satisfies RequestRow<'verify3DS', WireCharge> & { isWrite: boolean };
