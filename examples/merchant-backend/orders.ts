import {
  advanceCharge,
  isPaid,
  type Charge,
  type ChargeEvent,
  type ChargeProgress,
  type PaymentSource,
  type Refund,
} from 'unicharge';
import type { Database } from './database.js';

/** One order, with what is known of its payment. */
export interface Order {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  /** Kept so that the same charge can be asked for again after a crash. */
  readonly source: PaymentSource;
  readonly capturesAtOnce: boolean;
  readonly payment: ChargeProgress | null;
  /** Why there is no payment, in words for the payer. */
  readonly problem: string | null;
  readonly version: number;
}

export type OrderStatus =
  'open' | 'waiting' | 'reserved' | 'paid' | 'partly refunded' | 'refunded' | 'failed' | 'canceled';

/** What the shop does with an order follows from its payment alone. */
export const statusOf = ({ payment, problem }: Order): OrderStatus => {
  switch (payment?.status) {
    case undefined:
    case 'unknown':
      return problem === null ? 'open' : 'failed';
    case 'pending':
    case 'requires_action':
      return 'waiting';
    case 'authorized':
      return 'reserved';
    case 'captured':
      if (!isPaid(payment)) return 'refunded';
      return payment.refundStatus === 'partial' ? 'partly refunded' : 'paid';
    case 'voided':
    case 'expired':
      return 'canceled';
    case 'failed':
      return 'failed';
  }
};

interface Row {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly source: PaymentSource;
  readonly captures_at_once: boolean;
  readonly payment: ChargeProgress | null;
  readonly problem: string | null;
  readonly version: number;
}

const orderOf = ({ captures_at_once: capturesAtOnce, ...row }: Row): Order => ({ ...row, capturesAtOnce });

/** The orders of the shop. */
export const createOrders = (database: Database) => {
  const one = async (statement: string, values: unknown[]): Promise<Order | null> => {
    const [row] = (await database.query(statement, values)).rows as Row[];
    return row === undefined ? null : orderOf(row);
  };

  const find = (id: string): Promise<Order | null> => one('select * from orders where id = $1', [id]);

  /** Reads, decides and writes, again where somebody else wrote in between: webhook and browser may come together. */
  const change = async (
    id: string,
    decide: (order: Order) => Pick<Order, 'payment' | 'problem'>,
  ): Promise<Order> => {
    for (;;) {
      const order = await find(id);
      if (order === null) throw new Error(`There is no order ${id}.`);
      const { payment, problem } = decide(order);
      const changed = await one(
        `update orders set payment = $2, problem = $3, charge_id = $4, version = version + 1
         where id = $1 and version = $5 returning *`,
        [
          id,
          payment === null ? null : JSON.stringify(payment),
          problem,
          payment?.chargeId ?? null,
          order.version,
        ],
      );
      if (changed !== null) return changed;
    }
  };

  return {
    find,
    add: async (
      order: Pick<Order, 'id' | 'amount' | 'currency' | 'source' | 'capturesAtOnce'>,
    ): Promise<void> => {
      await database.query(
        'insert into orders (id, amount, currency, source, captures_at_once) values ($1, $2, $3, $4, $5)',
        [order.id, order.amount, order.currency, JSON.stringify(order.source), order.capturesAtOnce],
      );
    },
    ofCharge: (chargeId: string): Promise<Order | null> =>
      one('select * from orders where charge_id = $1', [chargeId]),
    /** Orders for which a charge was asked, and nothing was written down since. */
    unanswered: async (): Promise<Order[]> => {
      const { rows } = await database.query(
        'select * from orders where payment is null and problem is null order by created_at',
        [],
      );
      return (rows as Row[]).map(orderOf);
    },
    /** Takes news of the payment into an order, in whatever order they come. */
    hear: (id: string, news: Charge | Refund | ChargeEvent, at?: string): Promise<Order> =>
      change(id, (order) => ({ ...order, payment: advanceCharge(order.payment, news, at) })),
    refuse: (id: string, problem: string): Promise<Order> => change(id, (order) => ({ ...order, problem })),
  };
};

export type Orders = ReturnType<typeof createOrders>;
