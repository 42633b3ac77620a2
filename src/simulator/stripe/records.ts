import type { TestCard } from './cards.js';
import type { LocalAction } from './local-actions.js';
import type { LocalMethod } from './local-methods.js';
import type { PlatformDetails } from './platform.js';

/** What Stripe keeps of a card that somebody can pay with. */
export interface PaymentMethodRecord {
  /** `pm_…`, or `card_…` when it was made from a token by the Charges API. */
  id: string;
  /** For a method that is no card this one only says that nothing goes wrong. */
  card: TestCard;
  /** Another method than a card, or a card whose bank asks the payer by itself; null for cards. */
  local: LocalMethod | null;
  expMonth: number;
  expYear: number;
  billing: Record<string, unknown>;
  metadata: Record<string, string>;
  customer: string | null;
  /** Saved with the payer's authentication, so that later payments need none. */
  isSetUp: boolean;
  created: number;
}

/** What Stripe.js makes in the browser instead of a payment method: `ctoken_…`. */
export interface ConfirmationTokenRecord {
  id: string;
  created: number;
  paymentMethod: PaymentMethodRecord;
  returnUrl: string | null;
  setupFutureUsage: string | null;
  shipping: unknown;
  used: boolean;
}

/** A single-use token. */
export interface TokenRecord {
  id: string;
  card: TestCard;
  expMonth: number;
  expYear: number;
  used: boolean;
}

/** A customer with cards. */
export interface CustomerRecord {
  id: string;
  created: number;
  email: string | null;
  name: string | null;
  description: string | null;
  phone: string | null;
  metadata: Record<string, string>;
  defaultSource: string | null;
  defaultPaymentMethod: string | null;
}

/** The entry of a refund, of a release, or of a captured amount in the balance. */
export interface BalanceTransactionRecord {
  id: string;
  amount: number;
  fee: number;
  currency: string;
  created: number;
  type: 'charge' | 'refund' | 'refund_failure';
  source: string;
}

/** A refund, or the release of an authorization, which Stripe shows as one. */
export interface RefundRecord {
  id: string;
  charge: string;
  amount: number;
  status: 'pending' | 'succeeded' | 'failed' | 'canceled';
  reason: string | null;
  metadata: Record<string, string>;
  created: number;
  /** A release moves no money: no balance transaction, and none in the ledger. */
  isRelease: boolean;
  balanceTransaction: string | null;
  failureBalanceTransaction: string | null;
  failureReason: string | null;
  instructionsEmail: string | null;
  /** `trr_…`, where the share of a connected account went back, too. */
  transferReversal: string | null;
}

/** Stripe's 3-D Secure evidence on a charge. */
export interface ThreeDSecureRecord {
  result: 'authenticated' | 'failed' | 'not_supported' | 'processing_error';
  flow: 'challenge' | 'frictionless' | null;
}

/** One attempt to take money: `ch_…`, or `py_…` where no card is charged. */
export interface ChargeRecord extends PlatformDetails {
  id: string;
  created: number;
  amount: number;
  amountCaptured: number;
  currency: string;
  status: 'succeeded' | 'failed';
  /** What the field `captured` says; a failed charge may say true. */
  captured: boolean;
  /** Until when it can be captured, in Unix seconds; null when nothing is held any more. */
  captureBefore: number | null;
  hasExpired: boolean;
  disputed: boolean;
  failure: { code: string; message: string; declineCode: string | null; param: string | null } | null;
  paymentIntent: string | null;
  paymentMethod: PaymentMethodRecord;
  threeDSecure: ThreeDSecureRecord | null;
  balanceTransaction: string | null;
  refunds: RefundRecord[];
  customer: string | null;
  description: string | null;
  metadata: Record<string, string>;
  receiptEmail: string | null;
  shipping: unknown;
  statementDescriptor: string | null;
  statementDescriptorSuffix: string | null;
  transferGroup: string | null;
  userReport: string | null;
  /** Takes the lapse of the authorization off the agenda. */
  cancelLapse: (() => void) | null;
}

/** The words of `status` of an intent that this simulator reaches. */
export type PaymentIntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'requires_capture'
  | 'canceled'
  | 'succeeded';

/** `last_payment_error`, without the payment method, which is rendered. */
export interface PaymentErrorRecord {
  type: 'card_error' | 'invalid_request_error';
  code: string;
  decline_code?: string;
  message: string;
  param?: string;
  charge?: string;
}

/** A payment: `pi_…`. */
export interface PaymentIntentRecord extends PlatformDetails {
  id: string;
  clientSecret: string;
  created: number;
  amount: number;
  currency: string;
  status: PaymentIntentStatus;
  amountReceived: number;
  captureMethod: string;
  confirmationMethod: string;
  automaticPaymentMethods: { allow_redirects: string; enabled: boolean } | null;
  allowedPaymentMethodTypes: string[] | null;
  paymentMethod: PaymentMethodRecord | null;
  latestCharge: string | null;
  /** Ids of all attempts, newest first, for the list of old API versions. */
  charges: string[];
  lastPaymentError: PaymentErrorRecord | null;
  lastErrorPaymentMethod: PaymentMethodRecord | null;
  nextAction:
    | { type: 'redirect_to_url'; url: string; returnUrl: string }
    | { type: 'use_stripe_sdk' }
    | { type: 'local'; action: LocalAction }
    | null;
  /** Which client of WeChat Pay the payer uses: `payment_method_options[wechat_pay][client]`. */
  wechatClient: unknown;
  /** With manual confirmation: the payer has authenticated, the server has to confirm. */
  isAuthenticated: boolean;
  canceledAt: number | null;
  cancellationReason: string | null;
  requestThreeDSecure: string | null;
  setupFutureUsage: string | null;
  customer: string | null;
  description: string | null;
  metadata: Record<string, string>;
  receiptEmail: string | null;
  shipping: unknown;
  statementDescriptor: string | null;
  statementDescriptorSuffix: string | null;
  transferGroup: string | null;
}
