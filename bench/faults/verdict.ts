import type { SimulatedProvider } from '../../src/simulator/index.js';
import { makesCharge, makesRefund, type PlannedOperation } from './plan.js';
import type { MadeReport, ReconcileReport, WriteReport } from './messages.js';
import type { LedgerCharge } from '../../src/simulator/index.js';

/** How one call of a write ended for the laboratory: with a report, or with its process. */
export type CallEnd = WriteReport | 'killed';

/** Everything that is known of one operation when it is over. */
export interface Story {
  readonly plan: PlannedOperation;
  readonly target: string | null;
  readonly ends: readonly CallEnd[];
  /** When each of them ended, and when the first request left that the provider carried out. */
  readonly endedAt: readonly number[];
  /** Which process in its place each of them was made by. */
  readonly lives: readonly number[];
  readonly firstLeftAt: number;
  /** Write requests that came as far as the proxy, and second copies that the network made of them. */
  readonly writes: number;
  readonly copies: number;
  /** What the look back at the end said; null for clients that have none. */
  readonly final: ReconcileReport | null;
  /** Whether a process died while it made a call, and no store outlived it. */
  readonly forgotten: boolean;
}

export const flaws = [
  'double charge',
  'double refund',
  'happened, but reported as failed',
  'lost',
  'reported as done, but it is not',
  'told of another amount or charge',
  'doubled by the network, not detected',
] as const;
export type Flaw = (typeof flaws)[number];

export interface Verdict {
  readonly flaws: readonly Flaw[];
  /** Nobody knew what had happened until somebody looked. */
  readonly neededReconcile: boolean;
  /** Taken twice because the network delivered one request twice; `detected` by the look back. */
  readonly doubledByNetwork: boolean;
  readonly detected: boolean;
  /** Stays unknown, as documented for stores that do not outlive their process. */
  readonly unknown: boolean;
}

/** How often a write took effect, by the ledger. */
export const effectsOf = (
  { plan, target }: Pick<Story, 'plan' | 'target'>,
  charges: ReadonlyMap<string, readonly LedgerCharge[]>,
): number => {
  const { key, kind } = plan;
  if (makesCharge(kind)) return (charges.get(key) ?? []).filter(({ state }) => state !== 'failed').length;
  const [charge] = charges.get(target ?? '') ?? [];
  if (charge === undefined) throw new Error('the ledger lost a charge');
  if (kind === 'capture') return charge.state === 'captured' ? 1 : 0;
  if (kind === 'void') return charge.state === 'voided' ? 1 : 0;
  return charge.refunds.filter(({ status }) => status === 'pending' || status === 'succeeded').length;
};

/** The charges that a write made, or the one that it is about. */
export const truthsOf = (
  { plan, target }: Pick<Story, 'plan' | 'target'>,
  charges: ReadonlyMap<string, readonly LedgerCharge[]>,
): readonly LedgerCharge[] => charges.get(makesCharge(plan.kind) ? plan.key : (target ?? '')) ?? [];

/** Whether what a merchant was told agrees with the ledger, and with what was asked. */
const agrees = ({ plan }: Story, made: MadeReport, truths: readonly LedgerCharge[]): boolean => {
  const truth = truths.find(({ id }) => id === made.chargeId);
  if (truth?.currency !== made.currency) return false;
  if (made.what === 'refund') {
    const refund = truth.refunds.find(({ id }) => id === made.id);
    const asked = plan.kind === 'partial_refund' ? plan.amount / 4 : plan.amount;
    return makesRefund(plan.kind) && refund?.amount === made.amount && made.amount === asked;
  }
  const isCaptured = made.amountCaptured === null || made.amountCaptured === truth.amountCaptured;
  return !makesRefund(plan.kind) && truth.amount === made.amount && made.amount === plan.amount && isCaptured;
};

/** The charges of a ledger by their order number and by their id. */
export const indexCharges = (charges: readonly LedgerCharge[]): Map<string, LedgerCharge[]> => {
  const index = new Map<string, LedgerCharge[]>();
  for (const charge of charges) {
    for (const name of [charge.id, charge.metadata['order']]) {
      if (name !== undefined) index.set(name, [...(index.get(name) ?? []), charge]);
    }
  }
  return index;
};

