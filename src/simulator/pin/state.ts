import type { FaceContext } from '../face.js';
import { createSearchIndex, type SearchIndex } from '../search-index.js';
import type { PinCard } from './cards.js';
import type { PinCharge, PinRefund } from './charge.js';
import type { PinSwitches } from './switches.js';

/** Something that can be charged once: a card token or a payment source. */
export interface PinToken {
  readonly card: PinCard;
  /** When it stops to be good. */
  readonly expiresAt: number;
  used: boolean;
}

/** A customer with a card that can be charged again and again. */
export interface PinCustomer {
  readonly token: string;
  readonly email: string;
  readonly card: PinCard;
  readonly createdAt: number;
}

/** Where a payer came back from 3-D Secure. */
export interface PinSession {
  readonly charge: PinCharge;
  readonly approved: boolean;
  used: boolean;
}

/** Everything that one simulated account holds. */
export interface PinState {
  readonly context: FaceContext;
  readonly switches: PinSwitches;
  readonly cardTokens: Map<string, PinToken>;
  readonly paymentSources: Map<string, PinToken>;
  readonly customers: Map<string, PinCustomer>;
  readonly sessions: Map<string, PinSession>;
  /** In order of creation, as are the refunds. */
  readonly charges: Map<string, PinCharge>;
  readonly refunds: Map<string, PinRefund>;
  readonly index: SearchIndex<PinCharge>;
}

/** An account without anything in it. */
export const createState = (context: FaceContext, switches: PinSwitches): PinState => ({
  context,
  switches,
  cardTokens: new Map(),
  paymentSources: new Map(),
  customers: new Map(),
  sessions: new Map(),
  charges: new Map(),
  refunds: new Map(),
  index: createSearchIndex(
    () => context.now(),
    () => context.indexDelayMs(),
  ),
});

/** A time as Pin writes it: UTC, whole seconds. */
export const timestamp = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;
