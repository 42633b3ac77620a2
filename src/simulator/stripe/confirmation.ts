import type { Decline } from './cards.js';
import { displayAmount } from './currencies.js';
import { type ErrorFields, invalidState, Refusal } from './errors.js';
import { noExpansion } from './expand.js';
import { chargeIntent, failIntent, withResult } from './intent-attempts.js';
import { askForLocalAction } from './local-payment.js';
import type {
  ChargeRecord,
  PaymentErrorRecord,
  PaymentIntentRecord,
  PaymentMethodRecord,
  ThreeDSecureRecord,
} from './records.js';
import type { Services } from './services.js';
import type { Account } from './store.js';
import type { View } from './view.js';

/** How a confirmation is to go. */
export interface Confirmation {
  returnUrl: string | null;
  offSession: boolean;
  errorOnRequiresAction: boolean;
  useStripeSdk: boolean;
}

const authenticationRequired: Decline = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};

/** The moment that decides a payment: authenticate if needed, then charge. Refuses with 402 when it fails. */
export const confirmIntent = (
  services: Services,
  view: View,
  intent: PaymentIntentRecord,
  confirmation: Confirmation,
): void => {
  const { account } = view;
  checkConfirmable(intent, confirmation, { payment_intent: view.paymentIntent(intent.id, noExpansion) });
  const method = intent.paymentMethod as PaymentMethodRecord;
  const { authentication } = method.card;
  const mustAuthenticate =
    authentication === 'always' ||
    (authentication === 'unless_set_up' && !method.isSetUp) ||
    (authentication === 'if_asked' &&
      intent.requestThreeDSecure !== null &&
      intent.requestThreeDSecure !== 'automatic');
  const isOpen = (mustAuthenticate || method.local !== null) && !intent.isAuthenticated;

  if (isOpen && confirmation.offSession) {
    throw declined(
      view,
      intent,
      chargeIntent(services, account, intent, null, confirmation.offSession, authenticationRequired),
    );
  }
  if (isOpen && confirmation.errorOnRequiresAction) {
    const error: PaymentErrorRecord = {
      type: 'card_error',
      code: 'authentication_required',
      decline_code: 'authentication_not_handled',
      message:
        'This payment required an authentication action to complete, but `error_on_requires_action` was set.',
    };
    failIntent(account, intent, error);
    services.context.ledger.move(intent.id, 'failed');
    throw new Refusal(402, 'card_error', errorFields(view, intent, error));
  }
  if (isOpen) {
    askForAuthentication(services, view, intent, confirmation);
    return;
  }
  const evidence: ThreeDSecureRecord | null = intent.isAuthenticated
    ? { result: 'authenticated', flow: 'challenge' }
    : method.card.supportsThreeDSecure === false && intent.requestThreeDSecure === 'any'
      ? { result: 'not_supported', flow: null }
      : null;
  const attempt = chargeIntent(services, account, intent, evidence, confirmation.offSession);
  if (attempt.status === 'failed') throw declined(view, intent, attempt);
};

/** A refusal because of the intent's status; it carries the intent. */
export const unexpectedState = (view: View, intent: PaymentIntentRecord, message: string): Refusal =>
  invalidState(message, {
    code: 'payment_intent_unexpected_state',
    payment_intent: view.paymentIntent(intent.id, noExpansion),
  });

