import { ok, strictEqual } from 'node:assert/strict';
import type { ChargesClient } from '../../charges-client.js';
import { ChargesError, IntegrityError } from '../../errors.js';
import { rejection, type Bench, type ConformanceCase } from './bench.js';

/** A client whose answers about one charge name another one, as a cache or a connection that lost its order gives them. */
const crossed = (bench: Bench, asked: string, answered: string): ChargesClient => {
  const swap = (body: unknown): unknown =>
    JSON.parse(JSON.stringify(body).replaceAll(asked, answered)) as unknown;
  const client = bench.options.tamperedClient?.(swap);
  ok(client !== undefined);
  return client;
};

const withTampering: ConformanceCase['applies'] = ({ options }) => options.tamperedClient !== undefined;

/** What another charge is, as far as the kit can know. */
const stateOf = async (bench: Bench, id: string): Promise<string> => {
  const { status, amountCaptured, amountRefunded } = await bench.client.retrieve(id);
  return JSON.stringify([status, amountCaptured, amountRefunded]);
};

/** Insists that a write on one charge, answered for another, is no success and leaves the other one alone. */
const neverBelieved = async (
  bench: Bench,
  authorize: boolean,
  write: (client: ChargesClient, id: string, key: string) => Promise<unknown>,
): Promise<void> => {
  const make = () => (authorize ? bench.authorize() : bench.create());
  const [asked, other] = [await make(), await make()];
  const before = await stateOf(bench, other.id);
  const client = crossed(bench, asked.id, other.id);
  const error = await rejection(() => write(client, asked.id, bench.key()), ChargesError);
  ok(error.outcome !== 'rejected', `an answer about another charge is no refusal (${error.name})`);
  if (error.chargeId !== null)
    strictEqual(error.chargeId, asked.id, 'the error is about the charge that was asked');
  strictEqual(await stateOf(bench, other.id), before, 'the other charge was written to');
};

/** Answers about another charge than was asked, to reads, to writes, and to what a write reads first. */
export const crossedAnswers: readonly ConformanceCase[] = [
  {
    name: 'a read that is answered with another charge is an IntegrityError',
    lookAt: "'id' in 'read' of the charge: it has to come from the answer, not from the request",
    needs: ['create', 'retrieve'],
    applies: withTampering,
    run: async (bench) => {
      const [asked, other] = [await bench.create(), await bench.create()];
      const client = crossed(bench, asked.id, other.id);
      await rejection(() => client.retrieve(asked.id), IntegrityError);
    },
  },
  {
    name: 'a capture whose reads and answer are about another charge captures neither in its name',
    lookAt:
      "'id' in 'read' of the charge and the row 'capture': ids have to come from the answer, and 'call.checkSame' belongs behind every further read",
    needs: ['create', 'capture', 'retrieve'],
    applies: withTampering,
    run: (bench) =>
      neverBelieved(bench, true, (client, id, idempotencyKey) => client.capture(id, {}, { idempotencyKey })),
  },
  {
    name: 'a void whose reads and answer are about another charge voids neither in its name',
    lookAt:
      "'id' in 'read' of the charge and the row 'void': ids have to come from the answer, and 'call.checkSame' belongs behind every further read",
    needs: ['create', 'capture', 'void', 'retrieve'],
    applies: withTampering,
    run: (bench) =>
      neverBelieved(bench, true, (client, id, idempotencyKey) => client.void(id, { idempotencyKey })),
  },
  {
    name: 'a refund whose reads and answer are about another charge refunds neither in its name',
    lookAt:
      "'chargeId' in 'read' of the refund and the row 'refund': ids have to come from the answer, and 'call.checkSame' belongs behind every further read",
    needs: ['create', 'refund', 'retrieve'],
    applies: withTampering,
    run: (bench) =>
      neverBelieved(bench, false, (client, id, idempotencyKey) => client.refund(id, {}, { idempotencyKey })),
  },
];
