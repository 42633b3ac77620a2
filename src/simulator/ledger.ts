import type {
  LedgerChange,
  LedgerCharge,
  LedgerRefund,
  LedgerRefundStatus,
  LedgerState,
} from './ledger-charge.js';

export type * from './ledger-charge.js';

/** A face tried to break a rule of money. It is always a fault of the simulator, never of its user. */
export class LedgerViolation extends Error {
  override readonly name = 'LedgerViolation';
}

/** What a face says when a charge comes into being. */
export interface NewLedgerCharge {
  id: string;
  account?: string | null;
  amount: number;
  currency: string;
  state: 'pending' | 'requires_action' | 'failed';
  metadata?: Record<string, string>;
}

/** What a face says when a refund comes into being. */
export interface NewLedgerRefund {
  id: string;
  amount: number;
  status: LedgerRefundStatus;
  metadata?: Record<string, string>;
}

const becomes: Record<LedgerState, readonly LedgerState[]> = {
  pending: ['pending', 'requires_action', 'authorized', 'voided', 'expired', 'failed'],
  requires_action: ['pending', 'requires_action', 'authorized', 'voided', 'expired', 'failed'],
  authorized: ['captured', 'voided', 'expired', 'failed'],
  // A failed attempt may be repeated on the same charge where the provider has such a thing (Stripe's intents).
  failed: ['failed', 'pending', 'requires_action', 'authorized', 'voided'],
  captured: [],
  voided: [],
  expired: [],
};

const counts = (refund: LedgerRefund): boolean =>
  refund.status === 'pending' || refund.status === 'succeeded';

const sumOfRefunds = (charge: LedgerCharge): number =>
  charge.refunds.reduce((sum, refund) => (counts(refund) ? sum + refund.amount : sum), 0);

const copyOf = (charge: LedgerCharge): LedgerCharge => ({
  ...charge,
  metadata: { ...charge.metadata },
  refunds: charge.refunds.map((refund) => ({ ...refund, metadata: { ...refund.metadata } })),
});

const checkAmount = (amount: number, what: string): void => {
  if (!Number.isSafeInteger(amount) || amount <= 0) {
    throw new LedgerViolation(
      `${what} must be a positive whole number of minor units, not ${String(amount)}.`,
    );
  }
};

/** The one truth about money behind all faces. It knows no provider, and refuses whatever money cannot do. */
export class Ledger {
  private readonly byKey = new Map<string, LedgerCharge>();
  private readonly listeners = new Set<(change: LedgerChange) => void>();
  private waiting: { type: LedgerChange['type']; charge: LedgerCharge; refundId: string | null }[] = [];

  constructor(private readonly now: () => number) {}

  /** Every charge that exists, oldest first, as copies. */
  charges(provider?: string): LedgerCharge[] {
    const all = [...this.byKey.values()];
    return (provider === undefined ? all : all.filter((charge) => charge.provider === provider)).map(copyOf);
  }

  /** One charge as a copy, or undefined. */
  find(provider: string, id: string): LedgerCharge | undefined {
    const charge = this.byKey.get(`${provider}:${id}`);
    return charge === undefined ? undefined : copyOf(charge);
  }

