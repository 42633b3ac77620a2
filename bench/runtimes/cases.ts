import { ChargesError, type ChargesClient } from '../../src/index.js';
import { createPin } from '../../src/providers/pin/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';

export const scenarios = ['lost answer', 'late answer', 'reset', 'refused'] as const;
/** What the one write meets. All but `refused` meet it on a connection that was used before. */
export type Scenario = (typeof scenarios)[number];

export const operations = ['create', 'capture', 'refund'] as const;
export type MatrixOperation = (typeof operations)[number];

export const providers = ['stripe', 'pin'] as const;
/** One with idempotency keys, one without. */
export type MatrixProvider = (typeof providers)[number];

/** What a program under test is told. Plain data. */
export interface Job {
  /** Where the simulator's own pages are. */
  readonly control: string;
  /** An address at which nobody listens. */
  readonly closed: string;
  readonly timeoutMs: number;
  /** All of them unless told. */
  readonly providers?: readonly MatrixProvider[];
}

/** What became of one write. */
export interface Result {
  readonly provider: MatrixProvider;
  readonly operation: MatrixOperation;
  readonly scenario: Scenario;
  /** `succeeded`, the outcome of the error, or `refused` where this platform does not begin. */
  readonly outcome: string;
  readonly message: string;
  /** Writes that reached the provider. */
  readonly writes: number;
  /** How often the write took effect. */
  readonly effects: number;
}

/** Makes the next write to the provider meet a fault, and counts the writes that never reach the simulator. */
export interface Fault {
  arm(provider: MatrixProvider, operation: MatrixOperation, scenario: Scenario): Promise<void>;
  disarm(): Promise<void>;
  /** Writes that were intercepted before the simulator since the fault was armed. */
  intercepted(): number;
}

interface Received {
  readonly provider: string;
  readonly method: string;
}

interface Booked {
  readonly id: string;
  readonly state: string;
  readonly amountCaptured: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly refunds: readonly unknown[];
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const ask = async <Answer>(address: string): Promise<Answer> =>
  (await (await fetch(address)).json()) as Answer;

/** Faults of the simulator itself, in a process of its own. */
export const faultsOf = (job: Job): Fault => ({
  arm: async (provider, operation, scenario) => {
    if (scenario === 'refused') return;
    const fault = {
      'lost answer': 'cut_after_commit',
      // Executed at once: the truth is known before the client gives up.
      'late answer': { type: 'delay', ms: 3 * job.timeoutMs, when: 'after_commit' },
      reset: 'refuse',
    }[scenario];
    await fetch(`${job.control}/faults`, {
      method: 'POST',
      body: JSON.stringify({ provider, operation, fault }),
    });
  },
  disarm: () => Promise.resolve(),
  intercepted: () => 0,
});

const params = {
  stripe: { currency: 'EUR', source: 'pm_card_visa' },
  pin: {
    currency: 'AUD',
    // A card can be charged twice: a token would hide it.
    source: {
      type: 'card',
      number: '4200000000000000',
      expMonth: 12,
      expYear: 2035,
      cvc: '123',
      holderName: 'Kim Doe',
      address: { line1: '1 High Street', city: 'Perth', postalCode: '6000', country: 'AU' },
    },
    description: 'Order',
    email: 'kim@shop.example',
    ip: '203.0.113.7',
  },
} as const;

const outcomeOf = async (
  call: Promise<unknown>,
): Promise<{ readonly outcome: string; readonly message: string }> => {
  try {
    await call;
    return { outcome: 'succeeded', message: '' };
  } catch (error) {
    if (!(error instanceof ChargesError)) return { outcome: 'raw error', message: String(error) };
    const message = `${error.name}: ${error.message}`;
    const refuses = error.name === 'ConfigurationError' && error.outcome === 'not_sent';
    return { outcome: refuses ? 'refused' : error.outcome, message };
  }
};

/** Runs every case in this program, one after the other. */
export const runCases = async (job: Job, fault: Fault = faultsOf(job)): Promise<readonly Result[]> => {
  const overview = await ask<{ providers: Record<string, Record<string, unknown>> }>(`${job.control}/`);
  const makeClient = (provider: MatrixProvider, baseUrl?: string): ChargesClient => {
    const { secretKey, baseUrl: origin } = overview.providers[provider] ?? {};
    const settings = {
      secretKey: String(secretKey),
      baseUrl: baseUrl ?? String(origin),
      timeoutMs: job.timeoutMs,
      lookupFirst: false,
    };
    return provider === 'stripe' ? createStripe(settings) : createPin(settings);
  };
  const create = (
    client: ChargesClient,
    provider: MatrixProvider,
    key: string,
    capture = true,
    timeoutMs = job.timeoutMs,
  ) => client.create({ amount: 4590, ...params[provider], capture }, { idempotencyKey: key, timeoutMs });
  const writes = async (provider: MatrixProvider): Promise<number> =>
    (await ask<Received[]>(`${job.control}/requests`)).filter(
      (request) => request.provider === provider && request.method !== 'GET',
    ).length;
  const effects = async (operation: MatrixOperation, key: string, id: string | null): Promise<number> => {
    const booked = await ask<Booked[]>(`${job.control}/ledger`);
    const stamped = booked.filter(
      ({ metadata, state }) => metadata['unicharge_key'] === key && state !== 'failed',
    );
    if (operation === 'create') return stamped.length;
    const charge = booked.find((each) => each.id === id);
    return operation === 'refund' ? (charge?.refunds.length ?? 0) : Number((charge?.amountCaptured ?? 0) > 0);
  };

  const results: Result[] = [];
  let orders = 0;
  for (const provider of job.providers ?? providers) {
    for (const operation of operations) {
      for (const scenario of scenarios) {
        orders += 1;
        const key = `order-${orders}`;
        // By the very client whose connection is then used again; where that refuses to write, there is nothing to see.
        const client = makeClient(provider);
        let id: string | null = null;
        const first = await outcomeOf(
          create(client, provider, `${key}-first`, operation !== 'capture', 10_000).then((charge) => {
            id = charge.id;
          }),
        );
        const target = String(id);
        const tested = scenario === 'refused' ? makeClient(provider, job.closed) : client;
        const before = await writes(provider);
        await fault.arm(provider, operation, scenario);
        const ended =
          first.outcome === 'succeeded'
            ? await outcomeOf(
                operation === 'create'
                  ? create(tested, provider, key)
                  : operation === 'capture'
                    ? tested.capture(target, {}, { idempotencyKey: key })
                    : tested.refund(target, { amount: 100 }, { idempotencyKey: key }),
              )
            : first;
        // What the platform sends by itself comes at once; a late answer is over by then, too.
        await pause(100);
        results.push({
          provider,
          operation,
          scenario,
          ...ended,
          writes: (await writes(provider)) - before + fault.intercepted(),
          effects: await effects(operation, key, id),
        });
        await fault.disarm();
      }
    }
  }
  return results;
};
