import { randomUUID } from 'node:crypto';
import {
  advanceCharge,
  isPaid,
  type Advice,
  type Charge,
  type ChargeEvent,
  type ChargeProgress,
  type Refund,
} from 'unicharge';
import type { Sources } from './acquirers.js';
import type { Database } from './database.js';

/** Why an attempt took no money, which is certain in both cases. */
export interface Ending {
  /** `rejected`: refused for good, so another card is another attempt. `not_sent`: the same attempt may be made again. */
  readonly outcome: 'rejected' | 'not_sent';
  /** After a decline, what helps. */
  readonly advice: Advice | null;
  /** Whether the same may work later. */
  readonly isRetryable: boolean;
}

/** One order with one attempt to pay it: as a rule its latest. */
export interface Order {
  readonly id: string;
  /** Who sees and pays it: the hash of the payer's session. */
  readonly owner: string;
  /** In minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly createdAt: Date;
  /** Which attempt; 0 until the payer has pressed Pay. */
  readonly attempt: number;
  /** Kept so that the same charge can be asked for again after a crash. Null until the payer has pressed Pay. */
  readonly sources: Sources | null;
  readonly capturesAtOnce: boolean;
  /** Where the payment lives; null until it was heard of. It never changes. */
  readonly route: string | null;
  readonly payment: ChargeProgress | null;
  readonly ending: Ending | null;
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
  | 'not sent'
  | 'canceled';

/** What the shop does with an order follows from its payment alone. */
export const statusOf = ({ attempt, payment, ending }: Order): OrderStatus => {
  switch (payment?.status) {
    case undefined:
    case 'unknown':
      if (ending !== null) return ending.outcome === 'rejected' ? 'failed' : 'not sent';
      // A charge was asked for, and nobody knows yet what became of it.
      return attempt === 0 ? 'open' : 'pending';
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
  readonly owner: string;
  readonly amount: number;
  readonly currency: string;
  readonly created_at: Date;
  readonly number: number | null;
  readonly sources: Sources | null;
  readonly captures_at_once: boolean | null;
  readonly route: string | null;
  readonly payment: ChargeProgress | null;
  readonly ending: Ending | null;
  readonly version: number | null;
}

const orderOf = ({ number, captures_at_once, created_at, version, ...row }: Row): Order => ({
  ...row,
  createdAt: created_at,
  attempt: number ?? 0,
  capturesAtOnce: captures_at_once ?? true,
  version: version ?? 0,
});

const columns = `o.id, o.owner, o.amount, o.currency, o.created_at,
  a.number, a.sources, a.captures_at_once, a.route, a.payment, a.ending, a.version`;
const isLatest = 'a.number = (select max(number) from attempts where order_id = o.id)';

/** The orders of the shop. */
export const createOrders = (database: Database) => {
  const many = async (rest: string, values: unknown[]): Promise<Order[]> =>
    ((await database.query(`select ${columns} ${rest}`, values)).rows as Row[]).map(orderOf);
  const one = async (rest: string, values: unknown[]): Promise<Order | null> =>
    (await many(rest, values))[0] ?? null;

  /** An order with its latest attempt, or with another one of it. */
  const find = (id: string, attempt?: number): Promise<Order | null> =>
    attempt === undefined
      ? one(`from orders o left join attempts a on a.order_id = o.id and ${isLatest} where o.id = $1`, [id])
      : one('from orders o join attempts a on a.order_id = o.id where o.id = $1 and a.number = $2', [
          id,
          attempt,
        ]);

  /** Writes an attempt that nobody else has written since it was read. */
  const write = async ({ id, attempt, route, payment, ending, version }: Order): Promise<boolean> => {
    const { rows } = await database.query(
      `update attempts set route = $3, charge_id = $4, payment = $5, ending = $6, version = version + 1
       where order_id = $1 and number = $2 and version = $7 returning version`,
      [
        id,
        attempt,
        route,
        payment?.chargeId ?? null,
        payment === null ? null : JSON.stringify(payment),
        ending === null ? null : JSON.stringify(ending),
        version,
      ],
    );
    return rows.length === 1;
  };

  /** Reads, decides and writes, again where somebody else wrote in between: webhook and browser may come together. */
  const change = async (
    { id, attempt }: Pick<Order, 'id' | 'attempt'>,
    decide: (order: Order) => Order | null,
  ): Promise<Order> => {
    for (;;) {
      const order = await find(id, attempt);
      if (order === null) throw new Error(`There is no attempt ${attempt} of order ${id}.`);
      const decided = decide(order);
      if (decided === null) return order;
      if (await write(decided)) return { ...decided, version: order.version + 1 };
    }
  };

  return {
    find,
    /**
     * Begins an order when the checkout page is shown: its id stands in the form, so that a form that is sent twice is one
     * order. Nobody can guess it, and nobody else chooses it. (A shop with many visitors deletes what was never placed.)
     */
    begin: async (order: Pick<Order, 'owner' | 'amount' | 'currency'>): Promise<string> => {
      const id = randomUUID();
      await database.query('insert into orders (id, owner, amount, currency) values ($1, $2, $3, $4)', [
        id,
        order.owner,
        order.amount,
        order.currency,
      ]);
      return id;
    },
    /**
     * The payer has pressed Pay. The first press of an attempt counts: a form that is sent twice names the same attempt. The next
     * attempt has the next number, and with it the next idempotency key.
     */
    place: async (
      id: string,
      attempt: number,
      choice: { sources: Sources; capturesAtOnce: boolean },
    ): Promise<void> => {
      await database.query(
        `insert into attempts (order_id, number, sources, captures_at_once) values ($1, $2, $3, $4)
         on conflict (order_id, number) do nothing`,
        [id, attempt, JSON.stringify(choice.sources), choice.capturesAtOnce],
      );
    },
    /** Placed orders with their latest attempt, the newest first, for those who ship them. */
    newest: (): Promise<Order[]> =>
      many(
        `from orders o join attempts a on a.order_id = o.id and ${isLatest} order by o.created_at desc limit 50`,
        [],
      ),
    /** Every attempt at one order, the latest first. */
    attemptsOf: (id: string): Promise<Order[]> =>
      many('from orders o join attempts a on a.order_id = o.id where o.id = $1 order by a.number desc', [id]),
    ofCharge: (route: string, chargeId: string): Promise<Order | null> =>
      one('from orders o join attempts a on a.order_id = o.id where a.route = $1 and a.charge_id = $2', [
        route,
        chargeId,
      ]),
    /** Attempts for which a charge was asked, and nothing was written down since. */
    unanswered: (): Promise<Order[]> =>
      many(
        `from orders o join attempts a on a.order_id = o.id
         where a.payment is null and a.ending is null order by o.created_at`,
        [],
      ),
    /**
     * A charge is about to be asked for, perhaps once more: what an earlier call said about nothing being sent is no longer true.
     */
    ask: (order: Order): Promise<Order> =>
      change(order, (current) => ({
        ...current,
        ending: current.ending?.outcome === 'not_sent' ? null : current.ending,
      })),
    /** Takes news of the payment into an attempt, in whatever order they come, and pins it to the route that has it. */
    hear: (
      order: Pick<Order, 'id' | 'attempt'>,
      route: string,
      news: Charge | Refund | ChargeEvent,
      at?: string,
    ): Promise<Order> =>
      change(order, (current) => {
        if (current.route !== null && current.route !== route)
          throw new Error(`Order ${current.id} is paid at ${current.route}, not at ${route}.`);
        return { ...current, route, payment: advanceCharge(current.payment, news, at) };
      }),
    /** Nothing was taken. `not_sent` is dropped where somebody else has asked since: it speaks of the calls before it. */
    end: (order: Order, ending: Ending): Promise<Order> =>
      change(order, (current) =>
        ending.outcome === 'not_sent' && current.version !== order.version ? null : { ...current, ending },
      ),
  };
};

export type Orders = ReturnType<typeof createOrders>;
