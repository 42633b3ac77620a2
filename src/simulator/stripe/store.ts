import type { FaceContext } from '../face.js';
import { createSearchIndex, type SearchIndex } from '../search-index.js';
import { missingResource } from './errors.js';
import type {
  BalanceTransactionRecord,
  ChargeRecord,
  ConfirmationTokenRecord,
  CustomerRecord,
  PaymentIntentRecord,
  PaymentMethodRecord,
  RefundRecord,
  TokenRecord,
} from './records.js';
import { chargeDocument, paymentIntentDocument, type SearchDocument } from './search-documents.js';

/** Objects of one kind in the order of their creation. */
export class Shelf<Item extends { id: string }> {
  private readonly positions = new Map<string, number>();
  private readonly items: Item[] = [];

  constructor(private readonly what: string) {}

  add(item: Item): void {
    this.positions.set(item.id, this.items.length);
    this.items.push(item);
  }

  find(id: string): Item | undefined {
    const position = this.positions.get(id);
    return position === undefined ? undefined : this.items[position];
  }

  /** Finds an object or refuses with 404. */
  get(id: string, param = 'id'): Item {
    const item = this.find(id);
    if (item === undefined) throw missingResource(this.what, id, param);
    return item;
  }

  /** Where an object stands: 0 is the oldest. Refuses with 404. */
  positionOf(id: string, param: string): number {
    const position = this.positions.get(id);
    if (position === undefined) throw missingResource(this.what, id, param);
    return position;
  }

  at(position: number): Item | undefined {
    return this.items[position];
  }

  get size(): number {
    return this.items.length;
  }
}

/** Everything of one Stripe account. Connected accounts see nothing of each other. */
export class Account {
  readonly charges = new Shelf<ChargeRecord>('charge');
  readonly paymentIntents = new Shelf<PaymentIntentRecord>('payment_intent');
  readonly refunds = new Shelf<RefundRecord>('refund');
  readonly paymentMethods = new Shelf<PaymentMethodRecord>('PaymentMethod');
  readonly customers = new Shelf<CustomerRecord>('customer');
  readonly tokens = new Shelf<TokenRecord>('token');
  readonly confirmationTokens = new Shelf<ConfirmationTokenRecord>('confirmation_token');
  readonly balanceTransactions = new Shelf<BalanceTransactionRecord>('balance_transaction');
  private readonly chargeIndex: SearchIndex<SearchDocument>;
  private readonly paymentIntentIndex: SearchIndex<SearchDocument>;

  constructor(
    /** `acct_…`, or null for the platform itself. */
    readonly id: string | null,
    context: FaceContext,
  ) {
    this.chargeIndex = createSearchIndex(
      () => context.now(),
      () => context.indexDelayMs(),
    );
    this.paymentIntentIndex = createSearchIndex(
      () => context.now(),
      () => context.indexDelayMs(),
    );
  }

  /** Search sees the object as it is now, once the index has caught up. */
  indexCharge(charge: ChargeRecord): void {
    this.chargeIndex.write(charge.id, chargeDocument(charge));
  }

  /** Search sees the object as it is now, once the index has caught up. */
  indexPaymentIntent(intent: PaymentIntentRecord): void {
    this.paymentIntentIndex.write(intent.id, paymentIntentDocument(intent));
  }

  /** What search can see of charges, oldest first. */
  visibleCharges(): SearchDocument[] {
    return this.chargeIndex.visible();
  }

  /** What search can see of intents, oldest first. */
  visiblePaymentIntents(): SearchDocument[] {
    return this.paymentIntentIndex.visible();
  }
}
