import { isFinal } from '../models/charge.js';
import { declineError, failedRefundError, isFailedRefund } from '../calls/failures.js';
import { readCharge } from '../calls/reads.js';
import type { CallContext } from '../calls/start-call.js';
import { isRefund, type WriteResult } from './results.js';

/**
 * A recorded charge that was not final may have changed: read it once; if the read fails, return it as
 * recorded.
 */
export const refresh = async (run: CallContext, made: WriteResult): Promise<WriteResult> => {
  if (isRefund(made)) {
    // An earlier version recorded failed refunds as succeeded.
    if (isFailedRefund(made)) throw failedRefundError(run, made);
    return made;
  }
  if (isFinal(made)) return made;
  const charge = await readCharge({ ...run, maxRetries: 0 }, made.id, made).catch(() => made);
  if (charge === null) return made;
  if (charge.status === 'failed') throw declineError(run, charge);
  // Some providers return the URL of the payer's page only in the response to the create.
  const isStillOpen = charge.status === made.status && charge.nextAction === null && made.nextAction !== null;
  return isStillOpen ? made : charge;
};
