/** Behaviour of Omise that its documentation leaves open or that has changed over the years. */
export interface OmiseSwitches {
  /** Whether `metadata` of a PATCH replaces the whole map (true) or is merged into it (false). */
  metadataReplaces: boolean;
  /** What a `capture_amount` does on a charge that is not `pre_auth`. */
  captureAmountWithoutPreAuth: 'ignored' | 'refused';
  /** The status of an authorization that was not captured in time: documented as `reversed`, never recorded. */
  lapsedAuthorization: 'reversed' | 'expired';
  /** The status of a card charge whose payer never came back from 3-D Secure; `failed` comes with `expired: true`. */
  abandonedChallenge: 'expired' | 'failed';
  /** Whether every card charge with a `return_uri` meets 3-D Secure, as on an account where it is compulsory. */
  challengeEveryCard: boolean;
  /** Whether charges show the fields that came after 2021, such as `captured_amount` and `authorization_type`. */
  newerFields: boolean;
  /** Whether charges show `authenticated_by`, which only official SDKs mention. */
  authenticatedBy: boolean;
  /** Whether search without `order` starts with the newest charge: the documentation says both. */
  searchNewestFirst: boolean;
  /** Whether search knows `created_at` beside `created`. */
  createdAtFilter: boolean;
  /** Whether every source type can be expired, not only those of which it is known. */
  everySourceExpires: boolean;
  /** How long after its creation a charge is missing from lists, in milliseconds. */
  listDelayMs: number;
  /** How long a paid charge can still be voided by a full refund, in milliseconds. */
  settlementMs: number;
  /** The lowest charge of the account, in satang; amounts in other currencies are converted first. */
  minimumAmount: number;
  /** The highest charge of the account, in satang. */
  maximumAmount: number;
  /** How an injected server error is worded: HTTP 500 `internal_error`, or HTTP 400 `backend_error`. */
  serverErrorAs: 'internal_error' | 'backend_error';
}

/** A day: refunds of the same day are voids. */
const day = 86_400_000;

/** What the documentation says, or the more likely reading of it. */
export const omiseSwitches: OmiseSwitches = {
  metadataReplaces: false,
  captureAmountWithoutPreAuth: 'ignored',
  lapsedAuthorization: 'reversed',
  abandonedChallenge: 'expired',
  challengeEveryCard: false,
  newerFields: true,
  authenticatedBy: false,
  searchNewestFirst: false,
  createdAtFilter: true,
  everySourceExpires: false,
  listDelayMs: 0,
  settlementMs: day,
  minimumAmount: 2000,
  maximumAmount: 500_000_000_000,
  serverErrorAs: 'internal_error',
};
