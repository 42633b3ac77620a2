/**
 * A client for a provider that this package does not know: "Acme", made up, with amounts as decimal text, no idempotency
 * keys, signed webhooks, and captures in full only. It passes the conformance kit: see custom-provider/conformance.ts.
 */
import {
  createChargesClient,
  defineAdapter,
  eventsOf,
  failureOf,
  failureWith,
  fieldsOf,
  makeCharge,
  makeRefund,
  money,
  paging,
  resource,
  rowOf,
  secretSchema,
  textOf,
  timedHeader,
  type AdapterRow,
  type Call,
  type ChargeStatus,
  type ClientSettings,
  type DeclineRow,
  type Refund,
  type TypesOf,
} from 'unicharge';
import * as z from 'zod';

// Only the fields that are used. One that accepts null is informational: where it is wrong, it is nulled and reported.
const refundWire = z.object({
  id: z.string(),
  payment: z.string(),
  amount: z.string(),
  currency: z.string(),
  state: z.string(),
  made: z.string().nullish(),
});
const paymentWire = z.object({
  id: z.string(),
  state: z.string(),
  amount: z.string(),
  currency: z.string(),
  text: z.string().nullish(),
  labels: z.record(z.string(), z.string()).nullish(),
  problem: z.object({ code: z.string(), text: z.string() }).nullish(),
  refunds: z.array(refundWire),
  test: z.boolean().nullish(),
  made: z.string().nullish(),
});
type RefundWire = z.infer<typeof refundWire>;
type PaymentWire = z.infer<typeof paymentWire>;

const statuses: Readonly<Record<string, ChargeStatus>> = {
  HELD: 'authorized',
  PAID: 'captured',
  RELEASED: 'voided',
  DECLINED: 'failed',
};

const declines: Readonly<Record<string, DeclineRow>> = {
  no_funds: { code: 'insufficient_funds', advice: 'retry_later' },
  declined: { code: 'do_not_honor', advice: 'use_other_card' },
};

const toRefund = (wire: RefundWire): Refund =>
  makeRefund({
    provider: 'acme',
    id: wire.id,
    chargeId: wire.payment,
    // Decimal text in main units, such as '45.90'.
    amount: money.fromDecimal(wire.amount, wire.currency),
    currency: wire.currency,
    // A word that is not known stays unknown: it is never guessed as done, nor as failed.
    status: wire.state === 'DONE' ? 'succeeded' : 'unknown',
    createdAt: wire.made ?? null,
    raw: wire,
  });

const payments = resource({
  at: 'GET /payments/{id}',
  listIn: 'items',
  schema: paymentWire,
  read: (wire: PaymentWire, { drift }: Call) => {
    const status = rowOf(statuses, wire.state) ?? 'unknown';
    if (status === 'unknown') drift('state', 'unknown_value');
    const amount = money.fromDecimal(wire.amount, wire.currency);
    const refunds = wire.refunds.map(toRefund);
    const { code = '', text = null } = wire.problem ?? {};
    return makeCharge(
      {
        provider: 'acme',
        id: wire.id,
        status,
        providerStatus: wire.state,
        amount,
        currency: wire.currency,
        livemode: wire.test == null ? null : !wire.test,
        description: wire.text ?? null,
        // The stamp is taken out of it.
        metadata: wire.labels,
        refunds,
        createdAt: wire.made ?? null,
        raw: wire,
      },
      {
        captured: () => ({
          captured: amount,
          refunded: refunds.reduce((sum, refund) => sum + refund.amount, 0),
        }),
        failed: () =>
          failureWith(rowOf(declines, code)?.code ?? 'generic_decline', {
            message: text,
            providerCode: code || null,
          }),
      },
    );
  },
});

const settings = { secretKey: secretSchema };

type Acme = TypesOf<typeof settings, object, PaymentWire, unknown>;

