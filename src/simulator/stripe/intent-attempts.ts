import { attemptCharge } from './charging.js';
import type { Decline } from './cards.js';
import type { ChargeRecord, PaymentErrorRecord, PaymentIntentRecord, ThreeDSecureRecord } from './records.js';
import type { Services } from './services.js';
import type { Account } from './store.js';

/** Charges the intent's payment method and moves the intent along; a decline is recorded, not thrown. */
export const chargeIntent = (
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
      applicationFeeAmount: intent.applicationFeeAmount,
      onBehalfOf: intent.onBehalfOf,
      transferData: intent.transferData,
      radarSession: intent.radarSession,
      mandate: intent.mandate,
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

/** Ends an attempt: the payer may try again with another payment method. */
export const failIntent = (
  account: Account,
  intent: PaymentIntentRecord,
  error: PaymentErrorRecord,
): void => {
  intent.lastPaymentError = error;
  intent.lastErrorPaymentMethod = intent.paymentMethod;
  intent.paymentMethod = null;
  intent.status = 'requires_payment_method';
  intent.nextAction = null;
  intent.isAuthenticated = false;
  account.indexPaymentIntent(intent);
};

/** Where the payer is sent back to, with what became of the payment. */
export const withResult = (returnUrl: string, intent: PaymentIntentRecord, result: string): string => {
  const url = new URL(returnUrl);
  url.searchParams.append('payment_intent', intent.id);
  url.searchParams.append('payment_intent_client_secret', intent.clientSecret);
  url.searchParams.append('redirect_status', result);
  return url.href;
};
