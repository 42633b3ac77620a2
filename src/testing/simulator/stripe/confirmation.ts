import { attemptCharge } from './charging.js';
import type { Decline } from './cards.js';
import { displayAmount } from './currencies.js';
import { type ErrorFields, invalidState, Refusal } from './errors.js';
import { noExpansion } from './expand.js';
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
  const isOpen = mustAuthenticate && !intent.isAuthenticated;

  if (isOpen && confirmation.offSession) {
    throw declined(
      view,
      intent,
      charge(services, account, intent, null, confirmation.offSession, authenticationRequired),
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
  const attempt = charge(services, account, intent, evidence, confirmation.offSession);
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
  if (intent.statementDescriptor !== null) {
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

/** Charges the intent's card and moves the intent along; a decline is recorded, not thrown. */
const charge = (
  services: Services,
  account: Account,
  intent: PaymentIntentRecord,
  threeDSecure: ThreeDSecureRecord | null,
  offSession: boolean,
  decline?: Decline,
): ChargeRecord => {
  const method = intent.paymentMethod;
  if (method === null) throw new Error('An intent without a payment method cannot be charged.');
  const attempt = attemptCharge(services, account, {
    amount: intent.amount,
    currency: intent.currency,
    paymentMethod: method,
    capture: intent.captureMethod !== 'manual',
    paymentIntent: intent.id,
    decline,
    threeDSecure,
    offSession,
    settlesLater: intent.captureMethod === 'automatic_async',
    details: {
      customer: intent.customer,
      description: intent.description,
      metadata: intent.metadata,
      receiptEmail: intent.receiptEmail,
      shipping: intent.shipping,
      statementDescriptor: intent.statementDescriptor,
      statementDescriptorSuffix: intent.statementDescriptorSuffix,
      transferGroup: intent.transferGroup,
    },
  });
  intent.latestCharge = attempt.id;
  intent.charges.unshift(attempt.id);
  if (attempt.failure !== null) {
    const { code, message, declineCode, param } = attempt.failure;
    failIntent(account, intent, {
      type: 'card_error',
      code,
      message,
      charge: attempt.id,
      ...(declineCode === null ? {} : { decline_code: declineCode }),
      ...(param === null ? {} : { param }),
    });
    return attempt;
  }
  intent.lastPaymentError = null;
  intent.lastErrorPaymentMethod = null;
  intent.nextAction = null;
  intent.status = attempt.captured ? 'succeeded' : 'requires_capture';
  intent.amountReceived = attempt.amountCaptured;
  if (intent.setupFutureUsage !== null) {
    method.isSetUp = true;
    method.customer ??= intent.customer;
  }
  account.indexPaymentIntent(intent);
  return attempt;
};

const failIntent = (account: Account, intent: PaymentIntentRecord, error: PaymentErrorRecord): void => {
  intent.lastPaymentError = error;
  intent.lastErrorPaymentMethod = intent.paymentMethod;
  intent.paymentMethod = null;
  intent.status = 'requires_payment_method';
  intent.nextAction = null;
  intent.isAuthenticated = false;
  account.indexPaymentIntent(intent);
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
  if (returnUrl === null || confirmation.useStripeSdk) {
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
  charge(services, account, intent, { result: 'authenticated', flow: 'challenge' }, false);
};

const withResult = (returnUrl: string, intent: PaymentIntentRecord, result: string): string => {
  const url = new URL(returnUrl);
  url.searchParams.append('payment_intent', intent.id);
  url.searchParams.append('payment_intent_client_secret', intent.clientSecret);
  url.searchParams.append('redirect_status', result);
  return url.href;
};
