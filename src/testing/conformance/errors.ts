import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import type { ChargesClient } from '../../charges-client.js';
import {
  AbortError,
  CardError,
  ChargesError,
  InvalidRequestError,
  InvalidResponseError,
  NotFoundError,
  OutcomeUnknownError,
  ProviderError,
  RateLimitError,
} from '../../errors.js';
import { adviceValues, declineCodes } from '../../models/decline.js';
import type { Charge } from '../../models/charge.js';
import { unknownDecline } from '../../models/decline.js';
import {
  rejection,
  rejectionOf,
  usualAmount,
  type Bench,
  type ConformanceCase,
  type Facts,
} from './bench.js';

const withFaults = ({ options }: Facts): boolean => options.faults !== undefined;

/** An id of the right form that belongs to nothing. */
const unknownIdLike = (id: string): string =>
  `${id.slice(0, -8)}${id.slice(-8).replace(/[A-Za-z0-9]/g, '9')}`;

/** Every operation on one charge. */
const onCharge: Readonly<Record<string, (client: ChargesClient, id: string) => unknown>> = {
  retrieve: (client, id) => client.retrieve(id),
  update: (client, id) => client.update(id, { description: 'text' }),
  capture: (client, id) => client.capture(id),
  void: (client, id) => client.void(id),
  expire: (client, id) => client.expire(id),
  refund: (client, id) => client.refund(id, { amount: 1000 }),
  listRefunds: (client, id) => client.listRefunds(id),
};
const supportedOn = (client: ChargesClient) =>
  Object.entries(onCharge).filter(([name]) => client.supports(name as 'retrieve'));

/** What every error promises. */
const checkError = (error: ChargesError, client: ChargesClient): void => {
  strictEqual(error.provider, client.provider);
  ok(error.operation !== null && error.operation !== '', 'an error knows its operation');
  ok(error.code !== '' && error.message !== '');
  const plain = JSON.parse(JSON.stringify(error)) as Record<string, unknown>;
  deepStrictEqual([plain['name'], plain['outcome'], plain['code']], [error.name, error.outcome, error.code]);
};

/** The charge names the same reason, or none: some providers tell it in the answer of the create alone. */
const agreesWithDecline = ({ failure }: Charge, { declineCode }: CardError): void => {
  ok(failure !== null, 'a failed charge has a failure');
  ok(
    failure.code === declineCode || failure.code === unknownDecline.code,
    `${failure.code}, not ${declineCode}`,
  );
};

const checkDecline = async (bench: Bench, error: CardError): Promise<void> => {
  checkError(error, bench.client);
  strictEqual(error.outcome, 'rejected');
  ok(declineCodes.includes(error.declineCode), 'a decline has a code of the list');
  ok(adviceValues.includes(error.advice), 'a decline has an advice of the list');
  ok(error.idempotencyKey !== null, 'a write that failed can be asked about');
  if (error.charge !== null) {
    strictEqual(error.charge.id, error.chargeId);
    deepStrictEqual([error.charge.status, error.charge.amountCaptured], ['failed', 0]);
    agreesWithDecline(error.charge, error);
  }
  if (error.chargeId === null) return;
  strictEqual(bench.truthOf(error.chargeId)?.amountCaptured, bench.options.ledger && 0);
  const read = await bench.client.retrieve(error.chargeId);
  deepStrictEqual([read.status, read.amount, read.amountCaptured], ['failed', usualAmount, 0]);
  agreesWithDecline(read, error);
};

