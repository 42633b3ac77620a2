/** Behaviour of the v2 API of Magpie and Zip on which its sources are silent or disagree. */
export interface MagpieSwitches {
  /**
   * How a declined charge is answered: 201 with a charge that has `failed`, HTTP 402 with an error object that names
   * the failed charge, or HTTP 400 with a text, where no charge is kept.
   */
  declineAs: 'failed_charge' | 'error_object' | 'detail';
  /** The `status` of an authorization that waits for its capture. */
  authorizedStatus: 'pending' | 'succeeded' | 'authorized' | 'requires_capture';
  /** Whether `authorized` means "held for a capture" only, or stays true once the money is taken. */
  authorizedFlag: 'held_only' | 'also_when_captured';
  /** The `status` after a void. */
  voidedStatus: 'voided' | 'canceled' | 'cancelled' | 'failed';
  /** Whether a void sets `authorized` and `captured` back to false. */
  flagsAfterVoid: 'cleared' | 'kept';
  /** The `status` of a charge that is refunded in full. */
  fullyRefundedStatus: 'refunded' | 'succeeded';
  /** The `status` of an authorization that nobody captured and of a payment that nobody finished. */
  lapsedStatus: 'expired' | 'failed';
  /** What `amount` shows once less than it was captured: still what was asked for, or what was taken. */
  amountAfterPartialCapture: 'unchanged' | 'captured';
  /** Whether `action` stays on a charge after its payer was there. */
  actionAfterPayer: 'null' | 'kept';
  /** Whether charges show the metadata that they were made with; if not, it is an empty object. */
  metadataReturned: boolean;
  /** In what case a charge shows its currency. */
  currencyCase: 'as_sent' | 'lower' | 'upper';
  /** Whether optional fields without a value are null or missing. */
  optionalFields: 'null' | 'omitted';
  /**
   * Fields that charges leave out although the schema may require them: `authorized`, `source.updated_at`,
   * `refunds.reason`. The published samples lack the first two.
   */
  omittedFields: readonly string[];
  /** Which end of the list comes first. */
  listOrder: 'newest_first' | 'oldest_first';
  /** How many charges a page of the list holds. */
  pageSize: number;
  /** What `next` is on the last page; `another_page` names a page that turns out to be empty. */
  listEnd: 'omitted' | 'null' | 'empty_text' | 'another_page';
  /** How `next` points to the next page. */
  nextAs: 'relative' | 'absolute' | 'foreign_host' | 'id';
  /** How long after its creation a charge is missing from the list, in milliseconds. */
  listDelayMs: number;
  /** Whether the list holds charges that are pending or have failed. */
  listsUnpaid: boolean;
  /** What a path with a missing or surplus trailing slash gets. */
  trailingSlash: 'redirected' | 'accepted';
  /** How errors other than the 422 of a validation are worded. */
  errorShape: 'detail' | 'error_object' | 'error_text' | 'message' | 'empty';
  /** What an action gets that the state of the charge does not allow, or a source that was used before. */
  conflictStatus: 400 | 409;
  /** What a request with the wrong kind of key gets. */
  wrongKeyKindStatus: 401 | 403;
  /** The longest `statement_descriptor`: the text, another document and the schema disagree. */
  statementDescriptorMaximum: 15 | 22 | 100;
  /** The currencies of the account; others than PHP need an approval. */
  currencies: readonly string[];
  /** Whether every card that is not vaulted meets 3-D Secure unless `require_auth` is false. */
  challengeEveryCard: boolean;
  /**
   * What `action` of a bank account that waits for a one-time password shows: nothing, the confirmation id that `verify` asks
   * for, or instructions without either. No source says how a password is announced.
   */
  passwordAction: 'null' | 'confirmation_id' | 'instructions';
  /** Whether a wrong one-time password is refused and may be repeated, or fails the charge. */
  wrongOtp: 'refused' | 'fails_charge';
  /** The status of a fresh refund. */
  refundStatus: 'succeeded' | 'pending';
  /** What becomes of a pending refund. */
  pendingRefundsEnd: 'succeeded' | 'failed';
  /** How long a refund is pending, in milliseconds. */
  refundMs: number;
  /** How long an authorization can be captured, in milliseconds. */
  authorizationMs: number;
  /** How long a payer has to act, in milliseconds. */
  payerMs: number;
  /** How long a captured charge can still be voided, in milliseconds. */
  settlementMs: number;
  /**
   * Whether the card sources that the simulator hands out are vaulted, that is, can be charged again. Not a question
   * about the API: vaulting needs a customer there. Wallets and the sources for 3-D Secure stay single use.
   */
  vaultedSources: boolean;
}

const hour = 3_600_000;
const day = 24 * hour;

/** What is documented, or the more likely reading of it. */
export const magpieSwitches: MagpieSwitches = {
  declineAs: 'failed_charge',
  authorizedStatus: 'pending',
  authorizedFlag: 'held_only',
  voidedStatus: 'voided',
  flagsAfterVoid: 'cleared',
  fullyRefundedStatus: 'refunded',
  lapsedStatus: 'expired',
  amountAfterPartialCapture: 'unchanged',
  actionAfterPayer: 'null',
  metadataReturned: true,
  currencyCase: 'as_sent',
  optionalFields: 'null',
  omittedFields: [],
  listOrder: 'newest_first',
  pageSize: 25,
  listEnd: 'omitted',
  nextAs: 'relative',
  listDelayMs: 0,
  listsUnpaid: true,
  trailingSlash: 'redirected',
  errorShape: 'detail',
  conflictStatus: 400,
  wrongKeyKindStatus: 401,
  statementDescriptorMaximum: 15,
  currencies: ['PHP'],
  challengeEveryCard: false,
  passwordAction: 'null',
  wrongOtp: 'refused',
  refundStatus: 'succeeded',
  pendingRefundsEnd: 'succeeded',
  refundMs: hour,
  authorizationMs: 7 * day,
  payerMs: day,
  settlementMs: day,
  vaultedSources: false,
};
