import { ConflictError, NotFoundError } from '../../errors.js';
import type { Refund } from '../../models/refund.js';
import type { Call, RequestRow, RunRow } from '../../provider.js';
import { chargeIdIssues } from './charge-rows.js';
import { endOf, positionOf } from './pages.js';
import { refundParams } from './params.js';
import { toRefund } from './refund.js';
import { readCharge } from './reread.js';
import { refundAnswer, refundPageAnswer, type RefundAnswer } from './wire.js';

/** Every refund of a charge, all pages. */
const readRefunds = async (id: string, call: Call): Promise<Refund[]> => {
  const refunds = await call.readPages({
    page: async (cursor) => {
      const position = positionOf({}, cursor);
      const request = {
        method: 'GET',
        route: '/1/charges/{id}/refunds',
        ids: { id },
        query: { page: position.page },
      } as const;
      const { response, pagination } = (await call.send(request, refundPageAnswer)).wire;
      return { items: response, ...endOf(pagination, position, call.drift) };
    },
    idOf: ({ token }) => token,
  });
  return refunds.map((wire) => {
    call.checkSame(id, wire.charge);
    return toRefund(wire, call);
  });
};

/** What the request leaves out or says, decided before sending so that a repeat sends the same bytes. */
export interface PreparedRefund {
  /** Null: everything, the amount is left out. */
  readonly amount: number | null;
}

export const refund = {
  params: refundParams,
  capability: { partial: true, metadata: false },
  check: ({ id, params }) => [
    ...chargeIdIssues(id),
    ...(params.metadata === undefined
      ? []
      : [{ path: 'metadata', message: 'cannot be kept: refunds of Pin have no metadata' }]),
  ],
  /**
   * Without an amount Pin refunds the whole charge, which is what is left only as long as nothing was refunded. The refund
   * list tells, not the charge's total: whether that counts refunds on their way is not known.
   */
  prepare: async ({ id, params }, call): Promise<PreparedRefund> => {
    if (params.amount !== undefined) return { amount: params.amount };
    const refunds = await readRefunds(id, call);
    const given = refunds
      .filter(({ status }) => status !== 'failed' && status !== 'canceled')
      .reduce((sum, { amount }) => sum + amount, 0);
    if (given === 0) return { amount: null };
    const left = (await readCharge(id, call)).amount - given;
    if (left > 0) return { amount: left };
    throw new ConflictError({
      message: 'nothing is left to refund',
      outcome: 'rejected',
      provider: 'pin',
      operation: 'refund',
      idempotencyKey: call.idempotencyKey,
      chargeId: id,
    });
  },
  request: ({ id }, call) => {
    const { amount } = call.prepared as PreparedRefund;
    // An empty or null amount is refused by Pin: the key itself is left out.
    return {
      method: 'POST',
      route: '/1/charges/{id}/refunds',
      ids: { id },
      json: amount === null ? {} : { amount },
    };
  },
  response: refundAnswer,
  output: ({ wire }, call) => toRefund(wire.response, call),
} satisfies RequestRow<'refund', RefundAnswer>;

/** Several reads, because the answer comes in pages. */
export const listRefunds = {
  check: ({ id }) => chargeIdIssues(id),
  run: ({ id }, call) => readRefunds(id, call),
} satisfies RunRow<'listRefunds'>;

export const retrieveRefund = {
  check: ({ id }) => chargeIdIssues(id),
  request: ({ refundId }) => ({ method: 'GET', route: '/1/refunds/{refundId}', ids: { refundId } }),
  response: refundAnswer,
  output: ({ wire }, call, { id, refundId }) => {
    call.checkSame(refundId, wire.response.token);
    if (wire.response.charge === id) return toRefund(wire.response, call);
    // Pin reads a refund by its own token alone.
    throw new NotFoundError({
      message: 'the charge has no such refund',
      outcome: 'not_sent',
      provider: 'pin',
      operation: 'retrieveRefund',
      chargeId: id,
    });
  },
} satisfies RequestRow<'retrieveRefund', RefundAnswer>;
