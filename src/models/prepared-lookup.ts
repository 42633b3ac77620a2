import type { Charge } from './charge.js';

/** How a create of two steps is found again: `prepare` makes an object, and the one request of the row charges it. */
export interface PreparedLookup {
  /** The id of what `prepare` made, as `retrieve` reads it; null where it made none. */
  target(prepared: unknown): string | null;
  /** Whether the object shows that the request took effect: false while it only waits for it. */
  tookEffect(charge: Charge): boolean;
}
