/** Acme in this process: what it would do with your money. */
import { createHmac } from 'node:crypto';
import { money } from 'unicharge';

interface Refund {
  id: string;
  payment: string;
  amount: string;
  currency: string;
  state: string;
  made: string;
}

export interface Payment {
  id: string;
  state: 'HELD' | 'PAID' | 'RELEASED' | 'DECLINED';
  amount: string;
  currency: string;
  text: string | null;
  labels: Record<string, string>;
  problem: { code: string; text: string } | null;
  refunds: Refund[];
  test: boolean;
  made: string;
}

export interface AcmeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Record<string, unknown>;
}

export interface AcmeReply {
  readonly status: number;
  readonly body: unknown;
}

const reply = (status: number, body: unknown): AcmeReply => ({ status, body });
const problem = (status: number, code: string, text: string, payment?: string): AcmeReply =>
  reply(status, { problem: { code, text, payment } });

const declines: Readonly<Record<string, string>> = { tok_declined: 'declined', tok_no_funds: 'no_funds' };

/** Makes an empty Acme. `now` dates what happens; ids count up. */
export const createAcmeServer = (now: () => number = Date.now) => {
  const payments = new Map<string, Payment>();
  let count = 0;
  const nextId = (prefix: string): string => `${prefix}_${String((count += 1)).padStart(9, '0')}`;
  const moment = (): string => new Date(now()).toISOString();

  const pay = (body: Record<string, unknown>): AcmeReply => {
    const { amount, currency, token, hold, text, labels } = body as Partial<Payment> & {
      token?: string;
      hold?: boolean;
    };
    if (amount === undefined || currency === undefined || token === undefined)
      return problem(400, 'missing', 'Something is missing.');
    const code = declines[token];
    const payment: Payment = {
      id: nextId('pay'),
      state: code !== undefined ? 'DECLINED' : hold === true ? 'HELD' : 'PAID',
      amount,
      currency,
      text: text ?? null,
      labels: labels ?? {},
      problem: code === undefined ? null : { code, text: 'The bank said no.' },
      refunds: [],
      test: true,
      made: moment(),
    };
    payments.set(payment.id, payment);
    return code === undefined ? reply(201, payment) : problem(402, code, 'The bank said no.', payment.id);
  };

  const refund = (payment: Payment, body: Record<string, unknown>): AcmeReply => {
    const cents = (amount: string): number => money.fromDecimal(amount, payment.currency);
    const left = payment.refunds.reduce((sum, { amount }) => sum - cents(amount), cents(payment.amount));
    const amount = String(body['amount']);
    if (payment.state !== 'PAID' || left === 0)
      return problem(409, 'state', `The payment is ${payment.state}.`);
    if (cents(amount) > left || cents(amount) <= 0)
      return problem(400, 'too_much', 'That is more than is left.');
    const { id, currency } = payment;
    const made: Refund = { id: nextId('back'), payment: id, amount, currency, state: 'DONE', made: moment() };
    payment.refunds.push(made);
    return reply(201, made);
  };

  const move = (payment: Payment, state: Payment['state']): AcmeReply => {
    if (payment.state !== 'HELD') return problem(409, 'state', `The payment is ${payment.state}.`);
    payment.state = state;
    return reply(200, payment);
  };

  const handle = ({ method, path, query, headers, body }: AcmeRequest): AcmeReply => {
    if (headers['authorization'] !== 'Bearer test_acme_key')
      return problem(401, 'key', 'This key is unknown.');
    const [, , id, action] = path.split('/');
    if (id === undefined) {
      if (method === 'POST') return pay(body);
      const offset = Number(query.get('offset') ?? 0);
      const end = offset + Number(query.get('limit') ?? 20);
      return reply(200, {
        items: [...payments.values()].reverse().slice(offset, end),
        more: end < payments.size,
      });
    }
    const payment = payments.get(id);
    if (payment === undefined) return problem(404, 'missing', 'There is no such payment.');
    switch (`${method} ${action ?? ''}`) {
      case 'GET ':
        return reply(200, payment);
      case 'POST capture':
        return move(payment, 'PAID');
      case 'DELETE hold':
        return move(payment, 'RELEASED');
      case 'POST refunds':
        return refund(payment, body);
      default:
        return problem(404, 'missing', 'There is no such page.');
    }
  };

  /** What Acme posts to a shop about a payment, signed at this moment, in milliseconds. */
  const notify = (id: string, secret: string, signedAt: number) => {
    const rawBody = JSON.stringify({ id: nextId('note'), made: moment(), payment: payments.get(id) });
    const time = Math.floor(signedAt / 1000);
    const signature = createHmac('sha256', secret).update(`${time}.${rawBody}`).digest('hex');
    return { rawBody, headers: { 'acme-signature': `t=${time},v1=${signature}` } };
  };

  return { handle, notify, payments: (): readonly Payment[] => [...payments.values()] };
};

/** What a request asks for, in the words in which faults are ordered. */
export const operationOf = ({ method, path }: Pick<AcmeRequest, 'method' | 'path'>): string => {
  const [, , id, action] = path.split('/');
  if (method === 'GET') return id === undefined ? 'list' : 'retrieve';
  if (method === 'DELETE') return 'void';
  return id === undefined ? 'create' : action === 'refunds' ? 'refund' : 'capture';
};
