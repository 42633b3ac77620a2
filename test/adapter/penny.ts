import * as z from 'zod';
import { makeCharge } from '../../src/adapter/charge.js';
import { defineAdapter } from '../../src/adapter/define-adapter.js';
import { failureOf } from '../../src/adapter/failure.js';
import { fieldsOf, rowOf, textOf } from '../../src/adapter/fields.js';
import { offsetPages, paging } from '../../src/adapter/paging.js';
import { makeRefund } from '../../src/adapter/refund.js';
import { resource } from '../../src/adapter/resource.js';
import type { AdapterRow } from '../../src/adapter/rows.js';
import { secretSchema } from '../../src/models/secret.js';
import type { Call } from '../../src/provider.js';

/*
 * A made-up provider with what the kit knows and Pin has not: objects without an envelope, offsets, updates, amounts that are
 * decided by a row of its own, and an answer that is no charge.
 */

const payWire = z.object({
  id: z.string().min(1),
  state: z.string(),
  amount: z.int(),
  currency: z.string(),
  /** Null where it is not told. */
  taken: z.int().nullish(),
  back: z.int().nullable(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});
type PayWire = z.infer<typeof payWire>;

const backWire = z.object({
  id: z.string().min(1),
  pay: z.string(),
  amount: z.int(),
  state: z.string(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});
type BackWire = z.infer<typeof backWire>;

const statuses = { held: 'authorized', done: 'captured', gone: 'voided', no: 'failed' } as const;

const toCharge = (wire: PayWire, { drift }: Pick<Call, 'drift'>) => {
  const status = rowOf(statuses, wire.state) ?? 'unknown';
  if (status === 'unknown') drift('state', 'unknown_value');
  return makeCharge(
    {
      provider: 'penny',
      id: wire.id,
      status,
      providerStatus: wire.state,
      amount: wire.amount,
      currency: wire.currency,
      livemode: null,
      threeDS: (told) => (told === 'captured' ? { status: 'unknown', version: null, eci: null } : null),
      metadata: wire.metadata,
      raw: wire,
    },
    {
      captured: () => ({
        captured: wire.taken === undefined ? wire.amount : wire.taken,
        refunded: wire.back,
      }),
    },
  );
};

export const pays = resource({
  at: 'GET /pays/{id}',
  schema: payWire,
  read: (wire: PayWire, call: Call) => toCharge(wire, call),
});

const toRefund = (wire: BackWire) =>
  makeRefund({
    provider: 'penny',
    id: wire.id,
    chargeId: wire.pay,
    amount: wire.amount,
    currency: 'EUR',
    status: wire.state === 'no' ? 'failed' : 'succeeded',
    createdAt: null,
    metadata: wire.metadata,
    raw: wire,
  });

export const backs = resource({
  at: 'GET /pays/{id}/backs/{backId}',
  schema: backWire,
  idsIn: (data) => {
    const [id, backId] = [textOf(data['pay']), textOf(data['id'])];
    return id === null || backId === null ? null : { id, backId };
  },
  read: toRefund,
});

const settings = { secretKey: secretSchema, shop: z.string().optional() };
const options = { capture: z.strictObject({ tip: z.int().optional() }) };

interface Penny {
  readonly settings: z.output<z.ZodObject<typeof settings>>;
  readonly options: typeof options;
  readonly charge: PayWire;
  readonly refund: BackWire;
}

/** The amount is read before it is sent, so that a repeat sends the same. */
const capture: AdapterRow<Penny, 'capture', { readonly amount: number }> = {
  to: 'POST /pays/{id}/take',
  partial: true,
  prepared: z.object({ amount: z.int() }),
  prepare: async ({ id, params }, call) => ({ amount: params.amount ?? (await pays.fetch(id, call)).amount }),
  json: ({ options: { tip } }, call) => ({ amount: call.prepared.amount, tip, shop: call.settings.shop }),
};

const goneWire = z.object({ gone: payWire });

/** The answer is no charge: it holds one. */
const release: AdapterRow<Penny, 'void', { readonly key: string }, z.infer<typeof goneWire>> = {
  to: (_, call) => (call.prepared.key === 'pay' ? 'DELETE /pays/{id}' : 'DELETE /holds/{hold}'),
  ids: ({ id }) => ({ id, hold: id }),
  captured: false,
  schema: goneWire,
  prepare: ({ id }) => Promise.resolve({ key: id.startsWith('pay_') ? 'pay' : 'hold' }),
  output: ({ wire }, call) => toCharge(wire.gone, call),
};

/** The same, read by their own id alone. */
const backsAlone = resource({ at: 'GET /backs/{backId}', chargeId: 'pay', schema: backWire, read: toRefund });

const facts = {
  provider: 'penny',
  name: 'Penny',
  settings,
  environment: {},
  connect: () => ({
    origin: 'https://api.penny.example',
    livemode: null,
    account: null,
    headers: () => ({}),
  }),
  writeSafety: { kind: 'lookup' },
  rateLimitMeansNotExecuted: false,
  charge: pays,
  refund: backs,
  paging: offsetPages(
    { total: z.int() },
    {
      names: { offset: 'from', limit: 'count' },
      largest: 2,
      total: ({ total }) => total,
    },
  ),
  failure: failureOf({
    name: 'Penny',
    read: (body) => {
      const code = textOf(fieldsOf(body)['problem']);
      return { isOwn: code !== null, code: code ?? '', providerCode: code, message: null, chargeId: null };
    },
    declines: { broke: { code: 'insufficient_funds', advice: 'retry_later' } },
    refusals: { late: { kind: 'conflict', advice: null, mayBeOwnSuccess: true } },
    byStatus: (status) =>
      status === 409
        ? { kind: 'in_progress', outcome: 'unknown', advice: 'retry_later' }
        : status === 429
          ? { kind: 'rate_limit', advice: 'retry_later' }
          : undefined,
    mayBeOwnSuccess: () => false,
    untold: (status) =>
      status < 400 ? `Penny points elsewhere (${status})` : `Penny says nothing (${status})`,
  }),
} as const;

const retrieve = { to: 'GET /pays/{id}' } as const;
const list = {
  to: 'GET /pays',
  query: ({ page }: { page: object }) => ({ ...page }),
  order: 'newest_first',
} as const;

/** A provider that replaces metadata, and names what is left of a charge. */
export const penny = defineAdapter({
  ...facts,
  options,
  operations: {
    retrieve,
    list,
    search: { overList: { maxPages: 3 } },
    update: {
      to: 'PATCH /pays/{id}',
      fields: ['description', 'metadata'],
      metadata: 'replaced',
      json: ({ params, metadata }) => ({ note: params.description, metadata }),
    },
    capture,
    void: release,
    refund: {
      to: 'POST /pays/{id}/backs',
      partial: true,
      metadata: true,
      everything: 'named',
      readsCurrency: true,
      json: ({ amount, currency, metadata }) => ({ amount, currency, metadata }),
    },
    listRefunds: { to: 'GET /pays/{id}/backs', query: ({ page }) => page },
    retrieveRefund: { to: 'GET /pays/{id}/backs/{refundId}' },
    verify3DS: { to: 'GET /pays/{chargeId}', by: ['chargeId'] },
  },
});

const backsIn = z.array(backWire);

const backsOf = (wire: PayWire, refundId?: string) =>
  backsIn
    .parse(wire.metadata?.['backs'])
    .filter(({ id }) => refundId === undefined || id === refundId)
    .map(toRefund);

/** The same without refunds of their own, without a page size, and with metadata of which nobody knows what an update does. */
export const pennyInOne = defineAdapter({
  ...facts,
  paging: paging(
    { next: z.string().nullish() },
    {
      cutsHere: true,
      isCursor: (cursor) => cursor.startsWith('pay_'),
      query: (cursor) => ({ after: cursor ?? undefined }),
      end: ({ next }) => ({ next: next ?? null }),
    },
  ),
  operations: {
    retrieve,
    list,
    update: {
      to: 'PATCH /pays/{id}',
      fields: ['metadata'],
      refuses: { email: 'would send a letter' },
      metadataLimits: { entries: 2, name: 4, value: 5 },
      metadata: 'either',
      json: ({ metadata }) => ({ metadata }),
    },
    listRefunds: {
      to: 'GET /pays/{id}',
      // Without a number of what went back, an empty map could hide what did.
      schema: payWire.refine(({ back }) => back !== null),
      inCharge: (wire) => backsOf(wire),
    },
    retrieveRefund: { to: 'GET /pays/{id}', inCharge: (wire, _, refundId) => backsOf(wire, refundId) },
    verify3DS: {
      by: ['chargeId'],
      run: async ({ params }, call) => toCharge(await pays.fetch(params.chargeId ?? '', call), call),
    },
  },
});

/** Its refunds are read by their own id, and for one of them the charge is read as well. */
export const pennyAlone = defineAdapter({
  ...facts,
  refund: backsAlone,
  operations: {
    retrieve,
    retrieveRefund: {
      to: 'GET /backs/{refundId}',
      output: async ({ wire }, call, { id }) => {
        await pays.fetch(id, call);
        return toRefund(wire);
      },
    },
  },
});
