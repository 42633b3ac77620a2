import { attach } from '../../models/attachments.js';
import type { Charge } from '../../models/charge.js';
import type { ChargeEvent, ChargeEventType } from '../../models/event.js';
import type { Refund, RefundStatus } from '../../models/refund.js';
import type { Call, ReportDrift } from '../../provider.js';
import { timestampOf, toCharge } from './charge.js';
import { refundStatusOf, toRefund } from './refund.js';
import { readCharge } from './reread.js';
import { chargeWire, refundAnswer, refundWire, type EventWire, type RefundWire } from './wire.js';

/** Pin's events of disputes. A dispute may be reviewed again after it was closed. */
const disputeEvents: Readonly<Record<string, ChargeEventType>> = {
  'dispute.evidence_required': 'dispute.opened',
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

const chargeEvents: ReadonlySet<string> = new Set([
  'charge.authorised',
  'charge.captured',
  'charge.voided',
  'charge.failed',
]);
const refundEvents: ReadonlySet<string> = new Set(['refund.created', 'refund.succeeded', 'refund.failed']);

type Facts = Pick<ChargeEvent, 'type' | 'chargeId' | 'charge' | 'refund' | 'dispute'> & {
  /** The object and the state that it reached. */
  readonly state: string | null;
};

const nothing: Facts = {
  type: 'unknown',
  chargeId: null,
  charge: null,
  refund: null,
  dispute: null,
  state: null,
};

const tokenOf = (data: unknown): string | null => {
  const token = (data as { readonly token?: unknown } | null | undefined)?.token;
  return typeof token === 'string' && token !== '' ? token : null;
};

/** An event is named after the state that the charge in it has, not after Pin's verb. */
const chargeEventType = ({ status }: Charge): ChargeEventType =>
  status === 'pending' || status === 'unknown' ? 'charge.updated' : `charge.${status}`;

const chargeFacts = async (event: EventWire, call: Call): Promise<Facts> => {
  const parsed = chargeWire.safeParse(event.data);
  const token = tokenOf(event.data);
  if (!parsed.success && token === null) {
    call.drift('data', 'wrong_type');
    return { ...nothing, type: 'charge.updated' };
  }
  const charge = toCharge(parsed.success ? parsed.data : await readCharge(token ?? '', call), call);
  return {
    ...nothing,
    type: chargeEventType(charge),
    chargeId: charge.id,
    // A copy: what rides on a charge beside its fields has no place in an event.
    charge: { ...charge },
    state: `${charge.id}:${charge.status}`,
  };
};

/**
 * `refund.succeeded` and `refund.failed` settle what the refund itself leaves open (`success: null`), also against the text
 * `Success`. Against a boolean that says the opposite they settle nothing.
 */
const settledStatus = (type: string, wire: RefundWire, drift: ReportDrift): RefundStatus => {
  const status = refundStatusOf(wire, drift);
  const told: RefundStatus | null =
    type === 'refund.succeeded' ? 'succeeded' : type === 'refund.failed' ? 'failed' : null;
  if (told === null || told === status) return status;
  if (wire.success === null || wire.success === undefined) return told;
  drift('success', 'inconsistent');
  return 'unknown';
};

/** Only `refund.created` can leave a refund pending: the other two events settle it. */
const refundEventType = ({ status }: Refund): ChargeEventType => {
  if (status === 'succeeded' || status === 'failed') return `refund.${status}`;
  return status === 'pending' ? 'refund.created' : 'refund.updated';
};

const readRefund = async (id: string, call: Call): Promise<RefundWire> => {
  const request = { method: 'GET', route: '/1/refunds/{id}', ids: { id } } as const;
  const { response } = (await call.send(request, refundAnswer)).wire;
  call.checkSame(id, response.token);
  return response;
};

const refundFacts = async (event: EventWire, call: Call): Promise<Facts> => {
  const parsed = refundWire.safeParse(event.data);
  const token = tokenOf(event.data);
  if (!parsed.success && token === null) {
    call.drift('data', 'wrong_type');
    return { ...nothing, type: 'refund.updated' };
  }
  const wire = parsed.success ? parsed.data : await readRefund(token ?? '', call);
  const refund = toRefund(wire, call, settledStatus(event.type, wire, call.drift));
  return {
    ...nothing,
    type: refundEventType(refund),
    chargeId: refund.chargeId,
    refund: { ...refund },
    state: `${refund.id}:${refund.status}`,
  };
};

/**
 * What a dispute of Pin holds is not documented beyond its token: amount, currency and reason are left to `raw`. It names its
 * charge as a refund does, or it does not.
 */
const disputeFacts = (event: EventWire, type: ChargeEventType): Facts => {
  const id = tokenOf(event.data);
  if (id === null) return { ...nothing, type };
  const status = event.type.replace('dispute.', '');
  const { charge } = event.data as { readonly charge?: unknown };
  return {
    ...nothing,
    type,
    chargeId: typeof charge === 'string' && charge.startsWith('ch_') ? charge : null,
    dispute: { id, status, amount: null, currency: null, reason: null, createdAt: null },
    state: `${id}:${status}`,
  };
};

const toFacts = async (event: EventWire, call: Call): Promise<Facts> => {
  if (chargeEvents.has(event.type)) return chargeFacts(event, call);
  if (refundEvents.has(event.type)) return refundFacts(event, call);
  const type = Object.hasOwn(disputeEvents, event.type) ? disputeEvents[event.type] : undefined;
  return type === undefined ? nothing : disputeFacts(event, type);
};

/** An event of Pin as an event. `raw` is the payload as it came. */
export const toEvent = async (wire: EventWire, raw: unknown, call: Call): Promise<ChargeEvent> => {
  const { state, ...facts } = await toFacts(wire, call);
  const dedupeKey = `pin:${wire.token}`;
  return attach<ChargeEvent>(
    {
      id: wire.token,
      provider: 'pin',
      ...facts,
      createdAt: timestampOf(wire.created_at, 'created_at', call.drift),
      livemode: call.livemode,
      dedupeKey,
      stateKey: state === null ? dedupeKey : `pin:${state}`,
    },
    { raw },
  );
};
