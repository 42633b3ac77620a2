import { isOfOneRecord } from '../writes/reconcile-pending.js';
import type { Reconciliation } from '../models/reconciliation.js';
import { countOpen, scopesOf } from './open-writes.js';
import { allWell, couldNotWork, needsAttention, notUnderstood, Refusal } from './refusal.js';
import { failureWords, type ConfiguredClient, type Surroundings } from './stores.js';
import { duration, plain, startBar, type Bar, type Terminal } from './terminal.js';
import { systemRuntime } from '../runtime.js';

/** More scopes without a client than anybody reads. JSON has no such limit. */
const mostScopes = 20;

/** The writes of one scope, and the client that can look at them. */
interface Task {
  readonly client: ConfiguredClient;
  readonly scope: string;
}

/** What became of one write. */
interface Finding {
  readonly scope: string;
  readonly found: Reconciliation;
}

interface Failure {
  readonly scope: string;
  readonly message: string;
  /** Whether it speaks of one write, and the look at the others went on. */
  readonly ofOneWrite: boolean;
}

interface Plan {
  readonly tasks: readonly Task[];
  /** Scopes with open writes that no client of the config can look at. */
  readonly unserved: readonly { readonly scope: string; readonly open: number }[];
}

/** Which client looks at which scope: connected accounts come from the store, for the config does not name them. */
const makePlan = async ({ stores, clients }: Surroundings): Promise<Plan> => {
  const tasks: Task[] = [];
  const unserved: { scope: string; open: number }[] = [];
  for (const store of stores) {
    const own = clients.filter(({ inspection }) => inspection.store === store);
    for (const scope of await scopesOf(store, clients)) {
      const exact = own.find(({ inspection }) => inspection.scope === scope);
      const client = exact ?? own.find(({ inspection }) => inspection.headersFor(scope) !== null);
      if (client !== undefined) tasks.push({ client, scope });
      else unserved.push({ scope, open: await countOpen(store, [scope]) });
    }
  }
  // The records of a router are settled by what its clients know: those of the clients come first.
  const isOfRouter = ({ client }: Task) => Number(client.inspection.routes !== null);
  tasks.sort((left, right) => isOfRouter(left) - isOfRouter(right));
  return { tasks, unserved: unserved.filter(({ open }) => open > 0) };
};

const idOf = ({ scope, found }: Finding): string => `${scope} ${found.idempotencyKey}`;

/** One look at every open write. Answers what failed. */
const lookOnce = async (
  surroundings: Surroundings,
  tasks: readonly Task[],
  findings: Map<string, Finding>,
  tell: (finding: Finding) => void,
): Promise<Failure[]> => {
  const failures: Failure[] = [];
  for (const { client, scope } of tasks) {
    try {
      for await (const found of client.inspection.reconcilePending(scope)) {
        const finding = { scope, found };
        findings.set(idOf(finding), finding);
        tell(finding);
      }
    } catch (error) {
      failures.push({
        scope,
        message: plain(failureWords(error, surroundings.secrets)),
        ofOneWrite: isOfOneRecord(error),
      });
    }
  }
  return failures;
};

const describe = ({ scope, found }: Finding): string => {
  const what = `${scope}  ${found.idempotencyKey}  ${found.operation ?? 'write'}`;
  if (found.outcome === 'happened')
    return plain(`happened        ${what}  ${found.refund?.id ?? found.charge?.id ?? ''}`.trimEnd());
  if (found.outcome === 'did_not_happen') return plain(`did not happen  ${what}`);
  const next =
    found.candidates.length > 0
      ? `one of ${found.candidates.join(', ')}`
      : found.retryAfterMs === null
        ? 'no look can settle it'
        : `look again in ${duration(found.retryAfterMs)}`;
  return plain(`open            ${what}  ${next}`);
};

const jsonOf = ({ scope, found }: Finding): object => ({
  scope,
  key: found.idempotencyKey,
  operation: found.operation,
  target: found.target,
  outcome: found.outcome,
  ...(found.outcome === 'unknown'
    ? { retryAfterMs: found.retryAfterMs, candidates: found.candidates }
    : { chargeId: found.charge?.id ?? null }),
  ...(found.outcome === 'happened' ? { refundId: found.refund?.id ?? null } : {}),
});

