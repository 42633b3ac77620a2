import type { ChargesClient } from '../../charges-client.js';
import type { Charge } from '../../models/charge.js';
import type { EventListener } from '../../models/client-event.js';
import type { CreateParams, Verify3DSParams } from '../../models/params.js';
import type { PaymentSource } from '../../models/payment-source.js';
import type { FaultOrder } from '../../simulator/faults.js';

/** The caller's own `test`: that of vitest, jest or node:test. The kit imports no runner. */
export type RegisterTest = (name: string, run: () => Promise<void>) => unknown;

/** Settings that the kit changes. `createClient` has to hand them on to the client's factory. */
export interface ConformanceOverrides {
  /** Receives the events of the client: a setting of every factory. */
  readonly onEvent?: EventListener;
  /** How often a request is repeated: a setting of every factory. */
  readonly maxRetries?: number;
  /** The secret of webhooks, several of them while one is replaced, or undefined for none: a setting of every factory. */
  readonly webhookSecret?: string | string[] | undefined;
}

/** A delivery to a webhook, as it comes in over HTTP. */
export interface ConformanceDelivery {
  /** The body, byte for byte. */
  readonly rawBody: string | Uint8Array;
  /** The headers, in any letter case: those of the signature at least. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How the provider tells a merchant's server about charges. */
export interface ConformanceWebhooks {
  /**
   * What the provider would send about this charge, an event that the adapter knows, signed with `secret`. It is called once for each
   * delivery. `ageMs` is how long ago it was signed, in milliseconds by the client's clock; negative: in the future.
   */
  deliver(chargeId: string, ageMs: number): ConformanceDelivery | Promise<ConformanceDelivery>;
  /**
   * The secret that `deliver` signs with. The kit hands it, and others of the same form, to `createClient` as `webhookSecret` of the
   * overrides. Left out where the provider signs nothing: then only what was read at the provider may be told.
   */
  readonly secret?: string | undefined;
  /** False where no time is signed: then the test of old deliveries is left out. Default: true. */
  readonly signsTime?: boolean | undefined;
}

/** A charge as it truly is at the provider: amounts in ISO 4217 minor units. The simulator's ledger fits. */
export interface ConformanceLedgerCharge {
  /** The provider's id of the charge. */
  readonly id: string;
  /** What create asked. */
  readonly amount: number;
  /** Upper-case ISO 4217 code. */
  readonly currency: string;
  /** What was taken from the payer, before refunds. */
  readonly amountCaptured: number;
  /** What went back of the captured money. */
  readonly amountRefunded: number;
  /** Where the charge stands, in a word of the ledger, such as `captured`. */
  readonly state: string;
  /** Every refund of the charge. */
  readonly refunds: readonly { readonly id: string; readonly amount: number }[];
}

/** Fresh sources; each is charged once. */
export interface ConformanceSources {
  /** A source that the issuer approves. */
  approved(): PaymentSource;
  /** A source that the issuer declines, for whatever reason. */
  declined?(): PaymentSource;
  /** A source that is declined with `insufficient_funds`. */
  insufficientFunds?(): PaymentSource;
  /** A source that asks the payer for 3-D Secure. `returnUrl` is also in the params of the charge. */
  requires3DS?(returnUrl: string): PaymentSource;
  /** A source whose charge waits for the payer and can be ended by `expire`. */
  expirable?(): PaymentSource;
}

/** What the payer does without a browser. The simulator's `payer` fits. */
export interface ConformancePayer {
  /** Resolves to the URL that the payer is sent back to. */
  approve(url: string): Promise<string>;
  /** Resolves to the URL that the payer is sent back to. */
  decline(url: string): Promise<string>;
}

/** What `testChargesClient` takes. */
export interface ConformanceOptions {
  /**
   * A client of one account, made with these overrides. Called once while the tests are registered, to read the
   * capabilities, and once or more for each test. Give lookup providers a short `settleMs`.
   */
  createClient(overrides?: ConformanceOverrides): ChargesClient;
  /** Makes the sources that the tests charge. */
  readonly sources: ConformanceSources;
  /** An upper-case currency that the account can charge. */
  readonly currency: string;
  /** Further currencies whose minor units are tested, best one without and one with three decimals. */
  readonly currencies?: readonly string[] | undefined;
  /** What every create carries besides amount, currency and source, such as what the provider requires. */
  readonly params?: Partial<CreateParams> | undefined;
  /** What the keys of the test account say. Default: not compared. */
  readonly livemode?: boolean | undefined;
  /** Makes requests fail on their way; with it the money-safety tests run. The simulator's `inject` fits. */
  readonly faults?: { inject(order: FaultOrder): void; clear?(): void } | undefined;
  /** Ground truth: every charge of this provider. */
  ledger?(): readonly ConformanceLedgerCharge[];
  /** Acts as the payer of 3-D Secure and redirects; without it the tests that need one are left out. */
  readonly payer?: ConformancePayer | undefined;
  /** What `verify3DS` gets when the payer came back. Default: the charge's id. */
  verification?(returnedTo: string, charge: Charge): Verify3DSParams;
  /** Deliveries to a webhook; with them the tests of `parseWebhook` run. */
  readonly webhooks?: ConformanceWebhooks | undefined;
  /** Every request that the provider received, counted independently of the client. */
  requests?(): readonly unknown[];
  /** A client whose next answers, as parsed JSON, go through `change` before it sees them. */
  tamperedClient?(change: (body: unknown) => unknown): ChargesClient;
  /** Texts that must never show up anywhere: keys of the account. */
  readonly secrets?: readonly string[] | undefined;
}
