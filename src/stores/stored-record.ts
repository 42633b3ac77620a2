import type {
  Fingerprint,
  OperationRecord,
  OperationResult,
  OperationState,
} from '../models/operation-store.js';
import { fieldsOf } from '../models/objects.js';

/** The fields of a record, as a database gave them back. Numbers may be text; JSON is parsed; what is missing is null. */
type StoredFields = Readonly<Partial<Record<keyof OperationRecord, unknown>>>;

const states: ReadonlySet<unknown> = new Set<OperationState>([
  'started',
  'unknown',
  'succeeded',
  'rejected',
  'did_not_happen',
]);
const kinds: ReadonlySet<unknown> = new Set<OperationResult['kind']>(['charge', 'refund', 'error', 'none']);

const isState = (value: unknown): value is OperationState => states.has(value);

const isFingerprint = (value: unknown): value is Fingerprint => {
  const { version, hash, operation } = fieldsOf(value);
  return typeof version === 'number' && typeof hash === 'string' && typeof operation === 'string';
};

const isResult = (value: unknown): value is OperationResult | null =>
  value === null || kinds.has(fieldsOf(value)['kind']);

const unreadableName = 'UnreadableRecordError';

/** A record that was damaged or edited in the database must never decide whether a write is sent. */
const unreadable = (name: string): never => {
  const error = new Error(`the record has no readable ${name}`);
  error.name = unreadableName;
  throw error;
};

/** Whether a store has a record of the key and cannot read it. By name: the store may come from the other module format. */
export const isUnreadableRecord = (error: unknown): boolean =>
  error instanceof Error && error.name === unreadableName;

const numberIn = (name: string, value: unknown): number => {
  const isTold =
    typeof value === 'number' || typeof value === 'bigint' || (typeof value === 'string' && value !== '');
  const number = isTold ? Number(value) : NaN;
  return Number.isFinite(number) ? number : unreadable(name);
};

const textIn = (name: string, value: unknown): string =>
  typeof value === 'string' ? value : unreadable(name);

const textOrNull = (name: string, value: unknown): string | null =>
  value === null || value === undefined ? null : textIn(name, value);

const openSendIn = (value: unknown): OperationRecord['openSend'] => {
  if (value === null || value === undefined) return null;
  const { until, reported } = fieldsOf(value);
  return { until: numberIn('openSend', until), reported: reported === true };
};

/** The record of a database, or an error that names the field that cannot be read. */
export const recordOfFields = (scope: string, key: string, fields: StoredFields): OperationRecord => {
  const { state, fingerprint, result = null, sentAt = null, resolved = null } = fields;
  return {
    scope,
    key,
    operation: textIn('operation', fields.operation),
    target: textOrNull('target', fields.target),
    fingerprint: isFingerprint(fingerprint) ? fingerprint : unreadable('fingerprint'),
    state: isState(state) ? state : unreadable('state'),
    attempt: numberIn('attempt', fields.attempt),
    owner: textIn('owner', fields.owner),
    startedAt: numberIn('startedAt', fields.startedAt),
    leaseUntil: numberIn('leaseUntil', fields.leaseUntil),
    sentAt: sentAt === null ? null : numberIn('sentAt', sentAt),
    prepared: fields.prepared === true,
    openSend: openSendIn(fields.openSend),
    resolved,
    refundLock: textOrNull('refundLock', fields.refundLock),
    result: isResult(result) ? result : unreadable('result'),
  };
};

/** A record as any store gives it, also one of the caller's own: what decides about a write has to be readable. */
export const assertReadable = ({ state, fingerprint, result }: OperationRecord): void => {
  if (!isFingerprint(fingerprint)) unreadable('fingerprint');
  if (!isState(state)) unreadable('state');
  if (!isResult(result)) unreadable('result');
};

/** The records of a list, one by one: what cannot be read hides none of the others, and is thrown after them. */
export const readableRecords = () => {
  let failure: Error | undefined;
  return {
    *of<Row>(rows: readonly Row[], recordOf: (row: Row) => OperationRecord): Generator<OperationRecord> {
      for (const row of rows) {
        let record: OperationRecord | undefined;
        try {
          record = recordOf(row);
        } catch (error) {
          failure ??= error instanceof Error ? error : new Error(String(error));
        }
        if (record !== undefined) yield record;
      }
    },
    end: (): void => {
      if (failure !== undefined) throw failure;
    },
  };
};
