import type { WebhookBody, WebhookHeaders } from '../../charges-client.js';
import { eventsOf, type EventSubject } from '../../adapter/events.js';
import { fieldsOf, textOf } from '../../adapter/fields.js';
import { timedHeader } from '../../adapter/signature.js';
import { fits } from '../../models/accepts.js';
import type { RefundStatus } from '../../models/refund.js';
import type { Call } from '../../provider.js';
import {
  webhookVerifier,
  type VerifiedWebhook,
  type WebhookVerificationOptions,
} from '../../webhooks/request.js';
import { charges, refundStatusOf, refunds, timestampOf } from './charge.js';
import { eventWire, type RefundWire } from './wire.js';

/** The hash of a webhook signature. */
export type WebhookHash = 'sha256' | 'sha384' | 'sha512';

/**
 * Signed are the time, a dot and the raw bytes, with the endpoint's `key` as text. The hash is `sha256` unless said
 * otherwise: Pin's guide shows 64 hexadecimal digits, its word for the hash was not seen.
 */
export const verify = timedHeader<{ readonly webhookHash?: WebhookHash | undefined }>({
  provider: 'pin',
  header: 'Pin-Signature',
  secretPlace: 'the `key` of this webhook endpoint',
  hash: ({ webhookHash = 'sha256' }) => webhookHash,
});

const names: Readonly<Record<string, EventSubject>> = {
  'charge.authorised': 'charge',
  'charge.captured': 'charge',
  'charge.voided': 'charge',
  'charge.failed': 'charge',
  'refund.created': 'new_refund',
  'refund.succeeded': 'refund',
  'refund.failed': 'refund',
  'dispute.evidence_required': 'dispute.opened',
  // A dispute may be reviewed again after it was closed.
  'dispute.evidence_under_review': 'dispute.updated',
  'dispute.arbitration_under_review': 'dispute.updated',
  'dispute.resolved': 'dispute.closed',
  'dispute.cancelled': 'dispute.closed',
  'dispute.lost': 'dispute.closed',
  'dispute.won': 'dispute.closed',
  'dispute.expired': 'dispute.closed',
  'dispute.accepted': 'dispute.closed',
  'dispute.arbitration_won': 'dispute.closed',
  'dispute.arbitration_lost': 'dispute.closed',
};

/**
 * `refund.succeeded` and `refund.failed` settle what the refund itself leaves open (`success: null`), also against the text
 * `Success`. Against a boolean that says the opposite they settle nothing.
 */
const settledStatus = (name: string, wire: RefundWire, { drift }: Call): RefundStatus => {
  const status = refundStatusOf(wire, drift);
  const told: RefundStatus | null =
    name === 'refund.succeeded' ? 'succeeded' : name === 'refund.failed' ? 'failed' : null;
  if (told === null || told === status) return status;
  if (wire.success === null || wire.success === undefined) return told;
  drift('success', 'inconsistent');
  return 'unknown';
};

/** Pin's events. The object in one is believed; one that cannot be read there is fetched. */
export const event = eventsOf({
  provider: 'pin',
  charge: charges,
  refund: refunds,
  read: (payload, { drift }) => {
    if (!fits(eventWire, payload)) return null;
    const { token, type, created_at, data } = payload;
    return { id: token, name: type, createdAt: timestampOf(created_at, 'created_at', drift), data };
  },
  names,
  refundStatus: settledStatus,
  // What a dispute holds is not documented beyond its token: amount, currency and reason are left to `raw`. It names its charge
  // as a refund does, or it does not.
  dispute: (name, data) => {
    const id = textOf(fieldsOf(data)['token']);
    if (id === null) return null;
    const charge = textOf(fieldsOf(data)['charge']);
    return {
      dispute: {
        id,
        status: name.replace('dispute.', ''),
        amount: null,
        currency: null,
        reason: null,
        createdAt: null,
      },
      chargeId: charge?.startsWith('ch_') === true ? charge : null,
    };
  },
});

/** How far the signed time may be off. */
export const toleranceMs = 300_000;

/** Without options the verifier says what is missing. */
const hashIn = (options: { readonly hash?: WebhookHash | undefined } | undefined | null) => options?.hash;

/**
 * Verifies a webhook of Pin without a client, and gives the event as Pin wrote it. A client's `parseWebhook` reads it as a
 * `ChargeEvent` as well. `hash` is the client's setting `webhookHash`.
 * @throws WebhookSignatureError, with a `code` that says what is wrong.
 * @see https://pinpayments.com/developers/integration-guides/webhooks
 */
export const verifyPinWebhook = (
  rawBody: WebhookBody,
  headers: WebhookHeaders,
  options: WebhookVerificationOptions & { readonly hash?: WebhookHash | undefined },
): VerifiedWebhook => {
  const webhookHash = hashIn(options);
  const spec = {
    toleranceMs,
    verify: (delivery: Parameters<typeof verify>[0]) => {
      verify(delivery, { webhookHash });
    },
  };
  return webhookVerifier('pin', spec, ['hash'])(rawBody, headers, options);
};
