import * as z from 'zod';
import { defineAdapter } from '../../adapter/define-adapter.js';
import { refundedBy } from '../../adapter/refund.js';
import type { AdapterRow } from '../../adapter/rows.js';
import { InvalidResponseError, OutcomeUnknownError } from '../../errors.js';
import type { Refund } from '../../models/refund.js';
import { secretSchema } from '../../models/secret.js';
import { captureStamp, charges, isManualCapture, toCharge, toRefund, toRefunds } from './charge.js';
import { failure } from './errors.js';
import {
  createIssues,
  createOptionsSchema,
  descriptionSchema,
  otpIssues,
  pages,
  statementDescriptorSchema,
  tokenIssues,
} from './params.js';
import { event, toleranceMs, verify } from './webhook.js';
import { chargeWithRefundsWire, type ChargeWire } from './wire.js';

/** Two companies publish this API. There is no default: a wrong one would send the secret key to the other. */
const platforms = { magpie: 'https://api.magpie.im', zip: 'https://api.zip.ph' } as const;

const settings = {
  /** The secret key, `sk_test_…` or `sk_live_…`; `MAGPIE_SECRET_KEY` in the environment. */
  secretKey: secretSchema.refine(
    (key) => key.reveal().startsWith('sk_'),
    'must be a secret key (sk_…): a public key cannot charge',
  ),
  /** Whose API is asked: Magpie's or Zip's. Required unless `baseUrl` is given. */
  platform: z.enum(['magpie', 'zip']).optional(),
  /** What the provider requires of every charge, for calls that do not say it. */
  defaults: z
    .strictObject({
      description: descriptionSchema.optional(),
      statementDescriptor: statementDescriptorSchema.optional(),
    })
    .optional(),
};

const options = { create: createOptionsSchema };

interface Magpie {
  readonly settings: z.output<z.ZodObject<typeof settings>>;
  readonly options: typeof options;
  readonly charge: ChargeWire;
  readonly refund: unknown;
}

/** Test or live, by the prefix of the key. */
const livemodeOf = (secretKey: string): boolean | null => {
  if (secretKey.startsWith('sk_test_')) return false;
  return secretKey.startsWith('sk_live_') ? true : null;
};

/** The provider requires the amount, also when it is all of it. It is read before the write, so that a repeat sends the same. */
const capture: AdapterRow<Magpie, 'capture', { readonly amount: number }> = {
  to: 'POST /v2/charges/{id}/capture',
  partial: true,
  prepared: z.object({ amount: z.int() }),
  prepare: async ({ id, params }, call) => ({
    amount: params.amount ?? (await charges.fetch(id, call)).amount,
  }),
  json: (_, { prepared: { amount } }) => ({ amount }),
  output: ({ wire }, call) => toCharge(wire, call, call.prepared),
};

/** What is read before a refund, so that its own entry can be told from earlier ones, and a repeat sends the same. */
const preparedRefund = z.object({
  refundIdsBefore: z.array(z.string()),
  /** What goes out; null for everything. */
  amount: z.int().nullable(),
  /** What the new entry will show; null where a captured amount is not known. */
  expectedAmount: z.int().nullable(),
});
type PreparedRefund = z.infer<typeof preparedRefund>;

/**
 * The first full refund goes out without an amount. What is left after earlier refunds is said, where it is known: that a
 * refund without an amount means the rest is documented nowhere.
 */
const prepareAmounts = (
  charge: ChargeWire,
  refunds: readonly Refund[],
  asked: number | undefined,
): Pick<PreparedRefund, 'amount' | 'expectedAmount'> => {
  if (asked !== undefined) return { amount: asked, expectedAmount: asked };
  const refunded = Math.max(charge.amount_refunded ?? 0, refundedBy(refunds));
  const left = charge.amount - refunded;
  // With nothing left the provider refuses in its own words.
  if (isManualCapture(charge) || left <= 0) return { amount: null, expectedAmount: null };
  return { amount: refunded === 0 ? null : left, expectedAmount: left };
};

/**
 * The refunds that were not there before. Where one of them has the amount that was asked, only those: a refund made by
 * hand at the same moment is told apart by its amount.
 */
const newRefunds = ({ refunds }: ChargeWire, { refundIdsBefore, expectedAmount }: PreparedRefund) => {
  const fresh = (refunds ?? []).filter(({ id }) => !refundIdsBefore.includes(id));
  const matching = fresh.filter(({ amount }) => amount === expectedAmount);
  return matching.length > 0 ? matching : fresh;
};

/** The answer is the charge. Its refunds have no metadata: the one that was not there before is ours. */
const refund: AdapterRow<Magpie, 'refund', PreparedRefund, ChargeWire> = {
  to: 'POST /v2/charges/{id}/refund',
  partial: true,
  metadata: false,
  prepared: preparedRefund,
  prepare: async ({ id, params }, call) => {
    const charge = await charges.fetch(id, call, { schema: chargeWithRefundsWire });
    const refunds = toRefunds(charge, { drift: () => undefined }) ?? [];
    return {
      refundIdsBefore: refunds.map((each) => each.id),
      ...prepareAmounts(charge, refunds, params.amount),
    };
  },
  // The provider requires a body, also for everything.
  json: ({ params }, { prepared: { amount } }) => ({ amount: amount ?? undefined, reason: params.reason }),
  schema: chargeWithRefundsWire,
  output: ({ wire, answer }, call, { id }) => {
    call.checkSame(id, wire.id);
    const [found, ...others] = newRefunds(wire, call.prepared);
    const facts = {
      provider: 'magpie',
      operation: 'refund',
      outcome: 'unknown',
      chargeId: id,
      statusCode: answer.status,
      requestId: answer.requestId,
    } as const;
    if (found === undefined) {
      throw new InvalidResponseError({ ...facts, message: 'the answer shows no new refund' });
    }
    if (others.length > 0) {
      throw new OutcomeUnknownError({
        ...facts,
        message: 'the answer shows several new refunds that could be the one',
        candidates: [found, ...others].map((each) => each.id),
      });
    }
    return toRefund(found, wire, call);
  },
};

