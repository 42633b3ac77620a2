import type { NextAction } from '../../models/charge.js';
import type { ReportDrift } from '../../provider.js';
import { isConfirmationId } from './safe-text.js';
import type { WireCharge } from './wire.js';

/** The only shape of an action that is documented. */
const redirectType = 'redirect_to_url';

/**
 * What the payer has to do, as far as it can be carried out: an address to go to, or the confirmation id that `verify` asks
 * for. Null for everything else, which `reportAction` tells.
 */
export const actionOf = ({ action }: Pick<WireCharge, 'action'>): NextAction | null => {
  if (action?.url) return { type: 'redirect', url: action.url };
  const confirmationId = action?.confirmation_id;
  return isConfirmationId(confirmationId) ? { type: 'otp', confirmationId } : null;
};

/**
 * Tells of an action in a shape that the documentation does not show. An action with an empty content asks for nothing. One
 * that we cannot express would otherwise look like a payment that finishes by itself.
 */
export const reportAction = ({ action }: Pick<WireCharge, 'action'>, drift: ReportDrift): void => {
  if (action == null || Object.values(action).every((value) => value == null || value === '')) return;
  const isDocumented = Boolean(action.url) && (action.type == null || action.type === redirectType);
  if (!isDocumented) drift('action', 'unknown_value');
};
