import type { ChargesClient } from '../../src/charges-client.js';
import { createChargesClient } from '../../src/create-charges-client.js';
import { ChargesError } from '../../src/errors.js';
import type { Charge } from '../../src/models/charge.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import type { Reconciliation } from '../../src/models/reconciliation.js';
import { memoryStore } from '../../src/stores/memory.js';
import type { ProviderSpec } from '../../src/provider.js';
import type { Runtime } from '../../src/runtime.js';
import { ExchangeFailure, type Exchange, type ExchangeAnswer } from '../../src/transport/exchange.js';
import { startOfTime } from './merchant.js';
import type { Plant } from './plants.js';
import type { Touched } from './independence.js';
import { drain } from './scheduler.js';
import { smallProvider } from './small-provider.js';

/** One thing that may happen next. */
interface Action extends Touched {
  readonly label: string;
  run(): void;
}

/** Which of the steps that are possible is taken; null where the rest of the schedule is like one that was visited. */
export type Choose = (step: number, possible: readonly Touched[]) => number | null;

/** The limits of a search. */
export interface Depth {
  /** Calls that the two merchants make together, all with one key. */
  readonly calls: number;
  /** Deaths, lost and doubled messages, and time that passes though something could happen. */
  readonly faults: number;
}

/** What one schedule came to. */
export interface ScheduleResult {
  /** Whether it went to its end. */
  readonly ended: boolean;
  /** What was told, what is charged, and what `reconcile` says: the same for schedules between which nobody can tell. */
  readonly came: string;
  readonly violations: readonly string[];
  readonly history: readonly string[];
}

interface Message {
  /** Its place among the messages of its process. */
  readonly number: number;
  readonly owner: number;
  readonly epoch: number;
  readonly method: string;
  /** The host that it is for. */
  readonly host: string;
  readonly body: string;
  state: 'outbox' | 'travelling' | 'answered';
  leftAt: number;
  answer: ExchangeAnswer | null;
  resolve(answer: ExchangeAnswer): void;
  reject(failure: ExchangeFailure): void;
}

/** What one process of the merchant does with the key. */
export interface Caller {
  create(key: string): Promise<Charge>;
  reconcile(key: string): Promise<Reconciliation>;
}

/** What a process works with. */
export interface Parts {
  readonly store: OperationStore;
  readonly runtime: Runtime;
  readonly exchange: Exchange;
  readonly plant: Plant | null;
}

/** Who charges, and how its providers answer. */
export interface Scene {
  open(parts: Parts): Caller;
  /** What a provider adds to a new charge; it stands unless it is declined. */
  outcomeAt(host: string): { readonly declined?: true; readonly waiting?: 'pending' | 'requires_action' };
  /** Whether a connection may be refused, so that it is certain that nothing left. */
  readonly refuses: boolean;
}

/** Two processes that charge at one provider without keys. */
export const oneProvider: Scene = {
  open: ({ plant, ...parts }) => {
    const spec: ProviderSpec = plant?.spec?.(smallProvider) ?? smallProvider;
    const client = openSmall(spec, parts, plant?.settings ?? {});
    return {
      create: (key) => client.create({ amount: 100, currency: 'EUR' }, { idempotencyKey: key }),
      reconcile: (key) => client.reconcile(key),
    };
  },
  outcomeAt: () => ({}),
  refuses: false,
};

/** A client of the small provider. */
export const openSmall = (
  spec: ProviderSpec,
  { store, runtime, exchange }: Omit<Parts, 'plant'>,
  settings: Readonly<Record<string, unknown>>,
): ChargesClient =>
  createChargesClient(
    spec,
    {
      secretKey: 'sk_small',
      store,
      timeoutMs: 10_000,
      deadlineMs: 60_000,
      maxRetries: 0,
      ...settings,
    },
    { runtime, exchange },
  );

/** The longest that a request may travel: shorter than the wait after which a miss is believed. */
const longestFlightMs = 4 * 60_000;
const key = 'order-1';
const names = ['A', 'B'] as const;

interface Timer {
  readonly at: number;
  readonly owner: number;
  readonly epoch: number;
  readonly callback: () => void;
}

