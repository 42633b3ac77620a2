import type { SimulatorRequest } from '../face.js';
import type { PayerDecision } from '../payer.js';
import { failureTexts } from './cards.js';
import { awaitPayer, awaitsPassword, conflict, decide, fail, type MagpieCharge } from './charge.js';
import { MagpieRefusal } from './errors.js';
import { type JsonMap, readBody } from './fields.js';
import { findSource, isBank, type MagpieSource } from './sources.js';
import type { MagpieState } from './state.js';

/** Metadata as the ledger keeps it: this API takes any JSON, the ledger text. */
const metadataForLedger = (metadata: JsonMap): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

const readCreateParams = (state: MagpieState, request: SimulatorRequest) =>
  readBody(request, (fields) => {
    const read = {
      amount: fields.amount('amount', true) ?? 0,
      currency: fields.text('currency', { required: true, min: 2, max: 4, safe: true }) ?? '',
      source: fields.text('source', { required: true, min: 1, max: 255, safe: true }) ?? '',
      description: fields.text('description', { required: true, min: 1, max: 255 }) ?? '',
      statementDescriptor:
        fields.text('statement_descriptor', {
          required: true,
          min: 3,
          max: state.switches.statementDescriptorMaximum,
          safe: true,
        }) ?? '',
      capture: fields.flag('capture', true) ?? true,
      requireAuth: fields.flag('require_auth', false) ?? true,
      redirectUrl: fields.uri('redirect_url'),
      metadata: fields.map('metadata') ?? {},
    };
    // Validated only; the simulator does not check the CVC.
    fields.text('cvc', { min: 3, max: 4 });
    return read;
  });

const isChallenged = (state: MagpieState, source: MagpieSource, requireAuth: boolean): boolean =>
  source.card !== null &&
  requireAuth &&
  !source.vaulted &&
  (source.card.challenge || state.switches.challengeEveryCard);

const returnUrlOf = (charge: MagpieCharge): string | null => {
  if (isBank(charge.source)) return charge.redirectUrl;
  const { redirect } = charge.source;
  const paid = charge.state === 'authorized' || charge.state === 'captured';
  return (paid ? redirect?.success : redirect?.fail) ?? null;
};

const openPage = (state: MagpieState, charge: MagpieCharge): string =>
  state.context.payer.open({
    origin: state.context.origin(),
    merchant: 'Simulated merchant',
    amount: `${charge.currency.toUpperCase()} ${(charge.amount / 100).toFixed(2)}`,
    cardEnding: charge.source.card?.last4 ?? null,
    decide: (decision: PayerDecision) => {
      if (charge.state === 'pending') {
        if (decision === 'approve') decide(state, charge);
        else fail(state, charge, charge.source.card === null ? 'generic_decline' : 'authentication_required');
        if (state.switches.actionAfterPayer === 'null') charge.actionUrl = null;
      }
      return returnUrlOf(charge);
    },
  });

/** `POST /v2/charges/`. There are no idempotency keys: the same request again is another charge. */
export const createCharge = (state: MagpieState, request: SimulatorRequest): MagpieCharge => {
  const { context, switches } = state;
  const read = readCreateParams(state, request);
  if (!switches.currencies.includes(read.currency.toUpperCase())) {
    throw new MagpieRefusal(400, 'Currency is not supported');
  }
  const source = findSource(state, read.source);
  if (source.used && !source.vaulted) throw conflict(state, 'Source has already been used');

  const now = context.now();
  source.used = true;
  source.updatedAt = now;
  const declineCode = source.card?.failureCode ?? null;
  const challenged = isChallenged(state, source, read.requireAuth);
  if (declineCode !== null && !challenged && switches.declineAs === 'detail') {
    throw new MagpieRefusal(400, failureTexts[declineCode]?.[0] ?? 'The payment was declined.');
  }

  const charge: MagpieCharge = {
    ...read,
    id: context.ids.nextLowerCase('ch_', 20),
    position: state.ordered.length,
    createdAt: now,
    source,
    refunds: [],
    state: 'pending',
    updatedAt: now,
    amountCaptured: 0,
    capturedAt: null,
    actionUrl: null,
    failureCode: null,
    cancelLapse: () => undefined,
  };
  const needsPassword = awaitsPassword(charge);
  const needsPage = challenged || (source.card === null && !needsPassword);
  context.ledger.open({
    id: charge.id,
    amount: charge.amount,
    currency: charge.currency.toUpperCase(),
    state: needsPage ? 'requires_action' : 'pending',
    metadata: metadataForLedger(charge.metadata),
  });
  state.charges.set(charge.id, charge);
  state.ordered.push(charge);

  if (needsPage) charge.actionUrl = openPage(state, charge);
  if (needsPage || needsPassword) awaitPayer(state, charge);
  else decide(state, charge);
  if (charge.failureCode !== null && switches.declineAs === 'error_object') {
    throw new MagpieRefusal(402, failureTexts[charge.failureCode]?.[0] ?? 'The payment was declined.', {
      code: charge.failureCode,
      chargeId: charge.id,
    });
  }
  return charge;
};
