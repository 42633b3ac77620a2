import * as z from 'zod';
import { stampMetadata } from '../../models/attachments.js';
import type { Charge } from '../../models/charge.js';
import { defaultAdvice } from '../../models/decline.js';
import { momentToMilliseconds, type ListParams } from '../../models/params.js';
import { sourceObject, type PaymentSource } from '../../models/payment-source.js';
import {
  defineProvider,
  type Answered,
  type Call,
  type ProviderFailure,
  type RequestRow,
  type WireRequest,
  type WireValue,
} from '../../provider.js';
import {
  chargePageWireSchema,
  chargeWireSchema,
  errorWireSchema,
  refundListWireSchema,
  refundWireSchema,
  type ChargePageWire,
  type ChargeWire,
  type RefundListWire,
  type RefundWire,
} from './wire.js';
import { declineOf, toCharge, toRefund } from './charge.js';
import { tokenIssues } from './tokens.js';

const sourceText = (source: PaymentSource | undefined): string | undefined => {
  if (source === undefined) return undefined;
  const object = sourceObject(source);
  switch (object.type) {
    case 'token':
      return object.token;
    case 'customer':
      return object.card ?? object.customer;
    default:
      return 'redirect';
  }
};

const dated = (moment: ListParams['createdAfter']): string | undefined =>
  moment === undefined ? undefined : new Date(momentToMilliseconds(moment)).toISOString();

const listQuery = (params: ListParams, cursor: string | null): Record<string, WireValue> => ({
  limit: params.limit,
  cursor: cursor ?? undefined,
  created_after: dated(params.createdAfter),
  created_before: dated(params.createdBefore),
  customer: params.customer,
});

const onCharge = (
  method: WireRequest['method'],
  id: string,
  action = '',
  json?: Readonly<Record<string, unknown>>,
): WireRequest => ({
  method,
  route: `/v1/charges/{id}${action}`,
  ids: { id },
  ...(json === undefined ? {} : { json }),
});

const chargeOutput = ({ wire }: Answered<ChargeWire>, call: Call): Charge => toCharge(wire, call);
const pageOutput = async ({ wire }: Answered<ChargePageWire>, call: Call) => ({
  data: await call.readItems(wire.data, (charge) => toCharge(charge, call)),
  nextCursor: wire.next ?? null,
});

/** A write on a charge, answered with the charge. */
const action = <Name extends 'void' | 'expire'>(name: Name) =>
  ({
    request: ({ id }: { readonly id: string }) => onCharge('POST', id, `/${name}`),
    response: chargeWireSchema,
    output: chargeOutput,
  }) satisfies RequestRow<'void', ChargeWire>;

const kinds: Readonly<Record<number, ProviderFailure['kind']>> = {
  400: 'invalid_request',
  401: 'authentication',
  402: 'card',
  404: 'not_found',
  409: 'conflict',
  422: 'invalid_request',
  429: 'rate_limit',
};

