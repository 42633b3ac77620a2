import { refundTotalOf, type Charge } from '../models/charge.js';
import type { Refund, RefundStatus } from '../models/refund.js';
import type { ReportDrift } from '../provider.js';

const sumOf = (refunds: readonly Refund[], statuses: readonly RefundStatus[]): number =>
  refunds.filter(({ status }) => statuses.includes(status)).reduce((sum, { amount }) => sum + amount, 0);

/**
 * The refunded total of a captured charge and the refunds that came with it are two words about the same money. Some providers
 * count pending refunds, some do not; beyond that they must agree, or it is drift. Only refunds prove a refund, so a total
 * below those that are done is raised to their sum, but never above what was captured; a higher total stays as it was told.
 */
export const agreeOnRefunds = (charge: Charge, drift: ReportDrift): void => {
  if (charge.status !== 'captured' || charge.refunds === null) return;
  const done = sumOf(charge.refunds, ['succeeded']);
  const possible = sumOf(charge.refunds, ['succeeded', 'pending', 'unknown']);
  if (charge.amountRefunded >= done && charge.amountRefunded <= possible) return;
  drift('refunds', 'inconsistent');
  const most = charge.amountCaptured ?? charge.amount;
  if (charge.amountRefunded >= done || done > most) return;
  Object.assign(charge, { amountRefunded: done, refundStatus: refundTotalOf(done, most) });
};
