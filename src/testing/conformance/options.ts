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
  readonly onEvent?: EventListener;
  readonly maxRetries?: number;
}

/** A charge as it truly is at the provider: amounts in ISO 4217 minor units. The simulator's ledger fits. */
export interface ConformanceLedgerCharge {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly amountCaptured: number;
  readonly amountRefunded: number;
  readonly state: string;
  readonly refunds: readonly { readonly id: string; readonly amount: number }[];
}

/** Fresh sources; each is charged once. */
export interface ConformanceSources {
  approved(): PaymentSource;
  declined?(): PaymentSource;
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
  decline(url: string): Promise<string>;
}

/** What `testChargesClient` takes. */
export interface ConformanceOptions {
  /**
   * A client of one account, made with these overrides. Called once while the tests are registered, to read the
   * capabilities, and once or more for each test. Give lookup providers a short `settleMs`.
   */
  createClient(overrides?: ConformanceOverrides): ChargesClient;
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
  readonly payer?: ConformancePayer | undefined;
  /** What `verify3DS` gets when the payer came back. Default: the charge's id. */
  verification?(returnedTo: string, charge: Charge): Verify3DSParams;
  /** Every request that the provider received, counted independently of the client. */
  requests?(): readonly unknown[];
  /** A client whose next answers, as parsed JSON, go through `change` before it sees them. */
  tamperedClient?(change: (body: unknown) => unknown): ChargesClient;
  /** Texts that must never show up anywhere: keys of the account. */
  readonly secrets?: readonly string[] | undefined;
}
