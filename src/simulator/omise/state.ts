import type { FaceContext } from '../face.js';
import { createSearchIndex, type SearchIndex } from '../search-index.js';
import type { OmiseCard } from './cards.js';
import type { OmiseCharge } from './charge.js';
import type { OmiseSource } from './sources.js';
import type { OmiseSwitches } from './switches.js';

/** A single-use token for a card. */
export interface OmiseToken {
  id: string;
  card: OmiseCard;
  used: boolean;
  /** `unknown` until it is charged. */
  chargeStatus: string;
  createdAt: number;
}

/** A customer with saved cards. */
export interface OmiseCustomer {
  id: string;
  email: string | null;
  description: string | null;
  metadata: Readonly<Record<string, unknown>>;
  cards: OmiseCard[];
  defaultCard: string | null;
  createdAt: number;
}

/** Everything that one simulated Omise account holds. */
export interface OmiseState {
  readonly context: FaceContext;
  readonly switches: OmiseSwitches;
  readonly tokens: Map<string, OmiseToken>;
  readonly customers: Map<string, OmiseCustomer>;
  readonly sources: Map<string, OmiseSource>;
  /** In order of creation. */
  readonly charges: Map<string, OmiseCharge>;
  readonly index: SearchIndex<OmiseCharge>;
}

/** An account without anything in it. */
export const createState = (context: FaceContext, switches: OmiseSwitches): OmiseState => ({
  context,
  switches,
  tokens: new Map(),
  customers: new Map(),
  sources: new Map(),
  charges: new Map(),
  index: createSearchIndex(
    () => context.now(),
    () => context.indexDelayMs(),
  ),
});

/** A time as Omise writes it: UTC, whole seconds. */
export const timestamp = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** A time that may be missing. */
export const timestampOrNull = (time: number | null): string | null =>
  time === null ? null : timestamp(time);
