/** Which store the merchant's processes share. */
export type StoreKind = 'redis' | 'postgres' | 'sqlite';

interface ClientSettings {
  readonly secretKey: string;
  readonly baseUrl: string;
  readonly settleMs: number;
  readonly abandonedMs: number;
}

/** What a merchant process is started with, as JSON in its first argument. */
export interface ProcessSettings {
  readonly store: StoreKind;
  /** The address of the server, or the file. */
  readonly url: string;
  readonly namespace: string;
  /** Settings of the simulator for each client. */
  readonly omise: ClientSettings;
  readonly stripe: ClientSettings;
  /** A lease that runs out soon, for processes that are going to be killed. */
  readonly leaseMs?: number;
}

/** One create that a process is asked for. */
export interface Order {
  readonly provider: 'omise' | 'stripe';
  readonly key: string;
  /** A customer with a card at Omise, a payment method at Stripe: both may be charged again and again. */
  readonly source: string;
  /** Whether to ask again while another process is at it. */
  readonly untilAnswered: boolean;
  /** In minor units; a usual one where it is left out. */
  readonly amount?: number;
}

/** What a process says of one order. */
export type Answer = { readonly charge: string } | { readonly error: string; readonly outcome: string };

/** What became of one write that was left open. */
export interface Finding {
  readonly key: string;
  readonly outcome: string;
  readonly charge: string | null;
}

export type Request =
  { readonly type: 'create'; readonly orders: readonly Order[] } | { readonly type: 'reconcile pending' };

export type Reply =
  | { readonly type: 'ready' }
  | { readonly type: 'answers'; readonly answers: readonly Answer[] }
  | { readonly type: 'findings'; readonly findings: readonly Finding[] };
