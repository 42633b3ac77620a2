import type { FaceContext } from '../face.js';
import type { TokenRecord } from './records.js';

/** Behaviour of Stripe that its documentation leaves open. */
export interface StripeSwitches {
  /**
   * Whether the remainder that a partial capture releases stands in `amount_refunded` and in the list of refunds,
   * as it does in old API versions.
   */
  releaseCountsAsRefund: boolean;
}

/** What the calls of the face share. */
export interface Services {
  context: FaceContext;
  switches: StripeSwitches;
  /** Tokens that the simulator handed out as sources; every account knows them. */
  minted: Map<string, TokenRecord>;
}

/** Now, in Unix seconds. */
export const unixNow = (services: Services): number => Math.floor(services.context.now() / 1000);
