import type { PinCard, PinDecline } from './cards.js';
import { descriptionOf, PinRefusal } from './errors.js';
import { type Parameters, readInteger } from './parameters.js';
import type { PinState } from './state.js';
import { day } from './switches.js';

/** Money on its way back. */
export interface PinRefund {
  readonly token: string;
  readonly charge: string;
  readonly amount: number;
  readonly currency: string;
  readonly createdAt: number;
  status: 'pending' | 'succeeded' | 'failed';
}

/** A charge as this face keeps it. What follows from other fields is worked out when it is shown. */
export interface PinCharge {
  readonly token: string;
  readonly createdAt: number;
  readonly amount: number;
  readonly currency: string;
  readonly capture: boolean;
  readonly description: string;
  readonly email: string;
  readonly ipAddress: string | null;
  readonly card: PinCard;
  readonly metadata: Readonly<Record<string, string>>;
  readonly platformAdjustment: Readonly<{ amount: number; currency: string }>;
  /** `pending` waits for the payer; `expired` is an authorisation that nobody captured in time. */
  status: 'pending' | 'authorised' | 'captured' | 'voided' | 'expired' | 'failed';
  failure: string | null;
  capturedAt: number | null;
  refunds: readonly PinRefund[];
  cancelLapse: () => void;
}

/** How long an uncaptured authorisation lives. */
const authorisationLifetime = 7 * day;

/** Notes what search will find of a charge. */
export const changed = (state: PinState, charge: PinCharge): void => {
  state.index.write(charge.token, {
    ...charge,
    refunds: charge.refunds.map((refund) => ({ ...refund })),
  });
};

/** A charge by its token. */
export const findCharge = (state: PinState, token: string): PinCharge => {
  const charge = state.charges.get(token);
  if (charge === undefined || (charge.status === 'pending' && !state.switches.readsPendingCharges)) {
    throw new PinRefusal('not_found');
  }
  return charge;
};

/** Takes the money of an authorised charge, all of it: Pin has no partial capture. */
export const take = (state: PinState, charge: PinCharge, time: number): void => {
  charge.cancelLapse();
  state.context.ledger.capture(charge.token, charge.amount);
  charge.status = 'captured';
  charge.capturedAt = time;
  changed(state, charge);
};

/** Reserves the money. It lapses by itself, unless it is captured or voided. */
export const authorise = (state: PinState, charge: PinCharge): void => {
  const { context } = state;
  charge.cancelLapse();
  context.ledger.move(charge.token, 'authorized');
  charge.status = 'authorised';
  charge.cancelLapse = context.agenda.at(context.now() + authorisationLifetime, () => {
    if (charge.status !== 'authorised') return;
    context.ledger.move(charge.token, 'expired');
    charge.status = 'expired';
    changed(state, charge);
  });
  changed(state, charge);
};

/** Ends a charge with a failure. */
export const fail = (state: PinState, charge: PinCharge, reason: string): void => {
  charge.cancelLapse();
  state.context.ledger.move(charge.token, 'failed');
  charge.status = 'failed';
  charge.failure = reason;
  changed(state, charge);
};

/** The bank's word on a charge: authorises it and takes the money of a sale, or fails it. */
export const decide = (state: PinState, charge: PinCharge, decline: PinDecline | null): void => {
  const isLostAnswer = decline === 'gateway_error' && state.switches.gatewayErrorCharge === 'successful';
  if (decline !== null && !isLostAnswer) {
    fail(state, charge, descriptionOf(decline));
    return;
  }
  authorise(state, charge);
  if (charge.capture) take(state, charge, state.context.now());
};

/** `PUT /charges/{token}/capture`. */
export const captureCharge = (state: PinState, charge: PinCharge, parameters: Parameters): void => {
  const chargeToken = charge.token;
  if (charge.status === 'captured') throw new PinRefusal('already_captured', { chargeToken });
  if (charge.status === 'expired') throw new PinRefusal('authorisation_expired', { chargeToken });
  if (charge.status !== 'authorised') throw new PinRefusal('invalid_state', { chargeToken });
  const isGiven = parameters['amount'] !== undefined && parameters['amount'] !== null;
  if (isGiven && readInteger(parameters, 'amount') !== charge.amount) {
    throw new PinRefusal('invalid_capture_amount', { chargeToken });
  }
  take(state, charge, state.context.now());
};

/** `PUT /charges/{token}/void`. */
export const voidCharge = (state: PinState, charge: PinCharge): void => {
  const chargeToken = charge.token;
  if (charge.status === 'captured') throw new PinRefusal('already_captured', { chargeToken });
  if (charge.status === 'expired') throw new PinRefusal('authorisation_expired', { chargeToken });
  if (charge.status !== 'authorised') throw new PinRefusal('invalid_state', { chargeToken });
  charge.cancelLapse();
  state.context.ledger.move(charge.token, 'voided');
  charge.status = 'voided';
  changed(state, charge);
};
