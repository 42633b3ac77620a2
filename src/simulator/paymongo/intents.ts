import type { PayerDecision } from '../payer.js';
import {
  amountIn,
  currencyIn,
  mapIn,
  metadataIn,
  requiredAmount,
  requiredText,
  textIn,
  wordIn,
  type Attributes,
} from './attributes.js';
import { failureText } from './cards.js';
import { notFound, PaymongoRefusal, wrong, wrongState } from './errors.js';
import { findMethod, methodTypes } from './methods.js';
import { addPayment } from './payments.js';
import type { PaymongoIntent, PaymongoMethod, PaymongoState } from './state.js';

const allowedIn = (attributes: Attributes): readonly string[] => {
  const value = attributes['payment_method_allowed'];
  if (!Array.isArray(value) || value.length === 0)
    throw wrong('parameter_required', 'payment_method_allowed', 'is required.');
  const allowed = value.flatMap((each) => methodTypes.filter((type) => type === each));
  if (allowed.length < value.length)
    throw wrong('parameter_invalid', 'payment_method_allowed', 'holds a method that is not supported.');
  return allowed;
};

/** `POST /v1/payment_intents`. It moves nothing. */
export const createIntent = (state: PaymongoState, attributes: Attributes): PaymongoIntent => {
  const amount = requiredAmount(attributes, state.switches.smallestAmount);
  currencyIn(attributes);
  const allowed = allowedIn(attributes);
  const captureType = wordIn(attributes, 'capture_type', ['automatic', 'manual']);
  if (captureType === 'manual' && allowed.some((type) => type !== 'card'))
    throw wrong('parameter_invalid', 'capture_type', 'can be manual for cards only.');
  const card = mapIn(mapIn(attributes, 'payment_method_options') ?? {}, 'card') ?? {};
  const now = state.context.now();
  const intent: PaymongoIntent = {
    id: state.context.ids.next('pi_', 24),
    amount,
    captureType,
    allowed,
    requestThreeDSecure: wordIn(card, 'request_three_d_secure', ['any', 'automatic']),
    description: textIn(attributes, 'description'),
    statementDescriptor: textIn(attributes, 'statement_descriptor'),
    metadata: metadataIn(attributes),
    createdAt: now,
    payments: [],
    status: 'awaiting_payment_method',
    method: null,
    returnUrl: null,
    nextUrl: null,
    lastError: null,
    isOpened: false,
    updatedAt: now,
    cancelLapse: () => undefined,
  };
  state.intents.set(intent.id, intent);
  return intent;
};

/** An intent by its id. */
export const findIntent = (state: PaymongoState, id: string): PaymongoIntent => {
  const intent = state.intents.get(id);
  if (intent === undefined) throw notFound('payment intent', id);
  return intent;
};

const move = (state: PaymongoState, intent: PaymongoIntent, status: PaymongoIntent['status']): void => {
  intent.status = status;
  intent.updatedAt = state.context.now();
  if (status !== 'awaiting_next_action') intent.nextUrl = null;
};

const attempt = (
  state: PaymongoState,
  intent: PaymongoIntent,
  { amount, failedCode }: { amount: number; failedCode: string | null },
): void => {
  const { id, type, card } = intent.method as PaymongoMethod;
  intent.payments.push(
    addPayment(state, {
      amount,
      intentId: intent.id,
      source: { id: id.replace(/^pm_/, `${type}_`), type, ...card },
      description: intent.description,
      statementDescriptor: intent.statementDescriptor,
      metadata: state.switches.paymentMetadata === 'of_intent' ? intent.metadata : null,
      failedCode,
      status: failedCode === null ? 'paid' : 'failed',
    }),
  );
};

const fail = (state: PaymongoState, intent: PaymongoIntent, code: string): void => {
  attempt(state, intent, { amount: intent.amount, failedCode: code });
  intent.lastError = { code, paymentId: intent.payments.at(-1)?.id ?? '' };
  move(state, intent, 'awaiting_payment_method');
  state.context.ledger.move(intent.id, 'failed');
};

