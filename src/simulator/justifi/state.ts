import type { FaceContext } from '../face.js';
import type { JustifiDispute } from './disputes.js';
import type { JustifiPayment, JustifiRefund } from './payment.js';
import type { PaymentMethod } from './payment-methods.js';
import type { JustifiSwitches } from './switches.js';

/** Everything that one simulated platform holds, each in order of creation. */
export interface JustifiState {
  readonly context: FaceContext;
  readonly switches: JustifiSwitches;
  readonly paymentMethods: Map<string, PaymentMethod>;
  readonly payments: Map<string, JustifiPayment>;
  readonly refunds: Map<string, JustifiRefund>;
  readonly disputes: Map<string, JustifiDispute>;
}

/** A platform without anything in it. */
export const createState = (context: FaceContext, switches: JustifiSwitches): JustifiState => ({
  context,
  switches,
  paymentMethods: new Map(),
  payments: new Map(),
  refunds: new Map(),
  disputes: new Map(),
});

/** A time as JustiFi writes it: UTC with milliseconds. */
export const timestamp = (time: number): string => new Date(time).toISOString();
