import type { Charge, NextAction, PaymentMethod, ThreeDS } from '../models/charge.js';
import { refundAdvice } from '../models/decline.js';
import type { Dispute } from '../models/dispute.js';
import { isHttpUrl } from '../models/http-url.js';
import type { Failure, Refund } from '../models/refund.js';
import type { Secret } from '../models/secret.js';
import { inSharedWords } from '../models/vocabulary.js';
import type { ReportDrift } from '../provider.js';
import { holdsSecret, redactText } from '../transport/redact.js';
import { withChanges } from '../models/objects.js';

/**
 * Redacts the provider's text in charges, refunds and events. Each of them passes through here before it
 * reaches the caller, an error or a record. Merchant text stays; ids are kept or dropped, never changed.
 */

/** A longer URL is dropped: browsers do not accept it. */
const longestAddress = 8_192;

/** Whitespace, control characters, and the backslash, which some URL parsers read as a slash. */
const neverInAddress = /[\s\p{Cc}\p{Cf}\\]/u;

/** Whether the payer's browser may be sent to a URL: an absolute http(s) URL without user or password. */
const isWebAddress = (text: string, secrets: readonly Secret[]): boolean => {
  if (text.length > longestAddress || !isHttpUrl(text) || neverInAddress.test(text)) return false;
  if (!URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  // The URL may carry a client secret for the payer's browser, but never one of the merchant's API keys.
  return !secrets.some((secret) => secret.reveal().length >= 4 && text.includes(secret.reveal()));
};

interface Mask {
  (text: string): string;
  (text: string | null): string | null;
}

const createMask = (secrets: readonly Secret[]): Mask => {
  function mask(text: string): string;
  function mask(text: string | null): string | null;
  function mask(text: string | null): string | null {
    return text === null ? null : redactText(text, secrets);
  }
  return mask;
};

/**
 * Payment details with provider-defined names, such as an account number. Long digit runs must stay; mask
 * only text that holds a secret.
 */
const maskedTexts = (texts: Record<string, string>, secrets: readonly Secret[]): Record<string, string> =>
  withChanges(
    texts,
    Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [
        name,
        holdsSecret(text, secrets) ? redactText(text, secrets) : text,
      ]),
    ),
  );

/** Drops a redirect without a usable URL; a code keeps its reference. */
const redactedAction = (
  action: NextAction,
  secrets: readonly Secret[],
  drift: ReportDrift,
): NextAction | null => {
  switch (action.type) {
    case 'redirect':
      if (isWebAddress(action.url, secrets)) return action;
      drift('nextAction.url', 'unknown_value');
      return null;
    case 'display_code': {
      const address = (name: 'imageUrl' | 'pageUrl'): string | null => {
        const url = action[name] ?? null;
        if (url === null || isWebAddress(url, secrets)) return url;
        drift(`nextAction.${name}`, 'unknown_value');
        return null;
      };
      const isSecret = action.reference !== null && holdsSecret(action.reference, secrets);
      if (isSecret) drift('nextAction.reference', 'unknown_value');
      return withChanges(action, {
        reference: isSecret ? null : action.reference,
        imageUrl: address('imageUrl'),
        pageUrl: address('pageUrl'),
        details: maskedTexts(action.details, secrets),
      });
    }
    case 'otp':
      // An id cannot be masked; drop the action if its id holds a secret.
      if (!holdsSecret(action.confirmationId, secrets)) return action;
      drift('nextAction.confirmationId', 'unknown_value');
      return null;
  }
};

/**
 * Mutates the object, because the raw provider resource and the stamp are attached to this very object. Does
 * nothing if no field differs.
 */
const assignIfChanged = <Model extends object>(model: Model, changes: Partial<Model>): void => {
  if (withChanges(model, changes) !== model) Object.assign(model, changes);
};

