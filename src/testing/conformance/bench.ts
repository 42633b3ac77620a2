import { deepStrictEqual, fail, ok, strictEqual } from 'node:assert/strict';
import type { ChargesClient, Operation, WriteOptions } from '../../charges-client.js';
import { ChargesError, type Outcome } from '../../errors.js';
import type { Capabilities } from '../../models/capabilities.js';
import type { Charge } from '../../models/charge.js';
import type { ClientEvent } from '../../models/client-event.js';
import type { CreateParams } from '../../models/params.js';
import type { PaymentSource } from '../../models/payment-source.js';
import { systemRuntime } from '../../runtime.js';
import type { ConformanceLedgerCharge, ConformanceOptions, ConformanceOverrides } from './options.js';

/** What decides whether a case applies, known before any of them runs. */
export interface Facts {
  readonly options: ConformanceOptions;
  readonly capabilities: Capabilities;
  supports(...operations: Operation[]): boolean;
}

/** One promise of the design, as a test. */
export interface ConformanceCase {
  readonly name: string;
  /** Where in an adapter the mistake is when it fails: a failure ends with it. None where the engine does it all. */
  readonly lookAt?: string;
  /** Operations without which it makes no sense. */
  readonly needs: readonly Operation[];
  /** What else has to be there. */
  applies?(facts: Facts): boolean;
  run(bench: Bench): Promise<void>;
}

/** A client with everything that it told. */
export interface Watched {
  readonly client: ChargesClient;
  readonly events: readonly ClientEvent[];
}

/** The amount that most cases charge: large enough for every provider's minimum, and no round number. */
export const usualAmount = 12_340;

/** Where the payer comes back to. */
export const returnUrl = 'https://shop.example/return';

/** What a case changes of the usual params. A source that the kit was not given leaves the approved one in its place. */
type Changes = Omit<Partial<CreateParams>, 'source'> & { readonly source?: PaymentSource | undefined };

/** What one case works with. */
export interface Bench extends Facts, Watched {
  /** A further client, without the records of the first: another process. */
  another(overrides?: ConformanceOverrides): Watched;
  /** Params of an approved charge, with a fresh source. */
  params(changes?: Changes): CreateParams;
  create(changes?: Changes, options?: WriteOptions): Promise<Charge>;
  authorize(changes?: Changes, options?: WriteOptions): Promise<Charge>;
  key(): string;
  /** The charge in the ledger, or undefined without a ledger. */
  truthOf(id: string): ConformanceLedgerCharge | undefined;
  /** Compares a charge with the ledger, if there is one. */
  agreesWithLedger(charge: Charge): void;
  /** How many charges the ledger holds; 0 without one. */
  countCharges(): number;
  /** Insists that the work is refused with this class, and before anything is sent. */
  refusesUnsent(
    work: (client: ChargesClient) => unknown,
    expected: abstract new (...details: never[]) => ChargesError,
  ): Promise<ChargesError>;
}

/** Insists that the work rejects with an error of this library, and hands it over. `what` begins the message of a failure. */
export const rejection = async (
  work: () => unknown,
  expected: abstract new (...details: never[]) => ChargesError = ChargesError,
  outcome?: Outcome,
  what?: string,
): Promise<ChargesError> => {
  const begin = what === undefined ? '' : `${what}: `;
  let error: unknown;
  try {
    await work();
  } catch (caught) {
    error = caught;
  }
  if (error === undefined) fail(`${begin}resolved, though ${expected.name} was due`);
  ok(
    error instanceof ChargesError,
    `${begin}an untyped error came out: ${error instanceof Error ? error.message : typeof error}`,
  );
  ok(
    error instanceof expected,
    `${begin}${error.name} (${error.message}) came out, though ${expected.name} was due`,
  );
  if (outcome !== undefined)
    strictEqual(error.outcome, outcome, `${begin}the outcome of ${error.name} (${error.message})`);
  return error;
};

/** The CardError, NotFoundError or whatever else, as its own class. */
export const rejectionOf = async <Failure extends ChargesError>(
  work: () => unknown,
  expected: abstract new (...details: never[]) => Failure,
  outcome?: Outcome,
): Promise<Failure> => (await rejection(work, expected, outcome)) as Failure;

/** The states of the ledger that a charge's status may stand for. */
const stateOf = (charge: Charge): string => charge.status;

export const openBench = (options: ConformanceOptions, facts: Facts): Bench => {
  const watch = (overrides: ConformanceOverrides = {}): Watched => {
    const events: ClientEvent[] = [];
    return { client: options.createClient({ ...overrides, onEvent: (event) => events.push(event) }), events };
  };
  const { client, events } = watch();
  const key = (): string => `conformance-${systemRuntime.uuid()}`;
  const ledger = (): readonly ConformanceLedgerCharge[] => options.ledger?.() ?? [];
  const truthOf = (id: string) => ledger().find((each) => each.id === id);

  const params = ({ source = options.sources.approved(), ...changes }: Changes = {}): CreateParams => ({
    amount: usualAmount,
    currency: options.currency,
    ...options.params,
    source,
    ...changes,
  });

  return {
    ...facts,
    client,
    events,
    another: watch,
    params,
    create: (changes, callOptions) => client.create(params(changes), callOptions),
    authorize: (changes, callOptions) => client.create(params({ ...changes, capture: false }), callOptions),
    key,
    truthOf,
    countCharges: () => ledger().length,
    agreesWithLedger: (charge) => {
      if (options.ledger === undefined) return;
      const truth = truthOf(charge.id);
      ok(truth !== undefined, `the provider has no charge ${charge.id}`);
      deepStrictEqual(
        {
          state: stateOf(charge),
          amount: charge.amount,
          currency: charge.currency,
          // Null where the provider does not say.
          amountCaptured: charge.amountCaptured ?? truth.amountCaptured,
          amountRefunded: charge.amountRefunded,
        },
        {
          state: truth.state,
          amount: truth.amount,
          currency: truth.currency,
          amountCaptured: truth.amountCaptured,
          amountRefunded: truth.amountRefunded,
        },
        'the charge differs from what the provider holds',
      );
    },
    refusesUnsent: async (work, expected) => {
      const watched = watch();
      const before = options.requests?.().length;
      const error = await rejection(() => work(watched.client), expected, 'not_sent');
      const sent = watched.events.filter(({ type }) => type === 'request');
      strictEqual(sent.length, 0, 'a request was sent');
      strictEqual(options.requests?.().length, before, 'the provider received a request');
      return error;
    },
  };
};