/** The world of one schedule. The clients live on from one to the next; everything that they touch is new. */
class Play {
  now = 0;
  readonly history: string[] = [];
  readonly charges: {
    id: string;
    stamp: string;
    created: number;
    host: string;
    stands: boolean;
    wire: object;
  }[] = [];
  readonly messages: Message[] = [];
  readonly timers = new Set<Timer>();
  readonly storeCalls: { number: number; owner: number; epoch: number; label: string; run: () => void }[] =
    [];
  /** How many messages and store calls each process has made. */
  readonly made = [0, 0, 0];
  readonly epochs = [0, 0, 0];
  readonly callers: (Caller | undefined)[] = [];
  readonly busy = [false, false, false];
  readonly results: (({ charge: Charge } | { error: unknown }) & { readonly chargedThen: number })[] = [];
  readonly store: OperationStore;
  callsLeft: number;
  faultsLeft: number;

  constructor(
    depth: Depth,
    plant: Plant | null,
    private readonly scene: Scene,
  ) {
    this.callsLeft = depth.calls;
    this.faultsLeft = depth.faults;
    const shared: OperationStore = {
      ...memoryStore({ runtime: { now: () => startOfTime + this.now } }),
      durable: true,
    };
    this.store = plant?.store?.(shared) ?? shared;
  }

  /** The place of the next message or store call among those of its process. */
  next(owner: number): number {
    const number = (this.made[owner] ?? 0) + 1;
    this.made[owner] = number;
    return number;
  }

  /** How many charges took money, or may. */
  effects(): number {
    return this.charges.filter(({ stands }) => stands).length;
  }

  isCurrent(owner: number, epoch: number): boolean {
    return this.epochs[owner] === epoch;
  }

  execute(message: Message): ExchangeAnswer {
    const date = new Date(startOfTime + this.now).toUTCString();
    const headers = { 'content-type': 'application/json', date };
    if (message.method === 'GET') {
      const data = [...this.charges]
        .reverse()
        .filter(({ host }) => host === message.host)
        .map(({ wire }) => wire);
      return { status: 200, headers, text: JSON.stringify({ data }) };
    }
    const body = JSON.parse(message.body) as { metadata: Record<string, string> };
    const charge = { id: `ch_${this.charges.length + 1}`, created: startOfTime + this.now };
    const outcome = this.scene.outcomeAt(message.host);
    const wire = { ...body, ...charge, ...outcome };
    this.charges.push({
      ...charge,
      stamp: body.metadata['unicharge_key'] ?? '',
      host: message.host,
      stands: outcome.declined !== true,
      wire,
    });
    return { status: 201, headers, text: JSON.stringify(wire) };
  }
}

/** Adds a step that is possible; what is left out it does not touch. */
type Add = (
  action: Omit<Action, 'host' | 'makesCharge' | 'costs'> &
    Partial<Pick<Action, 'host' | 'makesCharge' | 'costs'>>,
) => void;

const remove = <Item>(list: Item[], item: Item): void => {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
};

