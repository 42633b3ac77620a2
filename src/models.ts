/**
 * What needs no server: models, their schemas, money and the error classes. Nothing here imports a module of Node or reaches the
 * network, so it bundles for a browser, which gets charges and errors from your server as JSON.
 */
export * from './errors.js';
export {
  chargeSchema,
  chargeStatusSchema,
  isFinal,
  isPaid,
  refundTotalOf,
  type BankAccount,
  type Card,
  type Charge,
  type ChargeStatus,
  type Fee,
  type KnownCharge,
  type NextAction,
  type PaymentMethod,
  type RefundTotal,
  type ThreeDS,
  type ThreeDSStatus,
  type UnknownCharge,
} from './models/charge.js';
export { advanceCharge, type ChargeProgress, type RefundProgress } from './models/charge-progress.js';
export {
  adviceValues,
  declineCodes,
  defaultAdvice,
  type Advice,
  type DeclineCode,
  type DeclineRow,
} from './models/decline.js';
export { disputeSchema, type Dispute } from './models/dispute.js';
export type {
  ChargeEvent,
  ChargeEventType,
  ChargeStateEvent,
  NoticeEvent,
  RefundStateEvent,
} from './models/event.js';
export { money } from './models/money.js';
export {
  captureParamsSchema,
  createParamsSchema,
  listParamsSchema,
  refundParamsSchema,
  searchParamsSchema,
  updateParamsSchema,
  verify3DSParamsSchema,
  type CaptureParams,
  type CreateParams,
  type ListParams,
  type RefundParams,
  type SearchParams,
  type UpdateParams,
  type Verify3DSParams,
} from './models/params.js';
export {
  refundSchema,
  refundStatusSchema,
  type Failure,
  type Refund,
  type RefundStatus,
} from './models/refund.js';