/** There is no list of refunds but the one in the charge, nor is there a way to read one alone. */
const refundsInCharge = {
  to: 'GET /v2/charges/{id}',
  schema: chargeWithRefundsWire,
  inCharge: (wire: ChargeWire, call: Parameters<typeof toRefunds>[1], refundId?: string) =>
    toRefunds(wire, call, refundId) ?? [],
} as const;

/**
 * After the payer came back from the redirect the charge is read. A one-time password is sent instead, and that finishes
 * the payment: it goes out once, and not at all where the charge is through already, so that a repeat is safe.
 */
const verify3DS: AdapterRow<Magpie, 'verify3DS', { readonly isOpen: boolean }> = {
  to: ({ params: { otp } }, { prepared: { isOpen } }) =>
    otp !== undefined && isOpen ? 'POST /v2/charges/{id}/verify' : 'GET /v2/charges/{id}',
  ids: ({ params: { chargeId = '' } }) => ({ id: chargeId }),
  by: ['chargeId', 'otp'],
  isWrite: true,
  check: ({ params }) => otpIssues(params),
  prepared: z.object({ isOpen: z.boolean() }),
  prepare: async ({ params: { chargeId, otp } }, call) => {
    if (otp === undefined) return { isOpen: false };
    const wire = await charges.fetch(chargeId ?? '', call);
    const { status } = toCharge(wire, { drift: () => undefined });
    return { isOpen: ['pending', 'requires_action', 'unknown'].includes(status) };
  },
  json: ({ params: { otp } }, { prepared: { isOpen } }) =>
    otp !== undefined && isOpen ? { confirmation_id: otp.confirmationId, otp: otp.code } : undefined,
};

/** Magpie and Zip: the "v2 source charges" API, which both publish. */
export const magpieProvider = defineAdapter({
  provider: 'magpie',
  name: 'Magpie',
  settings,
  environment: { secretKey: { variable: 'MAGPIE_SECRET_KEY', required: true } },
  connect: ({ secretKey, platform }) => {
    const key = secretKey.reveal();
    // Basic authentication: the key as the user name, and no password.
    const authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
    return {
      origin: platform === undefined ? null : platforms[platform],
      originFrom: "platform to 'magpie' or 'zip'",
      livemode: livemodeOf(key),
      // Accounts of the two companies may share a store: their keys must not.
      account: platform ?? null,
      headers: () => ({ authorization }),
    };
  },
  ownFields: ['capture', 'reason', 'source'],
  writeSafety: { kind: 'lookup' },
  rateLimitMeansNotExecuted: false,
  requestIdHeaders: ['request-id', 'x-request-id'],
  options,

  charge: charges,
  paging: pages,

  operations: {
    create: {
      to: 'POST /v2/charges/',
      sources: { token: tokenIssues },
      noSource: 'is required: the token of a source (src_…)',
      otherSource: 'must be token: sources (src_…) are made in the browser',
      requires: ['description', 'statementDescriptor'],
      defaults: ({ defaults }) => defaults,
      refuses: {
        customer: 'cannot be charged: pass a saved source of the customer',
        expiresAt: 'cannot be chosen: the provider sets it',
      },
      leavesOut: ['email', 'ip', 'billing', 'shipping'],
      // The only currency whose minor units the provider states.
      currencies: ['PHP'],
      ownKeys: [captureStamp.key],
      ownMetadata: ({ params: { capture = true } }) =>
        capture ? {} : { [captureStamp.key]: captureStamp.manual },
      check: ({ params }) => createIssues(params),
      json: ({ params, options: { cvc, requireAuth }, source, metadata }) => ({
        amount: params.amount,
        currency: params.currency,
        source: source?.type === 'token' ? source.token : undefined,
        description: params.description,
        statement_descriptor: params.statementDescriptor,
        capture: params.capture ?? true,
        cvc,
        require_auth: requireAuth,
        redirect_url: params.returnUrl,
        metadata,
      }),
      output: ({ wire }, call) => toCharge(wire, call, {}),
    },
    retrieve: { to: 'GET /v2/charges/{id}' },
    list: {
      to: 'GET /v2/charges/',
      query: ({ page }) => page,
      order: 'unspecified',
      pushedDown: [],
      check: ({ params: { customer } }) => [
        customer === undefined
          ? null
          : { path: 'customer', message: 'cannot be filtered by: charges of Magpie name no customer' },
      ],
    },
    // The provider has none: its list is read and filtered here, and not without an end.
    search: { overList: { maxPages: 20 } },
    capture,
    // Releases an authorization, or gives back captured money that was not settled yet.
    void: { to: 'POST /v2/charges/{id}/void', captured: true },
    refund,
    listRefunds: refundsInCharge,
    retrieveRefund: refundsInCharge,
    verify3DS,
  },
  failure,
  webhook: { toleranceMs, verify, event },
});
