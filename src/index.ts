export { accessTokens, type AccessTokenFacts } from './adapter/access-token.js';
export {
  cardOf,
  failureWith,
  firstStatus,
  makeCharge,
  type ByStatus,
  type CapturedMoney,
  type ChargeFacts,
} from './adapter/charge.js';
export { defineAdapter } from './adapter/define-adapter.js';
export type { AdapterWebhook, Definition, SpecRows, TypesOf } from './adapter/definition.js';
export { eventsOf, type EventSubject, type Events } from './adapter/events.js';
export {
  failureOf,
  usualRefusal,
  type Decline,
  type ErrorTold,
  type FailureTables,
  type Refusal,
} from './adapter/failure.js';
export { fieldsOf, rowOf, rowsNamed, textOf, wrongIf } from './adapter/fields.js';
export type { AdapterCall, AdapterTypes, RowInput } from './adapter/inputs.js';
export type { CreateLimits, MetadataLimits } from './adapter/limits.js';
export { everyPage, type Listed } from './adapter/page-rows.js';
export {
  numberedPages,
  offsetPages,
  paging,
  type PageAsked,
  type PageNumbers,
  type Paging,
  type PagingFacts,
} from './adapter/paging.js';
export { makeRefund, type RefundFacts } from './adapter/refund.js';
export {
  resource,
  type ChargeResource,
  type RefundResource,
  type Resource,
  type ResourceFacts,
} from './adapter/resource.js';
export type { AdapterRow, Issues } from './adapter/rows.js';
export { headerPair, timedHeader, type HeaderPair, type TimedHeader } from './adapter/signature.js';
export type {
  CallOptions,
  ChargesClient,
  ChargesClientFor,
  Include,
  Operation,
  ReadOptions,
  WebhookBody,
  WebhookHeaders,
  WriteOptions,
} from './charges-client.js';
export { createChargesClient, type ChargesClientOf, type ClientSettings } from './create-charges-client.js';
export * from './models.js';
export type { Capabilities, CreateCapability, SearchCapability, WriteSafety } from './models/capabilities.js';
export type { WireFields, WireFieldValue } from './models/wire-fields.js';
export {
  attach,
  splitMetadata,
  stampMetadata,
  stampMetadataKey,
  stampOf,
  type Attachments,
} from './models/attachments.js';
export { combineEvents } from './event-listeners.js';
export { logEvents, type EventLogger, type LogEventsOptions, type LogLevel } from './log-events.js';
export type { ClientEvent, EventListener } from './models/client-event.js';
export { unknownDecline } from './models/decline.js';
export type { ReportedEvent } from './models/event.js';
export { rescale } from './models/money.js';
export type * from './models/operation-store.js';
export type { ChargeList, Page } from './models/page.js';
export {
  momentToMilliseconds,
  momentToSeconds,
  type Contact,
  type Moment,
  type RefundReason,
} from './models/params.js';
export {
  paymentSourceSchema,
  sourceObject,
  type Address,
  type CardSource,
  type PaymentSource,
  type PaymentSourceType,
  type SourceDetail,
} from './models/payment-source.js';
export type { PendingReconciliations, Reconciliation, ReconciledWrite } from './models/reconciliation.js';
export { Secret, secretSchema } from './models/secret.js';
export { memoryStore, type MemoryStoreOptions } from './stores/memory.js';
export * from './provider.js';
export { systemRuntime, type Runtime } from './runtime.js';
export type { WebhookDelivery, WebhookSpec } from './webhook-spec.js';
export { version } from './version.js';
