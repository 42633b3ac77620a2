import { MagpieRefusal } from './errors.js';
import type { JsonMap } from './fields.js';
import { isBank, type MagpieSource } from './sources.js';
import type { MagpieState } from './state.js';

/** Money that went back, in full or in part. */
export interface MagpieRefund {
  readonly id: string;
  readonly amount: number;
  readonly reason: string | null;
  readonly createdAt: number;
  status: 'pending' | 'succeeded' | 'failed';
  updatedAt: number;
}

/** A charge as this face keeps it; the words that the wire uses for its state are a matter of the switches. */
export interface MagpieCharge {
  readonly id: string;
  /** Its place in order of creation. */
  readonly position: number;
  readonly createdAt: number;
  readonly amount: number;
  readonly currency: string;
  readonly description: string;
  readonly statementDescriptor: string;
  readonly source: MagpieSource;
  readonly capture: boolean;
  readonly requireAuth: boolean;
  readonly redirectUrl: string | null;
  readonly metadata: JsonMap;
  readonly refunds: MagpieRefund[];
  state: 'pending' | 'authorized' | 'captured' | 'voided' | 'lapsed' | 'failed';
  updatedAt: number;
  amountCaptured: number;
  capturedAt: number | null;
  actionUrl: string | null;
  failureCode: string | null;
  cancelLapse: () => void;
}

/** What a payer with a bank account enters. The id is announced only where the switch `passwordAction` says so. */
export const magpieOtp = { confirmationId: 'confirmation-simulator', code: '123456' } as const;

/** A charge by its id. */
export const findCharge = (state: MagpieState, id: string): MagpieCharge => {
  const charge = state.charges.get(id);
  if (charge === undefined) throw new MagpieRefusal(404, 'Charge not found');
  return charge;
};

/** The refusal of what the state of a charge or source does not allow. */
export const conflict = (state: MagpieState, message: string): MagpieRefusal =>
  new MagpieRefusal(state.switches.conflictStatus, message);

/** What has gone back or is on its way. */
export const refundedAmount = (charge: MagpieCharge): number =>
  charge.refunds.reduce((sum, refund) => (refund.status === 'failed' ? sum : sum + refund.amount), 0);

/** Whether a charge waits for a one-time password: a bank account without a page of its own. */
export const awaitsPassword = (charge: MagpieCharge): boolean =>
  charge.state === 'pending' && isBank(charge.source) && charge.redirectUrl === null;

const scheduleLapse = (state: MagpieState, charge: MagpieCharge, time: number): void => {
  charge.cancelLapse();
  charge.cancelLapse = state.context.agenda.at(time, (dueAt) => {
    if (charge.state !== 'pending' && charge.state !== 'authorized') return;
    charge.state = 'lapsed';
    charge.updatedAt = dueAt;
    state.context.ledger.move(charge.id, state.switches.lapsedStatus);
  });
};

/** Starts the time in which the payer has to act. */
export const awaitPayer = (state: MagpieState, charge: MagpieCharge): void => {
  scheduleLapse(state, charge, state.context.now() + state.switches.payerMs);
};

/** Ends a charge with a failure. */
export const fail = (state: MagpieState, charge: MagpieCharge, code: string): void => {
  charge.cancelLapse();
  charge.state = 'failed';
  charge.failureCode = code;
  charge.updatedAt = state.context.now();
  state.context.ledger.move(charge.id, 'failed');
};

/** Takes the money of an authorized charge. */
export const take = (state: MagpieState, charge: MagpieCharge, amount: number): void => {
  const now = state.context.now();
  charge.cancelLapse();
  state.context.ledger.capture(charge.id, amount);
  charge.state = 'captured';
  charge.amountCaptured = amount;
  charge.capturedAt = now;
  charge.updatedAt = now;
};

/** The bank's word on a charge: the failure of its card, or an authorization that is captured if it was asked for. */
export const decide = (state: MagpieState, charge: MagpieCharge): void => {
  const failureCode = charge.source.card?.failureCode ?? null;
  if (failureCode !== null) {
    fail(state, charge, failureCode);
    return;
  }
  const now = state.context.now();
  charge.state = 'authorized';
  charge.updatedAt = now;
  state.context.ledger.move(charge.id, 'authorized');
  if (charge.capture) take(state, charge, charge.amount);
  else scheduleLapse(state, charge, now + state.switches.authorizationMs);
};