/** Refuses what can be refused without asking the bank. A create that fails here leaves no intent behind. */
export const checkConfirmable = (
  intent: PaymentIntentRecord,
  confirmation: Confirmation,
  fields: ErrorFields = {},
): void => {
  if (intent.paymentMethod === null) {
    throw invalidState("You cannot confirm this PaymentIntent because it's missing a payment method.", {
      code: 'payment_intent_unexpected_state',
      ...fields,
    });
  }
  const { local } = intent.paymentMethod;
  const isCard = local === null || local.type === 'card';
  if (!isCard && intent.captureMethod === 'manual') {
    throw invalidState('This payment method cannot be captured later.', {
      param: 'capture_method',
      ...fields,
    });
  }
  if (isCard && intent.statementDescriptor !== null) {
    throw invalidState(
      'The `statement_descriptor` parameter is not supported for card payments; use `statement_descriptor_suffix`.',
      { param: 'statement_descriptor', ...fields },
    );
  }
  const isAnswered = confirmation.returnUrl !== null || confirmation.useStripeSdk;
  if (isAnswered || intent.automaticPaymentMethods?.allow_redirects !== 'always') return;
  throw invalidState(
    'This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these ' +
      'payment methods might redirect your customer off of your page, you must provide a `return_url`. If you do not ' +
      'want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and ' +
      '`automatic_payment_methods[allow_redirects]` to `never`.',
    { param: 'return_url', ...fields },
  );
};

const errorFields = (view: View, intent: PaymentIntentRecord, error: PaymentErrorRecord): object => {
  const { type: _type, ...fields } = error;
  const method = intent.lastErrorPaymentMethod;
  return {
    ...fields,
    payment_intent: view.paymentIntent(intent.id, noExpansion),
    ...(method === null ? {} : { payment_method: view.paymentMethod(method, noExpansion) }),
  };
};

const declined = (view: View, intent: PaymentIntentRecord, attempt: ChargeRecord): Refusal => {
  if (intent.lastPaymentError === null) throw new Error(`${attempt.id} was not declined.`);
  return new Refusal(402, 'card_error', errorFields(view, intent, intent.lastPaymentError));
};

const askForAuthentication = (
  services: Services,
  view: View,
  intent: PaymentIntentRecord,
  confirmation: Confirmation,
): void => {
  const { context } = services;
  intent.status = 'requires_action';
  context.ledger.move(intent.id, 'requires_action');
  const { returnUrl } = confirmation;
  const local = intent.paymentMethod?.local ?? null;
  if (local !== null) {
    askForLocalAction(services, view, intent, local, returnUrl);
  } else if (returnUrl === null || confirmation.useStripeSdk) {
    intent.nextAction = { type: 'use_stripe_sdk' };
  } else {
    const url: string = context.payer.open({
      origin: view.origin,
      merchant: 'Simulated merchant',
      amount: displayAmount(intent.amount, intent.currency),
      cardEnding: intent.paymentMethod?.card.number.slice(-4) ?? null,
      decide: (decision) => {
        // The payer may come late: canceled, or asked again on another page.
        const isCurrent = intent.nextAction?.type === 'redirect_to_url' && intent.nextAction.url === url;
        if (isCurrent) finishAuthentication(services, view.account, intent, decision === 'approve');
        const passed = ['succeeded', 'requires_capture', 'requires_confirmation'].includes(intent.status);
        return withResult(returnUrl, intent, passed ? 'succeeded' : 'failed');
      },
    });
    intent.nextAction = { type: 'redirect_to_url', url, returnUrl };
  }
  view.account.indexPaymentIntent(intent);
};

const finishAuthentication = (
  services: Services,
  account: Account,
  intent: PaymentIntentRecord,
  approved: boolean,
): void => {
  if (!approved || intent.paymentMethod?.card.authenticationBreaks === true) {
    failIntent(account, intent, {
      type: 'invalid_request_error',
      code: 'payment_intent_authentication_failure',
      message:
        'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new ' +
        'PaymentMethod to attempt to fulfill this PaymentIntent again.',
    });
    services.context.ledger.move(intent.id, 'failed');
    return;
  }
  if (intent.confirmationMethod === 'manual') {
    intent.isAuthenticated = true;
    intent.status = 'requires_confirmation';
    intent.nextAction = null;
    services.context.ledger.move(intent.id, 'pending');
    account.indexPaymentIntent(intent);
    return;
  }
  chargeIntent(services, account, intent, { result: 'authenticated', flow: 'challenge' }, false);
};
