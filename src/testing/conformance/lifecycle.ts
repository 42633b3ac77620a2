import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { CardError, ConflictError, IntegrityError, InvalidRequestError } from '../../errors.js';
import { isPaid, type Charge } from '../../models/charge.js';
import type { Refund } from '../../models/refund.js';
import { rejection, rejectionOf, returnUrl, usualAmount, type Bench, type ConformanceCase } from './bench.js';

const part = 4_300;

/** The payer's way through 3-D Secure, up to where the payer comes back. */
const challenge = async (bench: Bench, decision: 'approve' | 'decline') => {
  const { options } = bench;
  const source = options.sources.requires3DS?.(returnUrl);
  const charge = await bench.create({ returnUrl, source });
  strictEqual(charge.status, 'requires_action');
  strictEqual(charge.nextAction?.type, 'redirect', 'a payer who has to act needs an address');
  strictEqual(charge.amountCaptured, 0);
  strictEqual(isPaid(charge), false);
  const url = charge.nextAction.url;
  const returnedTo = (await options.payer?.[decision](url)) ?? '';
  const params = options.verification?.(returnedTo, charge) ?? { chargeId: charge.id };
  return { charge, params };
};

const with3DS = ({ options }: Pick<Bench, 'options'>): boolean =>
  options.payer !== undefined && options.sources.requires3DS !== undefined;

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

const released = async (bench: Bench, charge: Charge): Promise<void> => {
  deepStrictEqual(
    [charge.status, charge.amountCaptured, charge.amountRefunded, charge.refundStatus],
    ['voided', 0, 0, 'none'],
  );
  bench.agreesWithLedger(charge);
  if (bench.supports('listRefunds'))
    deepStrictEqual(await bench.client.listRefunds(charge.id), [], 'a release is no refund');
};