/** Runs schedules: the same choices give the same history. */
export const createStage = (depth: Depth, plant: Plant | null, scene: Scene = oneProvider) => {
  let play = new Play(depth, plant, scene);

  const runtimeOf = (owner: number): Runtime => {
    const timer = (milliseconds: number, callback: () => void): (() => void) => {
      const entry: Timer = {
        at: play.now + Math.max(0, milliseconds),
        owner,
        epoch: play.epochs[owner] as number,
        callback,
      };
      play.timers.add(entry);
      const { timers } = play;
      return () => timers.delete(entry);
    };
    let ids = 0;
    return {
      now: () => startOfTime + play.now,
      monotonic: () => play.now,
      timer,
      sleep: (milliseconds) => new Promise((resolve) => timer(milliseconds, resolve)),
      random: () => 0.5,
      uuid: () => `${owner}-${(ids += 1)}`,
    };
  };

  const exchangeOf =
    (owner: number): Exchange =>
    (request) =>
      new Promise((resolve, reject) => {
        const current = play;
        const message: Message = {
          number: current.next(owner),
          owner,
          epoch: current.epochs[owner] as number,
          method: request.method,
          host: new URL(request.url).hostname,
          body: plant?.tamper?.(request.body ?? '') ?? request.body ?? '',
          state: 'outbox',
          leftAt: 0,
          answer: null,
          resolve,
          reject: (failure) => {
            reject(failure);
          },
        };
        const cancel = runtimeOf(owner).timer(request.timeoutMs, () => {
          // What has not left will not leave any more; what has left travels on.
          if (message.state === 'outbox') remove(current.messages, message);
          reject(new ExchangeFailure('timeout', message.state !== 'outbox'));
        });
        message.resolve = (answer) => {
          cancel();
          resolve(answer);
        };
        message.reject = (failure) => {
          cancel();
          reject(failure);
        };
        current.messages.push(message);
      });

  let isJudging = false;

  /** A read that the search does not delay. Read during a schedule, it would make steps depend on each other unseen. */
  const atOnce = <Result>(owner: number, read: () => Result): Result => {
    if (!isJudging && owner !== 2)
      throw new Error('a process reads the store in a way that the search does not know');
    return read();
  };

  const storeOf = (owner: number): OperationStore => {
    const call = <Result>(label: string, effect: () => Promise<Result>, scope = ''): Promise<Result> =>
      new Promise((resolve, reject) => {
        // Where an id lives is remembered for follow-ups, of which there are none here.
        if (scope.endsWith('/router/charges')) {
          effect().then(resolve, reject);
          return;
        }
        play.storeCalls.push({
          number: play.next(owner),
          owner,
          epoch: play.epochs[owner] as number,
          label,
          run: () => void effect().then(resolve, reject),
        });
      });
    return {
      durable: true,
      begin: (operation) => call('begin', () => play.store.begin(operation), operation.scope),
      claim: (operation) => call('claim', () => play.store.claim(operation)),
      prepare: (ownership, resolved) => call('prepare', () => play.store.prepare(ownership, resolved)),
      settle: (ownership, end) =>
        call(`settle ${end.state}`, () => play.store.settle(ownership, end), ownership.scope),
      release: (ownership) => call('release', () => play.store.release(ownership)),
      get: (scope, name) => atOnce(owner, () => play.store.get(scope, name)),
      claimedRefunds: (scope, ids, name) => atOnce(owner, () => play.store.claimedRefunds(scope, ids, name)),
      listUnresolved: (scope) => atOnce(owner, () => play.store.listUnresolved(scope)),
    };
  };

  /** The client of a process: one that died, and another schedule, know nothing of what it did. */
  const callerOf = (owner: number): Caller =>
    (play.callers[owner] ??= scene.open({
      store: storeOf(owner),
      runtime: runtimeOf(owner),
      exchange: exchangeOf(owner),
      plant,
    }));

  const startCall = (owner: number): void => {
    const current = play;
    const epoch = current.epochs[owner] as number;
    current.callsLeft -= 1;
    current.busy[owner] = true;
    const end = (result: { charge: Charge } | { error: unknown }) => {
      if (!current.isCurrent(owner, epoch)) return;
      current.busy[owner] = false;
      current.results.push({ ...result, chargedThen: current.effects() });
      const text = 'charge' in result ? result.charge.id : describe(result.error);
      current.history.push(`${names[owner]} gets ${text}`);
    };
    callerOf(owner)
      .create(key)
      .then(
        (charge) => {
          end({ charge });
        },
        (error: unknown) => {
          end({ error });
        },
      );
  };

  const kill = (owner: number): void => {
    const epoch = play.epochs[owner] as number;
    play.epochs[owner] = epoch + 1;
    play.callers[owner] = undefined;
    play.busy[owner] = false;
    for (const call of play.storeCalls.filter((each) => each.owner === owner)) remove(play.storeCalls, call);
    for (const message of play.messages.filter(
      (each) => each.owner === owner && each.state !== 'travelling',
    )) {
      remove(play.messages, message);
    }
    for (const timer of play.timers) if (timer.owner === owner) play.timers.delete(timer);
  };

  /** Everything that may happen now, in a fixed order. */
  const enabled = (): Action[] => {
    const actions: Action[] = [];
    const add: Add = (action) => actions.push({ host: null, makesCharge: false, costs: false, ...action });
    for (const owner of [0, 1]) {
      const name = names[owner] as string;
      // The processes are alike: that B calls first is that A does, with the names changed.
      const isTurned = owner === 1 && play.history.length === 0;
      if (play.busy[owner] !== true && play.callsLeft > 0 && !isTurned) {
        const run = () => {
          startCall(owner);
        };
        add({ label: `${name} calls create`, id: `${name} calls`, owner, kind: 'starts', run });
      }
      if (play.busy[owner] === true) {
        const run = () => {
          kill(owner);
        };
        add({ label: `${name} dies`, id: `${name} dies`, owner, kind: 'own', costs: true, run });
      }
    }
    for (const call of play.storeCalls) {
      const name = names[call.owner] ?? 'C';
      const run = () => {
        remove(play.storeCalls, call);
        call.run();
      };
      const id = `${name} ${call.number}`;
      add({ label: `store: ${name} ${call.label}`, id, owner: call.owner, kind: 'store', run });
    }
    for (const message of play.messages) addMessage(message, add);
    const timer = nextTimer();
    if (timer !== undefined && mayPass(timer.at)) {
      const costs = actions.some((action) => !action.costs);
      const run = () => {
        pass(timer);
      };
      add({ label: 'time passes', id: 'time', owner: null, kind: 'time', costs, run });
    }
    return actions.filter(({ costs }) => !costs || play.faultsLeft > 0);
  };

  const addMessage = (message: Message, add: Add): void => {
    const place = scene === oneProvider ? '' : ` at ${message.host}`;
    const name = names[message.owner] ?? 'C';
    const what = `${name} ${message.method}${place}`;
    const { owner, host } = message;
    const addStep = (
      step: string,
      action: Pick<Action, 'label' | 'kind' | 'run'> & Partial<Pick<Action, 'costs' | 'makesCharge'>>,
    ): void => {
      add({ ...action, id: `${name} ${message.number} ${step}`, owner, host });
    };
    const isCurrent = play.isCurrent(owner, message.epoch);
    const fail = (sent: boolean, code?: string): void => {
      end(message);
      if (isCurrent) message.reject(new ExchangeFailure('connection', sent, code));
    };
    switch (message.state) {
      case 'outbox': {
        const leave = () => {
          message.state = 'travelling';
          message.leftAt = play.now;
        };
        addStep('leaves', { label: `${what} leaves`, kind: 'own', run: leave });
        const refuse = () => {
          fail(false, 'ECONNREFUSED');
        };
        if (scene.refuses)
          addStep('refused', { label: `${what} is refused`, kind: 'resumes', costs: true, run: refuse });
        break;
      }
      case 'travelling': {
        const execute = () => {
          message.answer = play.execute(message);
          message.state = 'answered';
          // Nobody is left to hear the answer of a process that died.
          if (!isCurrent) end(message);
        };
        const makesCharge = message.method !== 'GET';
        addStep('executed', { label: `${what} is executed`, kind: 'executes', makesCharge, run: execute });
        const lose = () => {
          fail(true);
        };
        addStep('lost', { label: `${what} is lost`, kind: 'resumes', costs: true, run: lose });
        break;
      }
      case 'answered': {
        const answer = () => {
          end(message);
          if (message.answer !== null) message.resolve(message.answer);
        };
        addStep('answered', { label: `${what} is answered`, kind: 'resumes', run: answer });
        const lose = () => {
          fail(true);
        };
        addStep('unheard', { label: `answer of ${what} is lost`, kind: 'resumes', costs: true, run: lose });
        break;
      }
    }
  };

  const end = (message: Message): void => {
    remove(play.messages, message);
  };

  const nextTimer = (): Timer | undefined => {
    let next: Timer | undefined;
    for (const timer of play.timers) if (next === undefined || timer.at < next.at) next = timer;
    return next;
  };

  /** Time may pass only as far as what travels is allowed to travel. */
  const mayPass = (until: number): boolean =>
    play.messages.every(({ state, leftAt }) => state !== 'travelling' || until <= leftAt + longestFlightMs);

  const pass = (timer: Timer): void => {
    play.timers.delete(timer);
    play.now = Math.max(play.now, timer.at);
    timer.callback();
  };

  /** Plays one schedule. */
  const run = async (choose: Choose): Promise<ScheduleResult> => {
    play = new Play(depth, plant, scene);
    for (let step = 0; ; step += 1) {
      const { history } = play;
      if (step > 400) return { ended: true, came: '', violations: ['the schedule does not end'], history };
      const actions = enabled();
      if (actions.length === 0) break;
      const chosen = choose(step, actions);
      if (chosen === null) return { ended: false, came: '', violations: [], history };
      const action = actions[chosen] as Action;
      if (action.costs) play.faultsLeft -= 1;
      history.push(action.label);
      action.run();
      await drain();
    }
    return { ended: true, ...(await judge()), history: play.history };
  };

  /** An hour later a process that nothing happens to looks. */
  const judge = async (): Promise<Pick<ScheduleResult, 'came' | 'violations'>> => {
    isJudging = true;
    play.timers.clear();
    play.now += 60 * 60_000;
    let final: Reconciliation | { failed: unknown } | undefined;
    callerOf(2)
      .reconcile(key)
      .then(
        (value) => (final = value),
        (failed: unknown) => (final = { failed }),
      );
    for (let step = 0; step < 100 && final === undefined; step += 1) {
      await drain();
      const next = play.storeCalls.shift();
      if (next !== undefined) next.run();
      else for (const message of [...play.messages]) answerNow(message);
      await drain();
      if (final === undefined && play.storeCalls.length === 0 && play.messages.length === 0) {
        const timer = nextTimer();
        if (timer !== undefined) pass(timer);
      }
    }
    isJudging = false;
    return verdict(final);
  };

  const answerNow = (message: Message): void => {
    end(message);
    if (message.owner === 2) message.resolve(play.execute(message));
  };

  const verdict = (
    final: Reconciliation | { failed: unknown } | undefined,
  ): Pick<ScheduleResult, 'came' | 'violations'> => {
    const violations: string[] = [];
    const effects = play.effects();
    if (effects > 1) violations.push(`${effects} charges`);
    const hosts = new Set(play.charges.filter(({ stands }) => stands).map(({ host }) => host));
    if (hosts.size > 1) violations.push('charged at two routes');
    const said = final === undefined ? 'nothing' : 'failed' in final ? describe(final.failed) : final.outcome;
    play.history.push(`the ledger says ${effects}, reconcile says ${said}`);
    const neverSent = effects === 0 && said === 'unknown' && play.results.every(isSendless);
    if (effects === 1 && said !== 'happened') violations.push(`charged, but reconcile says ${said}`);
    if (effects === 0 && said !== 'did_not_happen' && !neverSent)
      violations.push(`not charged, but reconcile says ${said}`);
    for (const result of play.results) {
      if ('charge' in result) {
        if (effects === 0) violations.push('a call resolved, but nothing was charged');
        else if (!play.charges.some(({ id, stands }) => stands && id === result.charge.id))
          violations.push(`a call resolved with ${result.charge.id}, which does not exist`);
      } else if (!(result.error instanceof ChargesError))
        violations.push(`an untyped exception: ${String(result.error)}`);
      else if (result.error.outcome === 'rejected' && effects > 0)
        violations.push('charged, but reported as rejected');
      // Who could not read the store speaks of the own attempt: nobody told it of another.
      else if (
        result.error.outcome === 'not_sent' &&
        result.error.code !== 'store_unavailable' &&
        result.chargedThen > 0
      )
        violations.push('charged, but reported as not sent');
    }
    const told = play.results.map((result) =>
      'charge' in result ? 'a charge' : `${describe(result.error)} after ${result.chargedThen}`,
    );
    return { violations, came: `${told.sort().join(', ')}; ${effects}; ${said}` };
  };

  return { run };
};

const isSendless = (result: { charge: Charge } | { error: unknown }): boolean =>
  'error' in result &&
  result.error instanceof ChargesError &&
  (result.error.outcome === 'not_sent' || result.error.name === 'OperationInProgressError');

const describe = (error: unknown): string =>
  error instanceof ChargesError ? `${error.name} (${error.outcome})` : String(error);
