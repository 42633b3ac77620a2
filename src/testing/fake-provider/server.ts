import { copyOfJson } from '../../models/copy-of-json.js';
import type { WireHandler, WireReply } from '../in-memory-exchange.js';
import type { FakeCharge, FakeRefund } from './wire.js';

/** The fake provider's side: what it holds, and the payer's decision. */
export interface FakeServer {
  readonly handle: WireHandler;
  /** Every charge, oldest first, as the server keeps it. */
  charges(): readonly FakeCharge[];
  /** The payer acts on a charge that waits for it. */
  decide(chargeId: string, decision: 'approve' | 'decline'): FakeCharge;
}

const reply = (status: number, body: unknown): WireReply => ({ status, body });
const refusal = (status: number, code: string, message: string, charge?: string): WireReply =>
  reply(status, { error: { code, message, charge: charge ?? null } });

const declines: ReadonlyMap<string, string> = new Map([
  ['declined', 'card_declined'],
  ['insufficient_funds', 'insufficient_funds'],
]);

const declineMessage = (code: string): string =>
  code === 'insufficient_funds' ? 'The card has insufficient funds.' : 'The card was declined.';

const page = (charges: readonly FakeCharge[], query: URLSearchParams): WireReply => {
  const limit = Number(query.get('limit') ?? 20);
  const cursor = query.get('cursor');
  const after = query.get('created_after');
  const before = query.get('created_before');
  const found = charges.toReversed().filter(
    (charge) =>
      (after === null || charge.created_at >= after) &&
      (before === null || charge.created_at < before) &&
      ['status', 'amount', 'currency', 'customer'].every((name) => {
        const wanted = query.get(name);
        return (
          wanted === null || String(charge[name as 'status' | 'amount' | 'currency' | 'customer']) === wanted
        );
      }) &&
      [...query].every(([name, value]) => {
        const key = /^metadata\[(.*)\]$/.exec(name)?.[1];
        return key === undefined || charge.metadata[key] === value;
      }),
  );
  const start = cursor === null ? 0 : found.findIndex(({ id }) => id === cursor) + 1;
  const data = found.slice(start, start + limit);
  return reply(200, { data, next: start + limit < found.length ? (data.at(-1)?.id ?? null) : null });
};

