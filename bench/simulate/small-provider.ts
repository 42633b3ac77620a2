import * as z from 'zod';
import { attach, splitMetadata, stampMetadata } from '../../src/models/attachments.js';
import type { Charge } from '../../src/models/charge.js';
import { secretSchema } from '../../src/models/secret.js';
import { defineProvider, type ProviderSpec, type RequestRow } from '../../src/provider.js';

/** A charge as the smallest provider that takes money writes it. */
export const wireSchema = z.object({
  id: z.string(),
  amount: z.int(),
  currency: z.string(),
  created: z.int(),
  metadata: z.record(z.string(), z.string()),
  declined: z.boolean().optional(),
  /** A charge that is not over yet. */
  waiting: z.enum(['pending', 'requires_action']).optional(),
});
export type Wire = z.infer<typeof wireSchema>;

export const toCharge = (wire: Wire): Charge => {
  const { metadata, stamp } = splitMetadata(wire.metadata);
  return attach(
    {
      provider: 'small',
      id: wire.id,
      status: wire.declined === true ? 'failed' : (wire.waiting ?? 'captured'),
      providerStatus: 'paid',
      amount: wire.amount,
      amountCaptured: wire.declined === true || wire.waiting !== undefined ? 0 : wire.amount,
      amountRefunded: 0,
      currency: wire.currency,
      refundStatus: 'none',
      disputed: false,
      livemode: null,
      description: null,
      statementDescriptor: null,
      customer: null,
      email: null,
      metadata,
      paymentMethod: null,
      nextAction: null,
      threeDS: null,
      failure: null,
      fee: null,
      refunds: null,
      disputes: null,
      createdAt: new Date(wire.created).toISOString(),
      updatedAt: null,
      capturedAt: null,
      expiresAt: null,
    },
    { raw: wire, stamp },
  );
};

export const create = {
  request: ({ params }, call) => ({
    method: 'POST',
    route: '/charges',
    json: {
      amount: params.amount,
      currency: params.currency,
      metadata: stampMetadata(params.metadata, call.idempotencyKey),
    },
  }),
  response: wireSchema,
  output: ({ wire }) => toCharge(wire),
} satisfies RequestRow<'create', Wire>;

/** Without idempotency keys: what the exhaustive search charges at. */
export const smallProvider = defineProvider({
  provider: 'small',
  settings: { secretKey: secretSchema },
  environment: { secretKey: { variable: 'SMALL_SECRET_KEY', required: true } },
  connect: () => ({ origin: 'https://small.test', livemode: null, account: null, headers: () => ({}) }),
  writeSafety: { kind: 'lookup' },
  rateLimitMeansNotExecuted: true,
  operations: {
    create,
    list: {
      capability: { order: 'newest_first' },
      request: () => ({ method: 'GET', route: '/charges' }),
      response: z.object({ data: z.array(wireSchema) }),
      output: ({ wire }) => ({ data: wire.data.map(toCharge), nextCursor: null }),
    } satisfies RequestRow<'list', { data: Wire[] }>,
  },
  failure: () => ({ kind: 'provider', outcome: 'unknown', message: 'refused' }),
}) as unknown as ProviderSpec;