/** The fake provider as data: a small API of the kind that real providers have, with keys of its own. */
export const fakeProvider = defineProvider({
  provider: 'fake',
  settings: {
    /** Any text: the fake provider knows no wrong key. */
    secretKey: z.string().optional(),
  },
  environment: {},
  connect: () => ({
    origin: 'https://api.fake.example',
    livemode: false,
    account: null,
    headers: () => ({}),
  }),
  writeSafety: { kind: 'provider-key', header: 'idempotency-key', keyLifetimeMs: 24 * 3_600_000 },
  rateLimitMeansNotExecuted: true,
  operations: {
    create: {
      capability: { sources: ['token', 'customer', 'redirect'], leavesOut: ['ip', 'billing', 'shipping'] },
      check: ({ params: { source } }) => {
        if (source === undefined) return [];
        const given = sourceObject(source);
        if (given.type === 'card' || given.type === 'bank_account')
          return [{ path: 'source', message: 'must be a token, a customer or a redirect' }];
        const token = sourceText(source);
        return token === undefined || given.type === 'redirect' ? [] : tokenIssues(token);
      },
      request: ({ params }, call) => ({
        method: 'POST',
        route: '/v1/charges',
        json: {
          amount: params.amount,
          currency: params.currency.toLowerCase(),
          source: sourceText(params.source),
          capture: params.capture,
          description: params.description,
          statement_descriptor: params.statementDescriptor,
          customer: params.customer,
          email: params.email,
          return_url: params.returnUrl,
          expires_at: dated(params.expiresAt),
          metadata: stampMetadata(params.metadata, call.idempotencyKey),
        },
      }),
      response: chargeWireSchema,
      output: chargeOutput,
    } satisfies RequestRow<'create', ChargeWire>,
    retrieve: {
      request: ({ id }) => onCharge('GET', id),
      response: chargeWireSchema,
      output: chargeOutput,
    } satisfies RequestRow<'retrieve', ChargeWire>,
    update: {
      capability: { fields: ['description', 'email', 'metadata'] },
      // This provider replaces metadata, so what is there is read and sent again, our stamp with it.
      prepare: async ({ id, params }, call) => {
        if (params.metadata === undefined) return {};
        const { wire } = await call.send(onCharge('GET', id), chargeWireSchema);
        const merged = { ...wire.metadata, ...params.metadata };
        return { metadata: Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)) };
      },
      request: ({ id, params: { description, email } }, call) =>
        onCharge('PATCH', id, '', { description, email, ...(call.prepared as object) }),
      response: chargeWireSchema,
      output: chargeOutput,
    } satisfies RequestRow<'update', ChargeWire>,
    list: {
      capability: { order: 'newest_first', pushedDown: ['createdAfter', 'createdBefore', 'customer'] },
      request: ({ params, cursor }) => ({
        method: 'GET',
        route: '/v1/charges',
        query: listQuery(params, cursor),
      }),
      response: chargePageWireSchema,
      items: { in: 'data', schema: chargeWireSchema },
      output: pageOutput,
    } satisfies RequestRow<'list', ChargePageWire>,
    search: {
      capability: {
        pushedDown: ['amount', 'currency', 'createdAfter', 'createdBefore', 'customer', 'metadata'],
      },
      request: ({ params, cursor }) => ({
        method: 'GET',
        route: '/v1/charges',
        query: {
          ...listQuery(params, cursor),
          amount: params.amount,
          currency: params.currency?.toLowerCase(),
          metadata: params.metadata,
        },
      }),
      response: chargePageWireSchema,
      items: { in: 'data', schema: chargeWireSchema },
      output: pageOutput,
    } satisfies RequestRow<'search', ChargePageWire>,
    capture: {
      capability: { partial: true },
      request: ({ id, params }) => onCharge('POST', id, '/capture', { amount: params.amount }),
      response: chargeWireSchema,
      output: chargeOutput,
    } satisfies RequestRow<'capture', ChargeWire>,
    void: action('void'),
    expire: action('expire'),
    refund: {
      capability: { partial: true, metadata: true },
      request: ({ id, params }, call) =>
        onCharge('POST', id, '/refunds', {
          amount: params.amount,
          reason: params.reason,
          metadata: stampMetadata(params.metadata, call.idempotencyKey),
        }),
      response: refundWireSchema,
      output: ({ wire }) => toRefund(wire),
    } satisfies RequestRow<'refund', RefundWire>,
    listRefunds: {
      request: ({ id }) => onCharge('GET', id, '/refunds'),
      response: refundListWireSchema,
      output: ({ wire }) => wire.data.map(toRefund),
    } satisfies RequestRow<'listRefunds', RefundListWire>,
    retrieveRefund: {
      request: ({ id, refundId }) => ({
        method: 'GET',
        route: '/v1/charges/{id}/refunds/{refundId}',
        ids: { id, refundId },
      }),
      response: refundWireSchema,
      output: ({ wire }) => toRefund(wire),
    } satisfies RequestRow<'retrieveRefund', RefundWire>,
    verify3DS: {
      capability: { by: ['chargeId'] },
      check: ({ params }) =>
        params.chargeId === undefined ? [{ path: 'chargeId', message: 'is required' }] : [],
      request: ({ params }) => onCharge('GET', params.chargeId ?? ''),
      response: chargeWireSchema,
      output: chargeOutput,
    } satisfies RequestRow<'verify3DS', ChargeWire>,
  },
  failure: (answer) => {
    const error = errorWireSchema.safeParse(answer.body).data?.error;
    const kind =
      answer.status >= 500 || error === undefined ? 'provider' : (kinds[answer.status] ?? 'provider');
    const failure: ProviderFailure = {
      kind: error?.code === 'idempotency_conflict' ? 'idempotency_conflict' : kind,
      outcome: kind === 'provider' ? 'unknown' : 'rejected',
      message: error?.message ?? `HTTP ${answer.status}`,
      providerCode: error?.code ?? null,
      chargeId: error?.charge ?? null,
    };
    if (kind !== 'card') return failure;
    const code = declineOf(error?.code ?? '');
    return { ...failure, declineCode: code, advice: defaultAdvice[code] };
  },
});
