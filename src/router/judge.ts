import {
  AuthenticationError,
  CardError,
  ConfigurationError,
  ConnectionError,
  InvalidResponseError,
  OutcomeUnknownError,
  PermissionError,
  ProviderError,
  RateLimitError,
  TimeoutError,
  UnsupportedOperationError,
  type ChargesError,
} from '../errors.js';
import { anotherAcquirer, isNeverTriedAgain } from '../models/another-acquirer.js';
import type { StayReason } from './events.js';
import type { Sign } from './health.js';
import type { ReadRouterSettings } from './read-settings.js';

/** Codes of our own store's failures, which say nothing of the provider. */
const storeCodes: ReadonlySet<string> = new Set(['store_unavailable', 'record_unreadable']);

const isFaultOfRoute = (error: ChargesError): boolean =>
  !storeCodes.has(error.code) &&
  (error instanceof ConnectionError ||
    error instanceof TimeoutError ||
    error instanceof RateLimitError ||
    error instanceof ProviderError ||
    error instanceof AuthenticationError ||
    error instanceof PermissionError ||
    error instanceof ConfigurationError ||
    error instanceof UnsupportedOperationError);

/** What an error says of its route. A decline is an answer: the route is well. */
export const signOf = (error: ChargesError): Sign => {
  if (error instanceof CardError) return 'well';
  const isIll =
    isFaultOfRoute(error) || error instanceof InvalidResponseError || error instanceof OutcomeUnknownError;
  return isIll && !(error instanceof UnsupportedOperationError) ? 'ill' : 'none';
};

/**
 * Whether a payment may leave a route for an error: null, or why it stays. Only a definite end comes into question; a decline
 * only where another acquirer may decide otherwise, the settings say so and no network forbids it.
 */
export const reasonToStay = (
  { declines, failures }: Pick<ReadRouterSettings, 'declines' | 'failures'>,
  error: ChargesError,
): StayReason | null => {
  if (error.outcome === 'unknown') return 'outcome_unknown';
  if (error instanceof CardError) {
    const { advice, networkCode, declineCode, charge } = error;
    const card = charge?.paymentMethod?.card ?? null;
    if (isNeverTriedAgain({ advice, networkCode, card })) return 'network_forbids';
    const isNever = anotherAcquirer[declineCode].mayDecideOtherwise === 'never';
    return isNever || !declines.has(declineCode) ? 'decline_is_final' : null;
  }
  if (!isFaultOfRoute(error)) return 'not_the_route';
  return failures ? null : 'failures_stay';
};