const redactedFailure = (failure: Failure | null, mask: Mask): Failure | null =>
  failure === null
    ? null
    : withChanges(failure, {
        message: mask(failure.message),
        providerCode: mask(failure.providerCode),
        declineCode: mask(failure.declineCode),
        networkCode: mask(failure.networkCode),
      });

const redactedThreeDS = (threeDS: ThreeDS | null, mask: Mask): ThreeDS | null =>
  threeDS === null ? null : withChanges(threeDS, { version: mask(threeDS.version), eci: mask(threeDS.eci) });

const redactedPaymentMethod = (
  told: PaymentMethod | null,
  mask: Mask,
  secrets: readonly Secret[],
  drift: ReportDrift,
): PaymentMethod | null => {
  if (told === null) return null;
  const method = inSharedWords(told, (path) => {
    drift(path, 'unknown_value');
  });
  const idOf = (id: string | null) => (id === null || holdsSecret(id, secrets) ? null : id);
  const { card, bankAccount } = method;
  const typed = withChanges(method, { type: mask(method.type), id: idOf(method.id) });
  const withBankAccount =
    bankAccount === undefined
      ? typed
      : withChanges(typed, {
          bankAccount: withChanges(bankAccount, {
            bankName: mask(bankAccount.bankName),
            last4: mask(bankAccount.last4),
            holderName: mask(bankAccount.holderName),
            country: mask(bankAccount.country),
            type: mask(bankAccount.type),
          }),
        });
  if (card === undefined) return withBankAccount;
  return withChanges(withBankAccount, {
    card: withChanges(card, {
      brand: mask(card.brand),
      last4: mask(card.last4),
      funding: mask(card.funding),
      country: mask(card.country),
      // Payers type card numbers into name fields.
      holderName: mask(card.holderName),
      fingerprint: idOf(card.fingerprint),
      ...(card.wallet === undefined ? {} : { wallet: mask(card.wallet) }),
    }),
  });
};

/** Redacts the provider's text in a refund. */
export const redactRefundInPlace = (refund: Refund, secrets: readonly Secret[]): void => {
  const mask = createMask(secrets);
  const { failure } = refund;
  if (failure !== null)
    assignIfChanged(refund, { failure: withChanges(failure, { advice: refundAdvice(failure.advice) }) });
  assignIfChanged(refund, {
    providerReason: mask(refund.providerReason),
    failure: redactedFailure(refund.failure, mask),
  });
};

/** A copy of the dispute with the provider's text redacted. Its ids stay: they identify the event. */
export const redactedDispute = (dispute: Dispute, secrets: readonly Secret[]): Dispute =>
  withChanges(dispute, {
    status: redactText(dispute.status, secrets),
    reason: createMask(secrets)(dispute.reason),
  });

const redactedDisputes = (disputes: Charge['disputes'], secrets: readonly Secret[]): Charge['disputes'] => {
  const redacted = disputes?.map((dispute) => redactedDispute(dispute, secrets)) ?? null;
  return redacted?.some((dispute, index) => dispute !== disputes?.[index]) === true ? redacted : disputes;
};

/**
 * Redacts the provider's text in a charge and its refunds. A URL that no browser may be sent to is dropped
 * and reported as drift.
 */
export const redactChargeInPlace = (charge: Charge, secrets: readonly Secret[], drift: ReportDrift): void => {
  const mask = createMask(secrets);
  assignIfChanged(charge, {
    providerStatus: mask(charge.providerStatus),
    failure: redactedFailure(charge.failure, mask),
    threeDS: redactedThreeDS(charge.threeDS, mask),
    paymentMethod: redactedPaymentMethod(charge.paymentMethod, mask, secrets, drift),
    nextAction: charge.nextAction === null ? null : redactedAction(charge.nextAction, secrets, drift),
    disputes: redactedDisputes(charge.disputes, secrets),
  });
  for (const refund of charge.refunds ?? []) redactRefundInPlace(refund, secrets);
};
