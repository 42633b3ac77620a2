import { jsonResponse, type SimulatorRequest, type SimulatorResponse } from '../face.js';
import { createPayment, requireAccount } from './create-payment.js';
import { findDispute, renderDispute, respondToDispute, updateDispute } from './disputes.js';
import { JustifiRefusal } from './errors.js';
import { type Listed, pageOf } from './pages.js';
import { allowOnly, type Fields, readMap } from './parameters.js';
import type { JustifiPayment } from './payment.js';
import {
  capturePayment,
  findPayment,
  findRefund,
  refundPayment,
  updatePayment,
  updateRefund,
  voidPayment,
} from './payment-actions.js';
import { addPaymentMethod, findPaymentMethod, renderPaymentMethod } from './payment-methods.js';
import { renderMovements, renderPayment, renderRefund, statusOf } from './payment-view.js';
import type { JustifiState } from './state.js';

/** What an endpoint gets. */
interface Call {
  state: JustifiState;
  body: Fields;
  query: Readonly<Record<string, string>>;
  /** The `Sub-Account` header. */
  account: string | undefined;
  id: string;
}

/** An endpoint. */
export interface Route {
  method: string;
  /** Segments below `/v1`; `*` stands for an id. */
  path: readonly string[];
  operation: string;
  /** Whether it takes an idempotency key. */
  hasKey: boolean;
  /** The status of a replay, where it differs from the first answer's. */
  replayStatus: number | null;
  run(call: Call): SimulatorResponse;
}

const single = (
  state: JustifiState,
  status: number,
  type: string,
  data: Record<string, unknown>,
): SimulatorResponse =>
  jsonResponse(status, {
    id: state.switches.oddEnvelope ? 1 : data['id'],
    type,
    data,
    page_info: state.switches.oddEnvelope ? 'string' : null,
  });

const list = <Item extends Listed>(
  { state, query, account }: Call,
  items: Iterable<Item & { account?: string | null }>,
  render: (item: Item) => unknown,
): SimulatorResponse => {
  const listedUntil = state.context.now() - state.switches.listDelayMs;
  const visible = [...items].filter(
    (item) =>
      (account === undefined || (item.account ?? account) === account) && item.createdAt <= listedUntil,
  );
  const page = pageOf(visible, query);
  return jsonResponse(200, {
    id: state.switches.oddEnvelope ? 1 : null,
    type: 'array',
    data: page.items.map(render),
    page_info: page.info,
  });
};

const paymentAnswer = (call: Call, status: number, payment: JustifiPayment): SimulatorResponse =>
  single(call.state, status, 'payment', renderPayment(call.state, payment));

const paymentOf = ({ state, id, account }: Call): JustifiPayment => findPayment(state, id, account);

/** The filter has words of its own: `refunded` is both kinds, and `canceled` is missing. */
const filterWords = ['succeeded', 'failed', 'pending', 'authorized', 'refunded', 'disputed'];

const listPayments = (call: Call): SimulatorResponse => {
  const { payment_status: status, payment_method_id: method, void_id: voidId } = call.query;
  if (status !== undefined && !filterWords.includes(status)) {
    throw new JustifiRefusal(400, 'unexpected_parameter', undefined, { param: 'payment_status' });
  }
  const wordOf = (payment: JustifiPayment): string => statusOf(payment).replace(/^(?:fully|partially)_/, '');
  const found = [...call.state.payments.values()].filter(
    (payment) =>
      (status === undefined || wordOf(payment) === status) &&
      (method === undefined || payment.method.id === method) &&
      (voidId === undefined || payment.voidId === voidId),
  );
  return list(call, found, (payment) => renderPayment(call.state, payment));
};

const currencyOf = (state: JustifiState, paymentId: string): string =>
  state.payments.get(paymentId)?.currency ?? 'usd';

const route = (
  method: string,
  path: string,
  operation: string,
  run: (call: Call) => SimulatorResponse,
  replayStatus: number | null = null,
): Route => ({ method, path: path.split('/'), operation, hasKey: method !== 'GET', replayStatus, run });

