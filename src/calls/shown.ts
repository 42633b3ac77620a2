import type { Charge, NextAction, PaymentMethod, ThreeDS } from '../models/charge.js';
import { refundAdvice } from '../models/decline.js';
import type { Dispute } from '../models/dispute.js';
import type { Failure, Refund } from '../models/refund.js';
import type { Secret } from '../models/secret.js';
import { inSharedWords } from '../models/vocabulary.js';
import type { ReportDrift } from '../provider.js';
import { holdsSecret, redactText } from '../transport/redact.js';
import { withChanges } from '../models/objects.js';

/**
 * What a charge, a refund or an event may show, whoever wrote it: the one place that every one of them passes before it reaches
 * the caller, an error or a record. The description, the metadata and the customer are the merchant's own words and stay as they
 * are; ids are refused or left out, never changed.
 */

/** Longer than any browser takes. */
const longestAddress = 8_192;

/** Blanks, control characters, and the backslash, which some readers of addresses take for a slash. */
const neverInAddress = /[\s\p{Cc}\p{Cf}\\]/u;

/** Whether the payer's browser may be sent to an address: a web address in full that says nothing of a user. */
const isWebAddress = (text: string, secrets: readonly Secret[]): boolean => {
  if (text.length > longestAddress || !/^https?:\/\//i.test(text) || neverInAddress.test(text)) return false;
  if (!URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  // An address may well carry a client secret, for the payer's browser alone; a key of the merchant's never.
  return !secrets.some((secret) => secret.reveal().length >= 4 && text.includes(secret.reveal()));
};

interface Mask {
  (text: string): string;
  (text: string | null): string | null;
}

const maskOf = (secrets: readonly Secret[]): Mask => {
  function mask(text: string): string;
  function mask(text: string | null): string | null;
  function mask(text: string | null): string | null {
    return text === null ? null : redactText(text, secrets);
  }
  return mask;
};

/**
 * Open names of the provider's own, and what the payer pays with: an account, a code. Their digits have to stay, as those of the
 * reference do, although many look like the number of a card; only what holds a secret is masked.
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

/** A redirect is its address, so one without a usable address is nothing to do; a code may still have its reference. */
const shownAction = (
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
      // An id cannot be masked, and one that holds a secret is none.
      if (!holdsSecret(action.confirmationId, secrets)) return action;
      drift('nextAction.confirmationId', 'unknown_value');
      return null;
  }
};

/** Changes the object itself, and only where it must: what rides on it, the provider's resource and the stamp, has to stay. */
const put = <Model extends object>(model: Model, shown: Partial<Model>): void => {
  if (withChanges(model, shown) !== model) Object.assign(model, shown);
};

const shownFailure = (failure: Failure | null, mask: Mask): Failure | null =>
  failure === null
    ? null
    : withChanges(failure, {
        message: mask(failure.message),
        providerCode: mask(failure.providerCode),
        declineCode: mask(failure.declineCode),
        networkCode: mask(failure.networkCode),
      });

const shownThreeDS = (threeDS: ThreeDS | null, mask: Mask): ThreeDS | null =>
  threeDS === null ? null : withChanges(threeDS, { version: mask(threeDS.version), eci: mask(threeDS.eci) });

const shownPaymentMethod = (
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
  const shown =
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
  if (card === undefined) return shown;
  return withChanges(shown, {
    card: withChanges(card, {
      brand: mask(card.brand),
      last4: mask(card.last4),
      funding: mask(card.funding),
      country: mask(card.country),
      // Payers write their card number into any field.
      holderName: mask(card.holderName),
      fingerprint: idOf(card.fingerprint),
      ...(card.wallet === undefined ? {} : { wallet: mask(card.wallet) }),
    }),
  });
};

/** Masks what a refund repeats of the provider's words. */
export const showRefund = (refund: Refund, secrets: readonly Secret[]): void => {
  const mask = maskOf(secrets);
  const { failure } = refund;
  if (failure !== null)
    put(refund, { failure: withChanges(failure, { advice: refundAdvice(failure.advice) }) });
  put(refund, {
    providerReason: mask(refund.providerReason),
    failure: shownFailure(refund.failure, mask),
  });
};

/** A dispute with the provider's words masked. Its ids stay: they tell one event from another. */
export const shownDispute = (dispute: Dispute, secrets: readonly Secret[]): Dispute =>
  withChanges(dispute, {
    status: redactText(dispute.status, secrets),
    reason: maskOf(secrets)(dispute.reason),
  });

const shownDisputes = (disputes: Charge['disputes'], secrets: readonly Secret[]): Charge['disputes'] => {
  const shown = disputes?.map((dispute) => shownDispute(dispute, secrets)) ?? null;
  return shown?.some((dispute, index) => dispute !== disputes?.[index]) === true ? shown : disputes;
};

/**
 * Masks what a charge repeats of the provider's words, its refunds included. An address that no browser may be sent to is left
 * out and reported as drift.
 */
export const showCharge = (charge: Charge, secrets: readonly Secret[], drift: ReportDrift): void => {
  const mask = maskOf(secrets);
  put(charge, {
    providerStatus: mask(charge.providerStatus),
    failure: shownFailure(charge.failure, mask),
    threeDS: shownThreeDS(charge.threeDS, mask),
    paymentMethod: shownPaymentMethod(charge.paymentMethod, mask, secrets, drift),
    nextAction: charge.nextAction === null ? null : shownAction(charge.nextAction, secrets, drift),
    disputes: shownDisputes(charge.disputes, secrets),
  });
  for (const refund of charge.refunds ?? []) showRefund(refund, secrets);
};
