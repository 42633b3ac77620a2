import { failureMessage, type OmiseCard } from './cards.js';
import { OmiseRefusal } from './errors.js';
import type { OmiseOptions } from './options.js';
import type { OmiseSource } from './sources.js';
import type { OmiseState, OmiseToken } from './state.js';

/** Money that went back, in full or in part. */
export interface OmiseRefund {
  id: string;
  chargeId: string;
  amount: number;
  metadata: Readonly<Record<string, unknown>>;
  transaction: string;
  /** Whether it cancelled a payment that was not settled yet. */
  voided: boolean;
  createdAt: number;
}

/** Something that happened to a charge. */
export interface OmiseEvent {
  id: string;
  key: string;
  createdAt: number;
}

/** A charge as this face keeps it. What follows from other fields is worked out when it is shown. */
export interface OmiseCharge {
  readonly id: string;
  readonly createdAt: number;
  readonly amount: number;
  readonly currency: string;
  readonly capture: boolean;
  readonly authorizationType: string;
  readonly card: OmiseCard | null;
  readonly token: OmiseToken | null;
  readonly source: OmiseSource | null;
  readonly customer: string | null;
  readonly ip: string | null;
  readonly returnUri: string | null;
  readonly expiresAt: number;
  readonly zeroInterestInstallments: boolean;
  readonly platformFee: { fixed: number | null; percentage: number | null };
  readonly options: OmiseOptions;
  status: 'pending' | 'successful' | 'failed' | 'expired' | 'reversed';
  description: string | null;
  metadata: Readonly<Record<string, unknown>>;
  authorizeUri: string | null;
  authenticatedBy: string | null;
  authorizedAt: number | null;
  paidAt: number | null;
  capturedAmount: number | null;
  reversedAt: number | null;
  /** When it expired unpaid; not what `expired_at` shows. */
  expiredAt: number | null;
  /** Whether an authorization ended because nobody captured it in time. */
  lapsed: boolean;
  failureCode: string | null;
  voided: boolean;
  transaction: string | null;
  dispute: { id: string; createdAt: number } | null;
  refunds: OmiseRefund[];
  events: OmiseEvent[];
  cancelLapse: () => void;
}

/** How long an uncaptured authorization lives, and a payer has time to act. */
export const lifetime = 7 * 86_400_000;

/** A charge by its id. */
export const findCharge = (state: OmiseState, id: string): OmiseCharge => {
  const charge = state.charges.get(id);
  if (charge === undefined) throw new OmiseRefusal('not_found', `charge ${id} was not found`);
  return charge;
};

/** Notes that a charge has changed: an event, what search will find, and what its source and token say about it. */
export const changed = (state: OmiseState, charge: OmiseCharge, key: string): void => {
  const { context } = state;
  charge.events.push({
    id: context.ids.nextLowerCase('evnt_test_', 19),
    key,
    createdAt: context.now(),
  });
  if (charge.source !== null) charge.source.chargeStatus = charge.status;
  if (charge.token !== null) charge.token.chargeStatus = charge.status;
  state.index.write(charge.id, { ...charge, refunds: [...charge.refunds] });
};

/** What is already gone back, or promised to. */
export const refundedAmount = (charge: OmiseCharge): number =>
  charge.refunds.reduce((sum, refund) => sum + refund.amount, 0);

/** Whether the payer still has to act, and can. */
export const awaitsPayer = (charge: OmiseCharge): boolean =>
  charge.status === 'pending' && charge.authorizedAt === null;

/** Whether money is reserved and can be captured or reversed. */
export const isAuthorized = (charge: OmiseCharge): boolean =>
  charge.status === 'pending' && charge.authorizedAt !== null;

/** Ends a charge with a failure. Omise answers such a charge with HTTP 200. */
export const fail = (state: OmiseState, charge: OmiseCharge, failureCode: string): void => {
  charge.cancelLapse();
  charge.status = 'failed';
  charge.failureCode = failureCode;
  state.context.ledger.move(charge.id, 'failed');
};

/** The message beside the failure code of a charge. */
export const failureMessageOf = (charge: OmiseCharge): string | null =>
  charge.failureCode === null ? null : failureMessage(charge.failureCode);

/** Takes the money of an authorized charge. */
export const take = (state: OmiseState, charge: OmiseCharge, amount: number): void => {
  const { context } = state;
  charge.cancelLapse();
  context.ledger.capture(charge.id, amount);
  charge.status = 'successful';
  charge.paidAt = context.now();
  charge.capturedAmount = amount;
  charge.transaction = context.ids.nextLowerCase('trxn_test_', 19);
};

/** The payer's side has agreed: reserves the money and takes it, unless it is to be captured later. */
export const authorize = (state: OmiseState, charge: OmiseCharge): void => {
  const { context } = state;
  charge.authorizedAt = context.now();
  context.ledger.move(charge.id, 'authorized');
  if (charge.capture) {
    take(state, charge, charge.amount);
    return;
  }
  // The deadline of a code or a wallet page says nothing about the life of the authorization that came out of it.
  const lapsesAt =
    charge.source === null ? charge.expiresAt : Math.max(charge.expiresAt, context.now() + lifetime);
  scheduleLapse(state, charge, lapsesAt);
};

/** The bank's word on a charge: the failure of its card, or an authorization. */
export const decide = (state: OmiseState, charge: OmiseCharge): void => {
  const failureCode = charge.card?.failureCode ?? null;
  if (failureCode === null) authorize(state, charge);
  else fail(state, charge, failureCode);
};

/** Plans what happens to a charge when nobody does anything. */
export const scheduleLapse = (state: OmiseState, charge: OmiseCharge, time: number): void => {
  charge.cancelLapse();
  charge.cancelLapse = state.context.agenda.at(time, (dueAt) => {
    if (isAuthorized(charge)) lapseAuthorization(state, charge, dueAt);
    else if (awaitsPayer(charge)) lapseUnpaid(state, charge, dueAt);
  });
};

const lapseAuthorization = (state: OmiseState, charge: OmiseCharge, dueAt: number): void => {
  charge.lapsed = true;
  state.context.ledger.move(charge.id, 'expired');
  if (state.switches.lapsedAuthorization === 'reversed') {
    charge.status = 'reversed';
    charge.reversedAt = dueAt;
    changed(state, charge, 'charge.reverse');
  } else {
    charge.status = 'expired';
    charge.expiredAt = dueAt;
    changed(state, charge, 'charge.expire');
  }
};

const lapseUnpaid = (state: OmiseState, charge: OmiseCharge, dueAt: number): void => {
  charge.expiredAt = dueAt;
  if (charge.source === null && state.switches.abandonedChallenge === 'failed') {
    fail(state, charge, 'timeout');
    changed(state, charge, 'charge.complete');
    return;
  }
  expireUnpaid(state, charge, dueAt);
};

/** Ends a charge that nobody has paid. */
export const expireUnpaid = (state: OmiseState, charge: OmiseCharge, time: number): void => {
  charge.cancelLapse();
  charge.status = 'expired';
  charge.expiredAt = time;
  state.context.ledger.move(charge.id, 'expired');
  changed(state, charge, 'charge.expire');
};
