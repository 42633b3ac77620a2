import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { CardError } from '../../errors.js';
import { isPaid, type Charge } from '../../models/charge.js';
import type { Refund } from '../../models/refund.js';
import { rejection, usualAmount, type ConformanceCase } from './bench.js';

const part = 4_300;

/** After a refund: the totals follow at once where it succeeded, and may wait where it is pending. */
const checkTotals = (charge: Charge, refunds: readonly Refund[]): void => {
  strictEqual(charge.status, 'captured', 'a refund does not change the status');
  const sum = refunds.reduce((total, { amount }) => total + amount, 0);
  if (refunds.some(({ status }) => status === 'pending')) return;
  strictEqual(charge.amountRefunded, sum);
  if (charge.amountCaptured !== null)
    strictEqual(charge.refundStatus, sum === charge.amountCaptured ? 'full' : 'partial');
};

const checkRefund = (refund: Refund, charge: Charge, amount: number): void => {
  deepStrictEqual(
    {
      provider: refund.provider,
      chargeId: refund.chargeId,
      amount: refund.amount,
      currency: refund.currency,
    },
    { provider: charge.provider, chargeId: charge.id, amount, currency: charge.currency },
  );
  ok(refund.status === 'succeeded' || refund.status === 'pending', `the refund is ${refund.status}`);
};
/** What is given back, and what is never called a refund. */
export const refunds: readonly ConformanceCase[] = [
  {
    name: 'a refund without an amount gives back everything',
    lookAt: "'everything' of the row 'refund', 'read' of the refund, and 'refunded' of makeCharge",
    needs: ['create', 'refund', 'retrieve'],
    run: async (bench) => {
      const charge = await bench.create();
      const refund = await bench.client.refund(charge.id, { reason: 'requested_by_customer' });
      checkRefund(refund, charge, usualAmount);
      ok(refund.reason === 'requested_by_customer' || refund.reason === null);
      const read = await bench.client.retrieve(charge.id);
      checkTotals(read, [refund]);
      strictEqual(isPaid(read), read.refundStatus !== 'full');
      deepStrictEqual(
        bench.truthOf(charge.id)?.refunds.map(({ id, amount }) => ({ id, amount })),
        bench.options.ledger && [{ id: refund.id, amount: usualAmount }],
      );
    },
  },
  {
    name: 'partial refunds add up, and a refund without an amount gives back what is left',
    lookAt: "'partial' and 'everything' of the row 'refund', and 'refunded' of makeCharge",
    needs: ['create', 'refund', 'retrieve'],
    applies: ({ capabilities }) => capabilities.refund.partial === true,
    run: async (bench) => {
      const charge = await bench.create();
      const first = await bench.client.refund(charge.id, { amount: part });
      checkRefund(first, charge, part);
      checkTotals(await bench.client.retrieve(charge.id), [first]);
      if (first.status === 'pending') return;
      const rest = await bench.client.refund(charge.id);
      checkRefund(rest, charge, usualAmount - part);
      ok(rest.id !== first.id, 'two refunds have two ids');
      checkTotals(await bench.client.retrieve(charge.id), [first, rest]);
      strictEqual(bench.truthOf(charge.id)?.amountRefunded, bench.options.ledger && usualAmount);
    },
  },
  {
    name: 'a refund of more than was captured is refused',
    lookAt: "'refusals' of failureOf: a refused refund is 'conflict' or 'invalid_request', no decline",
    needs: ['create', 'refund', 'retrieve'],
    run: async (bench) => {
      const { id } = await bench.create();
      const error = await rejection(() => bench.client.refund(id, { amount: usualAmount + 1 }));
      ok(error.outcome !== 'unknown', `the outcome is open after a refusal: ${error.name}`);
      ok(!(error instanceof CardError), 'a refused refund is no decline');
      strictEqual((await bench.client.retrieve(id)).amountRefunded, 0);
      strictEqual(bench.truthOf(id)?.refunds.length, bench.options.ledger && 0);
    },
  },
  {
    name: 'a refund of an authorization is refused and releases nothing',
    lookAt: "'refusals' of failureOf, and the row 'refund', which must not release an authorization",
    needs: ['create', 'capture', 'refund', 'retrieve'],
    run: async (bench) => {
      const { id } = await bench.authorize();
      const error = await rejection(() => bench.client.refund(id, { amount: part }));
      ok(error.outcome !== 'unknown', `the outcome is open after a refusal: ${error.name}`);
      const charge = await bench.client.retrieve(id);
      deepStrictEqual([charge.status, charge.amountRefunded], ['authorized', 0]);
      bench.agreesWithLedger(charge);
    },
  },
  {
    name: 'listRefunds and retrieveRefund show what refund answered',
    lookAt: "the rows 'listRefunds' and 'retrieveRefund', and 'read' of the refund",
    needs: ['create', 'refund', 'listRefunds', 'retrieveRefund'],
    run: async (bench) => {
      const charge = await bench.create();
      deepStrictEqual(await bench.client.listRefunds(charge.id), []);
      const made = await bench.client.refund(charge.id, { amount: usualAmount });
      const facts = ({ id, chargeId, amount, currency, status }: Refund) => ({
        ...{ id, chargeId, amount, currency, status },
      });
      const listed = await bench.client.listRefunds(charge.id);
      deepStrictEqual(listed.map(facts), [facts(made)]);
      deepStrictEqual(facts(await bench.client.retrieveRefund(charge.id, made.id)), facts(made));
    },
  },
  {
    name: 'retrieveRefund finds each of several refunds',
    lookAt: "the row 'retrieveRefund': it is asked for one of several",
    needs: ['create', 'refund', 'listRefunds', 'retrieveRefund'],
    applies: ({ capabilities }) => capabilities.refund.partial === true,
    run: async (bench) => {
      const { id } = await bench.create();
      for (const amount of [part, part + 100]) {
        const made = await bench.client.refund(id, { amount });
        const read = await bench.client.retrieveRefund(id, made.id);
        deepStrictEqual([read.id, read.amount, read.chargeId], [made.id, amount, id]);
      }
      strictEqual((await bench.client.listRefunds(id)).length, 2);
    },
  },
];