const take = (state: PaymongoState, intent: PaymongoIntent, amount: number): void => {
  intent.cancelLapse();
  attempt(state, intent, { amount, failedCode: null });
  move(state, intent, 'succeeded');
  state.context.ledger.capture(intent.id, amount);
};

/** The bank's word on what was attached. */
const decide = (state: PaymongoState, intent: PaymongoIntent): void => {
  const { ledger, agenda, now } = state.context;
  const failure = intent.method?.failure ?? null;
  if (failure !== null) {
    fail(state, intent, failure);
    return;
  }
  intent.lastError = null;
  ledger.move(intent.id, 'authorized');
  if (intent.captureType === 'automatic') {
    take(state, intent, intent.amount);
    return;
  }
  move(state, intent, 'awaiting_capture');
  intent.cancelLapse = agenda.at(now() + state.switches.holdMs, () => {
    if (intent.status !== 'awaiting_capture') return;
    move(state, intent, state.switches.lapsedStatus);
    ledger.move(intent.id, 'expired');
  });
};

const openPage = (state: PaymongoState, intent: PaymongoIntent): string =>
  state.context.payer.open({
    origin: state.context.origin(),
    merchant: 'Simulated merchant',
    amount: `PHP ${(intent.amount / 100).toFixed(2)}`,
    cardEnding: intent.method?.card?.last4 ?? null,
    decide: (decision: PayerDecision) => {
      if (intent.status === 'awaiting_next_action') {
        if (decision === 'approve') decide(state, intent);
        else fail(state, intent, intent.method?.card === null ? 'generic_decline' : 'authentication_error');
      }
      return intent.returnUrl;
    },
  });

/** `POST /v1/payment_intents/{id}/attach`: this takes the money, or asks the payer to. */
export const attachMethod = (state: PaymongoState, intent: PaymongoIntent, attributes: Attributes): void => {
  const method = findMethod(state, requiredText(attributes, 'payment_method'));
  const returnUrl = textIn(attributes, 'return_url');
  if (intent.status !== 'awaiting_payment_method') throw wrongState(intent.status, 'payment intent');
  if (!intent.allowed.includes(method.type))
    throw wrong('parameter_invalid', 'payment_method', `of the type ${method.type} is not allowed.`);
  intent.method = method;
  intent.returnUrl = returnUrl;
  const { ledger } = state.context;
  const isChallenged =
    method.challenge === 'required' ||
    (method.challenge === 'optional' && intent.requestThreeDSecure === 'any');
  const waits = isChallenged ? 'requires_action' : 'pending';
  if (intent.isOpened) ledger.move(intent.id, waits);
  else {
    const { id, amount, metadata } = intent;
    ledger.open({ id, amount, currency: 'PHP', state: waits, metadata: { ...metadata } });
    intent.isOpened = true;
  }
  if (isChallenged) {
    move(state, intent, 'awaiting_next_action');
    intent.nextUrl = openPage(state, intent);
    return;
  }
  decide(state, intent);
  if (intent.lastError !== null) {
    const { code } = intent.lastError;
    throw new PaymongoRefusal(400, 'resource_failed_state', failureText(code), { subCode: code });
  }
};

/** `POST /v1/payment_intents/{id}/capture`. What is not captured is released. */
export const captureIntent = (state: PaymongoState, intent: PaymongoIntent, attributes: Attributes): void => {
  const amount = amountIn(attributes, { smallest: 1 }) ?? intent.amount;
  if (intent.status !== 'awaiting_capture') throw wrongState(intent.status, 'payment intent');
  if (amount > intent.amount) {
    const text = 'The amount is more than what is held.';
    throw new PaymongoRefusal(400, 'allowed_amount_exceeded', text, { attribute: 'amount' });
  }
  take(state, intent, amount);
};

/** `POST /v1/payment_intents/{id}/cancel`. */
export const cancelIntent = (state: PaymongoState, intent: PaymongoIntent): void => {
  if (intent.status === 'succeeded' || intent.status === 'cancelled' || intent.status === 'processing')
    throw wrongState(intent.status, 'payment intent');
  intent.cancelLapse();
  move(state, intent, 'cancelled');
  if (intent.isOpened) state.context.ledger.move(intent.id, 'voided');
};