/** What becomes of a charge, from create to the last refund. */
export const lifecycle: readonly ConformanceCase[] = [
  {
    name: 'an approved charge is captured',
    needs: ['create'],
    run: async (bench) => {
      const charge = await bench.create();
      deepStrictEqual(
        [charge.status, charge.amount, charge.amountCaptured, charge.amountRefunded, charge.refundStatus],
        ['captured', usualAmount, usualAmount, 0, 'none'],
      );
      strictEqual(charge.provider, bench.client.provider);
      strictEqual(charge.currency, bench.options.currency);
      strictEqual(isPaid(charge), true);
      strictEqual(charge.failure, null);
      strictEqual(charge.nextAction, null);
      bench.agreesWithLedger(charge);
    },
  },
  {
    name: 'retrieve shows what create answered',
    needs: ['create', 'retrieve'],
    run: async (bench) => {
      const charge = await bench.create({ metadata: { order: '81' } });
      const read = await bench.client.retrieve(charge.id);
      const facts = ({
        id,
        status,
        amount,
        amountCaptured,
        currency,
        metadata,
        createdAt,
        livemode,
      }: Charge) => ({
        ...{ id, status, amount, amountCaptured, currency, metadata, createdAt, livemode },
      });
      deepStrictEqual(facts(read), facts(charge));
    },
  },
  {
    name: 'capture: false authorizes and takes nothing',
    needs: ['create', 'retrieve', 'capture'],
    run: async (bench) => {
      const charge = await bench.authorize();
      deepStrictEqual([charge.status, charge.amountCaptured, charge.capturedAt], ['authorized', 0, null]);
      strictEqual(isPaid(charge), false);
      bench.agreesWithLedger(charge);
      strictEqual((await bench.client.retrieve(charge.id)).status, 'authorized');
    },
  },
  {
    name: 'capture takes everything that was authorized',
    needs: ['create', 'capture', 'retrieve'],
    run: async (bench) => {
      const { id } = await bench.authorize();
      const charge = await bench.client.capture(id);
      deepStrictEqual([charge.id, charge.status, charge.amount], [id, 'captured', usualAmount]);
      strictEqual(charge.amountCaptured, usualAmount);
      bench.agreesWithLedger(charge);
      bench.agreesWithLedger(await bench.client.retrieve(id));
    },
  },
  {
    name: 'a partial capture takes the amount that it names, and releases the rest without a refund',
    needs: ['create', 'capture', 'retrieve'],
    applies: ({ capabilities }) => capabilities.capture.partial === true,
    run: async (bench) => {
      const { id } = await bench.authorize();
      const charge = await bench.client.capture(id, { amount: part });
      deepStrictEqual(
        [charge.status, charge.amount, charge.amountCaptured, charge.amountRefunded, charge.refundStatus],
        ['captured', usualAmount, part, 0, 'none'],
      );
      bench.agreesWithLedger(charge);
      const read = await bench.client.retrieve(id);
      deepStrictEqual([read.amount, read.amountRefunded, read.refundStatus], [usualAmount, 0, 'none']);
      ok(
        read.amountCaptured === part || read.amountCaptured === null,
        'the captured amount is known or null',
      );
      if (bench.supports('listRefunds')) deepStrictEqual(await bench.client.listRefunds(id), []);
    },
  },
  {
    name: 'a partial capture is refused where the provider would take everything',
    needs: ['create', 'capture', 'retrieve'],
    applies: ({ capabilities }) => capabilities.capture.partial !== true,
    run: async (bench) => {
      const { id } = await bench.authorize();
      await rejection(() => bench.client.capture(id, { amount: part }), InvalidRequestError, 'not_sent');
      const charge = await bench.client.retrieve(id);
      deepStrictEqual([charge.status, charge.amountCaptured], ['authorized', 0]);
      strictEqual((await bench.client.capture(id, { amount: usualAmount })).amountCaptured, usualAmount);
    },
  },
  {
    name: 'a capture of more than was authorized is refused',
    needs: ['create', 'capture', 'retrieve'],
    run: async (bench) => {
      const { id } = await bench.authorize();
      const error = await rejection(() => bench.client.capture(id, { amount: usualAmount + 1 }));
      ok(error.outcome !== 'unknown', 'a refusal is no open outcome');
      bench.agreesWithLedger(await bench.client.retrieve(id));
    },
  },
  {
    name: 'a second capture under another key is a conflict',
    needs: ['create', 'capture', 'retrieve'],
    run: async (bench) => {
      const { id } = await bench.authorize();
      await bench.client.capture(id);
      await rejection(() => bench.client.capture(id), ConflictError, 'rejected');
      bench.agreesWithLedger(await bench.client.retrieve(id));
    },
  },
  {
    name: 'void releases an authorization',
    needs: ['create', 'capture', 'void', 'retrieve'],
    run: async (bench) => {
      const { id } = await bench.authorize();
      const charge = await bench.client.void(id);
      strictEqual(charge.id, id);
      await released(bench, charge);
      await released(bench, await bench.client.retrieve(id));
      await rejection(() => bench.client.capture(id), ConflictError, 'rejected');
      await released(bench, await bench.client.retrieve(id));
    },
  },
  {
    name: 'reverse is void under another name',
    needs: ['create', 'capture', 'void'],
    run: async (bench) => {
      const { id } = await bench.authorize();
      await released(bench, await bench.client.reverse(id));
    },
  },
  {
    name: 'void of captured money is a conflict and never turns into a refund',
    needs: ['create', 'void', 'retrieve'],
    applies: ({ capabilities }) => capabilities.void.captured !== true,
    run: async (bench) => {
      const { id } = await bench.create();
      await rejection(() => bench.client.void(id), ConflictError, 'rejected');
      const charge = await bench.client.retrieve(id);
      deepStrictEqual([charge.status, charge.amountRefunded, charge.refundStatus], ['captured', 0, 'none']);
      bench.agreesWithLedger(charge);
    },
  },
  {
    name: 'void of captured money, where the provider has it, is no refund',
    needs: ['create', 'void', 'retrieve'],
    applies: ({ capabilities }) => capabilities.void.captured === true,
    run: async (bench) => {
      const { id } = await bench.create();
      await bench.client.void(id);
      const charge = await bench.client.retrieve(id);
      deepStrictEqual(
        [charge.status, charge.amountCaptured, charge.amountRefunded, charge.refundStatus],
        ['voided', 0, 0, 'none'],
      );
      if (bench.supports('listRefunds')) deepStrictEqual(await bench.client.listRefunds(id), []);
    },
  },
  {
    name: 'a refund without an amount gives back everything',
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
  {
    name: 'update changes the description and merges metadata',
    needs: ['create', 'update', 'retrieve'],
    applies: ({ capabilities }) =>
      (capabilities.update.fields ?? ['description', 'metadata']).includes('metadata'),
    run: async (bench) => {
      const { id } = await bench.create({ metadata: { order: '81', note: 'old', gone: 'soon' } });
      const update = { description: 'A new text', metadata: { note: 'new', added: 'yes', gone: null } };
      const updated = await bench.client.update(id, update);
      for (const charge of [updated, await bench.client.retrieve(id)]) {
        strictEqual(charge.id, id);
        strictEqual(charge.description, 'A new text');
        deepStrictEqual(charge.metadata, { order: '81', note: 'new', added: 'yes' });
        strictEqual(charge.amount, usualAmount);
      }
    },
  },
  {
    name: 'expire ends a charge that waits for the payer',
    needs: ['create', 'expire', 'retrieve'],
    applies: ({ options }) => options.sources.expirable !== undefined,
    run: async (bench) => {
      const { id } = await bench.create({ source: bench.options.sources.expirable?.(), returnUrl });
      const expired = await bench.client.expire(id);
      for (const charge of [expired, await bench.client.retrieve(id)]) {
        deepStrictEqual([charge.id, charge.status, charge.amountCaptured], [id, 'expired', 0]);
        bench.agreesWithLedger(charge);
      }
    },
  },
  {
    name: 'expire of a paid charge is a conflict',
    needs: ['create', 'expire', 'retrieve'],
    run: async (bench) => {
      const { id } = await bench.create();
      await rejection(() => bench.client.expire(id), ConflictError, 'rejected');
      strictEqual((await bench.client.retrieve(id)).status, 'captured');
    },
  },
  {
    name: 'metadata comes back as it went in',
    needs: ['create', 'retrieve'],
    applies: ({ capabilities }) => !(capabilities.create.refuses ?? []).includes('metadata'),
    run: async (bench) => {
      const metadata = { orderId: '81', snake_case: 'a', UPPER: 'B', text: 'ünï çödé & <tags>' };
      const { id, metadata: answered } = await bench.create({ metadata });
      deepStrictEqual(answered, metadata);
      deepStrictEqual((await bench.client.retrieve(id)).metadata, metadata);
    },
  },
  {
    name: 'a challenged payer who approves has paid once verify3DS says so',
    needs: ['create', 'verify3DS', 'retrieve'],
    applies: with3DS,
    run: async (bench) => {
      const { charge, params } = await challenge(bench, 'approve');
      const expected = { chargeId: charge.id, amount: charge.amount, currency: charge.currency };
      const verified = await bench.client.verify3DS({ ...params, expected });
      deepStrictEqual([verified.id, verified.status], [charge.id, 'captured']);
      strictEqual(verified.amountCaptured, charge.amount);
      bench.agreesWithLedger(await bench.client.retrieve(charge.id));
    },
  },
  {
    name: 'a challenged payer who declines rejects verify3DS with CardError',
    needs: ['create', 'verify3DS'],
    applies: with3DS,
    run: async (bench) => {
      const { charge, params } = await challenge(bench, 'decline');
      const error = await rejectionOf(() => bench.client.verify3DS(params), CardError);
      ok(error.declineCode !== null && error.advice !== null);
      strictEqual(bench.truthOf(charge.id)?.amountCaptured, bench.options.ledger && 0);
    },
  },
  {
    name: 'verify3DS compares the charge with what the order expects',
    needs: ['create', 'verify3DS'],
    applies: with3DS,
    run: async (bench) => {
      const { charge, params } = await challenge(bench, 'approve');
      const expected = { chargeId: charge.id, amount: charge.amount + 1, currency: charge.currency };
      await rejection(() => bench.client.verify3DS({ ...params, expected }), IntegrityError);
    },
  },
];
