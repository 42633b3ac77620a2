import { everyPage } from '../../adapter/page-rows.js';
import type { CallOptions } from '../../charges-client.js';
import { attach } from '../../models/attachments.js';
import { upperCaseCode } from '../../models/currency-code.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import type { ExtraCall } from '../../provider.js';
import { pages } from './params.js';
import { balanceTransactionWire } from './wire.js';

/** One entry of a payment's ledger: the payment itself, its fees, payouts, refunds, disputes. */
export interface JustifiBalanceTransaction {
  /** JustiFi's id of the entry, `pbt_…`. */
  readonly id: string;
  /** JustiFi's own word, such as `payment`, `payment_fee`, `payout`, `refund`, `dispute`. */
  readonly type: string;
  /** In cents; negative where money leaves. */
  readonly amount: number;
  /** The payment's balance after this entry, in cents. */
  readonly balance: number | null;
  /** Upper-case ISO 4217 code. */
  readonly currency: string;
  /**
   * The id of what the entry is about, such as a payment or refund (`source_id`); null where JustiFi tells
   * none.
   */
  readonly sourceId: string | null;
  /**
   * What kind of object `sourceId` names, in JustiFi's own word (`source_type`); null where JustiFi tells
   * none.
   */
  readonly sourceType: string | null;
  /**
   * The entry of the account's ledger that it belongs to, `ft_…` (`financial_transaction_id`); null where
   * there is none.
   */
  readonly financialTransactionId: string | null;
  /** When the entry was made: ISO 8601 in UTC, null where JustiFi does not say. */
  readonly createdAt: string | null;
  /** JustiFi's own entry, non-enumerable. */
  readonly raw?: unknown;
}

/** What only JustiFi's client has. */
export interface JustifiExtras {
  /**
   * The ledger of a payment, every entry. Rejects with `NotFoundError`.
   * @example
   * const ledger = await charges.listBalanceTransactions('py_…');
   * const net = ledger.reduce((sum, { amount }) => sum + amount, 0);
   */
  listBalanceTransactions(id: string, options?: CallOptions): Promise<JustifiBalanceTransaction[]>;
}

const everyEntry = everyPage({ schema: balanceTransactionWire }, pages);

/** The methods of JustiFi's client alone. */
export const extras = (extra: ExtraCall): JustifiExtras => ({
  listBalanceTransactions: (id, options) =>
    extra('listBalanceTransactions', options, async (call) => {
      const route = '/v1/payments/{id}/payment_balance_transactions';
      const entries = await everyEntry((query) => ({ method: 'GET', route, ids: { id }, query }), call);
      return entries.map((wire) =>
        attach<JustifiBalanceTransaction>(
          {
            id: wire.id,
            type: wire.payment_balance_txn_type,
            amount: wire.amount,
            balance: wire.balance ?? null,
            currency: upperCaseCode(wire.currency),
            sourceId: wire.source_id ?? null,
            sourceType: wire.source_type ?? null,
            financialTransactionId: wire.financial_transaction_id ?? null,
            createdAt: readTimestamp(wire.created_at, 'balance_transaction.created_at', call.drift),
          },
          { raw: wire },
        ),
      );
    }),
});
