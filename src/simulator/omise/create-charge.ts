import { authorize, changed, decide, fail, lifetime, type OmiseCharge, scheduleLapse } from './charge.js';
import { OmiseRefusal } from './errors.js';
import { metadataForLedger } from './metadata.js';
import { fundingAmount, isCurrency, readableAmount } from './money.js';
import { has, type Parameters, readFlag, readInteger, readMap, readText, readTime } from './parameters.js';
import { readOptions } from './options.js';
import { isAgreed } from './source-types.js';
import { addSource, findSource, type OmiseSource, paymentCodeFor } from './sources.js';
import type { OmiseState, OmiseToken } from './state.js';
import { findCustomer, useToken } from './vault.js';
import type { OmiseCard } from './cards.js';

interface Instrument {
  card: OmiseCard | null;
  token: OmiseToken | null;
  source: OmiseSource | null;
  customer: string | null;
}

const readMoney = (state: OmiseState, parameters: Parameters): { amount: number; currency: string } => {
  const amount = readInteger(parameters, 'amount');
  const currency = readText(parameters, 'currency')?.toUpperCase() ?? null;
  if (amount === null) throw new OmiseRefusal('bad_request', 'amount is missing');
  if (currency === null) throw new OmiseRefusal('bad_request', 'currency is missing');
  if (!isCurrency(currency)) throw new OmiseRefusal('bad_request', 'currency is currently not supported');
  const { minimumAmount, maximumAmount } = state.switches;
  const funding = fundingAmount(amount, currency);
  if (Number.isNaN(amount) || amount <= 0 || funding < minimumAmount) {
    throw new OmiseRefusal(
      'invalid_amount',
      `amount must be at least ${readableAmount(minimumAmount, 'THB')}`,
    );
  }
  if (funding > maximumAmount) {
    throw new OmiseRefusal(
      'invalid_amount',
      `amount must be at most ${readableAmount(maximumAmount, 'THB')}`,
    );
  }
  return { amount, currency };
};

const cardOfCustomer = (state: OmiseState, customerId: string, cardId: string | null): Instrument => {
  const customer = findCustomer(state, customerId);
  const id = cardId ?? customer.defaultCard;
  if (id === null) throw new OmiseRefusal('missing_card', `customer ${customerId} has no card`);
  const card = customer.cards.find((each) => each.id === id);
  if (card === undefined) throw new OmiseRefusal('not_found', `card ${id} was not found`);
  return { card, token: null, source: null, customer: customerId };
};

const sourceOf = (
  state: OmiseState,
  parameters: Parameters,
  money: { amount: number; currency: string },
): Instrument => {
  const given = parameters['source'];
  const source =
    typeof given === 'string'
      ? findSource(state, given)
      : addSource(state, readMap(parameters, 'source') ?? {}, money.amount, money.currency);
  if (source.amount !== money.amount || source.currency !== money.currency) {
    throw new OmiseRefusal('invalid_charge', 'amount and currency must be those of the source');
  }
  return { card: null, token: null, source, customer: null };
};

const instrumentOf = (
  state: OmiseState,
  parameters: Parameters,
  money: { amount: number; currency: string },
): Instrument => {
  if (has(parameters, 'source')) {
    if (has(parameters, 'card') || has(parameters, 'customer')) {
      throw new OmiseRefusal('bad_request', 'source cannot be combined with card or customer');
    }
    return sourceOf(state, parameters, money);
  }
  const card = readText(parameters, 'card');
  const customer = readText(parameters, 'customer');
  if (card?.startsWith('tokn_')) {
    if (customer !== null) throw new OmiseRefusal('bad_request', 'customer must be absent with a token');
    const token = useToken(state, card);
    return { card: token.card, token, source: null, customer: null };
  }
  if (customer !== null) return cardOfCustomer(state, customer, card);
  if (card === null) throw new OmiseRefusal('bad_request', 'one of card, customer or source is required');
  if (card.startsWith('card_')) throw new OmiseRefusal('bad_request', 'customer is required with a card');
  throw new OmiseRefusal('not_found', `token ${card} was not found`);
};

const readPlatformFee = (parameters: Parameters): OmiseCharge['platformFee'] => {
  const fee = readMap(parameters, 'platform_fee') ?? {};
  const percentage = readText(fee, 'percentage');
  return {
    fixed: readInteger(fee, 'fixed'),
    percentage: percentage === null ? null : Number(percentage),
  };
};

const needsChallenge = (state: OmiseState, charge: OmiseCharge): boolean =>
  charge.card !== null &&
  charge.card.failureCode !== 'invalid_security_code' &&
  (charge.card.challenge ||
    charge.options.authentication !== null ||
    (state.switches.challengeEveryCard && charge.returnUri !== null));

