import { defaultAdvice, unknownDecline, type Advice, type DeclineRow } from '../../models/decline.js';
import type { Failure } from '../../models/refund.js';
import type { ReportDrift } from '../../provider.js';
import { adviceCodes, declineCodes, declinedErrorCodes, outcomeReasons, outcomeTypes } from './codes.js';
import type { WireOutcome } from './wire.js';

type Word = string | null | undefined;

/** What Stripe says about a decline: on an error, on an intent's last error, or on a failed charge. */
export interface DeclineWords {
  readonly code?: Word;
  readonly decline_code?: Word;
  readonly message?: Word;
  readonly advice_code?: Word;
  readonly network_advice_code?: Word;
  readonly network_decline_code?: Word;
  readonly outcome?: WireOutcome;
}

/** Looks a word up as Stripe may write it: any letter case, spaces around it. */
export const lookUp = <Row>(table: Readonly<Record<string, Row>>, word: Word): Row | undefined => {
  const name = word?.trim().toLowerCase();
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
};

const isGiven = (word: Word): word is string => word !== null && word !== undefined && word.trim() !== '';

/** A failed charge has no decline code of its own: its outcome's reason holds it. */
const declineWord = (words: DeclineWords): string | null => {
  if (isGiven(words.decline_code)) return words.decline_code;
  const reason = words.outcome?.reason;
  return isGiven(reason) && lookUp(declineCodes, reason) !== undefined ? reason : null;
};

const findRow = (words: DeclineWords, declineCode: string | null): DeclineRow | undefined =>
  lookUp(declineCodes, words.decline_code) ??
  lookUp(declinedErrorCodes, words.code) ??
  lookUp(outcomeReasons, words.outcome?.reason) ??
  lookUp(declineCodes, declineCode) ??
  lookUp(outcomeTypes, words.outcome?.type);

const reportUnknown = (words: DeclineWords, row: DeclineRow | undefined, drift: ReportDrift): void => {
  if (isGiven(words.decline_code) && lookUp(declineCodes, words.decline_code) === undefined) {
    drift('failure.declineCode', 'unknown_value');
  } else if (
    row === undefined &&
    isGiven(words.code) &&
    lookUp({ card_declined: true }, words.code) !== true
  ) {
    drift('failure.providerCode', 'unknown_value');
  }
};

/** Stripe's own advice first, "never again" before the rest; then the row's. */
const adviceOf = (words: DeclineWords, row: DeclineRow): Advice =>
  lookUp(adviceCodes, words.advice_code) ?? lookUp(adviceCodes, words.outcome?.advice_code) ?? row.advice;

/** A decline in the words shared by all providers, with Stripe's own beside them. */
export const readDecline = (words: DeclineWords, drift: ReportDrift): Failure => {
  const declineCode = declineWord(words);
  const found = findRow(words, declineCode);
  reportUnknown(words, found, drift);
  const row = found ?? unknownDecline;
  return {
    code: row.code,
    message: words.message ?? null,
    providerCode: words.code ?? null,
    declineCode,
    networkCode:
      words.network_decline_code ??
      words.outcome?.network_decline_code ??
      words.network_advice_code ??
      words.outcome?.network_advice_code ??
      null,
    advice: adviceOf(words, row),
  };
};

/** `failure_reason` of a refund. */
const refundFailures: Readonly<Record<string, Failure['code']>> = {
  lost_or_stolen_card: 'lost_or_stolen_card',
  expired_or_canceled_card: 'expired_card',
  charge_for_pending_refund_disputed: 'transaction_not_allowed',
  insufficient_funds: 'insufficient_funds',
  declined: 'generic_decline',
  merchant_request: 'generic_decline',
  unknown: 'generic_decline',
};

/** Why a refund did not reach the payer. */
export const readRefundFailure = (reason: Word): Failure => {
  const code = lookUp(refundFailures, reason) ?? 'generic_decline';
  return {
    code,
    message: null,
    providerCode: reason ?? null,
    declineCode: null,
    networkCode: null,
    advice: defaultAdvice[code],
  };
};
