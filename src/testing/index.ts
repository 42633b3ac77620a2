export {
  testChargesClient,
  type ConformanceDelivery,
  type ConformanceLedgerCharge,
  type ConformanceOptions,
  type ConformanceOverrides,
  type ConformancePayer,
  type ConformanceSources,
  type ConformanceWebhooks,
  type RegisterTest,
} from './conformance/index.js';
export {
  createFakeClient,
  type FakeClient,
  type FakeClientOptions,
  type FakeControl,
} from './fake-client.js';
export {
  createFaultServer,
  type FaultServer,
  type FaultServerHandler,
  type FaultServerOptions,
  type FaultServerRequest,
  type FaultServerResponse,
} from './fault-server.js';
export * from '../simulator/index.js';
export { testOperationStore, type StoreSuiteOptions, type TestFunction } from './store-suite.js';
