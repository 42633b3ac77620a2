import type { Refund } from '../models/refund.js';
import type { OperationInputs, RequestRow } from '../provider.js';
import type { Wired } from '../calls/wire-fields.js';
import { collectDrift, wrapAdapterErrors, makeCall } from '../calls/call.js';
import { chargeOfWrite, type CallContext } from '../calls/start-call.js';
import { invalidResponse } from '../calls/failures.js';
import type { Attribution } from './protocol.js';
import { carriesStamp, lookUpOnCharge } from './lookup.js';
import type { AskedAmount } from '../calls/output.js';
import { readRefunds } from './lookup-refund.js';
import { holdsSecret } from '../transport/redact.js';

/** The writes that move money: they are recorded. */
export type MoneyOperation = 'create' | 'capture' | 'void' | 'expire' | 'refund';

/** The row of one of them. Which input it takes its name says, and whoever hands it one. */
export interface MoneyRow extends Omit<RequestRow<MoneyOperation>, 'params' | 'capability' | 'takesKey'> {
  readonly takesKey?: boolean | KeyTaker['takesKey'];
}
interface KeyTaker {
  takesKey(input: MoneyInput): boolean;
}
export type MoneyInput = OperationInputs[MoneyOperation] & {
  readonly params?: Readonly<Record<string, unknown>>;
} & Wired;

/** What is recorded before sending: what the row read, the refunds that were there, and the state of the charge. */
export interface Resolved {
  readonly row: unknown;
  readonly refundIdsBefore: readonly string[] | null;
  /** Whether the charge was in the wanted state already; null where nobody looked. */
  readonly before: 'done' | 'undone' | 'unclear' | null;
  /** What had been captured before a capture of a part, in ISO 4217 minor units; null where nobody looked. */
  readonly capturedBefore: number | null;
  /** The wall clock of the sender, beside the store's: one of them may jump. */
  readonly preparedAt: number | null;
  /** The API that it was sent to, where the provider has several. */
  readonly api?: string;
}

/** A record of an earlier version may lack what is newer. */
export const asResolved = (value: unknown): Resolved => ({
  row: null,
  refundIdsBefore: null,
  before: null,
  capturedBefore: null,
  preparedAt: null,
  // Recorded by `prepareWrite`, of this version or an earlier one.
  ...(value as Partial<Resolved> | null),
});

export const amountAskedOf = ({ params }: MoneyInput): AskedAmount => {
  const { amount, currency } = params ?? {};
  return {
    amount: typeof amount === 'number' ? amount : null,
    currency: typeof currency === 'string' ? currency : null,
  };
};

/** Whether the first step of a create makes its object under a key, so that the key always finds the same object. */
const isHeldByFirstStep = ({ row, context: { spec } }: CallContext): boolean =>
  row === 'create' &&
  spec.writeSafety.kind === 'provider-key' &&
  spec.operations.create?.lookup !== undefined;

/** Whether a key of the caller's is looked for before its first attempt, because the provider keeps none. */
const looksUpBefore = (run: CallContext): boolean =>
  run.keyIsCallers &&
  run.context.protocol.keyLifetimeMs === null &&
  run.context.common.lookupFirst !== false &&
  !isHeldByFirstStep(run);

/** Whether it is looked for before this process records that it is about to send: no store tells what an earlier process did. */
export const looksUpFirst = (run: CallContext): boolean =>
  looksUpBefore(run) && !run.context.protocol.store.durable;

/**
 * Whether the charge was captured, voided or expired before this write. Without provider keys a request that
 * the network duplicates can be refused as a repeat of itself; only a read before the write can distinguish
 * its own effect from an earlier one. The read only informs: a failure neither stops the write nor is
 * retried.
 */
const stateBefore = async (run: CallContext, asked: AskedAmount): Promise<Resolved['before']> => {
  try {
    const { seen } = await lookUpOnCharge(
      { ...run, maxRetries: 0 },
      { target: run.target, fingerprint: asked, capturedBefore: null, mayBeSent: false },
    );
    if (seen === 'unclear') return 'unclear';
    return seen === 'happened' ? 'done' : 'undone';
  } catch {
    return 'unclear';
  }
};

/** What a lookup of this call, before the first attempt, saw already. */
export interface SeenBefore {
  /** The write was undone. */
  readonly nothing: boolean;
  /** The refunds of the charge. */
  readonly refunds: readonly Refund[] | null;
}

