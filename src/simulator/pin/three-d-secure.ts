import { authorise, decide, fail, type PinCharge, take } from './charge.js';
import { readableAmount } from './currencies.js';
import { PinRefusal } from './errors.js';
import type { PinState } from './state.js';

/** Adds the session token to the merchant's address, leaving what stands there as it is. */
const returnAddress = (callbackUrl: string, sessionToken: string): string => {
  const [address = '', fragment] = callbackUrl.split('#', 2);
  const separator = address.includes('?') ? '&' : '?';
  return `${address}${separator}session_token=${sessionToken}${fragment === undefined ? '' : `#${fragment}`}`;
};

/** Opens the page on which the payer proves who he is. What he does there counts only once the merchant verifies it. */
export const openChallenge = (state: PinState, charge: PinCharge, callbackUrl: string): string => {
  const { context, switches } = state;
  if (switches.challengeLifetimeMs !== null) {
    charge.cancelLapse = context.agenda.at(context.now() + switches.challengeLifetimeMs, () => {
      if (charge.status === 'pending') fail(state, charge, 'The payer did not finish 3D Secure in time.');
    });
  }
  return context.payer.open({
    origin: context.origin(),
    merchant: 'Pin Payments test merchant',
    amount: readableAmount(charge.amount, charge.currency),
    cardEnding: charge.card.lastDigits,
    decide: (decision) => {
      const sessionToken = context.ids.next('se_', 22);
      state.sessions.set(sessionToken, { charge, approved: decision === 'approve', used: false });
      return returnAddress(callbackUrl, sessionToken);
    },
  });
};

/** Goes on with a charge whose payer has proved who he is. */
const complete = (state: PinState, charge: PinCharge): void => {
  const { context, switches } = state;
  if (switches.captureAfterVerifyMs === 0 || charge.card.decline !== null) {
    decide(state, charge, charge.card.decline);
    return;
  }
  authorise(state, charge);
  if (!charge.capture) return;
  context.agenda.at(context.now() + switches.captureAfterVerifyMs, (dueAt) => {
    if (charge.status === 'authorised') take(state, charge, dueAt);
  });
};

/** `GET /charges/verify`: finishes the payment, once, with the token that the payer came back with. */
export const verifyCharge = (state: PinState, sessionToken: string): PinCharge => {
  const { switches } = state;
  const session = state.sessions.get(sessionToken);
  if (session === undefined) throw new PinRefusal('not_found');
  const { charge, approved } = session;
  if (session.used) {
    if (switches.repeatedVerifyAs === 'not_found') throw new PinRefusal('not_found');
    return charge;
  }
  session.used = true;
  // It is no longer open when the payer's time was up; then it has failed.
  const isOpen = charge.status === 'pending';
  if (isOpen && approved) complete(state, charge);
  else if (isOpen) fail(state, charge, '3D Secure authentication failed.');
  const decline = isOpen && approved ? charge.card.decline : 'card_declined';
  if (decline !== null && switches.failedVerifyAs === 'error') {
    throw new PinRefusal(decline, { chargeToken: charge.token });
  }
  return charge;
};
