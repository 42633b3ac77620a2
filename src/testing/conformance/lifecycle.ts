import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { ConflictError, InvalidRequestError } from '../../errors.js';
import { isPaid, type Charge } from '../../models/charge.js';
import { rejection, returnUrl, usualAmount, type Bench, type ConformanceCase } from './bench.js';

const part = 4_300;

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
    lookAt: "'read' of the charge: the table of statuses, and 'captured' of makeCharge",
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
    lookAt: "'read' of the charge, which reads the answers of both rows",
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
    lookAt: "'json' of the row 'create', which has to send 'capture', and the table of statuses",
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
    lookAt: "the row 'capture', and 'captured' of makeCharge",
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
    lookAt:
      "'json' of the row 'capture', and 'captured' of makeCharge: what is released is neither captured nor refunded",
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
    lookAt: "'partial' of the row 'capture'",
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
    lookAt: "'refusals' of failureOf",
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
    lookAt: "'refusals' of failureOf: the provider's answer to a second capture is of the kind 'conflict'",
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
    lookAt:
      "the row 'void', the table of statuses, and 'refusals' of failureOf for the capture of a released authorization",
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
    lookAt: "the row 'void'",
    needs: ['create', 'capture', 'void'],
    run: async (bench) => {
      const { id } = await bench.authorize();
      await released(bench, await bench.client.reverse(id));
    },
  },
  {
    name: 'void of captured money is a conflict and never turns into a refund',
    lookAt: "'captured' of the row 'void', and 'refusals' of failureOf: the answer is of the kind 'conflict'",
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
    lookAt: "'captured' of the row 'void', and the table of statuses",
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
    name: 'update changes the description and merges metadata',
    lookAt:
      "'json' and 'metadata' of the row 'update', and 'description' and 'metadata' in 'read' of the charge",
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
    lookAt: "the row 'expire', and the table of statuses",
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
    lookAt: "'refusals' of failureOf: the answer is of the kind 'conflict'",
    needs: ['create', 'expire', 'retrieve'],
    run: async (bench) => {
      const { id } = await bench.create();
      await rejection(() => bench.client.expire(id), ConflictError, 'rejected');
      strictEqual((await bench.client.retrieve(id)).status, 'captured');
    },
  },
  {
    name: 'metadata comes back as it went in',
    lookAt:
      "'json' of the row 'create', and 'metadata' in 'read' of the charge: names and values stay as they are",
    needs: ['create', 'retrieve'],
    applies: ({ capabilities }) => !(capabilities.create.refuses ?? []).includes('metadata'),
    run: async (bench) => {
      const metadata = { orderId: '81', snake_case: 'a', UPPER: 'B', text: 'ünï çödé & <tags>' };
      const { id, metadata: answered } = await bench.create({ metadata });
      deepStrictEqual(answered, metadata);
      deepStrictEqual((await bench.client.retrieve(id)).metadata, metadata);
    },
  },
];
