export type { SimulatorClock } from './clock.js';
export type { Delivery } from './delivery.js';
export type { SimulatorRequest, SimulatorResponse, SourceKind, SourceOptions } from './face.js';
export type { SimulatedProvider, SimulatedSettings, SimulatedSource, SimulatedSwitches } from './faces.js';
export type { FaultDetails, FaultOrder, FaultType, PendingFault } from './faults.js';
export type {
  LedgerChange,
  LedgerCharge,
  LedgerRefund,
  LedgerRefundStatus,
  LedgerState,
} from './ledger-charge.js';
export type { ReceivedRequest } from './request-log.js';
export {
  createSimulatedProviders,
  type LedgerReader,
  type SimulatedProviders,
  type SimulatedProvidersOptions,
} from './simulated-providers.js';
export type { Disorder, SimulatedDelivery, SimulatedWebhooks } from './webhooks.js';
export type { OutgoingWebhook } from './webhooks-outgoing.js';
export { startSimulator, type Simulator, type SimulatorOptions } from './simulator.js';
