import { refundTotal, type Charge } from '../models/charge.js';
import type { Refund, RefundStatus } from '../models/refund.js';
import type { ReportDrift } from '../provider.js';

const sumOf = (refunds: readonly Refund[], statuses: readonly RefundStatus[]): number =>
  refunds.filter(({ status }) => statuses.includes(status)).reduce((sum, { amount }) => sum + amount, 0);

/**
 * Compares the refunded total of a captured charge with its refunds. Some providers count pending refunds,
 * some do not; any other difference is drift. Only refunds prove a refund, so a total below the sum of the
 * succeeded ones is raised to it, but never above the captured amount; a higher total stays.
 */
export const agreeOnRefunds = (charge: Charge, drift: ReportDrift): void => {
  if (charge.status !== 'captured' || charge.refunds === null) return;
  const done = sumOf(charge.refunds, ['succeeded']);
  const possible = sumOf(charge.refunds, ['succeeded', 'pending', 'unknown']);
  if (charge.amountRefunded >= done && charge.amountRefunded <= possible) return;
  drift('refunds', 'inconsistent');
  const most = charge.amountCaptured ?? charge.amount;
  if (charge.amountRefunded >= done || done > most) return;
  Object.assign(charge, { amountRefunded: done, refundStatus: refundTotal(done, most) });
};
