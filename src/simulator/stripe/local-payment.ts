import { displayAmount } from './currencies.js';
import { chargeIntent, failIntent, withResult } from './intent-attempts.js';
import { actionOf } from './local-actions.js';
import type { LocalMethod } from './local-methods.js';
import type { PaymentErrorRecord, PaymentIntentRecord } from './records.js';
import { type Services, unixNow } from './services.js';
import type { Account } from './store.js';
import type { View } from './view.js';

/** The payer of a voucher, a code or a bank decides on a page; without one, the money comes when the time is over. */
export const askForLocalAction = (
  services: Services,
  view: View,
  intent: PaymentIntentRecord,
  local: LocalMethod,
  returnUrl: string | null,
): void => {
  const { context } = services;
  const isCurrent = (): boolean => intent.nextAction?.type === 'local' && intent.nextAction.action === action;
  const page: string = context.payer.open({
    origin: view.origin,
    merchant: 'Simulated merchant',
    amount: displayAmount(intent.amount, intent.currency),
    cardEnding: null,
    decide: (decision) => {
      if (isCurrent())
        finishLocal(services, view.account, intent, decision === 'approve' ? null : payerDeclined);
      return returnUrl === null
        ? null
        : withResult(returnUrl, intent, intent.status === 'succeeded' ? 'succeeded' : 'failed');
    },
  });
  const lifetime = local.livesForSeconds ?? 24 * 3600;
  const expiresAt = unixNow(services) + lifetime;
  const action = actionOf(local, intent.wechatClient, {
    page,
    returnUrl,
    amount: intent.amount,
    currency: intent.currency,
    expiresAt,
    image: (kind) => `${view.origin}/codes/${intent.id}.${kind}`,
  });
  intent.nextAction = { type: 'local', action };
  const isToldElsewhere = local.action === 'blik_authorize' || local.action === 'card_await_notification';
  if (local.livesForSeconds === null && !isToldElsewhere) return;
  context.agenda.at(expiresAt * 1000, () => {
    if (isCurrent()) finishLocal(services, view.account, intent, isToldElsewhere ? null : attemptExpired);
  });
};

const payerDeclined: PaymentErrorRecord = {
  type: 'invalid_request_error',
  code: 'payment_method_customer_decline',
  message: 'The customer declined the payment.',
};

const attemptExpired: PaymentErrorRecord = {
  type: 'invalid_request_error',
  code: 'payment_intent_payment_attempt_expired',
  message: 'The payment attempt for this PaymentIntent has expired.',
};

const finishLocal = (
  services: Services,
  account: Account,
  intent: PaymentIntentRecord,
  error: PaymentErrorRecord | null,
): void => {
  if (error === null) {
    chargeIntent(services, account, intent, null, false);
    return;
  }
  failIntent(account, intent, error);
  services.context.ledger.move(intent.id, 'failed');
};
