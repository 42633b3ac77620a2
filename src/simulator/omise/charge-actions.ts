import {
  awaitsPayer,
  changed,
  expireUnpaid,
  isAuthorized,
  type OmiseCharge,
  refundedAmount,
  take,
  type OmiseRefund,
} from './charge.js';
import { canVoid, isRefundable } from './charge-view.js';
import { OmiseRefusal } from './errors.js';
import { metadataForLedger } from './metadata.js';
import { has, type Parameters, readFlag, readInteger, readMap, readText } from './parameters.js';
import { canExpire } from './source-types.js';
import type { OmiseState } from './state.js';

const withoutNulls = (metadata: Parameters): Record<string, unknown> =>
  Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null));

/** `PATCH /charges/{id}`: description and metadata, nothing else. */
export const updateCharge = (state: OmiseState, charge: OmiseCharge, parameters: Parameters): void => {
  const metadata = readMap(parameters, 'metadata');
  if (parameters['description'] !== undefined) charge.description = readText(parameters, 'description');
  if (metadata !== null) {
    charge.metadata = withoutNulls(
      state.switches.metadataReplaces ? metadata : { ...charge.metadata, ...metadata },
    );
    state.context.ledger.setMetadata(charge.id, metadataForLedger(charge.metadata));
  }
  changed(state, charge, 'charge.update');
};

const capturedAmountOf = (state: OmiseState, charge: OmiseCharge, parameters: Parameters): number => {
  const amount = readInteger(parameters, 'capture_amount');
  if (amount === null) return charge.amount;
  if (charge.authorizationType !== 'pre_auth') {
    if (state.switches.captureAmountWithoutPreAuth === 'ignored') return charge.amount;
    throw new OmiseRefusal('failed_capture', 'partial capture needs a pre_auth charge');
  }
  if (!(amount > 0 && amount <= charge.amount)) {
    throw new OmiseRefusal(
      'invalid_amount',
      'capture_amount must be positive and at most the authorized amount',
    );
  }
  return amount;
};

/** `POST /charges/{id}/capture`. What a partial capture leaves is released. */
export const captureCharge = (state: OmiseState, charge: OmiseCharge, parameters: Parameters): void => {
  if (charge.lapsed || charge.status === 'expired') throw new OmiseRefusal('expired_charge');
  if (charge.paidAt !== null) throw new OmiseRefusal('failed_capture', 'charge was already captured');
  if (!isAuthorized(charge)) throw new OmiseRefusal('failed_capture', 'charge is not authorized');
  take(state, charge, capturedAmountOf(state, charge, parameters));
  changed(state, charge, 'charge.capture');
};

/** `POST /charges/{id}/reverse`. */
export const reverseCharge = (state: OmiseState, charge: OmiseCharge): void => {
  if (!isAuthorized(charge)) throw new OmiseRefusal('failed_reverse', 'charge is not reversible');
  charge.cancelLapse();
  charge.status = 'reversed';
  charge.reversedAt = state.context.now();
  state.context.ledger.move(charge.id, 'voided');
  changed(state, charge, 'charge.reverse');
};

/** `POST /charges/{id}/expire`. */
export const expireCharge = (state: OmiseState, charge: OmiseCharge): void => {
  const supports =
    charge.source !== null && (state.switches.everySourceExpires || canExpire(charge.source.type));
  if (!supports || !awaitsPayer(charge)) throw new OmiseRefusal('failed_expire', 'charge cannot be expired');
  expireUnpaid(state, charge, state.context.now());
};

/** `POST /charges/{id}/disputes` of the test mode. */
export const disputeCharge = (state: OmiseState, charge: OmiseCharge): void => {
  if (charge.paidAt === null || charge.dispute !== null || charge.voided) {
    throw new OmiseRefusal('invalid_dispute', 'charge is not disputable');
  }
  charge.dispute = {
    id: state.context.ids.nextLowerCase('dspt_test_', 19),
    createdAt: state.context.now(),
  };
  changed(state, charge, 'dispute.create');
};

/** `POST /charges/{id}/refunds`. A full refund before settlement is a void. */
export const refundCharge = (state: OmiseState, charge: OmiseCharge, parameters: Parameters): OmiseRefund => {
  const { context } = state;
  const now = context.now();
  const amount = readInteger(parameters, 'amount');
  const metadata = readMap(parameters, 'metadata') ?? {};
  if (amount === null) throw new OmiseRefusal('bad_request', 'amount is missing');
  if (!isRefundable(charge, now)) throw new OmiseRefusal('failed_refund', 'charge cannot be refunded');
  const captured = charge.capturedAmount ?? 0;
  if (!(amount > 0)) throw new OmiseRefusal('invalid_amount', 'amount must be a positive whole number');
  if (amount > captured - refundedAmount(charge)) {
    throw new OmiseRefusal('failed_refund', 'amount is higher than what can be refunded');
  }
  const isVoid = amount === captured && canVoid(state, charge);
  if (has(parameters, 'void') && readFlag(parameters, 'void', false) && !isVoid) {
    throw new OmiseRefusal('failed_void', 'only a full refund before settlement is a void');
  }
  const refund: OmiseRefund = {
    id: context.ids.nextLowerCase('rfnd_test_', 19),
    chargeId: charge.id,
    amount,
    metadata,
    transaction: context.ids.nextLowerCase('trxn_test_', 19),
    voided: isVoid,
    createdAt: now,
  };
  charge.refunds.push(refund);
  charge.voided = isVoid;
  context.ledger.refund(charge.id, {
    id: refund.id,
    amount,
    status: 'succeeded',
    metadata: metadataForLedger(metadata),
  });
  changed(state, charge, 'refund.create');
  return refund;
};

/** A refund of a charge by its id. */
export const findRefund = (charge: OmiseCharge, id: string): OmiseRefund => {
  const refund = charge.refunds.find((each) => each.id === id);
  if (refund === undefined) throw new OmiseRefusal('not_found', `refund ${id} was not found`);
  return refund;
};
