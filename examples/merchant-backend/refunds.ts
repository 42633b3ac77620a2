import type { Database } from './database.js';

/** One wish to give money back, written down before it is asked for. */
export interface RefundWish {
  readonly orderId: string;
  readonly attempt: number;
  /** Counts the wishes of one payment. It is part of the idempotency key. */
  readonly number: number;
  /** In minor units. */
  readonly amount: number;
  /** Null while nobody knows what became of it. */
  readonly outcome: 'done' | 'rejected' | 'not_sent' | null;
}

interface Row {
  readonly order_id: string;
  readonly attempt: number;
  readonly number: number;
  readonly amount: number;
  readonly outcome: RefundWish['outcome'];
}

const wishOf = ({ order_id, ...row }: Row): RefundWish => ({ ...row, orderId: order_id });

/** The refunds that were asked for. */
export const createRefunds = (database: Database) => {
  const many = async (rest: string, values: unknown[]): Promise<RefundWish[]> =>
    ((await database.query(`select * from refunds ${rest}`, values)).rows as Row[]).map(wishOf);

  return {
    /** The first form with a number counts: the same form again is the same wish. */
    wish: async ({ orderId, attempt, number, amount }: Omit<RefundWish, 'outcome'>): Promise<RefundWish> => {
      const key = [orderId, attempt, number];
      await database.query(
        `insert into refunds (order_id, attempt, number, amount) values ($1, $2, $3, $4)
         on conflict (order_id, attempt, number) do nothing`,
        [...key, amount],
      );
      const [wish] = await many('where order_id = $1 and attempt = $2 and number = $3', key);
      if (wish === undefined) throw new Error(`There is no refund ${number} of order ${orderId}.`);
      return wish;
    },
    end: async (
      { orderId, attempt, number }: RefundWish,
      outcome: NonNullable<RefundWish['outcome']>,
    ): Promise<void> => {
      await database.query(
        'update refunds set outcome = $4 where order_id = $1 and attempt = $2 and number = $3',
        [orderId, attempt, number, outcome],
      );
    },
    of: (orderId: string): Promise<RefundWish[]> =>
      many('where order_id = $1 order by attempt, number', [orderId]),
    open: (): Promise<RefundWish[]> => many('where outcome is null order by order_id, number', []),
  };
};

export type Refunds = ReturnType<typeof createRefunds>;