const routes: readonly Route[] = [
  route('POST', 'payments', 'create', (call) => {
    const account = requireAccount(call.state, call.account);
    return paymentAnswer(call, 201, createPayment(call.state, call.body, account));
  }),
  route('GET', 'payments', 'list', listPayments),
  route('GET', 'payments/*', 'retrieve', (call) => paymentAnswer(call, 200, paymentOf(call))),
  route('PATCH', 'payments/*', 'update', (call) => {
    const payment = paymentOf(call);
    updatePayment(call.state, payment, call.body);
    return paymentAnswer(call, 200, payment);
  }),
  route(
    'POST',
    'payments/*/capture',
    'capture',
    (call) => {
      const payment = paymentOf(call);
      capturePayment(call.state, payment, call.body);
      return paymentAnswer(call, 201, payment);
    },
    200,
  ),
  route('POST', 'payments/*/void', 'void', (call) => {
    const payment = paymentOf(call);
    voidPayment(call.state, payment);
    return paymentAnswer(call, 200, payment);
  }),
  route('POST', 'payments/*/refunds', 'refund', (call) => {
    const payment = paymentOf(call);
    const refund = refundPayment(call.state, payment, call.body);
    return single(call.state, 201, 'refund', renderRefund(refund, payment.currency));
  }),
  route('GET', 'payments/*/payment_balance_transactions', 'list_balance_transactions', (call) =>
    list(call, renderMovements(paymentOf(call), call.state.context.now()), (movement) => movement.rendered),
  ),
  route('GET', 'refunds', 'list_all_refunds', (call) =>
    list(call, call.state.refunds.values(), (refund) =>
      renderRefund(refund, currencyOf(call.state, refund.paymentId)),
    ),
  ),
  route('GET', 'refunds/*', 'retrieve_refund', (call) => {
    const refund = findRefund(call.state, call.id, call.account);
    return single(call.state, 200, 'refund', renderRefund(refund, currencyOf(call.state, refund.paymentId)));
  }),
  route('PATCH', 'refunds/*', 'update_refund', (call) => {
    const refund = findRefund(call.state, call.id, call.account);
    updateRefund(call.state, refund, call.body);
    return single(call.state, 200, 'refund', renderRefund(refund, currencyOf(call.state, refund.paymentId)));
  }),
  route('GET', 'disputes', 'list_disputes', (call) =>
    list(call, call.state.disputes.values(), renderDispute),
  ),
  route('GET', 'disputes/*', 'retrieve_dispute', (call) =>
    single(call.state, 200, 'dispute', renderDispute(findDispute(call.state, call.id))),
  ),
  route('PATCH', 'disputes/*', 'update_dispute', (call) => {
    const dispute = findDispute(call.state, call.id);
    updateDispute(call.state, dispute, call.body);
    return single(call.state, 200, 'dispute', renderDispute(dispute));
  }),
  {
    ...route('POST', 'disputes/*/response', 'respond_to_dispute', (call) => {
      const dispute = findDispute(call.state, call.id);
      respondToDispute(call.state, dispute);
      return single(call.state, 200, 'dispute', renderDispute(dispute));
    }),
    hasKey: false,
  },
  route('POST', 'payment_methods', 'create_token', (call) => {
    const account = requireAccount(call.state, call.account);
    allowOnly(call.body, ['payment_method', 'email']);
    const method = addPaymentMethod(call.state, readMap(call.body, 'payment_method') ?? {}, account);
    const data = { id: method.id, ...renderPaymentMethod(call.state, method) };
    return single(call.state, 201, 'payment_method', data);
  }),
  route('GET', 'payment_methods/*', 'retrieve_token', (call) => {
    const method = findPaymentMethod(call.state, call.id, call.account ?? null);
    return single(call.state, 200, 'payment_method', {
      id: method.id,
      ...renderPaymentMethod(call.state, method),
    });
  }),
];

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** Whether a request is for the token endpoint, which stands outside `/v1`. */
export const isTokenRequest = (request: SimulatorRequest): boolean =>
  request.method === 'POST' && request.path === '/oauth/token';

/** Everything that a request may ask for. */
export const operations: readonly string[] = ['token', ...new Set(routes.map(({ operation }) => operation))];

/** The endpoint that a request is for, with the id of its path, or undefined. */
export const findRoute = (request: SimulatorRequest): { route: Route; id: string } | undefined => {
  const [version, ...segments] = request.path.replace(/^\/|\/$/g, '').split('/');
  if (version !== 'v1') return undefined;
  const found = routes.find(
    ({ method, path }) =>
      method === request.method &&
      path.length === segments.length &&
      path.every((name, index) => (name === '*' ? segments[index] !== '' : name === segments[index])),
  );
  return found === undefined ? undefined : { route: found, id: decode(segments[1] ?? '') };
};