/**
 * What `prepareWrite` would resolve to without asking the provider: the record then begins with it, in one step. Null where
 * something is read or looked up first.
 */
export const resolvedAtOnce = (run: CallContext, row: MoneyRow, input: MoneyInput): Resolved | null => {
  if (looksUpFirst(run)) return null;
  if (!carriesStamp(run) && (run.row === 'refund' || looksUpBefore(run))) return null;
  const nothingRead = { refundIdsBefore: null, before: null };
  if (row.prepare === undefined) return resolvedOf(run, row, { row: null, ...nothingRead });
  const prepared = preparedAtOnce(run, row, input);
  if (prepared === null || holdsSecret(JSON.stringify(prepared), run.context.secrets)) return null;
  return resolvedOf(run, row, { row: prepared, ...nothingRead });
};

/** A row that throws here throws again in `prepare`, where its faults become errors. */
const preparedAtOnce = (run: CallContext, row: MoneyRow, input: MoneyInput): unknown => {
  try {
    return (
      row.preparedAtOnce?.(input, makeCall(run, { prepared: null, drift: collectDrift(run).drift })) ?? null
    );
  } catch {
    return null;
  }
};

const apiOf = ({ context: { spec, own } }: CallContext): Pick<Resolved, 'api'> => {
  if (spec.apiSetting === undefined) return {};
  const api = own[spec.apiSetting.name];
  return { api: typeof api === 'string' ? api : spec.apiSetting.default };
};

const resolvedOf = (
  run: CallContext,
  row: MoneyRow,
  read: Pick<Resolved, 'row' | 'refundIdsBefore' | 'before'>,
): Resolved => ({
  row: read.row,
  refundIdsBefore: read.refundIdsBefore,
  before: read.before,
  capturedBefore: read.row === null ? null : (row.capturedBefore?.(read.row) ?? null),
  preparedAt: run.context.runtime.now(),
  ...apiOf(run),
});

/** Reads what must be read before a write. */
export const prepareWrite = async (
  run: CallContext,
  row: MoneyRow,
  input: MoneyInput,
  seen: SeenBefore,
): Promise<Resolved> => {
  const { drift } = collectDrift(run);
  const call = makeCall(run, { prepared: null, drift });
  const prepared =
    (row.prepare === undefined ? null : await wrapAdapterErrors(run, () => row.prepare?.(input, call))) ??
    null;
  // The result is recorded and sent: it must not carry a secret into either.
  if (prepared !== null && holdsSecret(JSON.stringify(prepared), run.context.secrets))
    throw invalidResponse(run, 'the answer holds what must not be shown');
  let refundIdsBefore: readonly string[] | null = null;
  let before: Resolved['before'] = null;
  if (run.row === 'refund' && !carriesStamp(run)) {
    const refunds = seen.refunds ?? (await readRefunds(run, chargeOfWrite(run)));
    refundIdsBefore = refunds?.map(({ id }) => id) ?? null;
  } else if (!carriesStamp(run)) {
    before = seen.nothing
      ? 'undone'
      : looksUpBefore(run)
        ? await stateBefore(run, amountAskedOf(input))
        : null;
  }
  return resolvedOf(run, row, { row: prepared, refundIdsBefore, before });
};

/** Reads what must still hold before a repeat. */
export const beforeRepeat = async (
  run: CallContext,
  row: MoneyRow,
  input: MoneyInput,
  { row: prepared }: Resolved,
): Promise<void> => {
  if (row.beforeRepeat === undefined) return;
  const { drift } = collectDrift(run);
  await wrapAdapterErrors(run, () => row.beforeRepeat?.(input, makeCall(run, { prepared, drift })));
};

/** Who made an effect that is found after a first attempt was refused as a repeat. */
export const attributionOf = (run: CallContext, resolved: Resolved): Attribution => {
  if (carriesStamp(run)) return 'ours';
  // With the provider's key a second copy gets the answer of the first.
  if (run.context.protocol.keyLifetimeMs !== null) return 'somebody_elses';
  if (run.row === 'refund') return resolved.refundIdsBefore === null ? 'somebody_elses' : 'ours';
  if (resolved.before === 'unclear') return 'unclear';
  return resolved.before === 'undone' ? 'ours' : 'somebody_elses';
};
