import { attach, splitMetadata, stampMetadataKey } from '../models/attachments.js';
import {
  noMoney,
  refundTotal,
  standing,
  type Card,
  type Charge,
  type ChargeStatus,
  type Fee,
  type KnownCharge,
  type NextAction,
  type RefundTotal,
  type ThreeDS,
} from '../models/charge.js';
import { defaultAdvice, type DeclineCode } from '../models/decline.js';
import type { Failure } from '../models/refund.js';

/** The first row that applies is the status; where none does it is `unknown`, never a guess. */
export const firstStatus = <Status extends string, Facts>(
  rows: ReadonlyArray<readonly [Status, (facts: Facts) => boolean]>,
  facts: Facts,
): Status | 'unknown' => rows.find(([, applies]) => applies(facts))?.[0] ?? 'unknown';

/** Why something failed: what the provider does not say is null, and the advice is the usual one of the code. */
export const failureWith = (code: DeclineCode, told: Partial<Failure> = {}): Failure => ({
  code,
  message: null,
  providerCode: null,
  declineCode: null,
  networkCode: null,
  advice: defaultAdvice[code],
  ...told,
});

/** A card that was charged: what the provider does not say is null. */
export const cardOf = (told: Partial<Card>): Card => ({
  brand: null,
  last4: null,
  expMonth: null,
  expYear: null,
  funding: null,
  country: null,
  holderName: null,
  fingerprint: null,
  ...told,
});

/** What is said of a charge in every state. What is left out is null; `disputed` is false. */
export interface ChargeFacts
  extends
    Pick<KnownCharge, 'provider' | 'id' | 'providerStatus' | 'amount' | 'currency' | 'livemode'>,
    Partial<
      Pick<
        KnownCharge,
        | 'disputed'
        | 'description'
        | 'statementDescriptor'
        | 'customer'
        | 'email'
        | 'paymentMethod'
        | 'refunds'
        | 'disputes'
        | 'createdAt'
        | 'updatedAt'
        | 'expiresAt'
      >
    > {
  /** By the provider's words or flags. Without a readable refunded total a captured charge becomes `unknown`. */
  readonly status: ChargeStatus;
  /** A function where it depends on the status: it gets that of the finished charge. */
  readonly threeDS?: ThreeDS | null | ((status: ChargeStatus) => ThreeDS | null);
  /** As it stands on the wire: the stamp and `ownKeys` are taken out. */
  readonly metadata: Readonly<Record<string, unknown>> | null | undefined;
  /** Metadata keys of the adapter's own, beside the stamp. */
  readonly ownKeys?: readonly string[];
  /** The provider's resource, untouched. */
  readonly raw: unknown;
}

/** The money of a captured charge. */
export interface CapturedMoney {
  /** Null where the provider does not say. */
  readonly captured: number | null;
  /** Null where nothing tells it: such a charge must pass neither for paid nor for refunded. */
  readonly refunded: number | null;
  /** Where a word of the provider says more than the two amounts. */
  readonly refundStatus?: RefundTotal;
  /** When it was captured, as ISO 8601 text; left out where the provider does not say. */
  readonly capturedAt?: string | null;
  /** What the provider keeps; left out where it does not say. */
  readonly fee?: Fee | null;
}

/** What is said in one state only, and asked in that state only. */
export interface ByStatus {
  /** The money of a captured charge. */
  captured(): CapturedMoney;
  /** What the payer has to do. */
  requires_action?(): NextAction | null;
  /** Why it failed. Default: a plain decline. */
  failed?(): Failure;
  /** What the provider told of the money of a charge of which nobody knows where it stands. */
  unknown?(): Pick<CapturedMoney, 'captured' | 'refunded'>;
}

const nothingTold = { captured: null, refunded: null } as const;

/** No charge captures more than its amount: once that much went back, everything did, whatever was captured. */
const knownMoney = (
  { captured, refunded, refundStatus }: CapturedMoney,
  amount: number,
): Parameters<typeof standing>[1] =>
  refunded === null
    ? null
    : {
        amountCaptured: captured,
        amountRefunded: refunded,
        refundStatus: refundStatus ?? refundTotal(refunded, captured ?? amount),
      };

/**
 * A normalized charge. The rules of the model stand here once: only a captured charge has captured and refunded amounts, a
 * fee and a time of capture; a released authorization is no refund; only an open charge asks its payer; only a failed one
 * has a failure.
 */
export const makeCharge = (facts: ChargeFacts, by: ByStatus): Charge => {
  const money = facts.status === 'captured' ? by.captured() : null;
  const known = money === null ? noMoney : knownMoney(money, facts.amount);
  const status = known === null ? 'unknown' : facts.status;
  const told = status === 'unknown' ? (money ?? by.unknown?.() ?? nothingTold) : nothingTold;
  const { metadata, stamp } = splitMetadata(
    facts.metadata,
    facts.ownKeys === undefined ? [stampMetadataKey] : [stampMetadataKey, ...facts.ownKeys],
  );
  const shown = standing(status, known, told);
  return attach(
    // Status and amounts are told one by one: on Node 20 a spread among other fields takes as long as all of them. What
    // `standing` has joined stays joined, though the compiler sees that of a spread only.
    {
      provider: facts.provider,
      id: facts.id,
      status: shown.status,
      amountCaptured: shown.amountCaptured,
      amountRefunded: shown.amountRefunded,
      refundStatus: shown.refundStatus,
      providerStatus: facts.providerStatus,
      amount: facts.amount,
      currency: facts.currency,
      disputed: facts.disputed ?? false,
      livemode: facts.livemode,
      description: facts.description ?? null,
      statementDescriptor: facts.statementDescriptor ?? null,
      customer: facts.customer ?? null,
      email: facts.email ?? null,
      metadata,
      paymentMethod: facts.paymentMethod ?? null,
      nextAction: status === 'requires_action' ? (by.requires_action?.() ?? null) : null,
      threeDS: (typeof facts.threeDS === 'function' ? facts.threeDS(status) : facts.threeDS) ?? null,
      failure: status === 'failed' ? (by.failed?.() ?? failureWith('generic_decline')) : null,
      fee: status === 'captured' ? (money?.fee ?? null) : null,
      refunds: facts.refunds ?? null,
      disputes: facts.disputes ?? null,
      createdAt: facts.createdAt ?? null,
      updatedAt: facts.updatedAt ?? null,
      capturedAt: status === 'captured' ? (money?.capturedAt ?? null) : null,
      expiresAt: facts.expiresAt ?? null,
    } as Charge,
    { raw: facts.raw, stamp },
  );
};
