import { eventsOf, type EventSubject } from '../../adapter/events.js';
import { fieldsOf, rowOf, textOf, type Fields } from '../../adapter/fields.js';
import { headerPair } from '../../adapter/signature.js';
import { fits } from '../../models/accepts.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import type { Call } from '../../provider.js';
import { webhookVerifier } from '../../webhooks/request.js';
import { charges, refunds } from './charge.js';
import { toDispute } from './dispute.js';
import { eventWire } from './wire.js';

/**
 * The signed time in milliseconds, or NaN. The documentation calls it an ISO string, the published vectors hold seconds
 * since 1970: both are read.
 */
const moment = (text: string): number => {
  if (/^\d{1,17}(?:\.\d+)?$/.test(text)) {
    const number = Number(text);
    // As seconds, eleven digits reach into the year 5138: what has more is in milliseconds.
    return number >= 1e11 ? number : number * 1000;
  }
  const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
  if (iso === null) return Number.NaN;
  return Date.parse(iso[1] === undefined ? `${text}Z` : text);
};

/** The time is signed as the text that came: it is read for the tolerance only. */
export const verify = headerPair({
  provider: 'justifi',
  signatures: 'justifi-signature',
  timestamp: 'justifi-timestamp',
  secretPlace: 'the secret of this webhook publisher',
  moment,
});

/** Live deliveries are repeated for 24 hours, and whether a repeat is signed anew is not documented. */
export const toleranceMs = 25 * 60 * 60 * 1000;

/** The word of an event of a payment is not believed: the payment's own state is told. */
const names: Readonly<Record<string, EventSubject>> = {
  'payment.created': 'new_charge',
  'payment.pending': 'new_charge',
  'payment.authorized': 'charge',
  'payment.succeeded': 'charge',
  'payment.captured': 'charge',
  'payment.failed': 'charge',
  'payment.canceled': 'charge',
  // The data is a refund, with no payment around it.
  'payment.refunded': 'new_refund',
  'payment.refund.updated': 'refund',
  'payment.dispute.created': 'dispute.opened',
  'payment.dispute.closed': 'dispute.closed',
  'payment.dispute.forfeited': 'dispute.updated',
  'payment.dispute.submitted': 'dispute.updated',
  'payment.dispute.funds_returned': 'dispute.updated',
  'payment.dispute_evidence.created': 'dispute.updated',
  'payment.dispute_evidence.uploaded': 'dispute.updated',
};

const modes: Readonly<Record<string, boolean>> = { live: true, test: false };

/** The mode of an event is that of its account. */
export const livemode = (payload: unknown): boolean | null =>
  rowOf(modes, textOf(fieldsOf(payload)['account_type'])) ?? null;

/** A platform hears of all its sub accounts: what is read for an event is read in the account of the event. */
const accountHeaders = (event: Fields, { settings }: Call): { readonly headers?: Record<string, string> } => {
  const account = textOf(event['account_id']);
  const { subAccount, sellerAccount } = fieldsOf(settings);
  const configured = subAccount ?? sellerAccount;
  if (configured === undefined || account?.startsWith('acc_') !== true || account === configured) return {};
  // Under the name that the settings use: two names would name two accounts.
  return { headers: { [subAccount === undefined ? 'seller-account' : 'sub-account']: account } };
};

/** JustiFi's events. The object in one is believed; one that cannot be read there is fetched. */
export const event = eventsOf({
  provider: 'justifi',
  charge: charges,
  refund: refunds,
  read: (payload, call) => {
    if (!fits(eventWire, payload)) return null;
    const { id, event_name: name, data } = payload;
    const fields = fieldsOf(payload);
    return {
      id,
      name,
      createdAt: readTimestamp(textOf(fields['created_at']), 'created_at', call.drift),
      livemode: livemode(payload),
      data,
      ...accountHeaders(fields, call),
    };
  },
  names,
  holdsNone: { charge: 'the event holds no payment', refund: 'the event holds no refund' },
  // A dispute comes alone, or as the last one inside its payment. Evidence alone is none.
  dispute: (_, data, { drift }) => {
    const outer = fieldsOf(data);
    const inner: unknown = Array.isArray(outer['disputes']) ? outer['disputes'].at(-1) : undefined;
    const fields = inner === undefined ? outer : fieldsOf(inner);
    const chargeId = textOf(fields['payment_id']) ?? (inner === undefined ? null : textOf(outer['id']));
    const [id, status] = [textOf(fields['id']), textOf(fields['status'])];
    if (id?.startsWith('dp_') !== true || status === null) return { dispute: null, chargeId };
    const amount = fields['amount'] ?? fields['amount_cents'];
    const wire = {
      id,
      status,
      amount: typeof amount === 'number' && Number.isSafeInteger(amount) ? amount : null,
      currency: textOf(fields['currency']),
      reason: textOf(fields['reason']),
      created_at: textOf(fields['created_at']),
    };
    return { dispute: toDispute(wire, null, drift), chargeId };
  },
});

/**
 * Verifies a webhook of JustiFi without a client, and gives the event as JustiFi wrote it. A client's `parseWebhook` reads it
 * as a `ChargeEvent` as well.
 * @throws WebhookSignatureError, with a `code` that says what is wrong.
 */
export const verifyJustifiWebhook = /* @__PURE__ */ webhookVerifier('justifi', {
  toleranceMs,
  verify: (delivery) => {
    verify(delivery, {});
  },
});
