/**
 * A client for a provider that this package does not know: "Acme", made up, with amounts as decimal text, no idempotency
 * keys, and captures in full only. It passes the conformance kit: see custom-provider/conformance.ts.
 */
import {
  InvalidRequestError,
  createChargesClient,
  defineProvider,
  money,
  secretSchema,
  stampMetadata,
  type Answered,
  type Call,
  type ClientSettings,
  type RequestRow,
  type WireRequest,
} from 'unicharge';
import { failure } from './custom-provider/acme-failure.js';
import {
  pageWire,
  paymentWire,
  refundWire,
  toCharge,
  toRefund,
  type PageWire,
  type PaymentWire,
  type RefundWire,
} from './custom-provider/acme-payment.js';

const currencies = ['EUR', 'JPY', 'KWD', 'USD'];

const onPayment = (method: WireRequest['method'], id: string, action = ''): WireRequest => ({
  method,
  route: `/payments/{id}${action}`,
  ids: { id },
});

/** Every answer that is one payment is read alike. */
const payment = {
  response: paymentWire,
  output: ({ wire }: Answered<PaymentWire>, call: Call) => toCharge(wire, call),
};

const readPayment = async (id: string, call: Call): Promise<PaymentWire> =>
  (await call.send(onPayment('GET', id), paymentWire)).wire;

export const acmeProvider = defineProvider({
  provider: 'acme',
  settings: { secretKey: secretSchema },
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
  operations: {
    create: {
      capability: { sources: ['token'], currencies, refuses: ['customer', 'expiresAt'] },
      check: ({ params }) => {
        const isToken = typeof params.source === 'string' || params.source?.type === 'token';
        return [
          ...(isToken ? [] : [{ path: 'source', message: 'must be a token' }]),
          ...(currencies.includes(params.currency) ? [] : [{ path: 'currency', message: 'is not charged' }]),
          ...(['customer', 'expiresAt'] as const)
            .filter((path) => params[path] !== undefined)
            .map((path) => ({ path, message: 'does not exist at Acme' })),
        ];
      },
      request: ({ params: { amount, currency, source, capture, description, metadata } }, call) => ({
        method: 'POST',
        route: '/payments',
        json: {
          amount: money.toDecimal(amount, currency),
          currency,
          token: typeof source === 'object' && source.type === 'token' ? source.token : source,
          hold: capture === false,
          text: description,
          labels: stampMetadata(metadata, call.idempotencyKey),
        },
      }),
      ...payment,
    } satisfies RequestRow<'create', PaymentWire>,
    retrieve: { request: ({ id }) => onPayment('GET', id), ...payment } satisfies RequestRow<
      'retrieve',
      PaymentWire
    >,
    list: {
      capability: { order: 'newest_first' },
      request: ({ params, cursor }) => ({
        method: 'GET',
        route: '/payments',
        query: { limit: params.limit, offset: cursor ?? '0' },
      }),
      response: pageWire,
      output: ({ wire }, call, { cursor }) => ({
        data: wire.items.map((item) => toCharge(item, call)),
        nextCursor: wire.more ? String(Number(cursor ?? 0) + wire.items.length) : null,
      }),
    } satisfies RequestRow<'list', PageWire>,
    // Acme has no search: its list is read and filtered here.
    search: { overList: { maxPages: 50 } },
    capture: {
      capability: { partial: false },
      // Acme would take everything whatever amount it is told, so another amount must not be sent.
      prepare: async ({ id, params: { amount } }, call) => {
        if (amount === undefined) return null;
        const held = toCharge(await readPayment(id, call), call);
        if (amount !== held.amount) {
          const message = 'amount must be the whole amount: Acme captures in full only';
          throw new InvalidRequestError({ message, outcome: 'not_sent' });
        }
        return null;
      },
      request: ({ id }) => onPayment('POST', id, '/capture'),
      ...payment,
    } satisfies RequestRow<'capture', PaymentWire>,
    void: { request: ({ id }) => onPayment('DELETE', id, '/hold'), ...payment } satisfies RequestRow<
      'void',
      PaymentWire
    >,
    refund: {
      capability: { partial: true, metadata: false },
      // The amount is read before and recorded, so that a repeat asks for the same.
      prepare: async ({ id, params }, call) => {
        const wire = await readPayment(id, call);
        const { amountCaptured, amountRefunded } = toCharge(wire, call);
        return money.toDecimal(params.amount ?? (amountCaptured ?? 0) - (amountRefunded ?? 0), wire.currency);
      },
      request: ({ id }, call) => ({ ...onPayment('POST', id, '/refunds'), json: { amount: call.prepared } }),
      response: refundWire,
      output: ({ wire }) => toRefund(wire),
    } satisfies RequestRow<'refund', RefundWire>,
    listRefunds: {
      request: ({ id }) => onPayment('GET', id),
      response: paymentWire,
      output: ({ wire }) => wire.refunds.map(toRefund),
    } satisfies RequestRow<'listRefunds', PaymentWire>,
  },
  failure,
});

/** What Acme's package would export. */
export const createAcme = (settings: ClientSettings<typeof acmeProvider> = {}) =>
  createChargesClient(acmeProvider, settings);