/** Sends the payer to a page and waits for what happens there. */
const askPayer = (state: OmiseState, charge: OmiseCharge): void => {
  const { context } = state;
  context.ledger.move(charge.id, 'requires_action');
  charge.authorizeUri = context.payer.open({
    origin: context.origin(),
    merchant: 'Omise test shop',
    amount: readableAmount(charge.amount, charge.currency),
    cardEnding: charge.card?.lastDigits ?? null,
    decide: (decision) => {
      // The charge may have expired, or been marked as paid, while the page was open.
      if (charge.status === 'pending' && charge.authorizedAt === null) {
        if (decision === 'decline')
          fail(state, charge, charge.card === null ? 'payment_cancelled' : 'payment_rejected');
        else if (charge.card?.challengeFails) fail(state, charge, 'payment_rejected');
        else {
          if (charge.card !== null) charge.authenticatedBy = charge.options.authentication ?? '3DS';
          decide(state, charge);
        }
        changed(state, charge, 'charge.complete');
      }
      return charge.returnUri;
    },
  });
};

const begin = (state: OmiseState, charge: OmiseCharge): void => {
  const { source } = charge;
  if (source !== null) {
    if (isAgreed(source.type)) {
      decide(state, charge);
      return;
    }
    source.code = paymentCodeFor(state, source, charge.id, charge.expiresAt);
    if (source.flow !== 'offline') askPayer(state, charge);
    else if (source.code.asksPayer) state.context.ledger.move(charge.id, 'requires_action');
    scheduleLapse(state, charge, charge.expiresAt);
    return;
  }
  if (!needsChallenge(state, charge)) {
    decide(state, charge);
    return;
  }
  askPayer(state, charge);
  scheduleLapse(state, charge, charge.expiresAt);
};

/** `POST /charges`. A declined charge is created too: it is answered with HTTP 200 and `status: "failed"`. */
export const createCharge = (state: OmiseState, parameters: Parameters): OmiseCharge => {
  const { context } = state;
  const money = readMoney(state, parameters);
  const authorizationType = readText(parameters, 'authorization_type') ?? 'final_auth';
  if (authorizationType !== 'final_auth' && authorizationType !== 'pre_auth') {
    throw new OmiseRefusal('bad_request', 'authorization_type must be pre_auth or final_auth');
  }
  const options = readOptions(state, parameters);
  const capture = readFlag(parameters, 'capture', true);
  const returnUri = readText(parameters, 'return_uri');
  const metadata = readMap(parameters, 'metadata') ?? {};
  const platformFee = readPlatformFee(parameters);
  const description = readText(parameters, 'description');
  const ip = readText(parameters, 'ip');
  const expiresAt = readTime(parameters, 'expires_at');
  const zeroInterest = readFlag(parameters, 'zero_interest_installments', false);
  // Last, because a token is used up from here on.
  const instrument = instrumentOf(state, parameters, money);
  const createdAt = context.now();
  const charge: OmiseCharge = {
    ...money,
    ...instrument,
    id: context.ids.nextLowerCase('chrg_test_', 19),
    createdAt,
    capture,
    authorizationType,
    ip,
    returnUri,
    // Only sources have a deadline that the merchant can choose.
    expiresAt: (instrument.source === null ? null : expiresAt) ?? createdAt + lifetime,
    zeroInterestInstallments: zeroInterest || instrument.source?.zeroInterestInstallments === true,
    platformFee,
    options,
    status: 'pending',
    description,
    metadata,
    authorizeUri: null,
    authenticatedBy: null,
    authorizedAt: null,
    paidAt: null,
    capturedAmount: null,
    reversedAt: null,
    expiredAt: null,
    lapsed: false,
    failureCode: null,
    voided: false,
    transaction: null,
    dispute: null,
    refunds: [],
    events: [],
    cancelLapse: () => undefined,
  };
  const { source } = instrument;
  const waitsOnPage = source !== null && source.flow !== 'offline' && !isAgreed(source.type);
  if ((waitsOnPage || needsChallenge(state, charge)) && returnUri === null) {
    throw new OmiseRefusal('bad_request', 'return_uri is missing');
  }
  if (instrument.token !== null) instrument.token.used = true;
  context.ledger.open({
    id: charge.id,
    amount: charge.amount,
    currency: charge.currency,
    state: 'pending',
    metadata: metadataForLedger(metadata),
  });
  state.charges.set(charge.id, charge);
  begin(state, charge);
  changed(state, charge, 'charge.create');
  return charge;
};

/** `POST /charges/{id}/mark_as_paid` of the test mode. */
export const settleUnpaid = (state: OmiseState, charge: OmiseCharge, outcome: 'paid' | 'failed'): void => {
  if (charge.source === null)
    throw new OmiseRefusal('feature_not_supported', 'card charges cannot be marked');
  if (charge.status !== 'pending' || charge.authorizedAt !== null) {
    throw new OmiseRefusal('bad_request', `charge is ${charge.status} and cannot be marked as ${outcome}`);
  }
  if (outcome === 'paid') authorize(state, charge);
  else fail(state, charge, 'payment_rejected');
  changed(state, charge, 'charge.complete');
};