/** Makes an empty fake provider. `now` dates what happens. */
export const createFakeServer = (now: () => number): FakeServer => {
  const charges = new Map<string, FakeCharge>();
  const answers = new Map<string, { readonly asked: string; readonly answer: WireReply }>();
  let made = 0;
  const nextId = (prefix: string): string => `${prefix}_${String((made += 1)).padStart(8, '0')}`;
  const moment = (): string => new Date(now()).toISOString();

  const settle = (charge: FakeCharge): void => {
    charge.status = charge.capture ? 'captured' : 'authorized';
    charge.captured_amount = charge.capture ? charge.amount : 0;
    charge.captured_at = charge.capture ? moment() : null;
    charge.expires_at = charge.capture ? null : new Date(now() + 7 * 24 * 3_600_000).toISOString();
    charge.action_url = null;
  };

  const create = (asked: Partial<FakeCharge>): WireReply => {
    const source = asked.source ?? 'approved';
    const id = nextId('ch');
    const charge: FakeCharge = {
      id,
      amount: asked.amount ?? 0,
      captured_amount: 0,
      refunded_amount: 0,
      currency: asked.currency ?? '',
      status: 'processing',
      description: asked.description ?? null,
      statement_descriptor: asked.statement_descriptor ?? null,
      customer: asked.customer ?? null,
      email: asked.email ?? null,
      metadata: asked.metadata ?? {},
      source,
      action_url: null,
      return_url: asked.return_url ?? null,
      capture: asked.capture ?? true,
      failure: null,
      live: false,
      refunds: [],
      created_at: moment(),
      updated_at: moment(),
      captured_at: null,
      expires_at: asked.expires_at ?? null,
    };
    charges.set(id, charge);
    const code = declines.get(source);
    if (code !== undefined) {
      charge.status = 'failed';
      charge.failure = { code, message: declineMessage(code) };
      return refusal(402, code, charge.failure.message, id);
    }
    if (source === 'requires_3ds' || source === 'redirect') {
      charge.status = 'needs_action';
      charge.action_url = `https://payer.fake.example/${id}`;
    } else settle(charge);
    return reply(201, charge);
  };

  const refund = (charge: FakeCharge, asked: Partial<FakeRefund>): WireReply => {
    const left = charge.captured_amount - charge.refunded_amount;
    if (charge.status !== 'captured' || left <= 0)
      return refusal(409, 'wrong_state', 'There is nothing to refund.');
    const amount = asked.amount ?? left;
    if (amount > left) return refusal(422, 'amount_too_large', 'This is more than what is left.');
    const made: FakeRefund = {
      id: nextId('re'),
      charge: charge.id,
      amount,
      currency: charge.currency,
      status: 'succeeded',
      reason: asked.reason ?? null,
      metadata: asked.metadata ?? {},
      created_at: moment(),
    };
    charge.refunds.push(made);
    charge.refunded_amount += amount;
    return reply(201, made);
  };

  const act = (charge: FakeCharge, action: string, body: Record<string, unknown>): WireReply => {
    const refuse = () => refusal(409, 'wrong_state', `The charge is ${charge.status}.`);
    switch (action) {
      case 'capture': {
        if (charge.status !== 'authorized') return refuse();
        const amount = (body['amount'] as number | undefined) ?? charge.amount;
        if (amount > charge.amount) return refusal(422, 'amount_too_large', 'More than was authorized.');
        charge.capture = true;
        settle(charge);
        charge.captured_amount = amount;
        return reply(200, charge);
      }
      case 'void':
      case 'expire': {
        const open = action === 'void' ? ['authorized'] : ['needs_action', 'processing'];
        if (!open.includes(charge.status)) return refuse();
        charge.status = action === 'void' ? 'voided' : 'expired';
        charge.expires_at = null;
        charge.action_url = null;
        return reply(200, charge);
      }
      case 'refunds':
        return refund(charge, body);
      default:
        return refusal(404, 'not_found', 'There is no such page.');
    }
  };

  const update = (charge: FakeCharge, body: Record<string, unknown>): WireReply => {
    // Metadata is replaced as a whole, as some providers do: keeping the rest is the adapter's work.
    Object.assign(charge, body);
    return reply(200, charge);
  };

  const route: WireHandler = ({ method, path, query, body }) => {
    const [, version, collection, id, action, refundId] = path.split('/').map(decodeURIComponent);
    if (version !== 'v1' || collection !== 'charges')
      return refusal(404, 'not_found', 'There is no such page.');
    if (id === undefined) return method === 'POST' ? create(body) : page([...charges.values()], query);
    const charge = charges.get(id);
    if (charge === undefined) return refusal(404, 'not_found', 'There is no such charge.');
    if (method === 'GET' && action === 'refunds') {
      if (refundId === undefined) return reply(200, { data: charge.refunds.toReversed() });
      const found = charge.refunds.find((each) => each.id === refundId);
      return found === undefined ? refusal(404, 'not_found', 'There is no such refund.') : reply(200, found);
    }
    if (method === 'GET') return reply(200, charge);
    charge.updated_at = moment();
    return method === 'PATCH' ? update(charge, body) : act(charge, action ?? '', body);
  };

  return {
    charges: () => [...charges.values()],
    decide: (chargeId, decision) => {
      if (typeof chargeId !== 'string')
        throw new TypeError(`control.${decision} takes a text: pass the id of the charge.`);
      const charge = charges.get(chargeId);
      if (charge === undefined)
        throw new RangeError(
          `There is no charge '${chargeId}' at the fake client: pass the id of the charge.`,
        );
      if (charge.status !== 'needs_action')
        throw new RangeError(`This charge does not wait for the payer: it is ${charge.status}.`);
      if (decision === 'approve') settle(charge);
      else {
        charge.status = 'failed';
        charge.action_url = null;
        charge.failure = { code: 'authentication_failed', message: 'The payer was not authenticated.' };
      }
      return charge;
    },
    handle: (request) => {
      const key = request.headers['idempotency-key'];
      if (request.method === 'GET' || key === undefined) return route(request);
      const asked = JSON.stringify([request.method, request.path, request.body]);
      const earlier = answers.get(key);
      if (earlier !== undefined) {
        return earlier.asked === asked
          ? earlier.answer
          : refusal(409, 'idempotency_conflict', 'This key was used for another request.');
      }
      const made = route(request);
      const answer = { ...made, body: copyOfJson(made.body) };
      answers.set(key, { asked, answer });
      return answer;
    },
  };
};
