import * as z from 'zod';
import { defineAdapter } from '../../adapter/define-adapter.js';
import type { TypesOf } from '../../adapter/definition.js';
import { textOf, wrongIf } from '../../adapter/fields.js';
import type { RowInput } from '../../adapter/inputs.js';
import { refundedBy } from '../../adapter/refund.js';
import type { AdapterRow, Issues } from '../../adapter/rows.js';
import { ConflictError } from '../../errors.js';
import { stampMetadataKey } from '../../models/attachments.js';
import { secretSchema } from '../../models/secret.js';
import type { Call } from '../../provider.js';
import {
  chargeIdOf,
  charges,
  isPaymentId,
  paidPayment,
  readAt,
  readListed,
  refunds,
  refundsOf,
  toRefund,
} from './charge.js';
import { failure } from './errors.js';
import {
  createIssues,
  createOptionsSchema,
  isMethod,
  isWallet,
  methodsSchema,
  pages,
  refundOptionsSchema,
  tokenIssues,
  tokenOf,
  wireReasons,
} from './params.js';
import { event, livemode, livemodeOf, toleranceMs, verify } from './webhook.js';
import type { ChargeWire, RefundWire } from './wire.js';

const settings = {
  /** The secret key, `sk_test_…` or `sk_live_…`; `PAYMONGO_SECRET_KEY` in the environment. */
  secretKey: secretSchema.refine(
    (key) => key.reveal().startsWith('sk_'),
    'must be a secret key (sk_…): a public key cannot charge',
  ),
  /** What an intent may be paid with where the call does not say it. Default: `card` alone. */
  paymentMethodAllowed: methodsSchema.optional(),
};

const options = { create: createOptionsSchema, refund: refundOptionsSchema };

type Paymongo = TypesOf<typeof settings, typeof options, ChargeWire, RefundWire>;
type Create = RowInput<Paymongo, 'create'>;

/** Documented: a key is remembered for 24 hours. */
const keyLifetimeMs = 24 * 60 * 60 * 1000;

/** The body of every request. */
const body = (attributes: object) => ({ data: { attributes } });

const allowedFor = ({ options: { paymentMethodAllowed } }: Create, own: Paymongo['settings']) =>
  paymentMethodAllowed ?? own.paymentMethodAllowed ?? ['card'];

/** An intent. Only cards can be authorized first. */
const intentOf = (input: Create, own: Paymongo['settings']) => {
  const {
    params,
    options: { requestThreeDSecure: request_three_d_secure },
    metadata,
  } = input;
  return body({
    amount: params.amount,
    currency: params.currency,
    payment_method_allowed: params.capture === false ? ['card'] : allowedFor(input, own),
    payment_method_options: request_three_d_secure && { card: { request_three_d_secure } },
    capture_type: params.capture === false ? 'manual' : 'automatic',
    description: params.description,
    statement_descriptor: params.statementDescriptor,
    metadata,
  });
};

/** What an intent has to tell before something is attached to it. */
const intentSchema = z.object({
  data: z.object({
    id: z.string().startsWith('pi_'),
    attributes: z.object({ metadata: z.record(z.string(), z.string()).nullish() }).optional(),
  }),
});

const preparedIntent = z.object({ intent: z.string() }).nullable();

/**
 * Three requests, by what is charged. A payment method: an intent is made, which moves nothing, and the method is attached to it. A
 * source: it is charged at once. Nothing: an intent is made, and the payer's browser attaches what it pays with.
 */
const create: AdapterRow<Paymongo, 'create', z.infer<typeof preparedIntent>> = {
  to: ({ params }, { prepared }) => {
    if (prepared !== null) return 'POST /v1/payment_intents/{id}/attach';
    return isWallet(tokenOf(params)) ? 'POST /v1/payments' : 'POST /v1/payment_intents';
  },
  ids: (_, { prepared }): Record<string, string> => (prepared === null ? {} : { id: prepared.intent }),
  sources: { token: tokenIssues },
  noSource: null,
  refuses: {
    customer: 'does not pay here: pass a payment method (pm_…)',
    expiresAt: 'cannot be chosen: PayMongo releases an authorization after 7 days',
  },
  leavesOut: ['email', 'ip', 'billing', 'shipping'],
  currencies: { PHP: 2000 },
  check: (input, call) => createIssues(input.params, input.options, allowedFor(input, call.settings)),
  // Keys are kept for what creates something, and attaching does not.
  takesKey: ({ params }) => !isMethod(tokenOf(params)),
  prepared: preparedIntent,
  prepare: async (input, call) => {
    if (!isMethod(tokenOf(input.params))) return null;
    const request = {
      method: 'POST',
      route: '/v1/payment_intents',
      json: intentOf(input, call.settings),
    } as const;
    const { wire } = await call.send(request, intentSchema);
    // The intent of another key would be paid with this method, whatever it costs.
    const stamp = wire.data.attributes?.metadata?.[stampMetadataKey];
    if (stamp !== undefined) call.checkSame(call.idempotencyKey ?? '', stamp);
    return { intent: wire.data.id };
  },
  lookup: {
    target: (prepared) => preparedIntent.safeParse(prepared).data?.intent ?? null,
    tookEffect: ({ providerStatus }) => providerStatus !== 'awaiting_payment_method',
  },
  json: (input, { prepared, settings: own }) => {
    const { params } = input;
    const token = tokenOf(params);
    if (prepared !== null) return body({ payment_method: token, return_url: params.returnUrl });
    if (!isWallet(token)) return intentOf(input, own);
    const { amount, currency } = params;
    return body({ amount, currency, source: { id: token, type: 'source' } });
  },
  output: ({ wire }, call, { params }) => {
    const token = tokenOf(params);
    if (!isWallet(token)) return charges.read(wire, call);
    // A payment of a source keeps no stamp. Its source pays once, and tells whose answer this is.
    call.checkSame(token ?? '', textOf(wire.attributes.source?.id) ?? '');
    const metadata = { [stampMetadataKey]: call.idempotencyKey };
    return charges.read({ ...wire, attributes: { ...wire.attributes, metadata } }, call);
  },
};