/** Where the key reaches the refund, a copy of it can be told from another refund. */
const refundsCarryKeys = (provider: SimulatedProvider): boolean =>
  provider !== 'pin' && provider !== 'magpie';

const isDone = (end: CallEnd): boolean => end !== 'killed' && end.done;
const isRefusal = (end: CallEnd): boolean => end !== 'killed' && !end.done && end.definite;
const wasNeverSent = (end: CallEnd): boolean =>
  end === 'killed' || (!end.done && (end.outcome === 'not_sent' || end.name === 'OperationInProgressError'));

const saysNotSent = (end: CallEnd): boolean => end !== 'killed' && !end.done && end.outcome === 'not_sent';

const madeIn = (final: ReconcileReport | null): MadeReport | null =>
  final !== null && 'made' in final ? (final.made ?? null) : null;

/** Whether an error names a charge that this write has nothing to do with. */
const isOther = ({ target }: Story, chargeId: string, truths: readonly LedgerCharge[]): boolean =>
  target === null ? !truths.some(({ id }) => id === chargeId) : chargeId !== target;

/** What was wrong with a write, judged by the ledger. */
export const judge = (story: Story, effects: number, truths: readonly LedgerCharge[] = []): Verdict => {
  const { plan, ends, copies, final } = story;
  const found: Flaw[] = [];
  const last = ends.at(-1) ?? 'killed';
  const doubledByNetwork = effects > 1 && copies > 0 && effects - copies <= 1;
  const detected = doubledByNetwork && final?.said === 'duplicate';

  if (effects > 1 && !doubledByNetwork)
    found.push(makesRefund(plan.kind) ? 'double refund' : 'double charge');
  if (effects === 0 && ends.some(isDone)) found.push('reported as done, but it is not');

  const told = [...ends.map((end) => (end !== 'killed' && end.done ? end.made : null)), madeIn(final)];
  const denied = ends.some(
    (end) =>
      end !== 'killed' &&
      !end.done &&
      typeof end.chargeId === 'string' &&
      isOther(story, end.chargeId, truths),
  );
  if (denied || told.some((made) => made !== null && !agrees(story, made, truths)))
    found.push('told of another amount or charge');

  if (final === null) {
    if (effects > 0 && isRefusal(last)) found.push('happened, but reported as failed');
    else if (!isDone(last) && !isRefusal(last)) found.push('lost');
    return { flaws: found, neededReconcile: false, doubledByNetwork, detected, unknown: false };
  }

  const { said } = final;
  let unknown = false;
  // Where no store outlives a process, the next one answers for what it sent itself.
  const knows = (index: number): boolean => !story.forgotten || story.lives[index] === story.lives[0];
  // The outcome answers for the key: of a request that had left by then, too.
  const wasDenied = ends.some(
    (end, index) =>
      saysNotSent(end) && knows(index) && story.firstLeftAt <= (story.endedAt[index] ?? -Infinity),
  );
  if (effects > 0 && (ends.some(isRefusal) || wasDenied || said === 'did_not_happen')) {
    found.push('happened, but reported as failed');
  }
  if (effects === 0 && said === 'happened') found.push('reported as done, but it is not');
  if (doubledByNetwork && !detected && final.said !== 'unknown') {
    if (makesCharge(plan.kind) || refundsCarryKeys(plan.provider))
      found.push('doubled by the network, not detected');
  }
  if (said === 'duplicate' && effects <= 1) found.push('lost');
  if (said === 'failed' || (said === 'unknown' && !doubledByNetwork)) {
    // Without a record, and with no call that sent anything, there is nothing to look for.
    const nothingToFind =
      said === 'unknown' && final.operation === null && effects === 0 && ends.every(wasNeverSent);
    if (said === 'unknown' && story.forgotten) unknown = true;
    else if (!nothingToFind) found.push('lost');
  }
  const neededReconcile = !isDone(last) && !isRefusal(last);
  return { flaws: found, neededReconcile, doubledByNetwork, detected, unknown };
};
