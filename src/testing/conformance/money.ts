import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { InvalidRequestError } from '../../errors.js';
import { chargeSchema, type Charge } from '../../models/charge.js';
import { refundSchema } from '../../models/refund.js';
import { usualAmount, type Bench, type ConformanceCase } from './bench.js';

/** What must hold for every charge, in whatever state. */
const checkRules = (charge: Charge): void => {
  ok(charge.status !== 'unknown', 'nobody knows where the charge stands');
  ok(Number.isSafeInteger(charge.amount) && charge.amount > 0);
  if (charge.status !== 'captured') {
    deepStrictEqual([charge.amountCaptured, charge.amountRefunded, charge.refundStatus], [0, 0, 'none']);
    strictEqual(charge.fee, null, 'a fee is due once money was taken');
  }
  if (charge.amountCaptured !== null) {
    ok(charge.amountCaptured <= charge.amount, 'more was captured than was asked');
    ok(charge.amountRefunded <= charge.amountCaptured, 'more was refunded than was captured');
  }
  if (!['pending', 'requires_action', 'authorized'].includes(charge.status))
    strictEqual(charge.expiresAt, null, 'what is over does not expire');
  strictEqual(charge.failure === null, charge.status !== 'failed', 'failure stands with failed');
};

const currenciesOf = ({ options, capabilities }: Pick<Bench, 'options' | 'capabilities'>): string[] =>
  [...new Set([options.currency, ...(options.currencies ?? [])])].filter(
    (currency) => capabilities.create.currencies?.includes(currency) ?? true,
  );