/** What a refund has to know of the charge: its payment, and how much is left, so that a repeat asks for the same. */
interface PreparedRefund {
  readonly charge: string;
  readonly payment: string;
  readonly amount: number;
}

const refuseRefund = (id: string, code: string, message: string): never => {
  throw new ConflictError({
    code,
    message,
    outcome: 'rejected',
    provider: 'paymongo',
    operation: 'refund',
    chargeId: id,
  });
};

const refund: AdapterRow<Paymongo, 'refund', PreparedRefund> = {
  to: 'POST /v1/refunds',
  partial: true,
  metadata: true,
  check: ({ params: { amount } }) => [
    wrongIf(amount !== undefined && amount < 100, 'amount', 'must be at least 100, the minimum of PayMongo'),
  ],
  prepare: async ({ id, params }, call) => {
    const payment = await paidPayment(await charges.fetch(id, call), call);
    if (payment === undefined) return refuseRefund(id, 'not_captured', 'the charge is not captured');
    const charge = { charge: chargeIdOf(payment), payment: payment.id };
    // An earlier attempt whose answer and record are lost. By whose clock PayMongo still knows its key nobody knows: it is told,
    // not asked for again.
    const isOwn = payment.attributes.refunds?.some(
      ({ attributes: { metadata } }) => metadata?.[stampMetadataKey] === call.idempotencyKey,
    );
    if (isOwn === true) return refuseRefund(id, 'already_refunded', 'this refund was made already');
    if (params.amount !== undefined) return { ...charge, amount: params.amount };
    const left = payment.attributes.amount - refundedBy(await refundsOf(payment, call));
    return left > 0
      ? { ...charge, amount: left }
      : refuseRefund(id, 'already_refunded', 'nothing is left to refund');
  },
  json: ({ params, options: { notes }, metadata }, { prepared: { amount, payment } }) =>
    body({ amount, payment_id: payment, reason: wireReasons[params.reason ?? 'other'], notes, metadata }),
  output: ({ wire }, call) => {
    call.checkSame(call.prepared.payment, wire.attributes.payment_id);
    return toRefund(wire, call.prepared.charge, call.drift);
  },
};

/** A payment carries its refunds; a list of them by payment is documented nowhere. */
const refundsInCharge = {
  to: ({ id }: { readonly id: string }) => readAt(id),
  inCharge: async (wire: ChargeWire, call: Call) => {
    const payment = await paidPayment(wire, call);
    return payment === undefined ? [] : refundsOf(payment, call);
  },
};

/** Captured and released are intents only. */
const intentIssues = ({ id }: { readonly id: string }): Issues => [
  wrongIf(isPaymentId(id), 'id', 'must be the id of a payment intent (pi_…): a payment is captured already'),
];

/**
 * PayMongo v1 (https://developers.paymongo.com). Experimental: written from the documentation, no answer of PayMongo was seen.
 * A charge is a payment intent, or a payment where a source alone was charged.
 */
export const paymongoProvider = defineAdapter({
  provider: 'paymongo',
  name: 'PayMongo',
  settings,
  environment: { secretKey: { variable: 'PAYMONGO_SECRET_KEY', required: true } },
  connect: ({ secretKey }) => {
    const key = secretKey.reveal();
    const authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
    return {
      origin: 'https://api.paymongo.com',
      livemode: livemodeOf(key),
      account: null,
      headers: () => ({ authorization }),
    };
  },
  ownFields: ['capture_type', 'payment_method', 'payment_method_allowed', 'payment_id', 'source'],
  writeSafety: { kind: 'provider-key', header: 'Idempotency-Key', keyLifetimeMs },
  // Not documented.
  rateLimitMeansNotExecuted: false,
  interchangeableIds: ['pi_', 'pay_'],
  options,

  charge: charges,
  refund: refunds,
  paging: pages,

  operations: {
    create,
    retrieve: { to: ({ id }) => readAt(id), include: ['fee'] },
    list: {
      to: 'GET /v1/payments',
      query: ({ page }) => page,
      order: 'unspecified',
      // Payments, not intents: authorizations and open intents do not show.
      covers: 'settled',
      include: ['fee'],
      readItem: readListed,
    },
    capture: {
      to: 'POST /v1/payment_intents/{id}/capture',
      partial: true,
      takesKey: false,
      check: intentIssues,
      json: ({ params: { amount } }) => body({ amount }),
    },
    void: {
      to: 'POST /v1/payment_intents/{id}/cancel',
      captured: false,
      takesKey: false,
      check: intentIssues,
    },
    refund,
    listRefunds: refundsInCharge,
    retrieveRefund: refundsInCharge,
    verify3DS: {
      to: ({ params: { chargeId = '' } }) => readAt(chargeId),
      ids: ({ params: { chargeId = '' } }) => ({ id: chargeId }),
      by: ['chargeId'],
    },
  },
  failure,
  webhook: { toleranceMs, verify, livemode, event },
});
