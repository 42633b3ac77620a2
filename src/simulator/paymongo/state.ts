import type { FaceContext } from '../face.js';
import type { PaymongoSwitches } from './switches.js';

/** What an intent is paid with. */
export interface PaymongoMethod {
  readonly id: string;
  /** `card`, `gcash`, … */
  readonly type: string;
  readonly card: { readonly last4: string; readonly brand: string; readonly country: string } | null;
  /** Why charges of it fail, or null. */
  readonly failure: string | null;
  /** Whether the payer has to go to a page: always, where the intent asks for `any` 3-D Secure, or never (null). */
  readonly challenge: 'required' | 'optional' | null;
  readonly createdAt: number;
}

/** A wallet that the payer approves first, and that is charged without an intent afterwards. */
export interface PaymongoSource {
  readonly id: string;
  readonly type: 'gcash' | 'grab_pay';
  readonly amount: number;
  readonly success: string;
  readonly failed: string;
  readonly createdAt: number;
  checkoutUrl: string;
  status: 'pending' | 'chargeable' | 'cancelled' | 'expired' | 'paid';
}

/** Money on its way back. */
export interface PaymongoRefund {
  readonly id: string;
  readonly paymentId: string;
  readonly amount: number;
  readonly reason: string;
  readonly notes: string | null;
  readonly metadata: Record<string, string> | null;
  readonly createdAt: number;
  status: 'pending' | 'processing' | 'succeeded' | 'failed';
}

/** One attempt to take money. */
export interface PaymongoPayment {
  readonly id: string;
  readonly amount: number;
  readonly intentId: string | null;
  readonly source: Readonly<Record<string, string>>;
  readonly description: string | null;
  readonly statementDescriptor: string | null;
  readonly metadata: Record<string, string> | null;
  readonly failedCode: string | null;
  readonly createdAt: number;
  readonly status: 'paid' | 'failed';
  readonly refunds: PaymongoRefund[];
}

/** What is to be paid, with its attempts. */
export interface PaymongoIntent {
  readonly id: string;
  readonly amount: number;
  readonly captureType: 'automatic' | 'manual';
  readonly allowed: readonly string[];
  readonly requestThreeDSecure: 'any' | 'automatic';
  readonly description: string | null;
  readonly statementDescriptor: string | null;
  readonly metadata: Record<string, string> | null;
  readonly createdAt: number;
  readonly payments: PaymongoPayment[];
  status:
    | 'awaiting_payment_method'
    | 'awaiting_next_action'
    | 'awaiting_capture'
    | 'processing'
    | 'succeeded'
    | 'cancelled';
  method: PaymongoMethod | null;
  returnUrl: string | null;
  nextUrl: string | null;
  lastError: { readonly code: string; readonly paymentId: string } | null;
  /** Whether the ledger has it: it has, once something was attached. */
  isOpened: boolean;
  updatedAt: number;
  cancelLapse: () => void;
}

/** Everything that one simulated account holds, each in order of creation. */
export interface PaymongoState {
  readonly context: FaceContext;
  readonly switches: PaymongoSwitches;
  readonly methods: Map<string, PaymongoMethod>;
  readonly sources: Map<string, PaymongoSource>;
  readonly intents: Map<string, PaymongoIntent>;
  readonly payments: Map<string, PaymongoPayment>;
  readonly refunds: Map<string, PaymongoRefund>;
}

/** An account without anything in it. */
export const createState = (context: FaceContext, switches: PaymongoSwitches): PaymongoState => ({
  context,
  switches,
  methods: new Map(),
  sources: new Map(),
  intents: new Map(),
  payments: new Map(),
  refunds: new Map(),
});

/** Whole seconds since 1970, as every time here. */
export const secondsOf = (time: number): number => Math.floor(time / 1000);