/** Acme answers with the refund, which has no address of its own. */
const refund: AdapterRow<Acme, 'refund', unknown, RefundWire> = {
  to: 'POST /payments/{id}/refunds',
  partial: true,
  metadata: false,
  // What is left is read before and recorded, so that a repeat asks for the same.
  everything: 'named',
  readsCurrency: true,
  json: ({ amount, currency }) => ({ amount: amount === null ? null : money.toDecimal(amount, currency) }),
  schema: refundWire,
  output: ({ wire }) => toRefund(wire),
};

export const acmeProvider = defineAdapter({
  provider: 'acme',
  name: 'Acme',
  settings,
  environment: { secretKey: { variable: 'ACME_SECRET_KEY', required: true } },
  connect: ({ secretKey }) => ({
    origin: 'https://api.acme.example',
    livemode: !secretKey.reveal().startsWith('test_'),
    account: null,
    headers: () => ({ authorization: `Bearer ${secretKey.reveal()}` }),
  }),
  // Without keys of its own: the engine stamps ours into the labels and looks for it before anything is sent twice.
  writeSafety: { kind: 'lookup' },
  rateLimitMeansNotExecuted: false,
  charge: payments,
  paging: paging(
    { more: z.boolean() },
    {
      isCursor: (cursor) => /^\d{1,9}$/.test(cursor),
      query: (cursor, limit) => ({ limit, offset: cursor ?? '0' }),
      end: ({ more }, { cursor, items }) => ({
        next: more ? String(Number(cursor ?? 0) + items.length) : null,
        hasMore: more,
      }),
    },
  ),
  operations: {
    create: {
      to: 'POST /payments',
      sources: { token: true },
      currencies: ['EUR', 'JPY', 'KWD', 'USD'],
      refuses: { customer: 'does not exist at Acme', expiresAt: 'does not exist at Acme' },
      json: ({ params: { amount, currency, capture, description }, source, metadata }) => ({
        amount: money.toDecimal(amount, currency),
        currency,
        token: source?.type === 'token' ? source.token : null,
        hold: capture === false,
        text: description,
        labels: metadata,
      }),
    },
    retrieve: { to: 'GET /payments/{id}' },
    list: { to: 'GET /payments', query: ({ page }) => page, order: 'newest_first' },
    // Acme has no search: its list is read and filtered here.
    search: { overList: { maxPages: 50 } },
    // Acme would take everything whatever amount it is told, so another amount is refused before it is sent.
    capture: { to: 'POST /payments/{id}/capture', partial: false },
    void: { to: 'DELETE /payments/{id}/hold', captured: false },
    refund,
    listRefunds: { to: 'GET /payments/{id}', inCharge: (wire) => wire.refunds.map(toRefund) },
  },
  failure: failureOf({
    name: 'Acme',
    read: (body) => {
      const { code, text, payment } = fieldsOf(fieldsOf(body)['problem']);
      return {
        isOwn: textOf(code) !== null,
        code: textOf(code) ?? '',
        providerCode: textOf(code),
        message: textOf(text),
        chargeId: textOf(payment),
      };
    },
    declines,
    refusals: {},
    mayBeOwnSuccess: ({ kind }) => kind === 'conflict',
  }),
  webhook: {
    toleranceMs: 300_000,
    // `Acme-Signature: t=1700000000,v1=…`, an HMAC over the time, a dot and the raw body.
    verify: timedHeader({ provider: 'acme', header: 'Acme-Signature', secretPlace: 'that of the webhook' }),
    event: eventsOf({
      provider: 'acme',
      charge: payments,
      read: (payload) => {
        const { id, made, payment } = fieldsOf(payload);
        return { id: textOf(id) ?? '', name: 'payment', createdAt: textOf(made), data: payment };
      },
      names: { payment: 'charge' },
    }),
  },
});

/** What Acme's package would export. */
export const createAcme = (settings: ClientSettings<typeof acmeProvider> = {}) =>
  createChargesClient(acmeProvider, settings);
