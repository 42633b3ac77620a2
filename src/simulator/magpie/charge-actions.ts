import type { SimulatorRequest } from '../face.js';
import {
  awaitsPassword,
  conflict,
  decide,
  fail,
  type MagpieCharge,
  magpieOtp,
  type MagpieRefund,
  refundedAmount,
  take,
} from './charge.js';
import { MagpieRefusal } from './errors.js';
import { readBody } from './fields.js';
import type { MagpieState } from './state.js';

/** `POST /v2/charges/{id}/capture`. What a partial capture leaves is released. */
export const captureCharge = (state: MagpieState, charge: MagpieCharge, request: SimulatorRequest): void => {
  const amount = readBody(request, (fields) => fields.amount('amount', true)) ?? 0;
  if (charge.state === 'captured') throw conflict(state, 'Charge has already been captured');
  if (charge.state !== 'authorized') throw conflict(state, 'Charge is not authorized');
  if (amount > charge.amount) {
    throw new MagpieRefusal(400, 'Amount is higher than the authorized amount');
  }
  take(state, charge, amount);
};

/** `POST /v2/charges/{id}/void`: an authorization, or a capture that is not settled yet. A body is left unread. */
export const voidCharge = (state: MagpieState, charge: MagpieCharge): void => {
  const { context, switches } = state;
  const now = context.now();
  if (charge.state === 'captured') {
    if (now - (charge.capturedAt ?? 0) >= switches.settlementMs) {
      throw conflict(state, 'Charge has already been settled');
    }
    if (refundedAmount(charge) > 0) throw conflict(state, 'Charge has already been refunded');
    context.ledger.undoCapture(charge.id, 'voided');
  } else if (charge.state === 'authorized') {
    context.ledger.move(charge.id, 'voided');
  } else {
    throw conflict(state, 'Charge cannot be voided');
  }
  charge.cancelLapse();
  charge.state = 'voided';
  charge.updatedAt = now;
};

const settleLater = (state: MagpieState, charge: MagpieCharge, refund: MagpieRefund): void => {
  state.context.agenda.at(state.context.now() + state.switches.refundMs, (dueAt) => {
    refund.status = state.switches.pendingRefundsEnd;
    refund.updatedAt = dueAt;
    charge.updatedAt = dueAt;
    state.context.ledger.changeRefund(charge.id, refund.id, { status: refund.status });
  });
};

/** `POST /v2/charges/{id}/refund`: everything that is left unless an amount is given. */
export const refundCharge = (state: MagpieState, charge: MagpieCharge, request: SimulatorRequest): void => {
  const { context, switches } = state;
  const asked = readBody(request, (fields) => ({
    amount: fields.amount('amount', false),
    reason: fields.text('reason'),
  }));
  if (charge.state !== 'captured') throw conflict(state, 'Charge cannot be refunded');
  const left = charge.amountCaptured - refundedAmount(charge);
  if (left === 0) throw conflict(state, 'Charge has already been refunded');
  const amount = asked.amount ?? left;
  if (amount > left) throw new MagpieRefusal(400, 'Amount is higher than the refundable amount');
  const now = context.now();
  const refund: MagpieRefund = {
    id: context.ids.nextLowerCase('re_', 20),
    amount,
    // The schema requires a text here and the request none: the provider must have a word of its own.
    reason: asked.reason ?? 'requested_by_customer',
    createdAt: now,
    status: switches.refundStatus,
    updatedAt: now,
  };
  context.ledger.refund(charge.id, { id: refund.id, amount, status: refund.status });
  charge.refunds.push(refund);
  charge.updatedAt = now;
  if (refund.status === 'pending') settleLater(state, charge, refund);
};

/** `POST /v2/charges/{id}/verify`: the one-time password of a bank account. */
export const verifyCharge = (state: MagpieState, charge: MagpieCharge, request: SimulatorRequest): void => {
  const given = readBody(request, (fields) => ({
    confirmationId: fields.text('confirmation_id', { required: true, min: 5, max: 255, safe: true }),
    code: fields.text('otp', { required: true, min: 1, max: 10 }),
  }));
  if (!awaitsPassword(charge)) throw conflict(state, 'Charge does not need to be verified');
  if (given.confirmationId !== magpieOtp.confirmationId) {
    throw new MagpieRefusal(400, 'Invalid confirmation id');
  }
  if (given.code === magpieOtp.code) decide(state, charge);
  else if (state.switches.wrongOtp === 'fails_charge') fail(state, charge, 'authentication_required');
  else throw new MagpieRefusal(400, 'Invalid OTP');
};