  /** Calls back about every change from now on, once its request is complete; the returned function ends it. */
  subscribe(listener: (change: LedgerChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Tells the subscribers what has changed since the last time. The driver calls it after every step. */
  flush(): void {
    if (this.waiting.length === 0) return;
    const changes = this.waiting;
    this.waiting = [];
    for (const { type, charge, refundId } of changes) {
      const change = {
        type,
        provider: charge.provider,
        chargeId: charge.id,
        refundId,
        charge: copyOf(charge),
      };
      for (const listener of this.listeners) listener(change);
    }
  }

  /** The ledger as one face writes it. */
  forProvider(provider: string): ProviderLedger {
    return new ProviderLedger(this.byKey, provider, this.now, (type, charge, refundId) => {
      if (this.listeners.size > 0) this.waiting.push({ type, charge, refundId });
    });
  }
}

/** What one face may do to its own charges. All amounts are ISO 4217 minor units: the face converts. */
export class ProviderLedger {
  constructor(
    private readonly byKey: Map<string, LedgerCharge>,
    private readonly provider: string,
    private readonly now: () => number,
    private readonly emit: (
      type: LedgerChange['type'],
      charge: LedgerCharge,
      refundId: string | null,
    ) => void,
  ) {}

  /** Enters a charge that has just been created. */
  open(charge: NewLedgerCharge): void {
    checkAmount(charge.amount, 'The amount');
    if (!/^[A-Z]{3}$/.test(charge.currency))
      throw new LedgerViolation(`${charge.currency} is no ISO currency code.`);
    const key = `${this.provider}:${charge.id}`;
    if (this.byKey.has(key)) throw new LedgerViolation(`${key} exists already.`);
    const entry: LedgerCharge = {
      provider: this.provider,
      id: charge.id,
      account: charge.account ?? null,
      amount: charge.amount,
      currency: charge.currency,
      amountCaptured: 0,
      amountRefunded: 0,
      state: charge.state,
      metadata: { ...charge.metadata },
      createdAt: new Date(this.now()).toISOString(),
      refunds: [],
    };
    this.byKey.set(key, entry);
    this.emit('charge.created', entry, null);
  }

  /** Moves a charge to another state that takes no money: never `captured`. */
  move(id: string, state: Exclude<LedgerState, 'captured'>): void {
    const charge = this.get(id);
    if (!becomes[charge.state].includes(state)) {
      throw new LedgerViolation(`${id} is ${charge.state} and cannot become ${state}.`);
    }
    charge.state = state;
    this.emit('charge.changed', charge, null);
  }

  /** Takes money of an authorized charge, once. What is not captured is released. */
  capture(id: string, amount: number): void {
    const charge = this.get(id);
    checkAmount(amount, 'The captured amount');
    if (charge.state !== 'authorized')
      throw new LedgerViolation(`${id} is ${charge.state}: nothing to capture.`);
    if (amount > charge.amount)
      throw new LedgerViolation(`${id} authorized ${charge.amount}, not ${amount}.`);
    charge.state = 'captured';
    charge.amountCaptured = amount;
    this.emit('charge.changed', charge, null);
  }

  /**
   * Undoes captured money without a refund object: a void before settlement (`voided`, JustiFi and Magpie)
   * or a bank debit that came back (`failed`). Not possible once something was refunded.
   */
  undoCapture(id: string, state: 'voided' | 'failed'): void {
    const charge = this.get(id);
    if (charge.state !== 'captured')
      throw new LedgerViolation(`${id} is ${charge.state}: no capture to undo.`);
    if (charge.amountRefunded > 0) throw new LedgerViolation(`${id} is partly refunded: its capture stands.`);
    charge.state = state;
    charge.amountCaptured = 0;
    this.emit('charge.changed', charge, null);
  }

  /** Changes what was asked for, while nothing is held yet. */
  changeAmount(id: string, amount: number, currency: string): void {
    const charge = this.get(id);
    checkAmount(amount, 'The amount');
    if (!['pending', 'requires_action', 'failed'].includes(charge.state)) {
      throw new LedgerViolation(`${id} is ${charge.state}: its amount stands.`);
    }
    charge.amount = amount;
    charge.currency = currency;
    this.emit('charge.changed', charge, null);
  }

  /** Replaces the metadata of a charge. */
  setMetadata(id: string, metadata: Record<string, string>): void {
    const charge = this.get(id);
    charge.metadata = { ...metadata };
    this.emit('charge.changed', charge, null);
  }

  /** Gives captured money back; never more than was captured and is not refunded yet. */
  refund(id: string, refund: NewLedgerRefund): void {
    const charge = this.get(id);
    checkAmount(refund.amount, 'The refunded amount');
    if (charge.state !== 'captured')
      throw new LedgerViolation(`${id} is ${charge.state}: nothing to refund.`);
    const entry: LedgerRefund = {
      id: refund.id,
      amount: refund.amount,
      status: refund.status,
      createdAt: new Date(this.now()).toISOString(),
      metadata: { ...refund.metadata },
    };
    if (counts(entry) && charge.amountRefunded + refund.amount > charge.amountCaptured) {
      throw new LedgerViolation(`${id}: a refund of ${refund.amount} exceeds what is left.`);
    }
    charge.refunds.push(entry);
    charge.amountRefunded = sumOfRefunds(charge);
    this.emit('refund.created', charge, refund.id);
  }

  /** Changes the status or metadata of a refund: it settles, fails, or is canceled. */
  changeRefund(
    id: string,
    refundId: string,
    change: { status?: LedgerRefundStatus; metadata?: Record<string, string> },
  ): void {
    const charge = this.get(id);
    const refund = charge.refunds.find((each) => each.id === refundId);
    if (refund === undefined) throw new LedgerViolation(`${id} has no refund ${refundId}.`);
    const before = refund.status;
    if (change.status !== undefined) refund.status = change.status;
    if (sumOfRefunds(charge) > charge.amountCaptured) {
      refund.status = before;
      throw new LedgerViolation(`${refundId} would refund more than was captured.`);
    }
    if (change.metadata !== undefined) refund.metadata = { ...change.metadata };
    charge.amountRefunded = sumOfRefunds(charge);
    this.emit('refund.changed', charge, refundId);
  }

  /** The state of a charge, for lapses that look whether they still apply. */
  stateOf(id: string): LedgerState {
    return this.get(id).state;
  }

  private get(id: string): LedgerCharge {
    const charge = this.byKey.get(`${this.provider}:${id}`);
    if (charge === undefined) throw new LedgerViolation(`${this.provider} has no charge ${id}.`);
    return charge;
  }
}