/** Until the soonest open write may be looked at again; null where no look helps. */
const untilNextLook = (findings: Iterable<Finding>): number | null => {
  let soonest: number | null = null;
  for (const { found } of findings) {
    if (found.outcome !== 'unknown' || found.retryAfterMs === null) continue;
    soonest = Math.min(soonest ?? Infinity, found.retryAfterMs);
  }
  return soonest;
};

/** `unicharge reconcile`: what became of every open write. Looks, and never sends a write. */
export const reconcileOpen = async (
  surroundings: Surroundings,
  terminal: Terminal,
  options: { readonly json: boolean; readonly waitMs: number },
): Promise<number> => {
  const { clients, stores } = surroundings;
  if (clients.length === 0) {
    throw new Refusal(
      'No client is known: looking at a provider takes its key. Name a module that exports clients with --config.',
      notUnderstood,
    );
  }
  const withoutStore = clients.filter(({ inspection }) => inspection.store === null);
  if (withoutStore.length > 0) {
    const names = withoutStore.map(({ name }) => name).join(', ');
    throw new Refusal(
      `Without a store nothing is recorded: give the clients in the config yours (${names}).`,
    );
  }
  const plan = await makePlan(surroundings);
  const findings = new Map<string, Finding>();
  const scopes = plan.tasks.map(({ scope }) => scope);
  const openNow = async (): Promise<number> => {
    let count = 0;
    for (const store of stores) count += await countOpen(store, scopes);
    return count;
  };
  const until = systemRuntime.monotonic() + options.waitMs;
  let failures: Failure[];
  let open = await openNow();
  for (;;) {
    const bar: Bar = startBar(terminal, open);
    failures = await lookOnce(surroundings, plan.tasks, findings, () => bar.tick());
    bar.end();
    open = await openNow();
    const next = open === 0 ? null : untilNextLook(findings.values());
    if (next === null || systemRuntime.monotonic() >= until) break;
    const pauseMs = Math.min(Math.max(next, 100), until - systemRuntime.monotonic());
    if (terminal.drawsBars) terminal.err(`${open} open, looking again in ${duration(pauseMs)}\r`);
    await systemRuntime.sleep(Math.max(0, pauseMs));
  }
  return report(
    { findings: [...findings.values()], failures, open, unserved: plan.unserved },
    terminal,
    options,
  );
};

interface Result {
  readonly findings: readonly Finding[];
  readonly failures: readonly Failure[];
  readonly open: number;
  readonly unserved: Plan['unserved'];
}

const report = (
  { findings, failures, open, unserved }: Result,
  terminal: Terminal,
  { json }: { readonly json: boolean },
): number => {
  const countOf = (outcome: string): number =>
    findings.filter(({ found }) => found.outcome === outcome).length;
  const [happened, didNotHappen] = [countOf('happened'), countOf('did_not_happen')];
  const leftAlone = unserved.reduce((sum, scope) => sum + scope.open, 0);
  const exitCode = failures.some(({ ofOneWrite }) => !ofOneWrite)
    ? couldNotWork
    : open + leftAlone > 0
      ? needsAttention
      : allWell;
  if (json) {
    const sum = { settled: happened + didNotHappen, happened, didNotHappen, open: open + leftAlone };
    const writes = findings.map(jsonOf);
    terminal.out(JSON.stringify({ ...sum, writes, failures, unserved }, null, 2));
    return exitCode;
  }
  const { green, yellow, red } = terminal.colours;
  const paints = { happened: green, did_not_happen: green, unknown: yellow };
  for (const finding of findings) terminal.out(paints[finding.found.outcome](describe(finding)));
  for (const { scope, open: count } of unserved.slice(0, mostScopes)) {
    const writes = count === 1 ? '1 write' : `${count} writes`;
    terminal.out(
      yellow(plain(`open            ${scope}  ${writes} that no client of the config can look at`)),
    );
  }
  if (unserved.length > mostScopes)
    terminal.out(yellow(`open            and ${unserved.length - mostScopes} more scopes like these`));
  for (const { scope, message } of failures) terminal.out(red(plain(`failed          ${scope}  ${message}`)));
  const settled = `settled ${happened + didNotHappen}  happened ${happened}  did not happen ${didNotHappen}`;
  const total = open + leftAlone;
  terminal.out(`${settled}  open ${total}${exitCode === allWell ? '' : ` (exit ${exitCode})`}`);
  return exitCode;
};