/** Amounts are integers in minor units, everywhere, and add up. */
export const money: readonly ConformanceCase[] = [
  {
    name: 'amounts are minor units in every currency, through create, capture, refund and search',
    lookAt:
      "'json' of the rows and 'read' of charge and refund: money.toDecimal and money.fromDecimal convert by the currency",
    needs: ['create', 'retrieve'],
    run: async (bench) => {
      for (const currency of currenciesOf(bench)) {
        // Divisible by ten: providers that count three decimals in two take nothing else.
        const amount = 123_450;
        const changes = { amount, currency };
        const charge = await bench.create(changes);
        deepStrictEqual([charge.amount, charge.currency, charge.amountCaptured], [amount, currency, amount]);
        bench.agreesWithLedger(charge);
        if (bench.supports('refund') && bench.capabilities.refund.partial === true) {
          const refund = await bench.client.refund(charge.id, { amount: 50_450 });
          deepStrictEqual([refund.amount, refund.currency], [50_450, currency]);
          if (refund.status === 'succeeded') {
            const read = await bench.client.retrieve(charge.id);
            strictEqual(read.amountRefunded, 50_450);
            bench.agreesWithLedger(read);
          }
        }
        if (bench.supports('capture') && bench.capabilities.capture.partial === true) {
          const { id } = await bench.authorize(changes);
          const captured = await bench.client.capture(id, { amount: 50_450 });
          strictEqual(captured.amountCaptured, 50_450);
          bench.agreesWithLedger(captured);
        }
        if (bench.supports('search')) {
          const found: string[] = [];
          for await (const each of bench.client.search({ amount, currency })) found.push(each.id);
          ok(found.includes(charge.id), `search by amount misses a charge in ${currency}`);
        }
      }
    },
  },
  {
    name: 'an amount that is no positive integer is refused unsent',
    needs: ['create'],
    run: async ({ params, refusesUnsent }) => {
      for (const amount of [0, -100, 10.5, Number.NaN, 2 ** 53, '1000' as never, null as never])
        await refusesUnsent((client) => client.create(params({ amount })), InvalidRequestError);
    },
  },
  {
    name: 'a currency that is not of ISO 4217 is refused unsent',
    needs: ['create'],
    run: async ({ options, params, refusesUnsent }) => {
      for (const currency of ['EURO', '', 'XXX', ` ${options.currency}`])
        await refusesUnsent((client) => client.create(params({ currency })), InvalidRequestError);
    },
  },
  {
    name: 'a currency in lower case means the same, also to a repeat',
    lookAt: "'currency' in 'read' of the charge: upper case",
    needs: ['create'],
    run: async ({ options, params, client, key }) => {
      const inUpperCase = params({});
      const idempotencyKey = key();
      const { id, currency } = await client.create(
        { ...inUpperCase, currency: options.currency.toLowerCase() },
        { idempotencyKey },
      );
      deepStrictEqual(currency, options.currency);
      deepStrictEqual((await client.create(inUpperCase, { idempotencyKey })).id, id);
    },
  },
  {
    name: 'amounts of capture and refund are checked, too',
    needs: ['create', 'retrieve'],
    run: async ({ client, refusesUnsent }) => {
      for (const amount of [0, -1, 1.5]) {
        if (client.supports('capture'))
          await refusesUnsent((each) => each.capture('ch_1', { amount }), InvalidRequestError);
        if (client.supports('refund'))
          await refusesUnsent((each) => each.refund('ch_1', { amount }), InvalidRequestError);
      }
    },
  },
  {
    name: 'a charge is plain JSON that the schema accepts',
    lookAt: "'read' of the charge: makeCharge fills what is left out with null",
    needs: ['create', 'retrieve'],
    run: async (bench) => {
      const made = await bench.create({ metadata: { order: '81' } });
      for (const charge of [made, await bench.client.retrieve(made.id)]) {
        deepStrictEqual(chargeSchema.parse(JSON.parse(JSON.stringify(charge))), { ...charge });
      }
    },
  },
  {
    name: 'a refund is plain JSON that the schema accepts',
    lookAt: "'read' of the refund: makeRefund fills what is left out with null",
    needs: ['create', 'refund'],
    run: async (bench) => {
      const { id } = await bench.create();
      const refund = await bench.client.refund(id, { amount: usualAmount });
      deepStrictEqual(refundSchema.parse(JSON.parse(JSON.stringify(refund))), { ...refund });
    },
  },
  {
    name: 'totals, fee, failure and expiry fit the status of every charge in the list',
    lookAt: "'captured' and 'failed' of makeCharge in 'read' of the charge",
    needs: ['create', 'list'],
    run: async (bench) => {
      await bench.create();
      if (bench.supports('capture')) await bench.authorize();
      for await (const charge of bench.client.list({ limit: 100, maxItems: 300 })) checkRules(charge);
    },
  },
  {
    name: 'the refunds that count are the refunded total',
    lookAt: "'refunded' of makeCharge in 'read' of the charge, and the row 'listRefunds'",
    needs: ['create', 'refund', 'listRefunds', 'retrieve'],
    run: async (bench) => {
      const { id } = await bench.create();
      const isPartial = bench.capabilities.refund.partial === true;
      await bench.client.refund(id, { amount: isPartial ? 5_000 : usualAmount });
      const refunds = await bench.client.listRefunds(id);
      if (refunds.some(({ status }) => status === 'pending')) return;
      const counted = refunds.filter(({ status }) => status === 'succeeded');
      const sum = counted.reduce((total, { amount }) => total + amount, 0);
      const charge = await bench.client.retrieve(id);
      strictEqual(charge.amountRefunded, sum);
      const shown = charge.refunds?.reduce((total, { amount }) => total + amount, 0);
      ok(shown === undefined || shown === sum, 'the refunds on the charge differ from the list');
    },
  },
  {
    name: 'dates are ISO 8601 in UTC and plausible',
    lookAt: "'createdAt', 'capturedAt' and 'expiresAt' in 'read' of the charge: ISO 8601, not seconds",
    needs: ['create', 'capture'],
    run: async (bench) => {
      const authorized = await bench.authorize();
      ok(authorized.createdAt !== null, 'a charge has a date');
      // Seconds that were taken for milliseconds are in 1970.
      ok(Date.parse(authorized.createdAt) > Date.UTC(2015), 'the date is implausible');
      strictEqual(
        new Date(authorized.createdAt).toISOString().slice(0, 19),
        authorized.createdAt.slice(0, 19),
      );
      const { capturedAt } = await bench.client.capture(authorized.id);
      ok(capturedAt === null || Date.parse(capturedAt) >= Date.parse(authorized.createdAt));
      ok(
        authorized.expiresAt === null || Date.parse(authorized.expiresAt) > Date.parse(authorized.createdAt),
        'an authorization expires after it was made',
      );
    },
  },
  {
    name: 'test or live is what the keys say, on every reading',
    lookAt: "'livemode' in 'connect' and in 'read' of the charge",
    needs: ['create', 'retrieve'],
    run: async (bench) => {
      const made = await bench.create();
      const read = await bench.client.retrieve(made.id);
      strictEqual(read.livemode, made.livemode);
      const { livemode } = bench.options;
      if (livemode !== undefined) ok(made.livemode === null || made.livemode === livemode);
    },
  },
];
