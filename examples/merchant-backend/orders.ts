import { randomUUID } from 'node:crypto';
import {
  advanceCharge,
  isPaid,
  type Charge,
  type ChargeEvent,
  type ChargeProgress,
  type Refund,
} from 'unicharge';
import type { Sources } from './acquirers.js';
import type { Database } from './database.js';

/** One order, with what is known of its payment. */
export interface Order {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  /** Kept so that the same charge can be asked for again after a crash. Null until the payer has pressed Pay. */
  readonly sources: Sources | null;
  readonly capturesAtOnce: boolean;
  /** Where the payment lives; null until it was heard of. It never changes. */
  readonly route: string | null;
  readonly payment: ChargeProgress | null;
  /** Why there is no payment, in words for the payer. */
  readonly problem: string | null;
  readonly version: number;
}

export type OrderStatus =
  | 'open'
  | 'pending'
  | 'waiting'
  | 'reserved'
  | 'paid'
  | 'partly refunded'
  | 'refunded'
  | 'failed'
  | 'canceled';

/** What the shop does with an order follows from its payment alone. */
export const statusOf = ({ sources, payment, problem }: Order): OrderStatus => {
  switch (payment?.status) {
    case undefined:
    case 'unknown':
      if (problem !== null) return 'failed';
      // A charge was asked for, and nobody knows yet what became of it.
      return sources === null ? 'open' : 'pending';
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
  readonly sources: Sources | null;
  readonly captures_at_once: boolean;
  readonly route: string | null;
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
    decide: (order: Order) => Pick<Order, 'route' | 'payment' | 'problem'>,
  ): Promise<Order> => {
    for (;;) {
      const order = await find(id);
      if (order === null) throw new Error(`There is no order ${id}.`);
      const { route, payment, problem } = decide(order);
      const changed = await one(
        `update orders set payment = $2, problem = $3, charge_id = $4, route = $5, version = version + 1
         where id = $1 and version = $6 returning *`,
        [
          id,
          payment === null ? null : JSON.stringify(payment),
          problem,
          payment?.chargeId ?? null,
          route,
          order.version,
        ],
      );
      if (changed !== null) return changed;
    }
  };

  return {
    find,
    /**
     * Begins an order when the checkout page is shown: its id stands in the form, so that a form that is sent twice is one
     * order. Nobody can guess it, and nobody else chooses it. (A shop with many visitors deletes what was never placed.)
     */
    begin: async (order: Pick<Order, 'amount' | 'currency'>): Promise<string> => {
      const id = randomUUID();
      await database.query('insert into orders (id, amount, currency) values ($1, $2, $3)', [
        id,
        order.amount,
        order.currency,
      ]);
      return id;
    },
    /** The payer has pressed Pay. The first press counts. */
    place: async (id: string, choice: { sources: Sources; capturesAtOnce: boolean }): Promise<void> => {
      await database.query(
        'update orders set sources = $2, captures_at_once = $3 where id = $1 and sources is null',
        [id, JSON.stringify(choice.sources), choice.capturesAtOnce],
      );
    },
    /** Placed orders, the newest first, for those who ship them. */
    newest: async (): Promise<Order[]> => {
      const { rows } = await database.query(
        'select * from orders where sources is not null order by created_at desc limit 50',
        [],
      );
      return (rows as Row[]).map(orderOf);
    },
    ofCharge: (route: string, chargeId: string): Promise<Order | null> =>
      one('select * from orders where route = $1 and charge_id = $2', [route, chargeId]),
    /** Orders for which a charge was asked, and nothing was written down since. */
    unanswered: async (): Promise<Order[]> => {
      const { rows } = await database.query(
        'select * from orders where sources is not null and payment is null and problem is null order by created_at',
        [],
      );
      return (rows as Row[]).map(orderOf);
    },
    /** Takes news of the payment into an order, in whatever order they come, and pins the order to the route that has it. */
    hear: (id: string, route: string, news: Charge | Refund | ChargeEvent, at?: string): Promise<Order> =>
      change(id, (order) => {
        if (order.route !== null && order.route !== route)
          throw new Error(`Order ${id} is paid at ${order.route}, not at ${route}.`);
        return { ...order, route, payment: advanceCharge(order.payment, news, at) };
      }),
    refuse: (id: string, problem: string): Promise<Order> => change(id, (order) => ({ ...order, problem })),
  };
};

export type Orders = ReturnType<typeof createOrders>;
