import type { EventOfCall } from '../models/client-event.js';
import type { OperationStore } from '../models/operation-store.js';
import type { Secret } from '../models/secret.js';
import type { Runtime } from '../runtime.js';

/** What all writes of one client share. */
export interface Protocol {
  readonly provider: string;
  readonly store: OperationStore;
  readonly runtime: Runtime;
  readonly settleMs: number;
  readonly abandonedMs: number;
  /** Whether a write goes out unrecorded when the store fails. */
  readonly sendsWithoutStore: boolean;
  /** What is masked in the words of a store that fails. */
  readonly secrets: readonly Secret[];
  /** How long the provider remembers a key; null where it has none and repeats must be looked up. */
  readonly keyLifetimeMs: number | null;
  readonly emit: (event: EventOfCall) => void;
}
