import type { Decline } from './cards.js';
import { toIsoMinorUnits } from './currencies.js';
import type { PlatformDetails } from './platform.js';
import type { ChargeRecord, PaymentMethodRecord, RefundRecord, ThreeDSecureRecord } from './records.js';
import { type Services, unixNow } from './services.js';
import type { Account } from './store.js';

const day = 24 * 3600;
/** Visa holds a merchant-initiated authorization for 4 days and 18 hours, everybody else for 7 days. */
const visaMerchantInitiatedHold = 4 * day + 18 * 3600;

/** An attempt to take money from a card. */
export interface Attempt {
  amount: number;
  currency: string;
  paymentMethod: PaymentMethodRecord;
  capture: boolean;
  /** The intent behind the attempt; null for a bare charge. */
  paymentIntent: string | null;
  /** A decline besides the card's own, such as a missing authentication. */
  decline?: Decline | undefined;
  threeDSecure?: ThreeDSecureRecord | null;
  offSession?: boolean;
  /** Whether the balance transaction comes a moment after the answer. */
  settlesLater?: boolean;
  details: Pick<
    ChargeRecord,
    | 'customer'
    | 'description'
    | 'metadata'
    | 'receiptEmail'
    | 'shipping'
    | 'statementDescriptor'
    | 'statementDescriptorSuffix'
    | 'transferGroup'
    | keyof PlatformDetails
  >;
}

/** The id under which the ledger knows the payment: the one that the create answered with. */
export const ledgerIdOf = (charge: ChargeRecord): string => charge.paymentIntent ?? charge.id;

const isCard = ({ local }: PaymentMethodRecord): boolean => local === null || local.type === 'card';

/** Tries to charge a card. The charge exists afterwards, succeeded or failed. */
export const attemptCharge = (services: Services, account: Account, attempt: Attempt): ChargeRecord => {
  const { context } = services;
  const decline = attempt.decline ?? attempt.paymentMethod.card.decline;
  const charge: ChargeRecord = {
    id: context.ids.next(isCard(attempt.paymentMethod) ? 'ch_' : 'py_'),
    created: unixNow(services),
    amount: attempt.amount,
    amountCaptured: 0,
    currency: attempt.currency,
    status: decline === undefined ? 'succeeded' : 'failed',
    // A declined bare charge says `captured: true` as soon as a capture was asked for.
    captured: decline !== undefined && attempt.capture && attempt.paymentIntent === null,
    captureBefore: null,
    hasExpired: false,
    disputed: false,
    failure:
      decline === undefined
        ? null
        : {
            code: decline.code,
            message: decline.message,
            declineCode: decline.declineCode ?? null,
            param: decline.param ?? null,
          },
    paymentIntent: attempt.paymentIntent,
    paymentMethod: attempt.paymentMethod,
    threeDSecure: attempt.threeDSecure ?? null,
    balanceTransaction: null,
    refunds: [],
    userReport: null,
    cancelLapse: null,
    ...attempt.details,
    metadata: { ...attempt.details.metadata },
  };
  account.charges.add(charge);
  if (charge.paymentIntent === null) {
    context.ledger.open({
      id: charge.id,
      account: account.id,
      amount: toIsoMinorUnits(charge.amount, charge.currency),
      currency: charge.currency.toUpperCase(),
      state: decline === undefined ? 'pending' : 'failed',
      metadata: charge.metadata,
    });
  } else if (decline !== undefined) {
    context.ledger.move(charge.paymentIntent, 'failed');
  }
  if (decline === undefined) {
    context.ledger.move(ledgerIdOf(charge), 'authorized');
    if (attempt.capture) captureCharge(services, account, charge, charge.amount, attempt.settlesLater);
    else holdCharge(services, account, charge, attempt.offSession === true);
  }
  account.indexCharge(charge);
  return charge;
};

const holdCharge = (
  services: Services,
  account: Account,
  charge: ChargeRecord,
  offSession: boolean,
): void => {
  const isVisaMerchantInitiated = offSession && charge.paymentMethod.card.brand === 'visa';
  const captureBefore = charge.created + (isVisaMerchantInitiated ? visaMerchantInitiatedHold : 7 * day);
  charge.captureBefore = captureBefore;
  charge.cancelLapse = services.context.agenda.at(captureBefore * 1000, (dueAt) => {
    lapseCharge(services, account, charge, Math.floor(dueAt / 1000));
  });
};

