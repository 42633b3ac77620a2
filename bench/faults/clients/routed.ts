import { CardError, ChargesError } from '../../../src/errors.js';
import type { Charge } from '../../../src/models/charge.js';
import type { RouteOrder, RouteReport } from '../messages.js';

/** What every provider wants of a charge. */
export const paramsOfRoute = ({ amount, currency, key }: RouteOrder) => ({
  amount,
  currency,
  description: 'Order',
  statementDescriptor: 'MYSHOP',
  email: 'payer@shop.test',
  ip: '203.0.113.7',
  metadata: { order: key },
});

const now = (): number => performance.timeOrigin + performance.now();

/** What the caller of a payment is told, with the moment. */
export const reportOfRoute = async (
  paying: Promise<Charge & { readonly route?: string }>,
): Promise<RouteReport> => {
  try {
    const { id, route, provider } = await paying;
    return {
      said: 'charged',
      id,
      route: route ?? provider,
      code: '',
      isDecline: false,
      words: '',
      at: now(),
      pid: process.pid,
    };
  } catch (error) {
    if (!(error instanceof ChargesError)) throw error;
    const isDecline = error instanceof CardError;
    const code = isDecline ? error.declineCode : error.code;
    const words = `${error.name}: ${error.message}`;
    return {
      said: error.outcome,
      id: null,
      route: null,
      code,
      isDecline,
      words,
      at: now(),
      pid: process.pid,
    };
  }
};