/** Errors say what the caller does next, and whether money may have moved. */
export const errors: readonly ConformanceCase[] = [
  {
    name: 'a declined create rejects with CardError, and its charge reads as failed',
    lookAt: "'declines' of failureOf, and 'failed' of makeCharge in 'read' of the charge",
    needs: ['create', 'retrieve'],
    applies: ({ options }) => options.sources.declined !== undefined,
    run: async (bench) => {
      const source = bench.options.sources.declined?.();
      const error = await rejectionOf(() => bench.create({ source }), CardError, 'rejected');
      await checkDecline(bench, error);
    },
  },
  {
    name: 'insufficient funds have their own decline code',
    lookAt:
      "'declines' of failureOf: the row of the provider's word for it has the code 'insufficient_funds'",
    needs: ['create', 'retrieve'],
    applies: ({ options }) => options.sources.insufficientFunds !== undefined,
    run: async (bench) => {
      const source = bench.options.sources.insufficientFunds?.();
      const error = await rejectionOf(() => bench.create({ source }), CardError, 'rejected');
      strictEqual(error.declineCode, 'insufficient_funds');
      await checkDecline(bench, error);
    },
  },
  {
    name: 'a declined authorization rejects with CardError, too',
    lookAt: "'declines' of failureOf, and the status in 'read' of the charge",
    needs: ['create', 'capture'],
    applies: ({ options }) => options.sources.declined !== undefined,
    run: async (bench) => {
      const source = bench.options.sources.declined?.();
      await rejection(() => bench.authorize({ source }), CardError, 'rejected');
    },
  },
  {
    name: 'an unknown charge is NotFoundError for every operation, and no open outcome',
    lookAt: "'refusals' of failureOf: the provider's answer about an unknown id is of the kind 'not_found'",
    needs: ['create', 'retrieve'],
    run: async (bench) => {
      const { id } = await bench.create();
      const unknownId = unknownIdLike(id);
      for (const [, call] of supportedOn(bench.client)) {
        const error = await rejection(() => call(bench.client, unknownId), NotFoundError);
        ok(error.outcome !== 'unknown', 'nothing can have happened to a charge that does not exist');
        checkError(error, bench.client);
      }
      const read = await rejection(() => bench.client.retrieve(unknownId), NotFoundError, 'not_sent');
      strictEqual(read.statusCode === null || read.statusCode >= 400, true);
    },
  },
  {
    name: 'an id that would change the address is refused unsent',
    needs: ['create'],
    run: async ({ client, refusesUnsent }) => {
      for (const id of ['../customers', 'ch_1/refunds', 'ch_1?expand=1', 'ch 1', '', 'ch_1#x', '%2e%2e'])
        for (const [, call] of supportedOn(client))
          await refusesUnsent((each) => call(each, id), InvalidRequestError);
    },
  },
  {
    name: 'an unknown field is refused unsent, with the nearest known name',
    needs: ['create'],
    run: async ({ params, refusesUnsent }) => {
      const misspelled = { ...params(), descripton: 'Order 81' };
      const error = await refusesUnsent((client) => client.create(misspelled), InvalidRequestError);
      ok(error.message.includes('description'), 'the message names the nearest field');
      checkError(error, { provider: error.provider } as ChargesClient);
    },
  },
  {
    name: 'an aborted call is not sent',
    needs: ['create'],
    run: async ({ params, refusesUnsent }) => {
      await refusesUnsent((client) => client.create(params(), { signal: AbortSignal.abort() }), AbortError);
    },
  },
  {
    name: 'a failing provider leaves the outcome of a write open, and a read repeatable',
    lookAt: "'read' and 'refusals' of failureOf: a 5xx proves nothing, so its outcome is 'unknown'",
    needs: ['create', 'retrieve'],
    applies: withFaults,
    run: async (bench) => {
      const { id } = await bench.create();
      const { client } = bench.another({ maxRetries: 0 });
      bench.options.faults?.inject({ operation: 'create', fault: 'server_error' });
      const write = await rejection(() => client.create(bench.params()), ChargesError, 'unknown');
      ok(write instanceof ProviderError || write instanceof OutcomeUnknownError, write.name);
      ok(write.idempotencyKey !== null);
      bench.options.faults?.inject({ operation: 'retrieve', fault: 'server_error' });
      const read = await rejection(() => client.retrieve(id), ProviderError, 'not_sent');
      strictEqual(read.isRetryable, true);
      checkError(read, client);
    },
  },
  {
    name: 'a read is repeated after a failure',
    lookAt: "'createClient' of the options, which has to hand 'maxRetries' on",
    needs: ['create', 'retrieve'],
    applies: withFaults,
    run: async (bench) => {
      const { id } = await bench.create();
      const { client } = bench.another({ maxRetries: 2 });
      bench.options.faults?.inject({ operation: 'retrieve', fault: 'cut_before_commit' });
      strictEqual((await client.retrieve(id)).id, id);
    },
  },
  {
    name: 'a rate limit says when to come back',
    lookAt:
      "'read' and 'refusals' of failureOf, and at the 'failure' of the server: a 429 is of the kind 'rate_limit', and carries 'Retry-After'",
    needs: ['create', 'retrieve'],
    applies: withFaults,
    run: async (bench) => {
      const { id } = await bench.create();
      const { client } = bench.another({ maxRetries: 0 });
      const fault = { type: 'rate_limited', retryAfterSeconds: 7 } as const;
      bench.options.faults?.inject({ operation: 'retrieve', fault });
      const error = await rejectionOf(() => client.retrieve(id), RateLimitError, 'not_sent');
      strictEqual(error.retryAfterMs, 7000);
      strictEqual(error.isRetryable, true);
    },
  },
  {
    name: 'a damaged answer is a typed error, never an empty success',
    lookAt:
      'the schemas of the answers: what decides the status, the id, the amount and the currency may not be optional',
    needs: ['create', 'retrieve'],
    applies: withFaults,
    run: async (bench) => {
      const { id } = await bench.create();
      const { client } = bench.another({ maxRetries: 0 });
      const faults = ['malformed_json', 'empty_body', 'half_answer', 'bad_gateway_after_commit'] as const;
      for (const fault of faults) {
        bench.options.faults?.inject({ operation: 'retrieve', fault });
        const read = await rejection(() => client.retrieve(id), ChargesError, 'not_sent');
        checkError(read, client);
        bench.options.faults?.inject({ operation: 'create', fault });
        const write = await rejection(() => client.create(bench.params()), ChargesError, 'unknown');
        checkError(write, client);
        if (fault === 'malformed_json') ok(write instanceof InvalidResponseError || write.code !== '');
      }
    },
  },
];