const lapseCharge = (services: Services, account: Account, charge: ChargeRecord, at: number): void => {
  releaseCharge(services, account, charge, { reason: 'expired_uncaptured_charge', at });
  charge.hasExpired = true;
  services.context.ledger.move(ledgerIdOf(charge), 'expired');
  if (charge.paymentIntent === null) return;
  const intent = account.paymentIntents.get(charge.paymentIntent);
  intent.status = 'canceled';
  intent.cancellationReason = 'automatic';
  intent.canceledAt = at;
  account.indexPaymentIntent(intent);
};

/** Takes the money of an authorized charge; the rest is released. */
export const captureCharge = (
  services: Services,
  account: Account,
  charge: ChargeRecord,
  amount: number,
  settlesLater = false,
): void => {
  const { context, switches } = services;
  charge.cancelLapse?.();
  charge.cancelLapse = null;
  charge.captureBefore = null;
  charge.captured = true;
  charge.amountCaptured = amount;
  context.ledger.capture(ledgerIdOf(charge), toIsoMinorUnits(amount, charge.currency));
  if (amount < charge.amount && switches.releaseCountsAsRefund) {
    addRefund(services, account, charge, { amount: charge.amount - amount, isRelease: true });
  }
  const settle = (): void => {
    const fee = Math.min(amount, Math.round(amount * 0.029) + 30);
    charge.balanceTransaction = addBalanceTransaction(
      services,
      account,
      charge.id,
      'charge',
      amount,
      fee,
      charge.currency,
    );
  };
  if (settlesLater) context.agenda.at(context.now(), settle);
  else settle();
  if (charge.paymentMethod.card.dispute !== undefined) {
    context.agenda.at(context.now(), () => {
      charge.disputed = true;
      account.indexCharge(charge);
    });
  }
  account.indexCharge(charge);
};

/** Lets go of what is held; Stripe shows that as a refund. The caller moves the ledger. */
export const releaseCharge = (
  services: Services,
  account: Account,
  charge: ChargeRecord,
  release: { reason: string | null; metadata?: Record<string, string>; at?: number },
): RefundRecord => {
  charge.cancelLapse?.();
  charge.cancelLapse = null;
  charge.captureBefore = null;
  const refund = addRefund(services, account, charge, { amount: charge.amount, isRelease: true, ...release });
  account.indexCharge(charge);
  return refund;
};

/** Enters a refund or a release into the lists; the money is the caller's concern. */
export const addRefund = (
  services: Services,
  account: Account,
  charge: ChargeRecord,
  refund: {
    amount: number;
    isRelease: boolean;
    status?: RefundRecord['status'];
    reason?: string | null;
    metadata?: Record<string, string>;
    at?: number;
    instructionsEmail?: string | null;
    transferReversal?: string | null;
  },
): RefundRecord => {
  const entry: RefundRecord = {
    id: services.context.ids.next('re_'),
    charge: charge.id,
    amount: refund.amount,
    status: refund.status ?? 'succeeded',
    reason: refund.reason ?? null,
    metadata: refund.metadata ?? {},
    created: refund.at ?? unixNow(services),
    isRelease: refund.isRelease,
    balanceTransaction: null,
    failureBalanceTransaction: null,
    failureReason: null,
    instructionsEmail: refund.instructionsEmail ?? null,
    transferReversal: refund.transferReversal ?? null,
  };
  if (!entry.isRelease) {
    entry.balanceTransaction = addBalanceTransaction(
      services,
      account,
      entry.id,
      'refund',
      -refund.amount,
      0,
      charge.currency,
    );
  }
  charge.refunds.push(entry);
  account.refunds.add(entry);
  return entry;
};

/** Enters a movement of the balance and answers with its id. */
export const addBalanceTransaction = (
  services: Services,
  account: Account,
  source: string,
  type: 'charge' | 'refund' | 'refund_failure',
  amount: number,
  fee: number,
  currency: string,
): string => {
  const id = services.context.ids.next('txn_');
  account.balanceTransactions.add({ id, amount, fee, currency, created: unixNow(services), type, source });
  return id;
};
