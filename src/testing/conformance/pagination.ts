import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { InvalidRequestError } from '../../errors.js';
import type { Charge } from '../../models/charge.js';
import { usualAmount, type Bench, type ConformanceCase } from './bench.js';

/** Charges that a case looks for, oldest first. */
const several = async (bench: Bench, count: number, changes: object = {}): Promise<Charge[]> => {
  const made: Charge[] = [];
  for (let index = 0; index < count; index += 1) made.push(await bench.create(changes));
  return made;
};

const idsOf = (charges: readonly Pick<Charge, 'id'>[]): string[] => charges.map(({ id }) => id);

const collect = async (charges: AsyncIterable<Charge>): Promise<Charge[]> => {
  const all: Charge[] = [];
  for await (const charge of charges) all.push(charge);
  return all;
};

/** Every id once. */
const unique = (charges: readonly Charge[]): string[] => {
  const ids = idsOf(charges);
  strictEqual(new Set(ids).size, ids.length, 'a charge came twice');
  return ids;
};

const farFuture = '2099-01-01T00:00:00Z';
const farPast = '2001-01-01T00:00:00Z';

/** Lists and searches give every charge once, and nothing else. */
export const pagination: readonly ConformanceCase[] = [
  {
    name: 'a list gives every charge of every page once',
    lookAt: "'paging' of the adapter, and 'covers' of the row 'list' where it shows settled payments only",
    needs: ['create', 'list'],
    run: async (bench) => {
      const made = idsOf(await several(bench, 5));
      const listed = unique(await collect(bench.client.list({ limit: 2 })));
      deepStrictEqual(
        made.filter((id) => !listed.includes(id)),
        [],
        'charges are missing',
      );
      // A list that shows settled payments only owes nothing that was not captured.
      const { covers } = bench.client.capabilities.list;
      for (const { id, state } of bench.options.ledger?.() ?? [])
        if (covers === 'settled' ? state === 'captured' : state !== 'failed')
          ok(listed.includes(id), `${id} (${state}) is missing`);
    },
  },
  {
    name: 'a list is newest first where it says so',
    lookAt: "'order' and 'query' of the row 'list'",
    needs: ['create', 'list'],
    applies: ({ capabilities }) => capabilities.list.order === 'newest_first',
    run: async (bench) => {
      const made = idsOf(await several(bench, 3));
      const listed = await collect(bench.client.list({ limit: 2, maxItems: 40 }));
      deepStrictEqual(
        idsOf(listed).filter((id) => made.includes(id)),
        made.toReversed(),
      );
      const dates = listed.map(({ createdAt }) => Date.parse(createdAt ?? ''));
      ok(dates.every((date, index) => index === 0 || date <= (dates[index - 1] ?? Infinity)));
    },
  },
  {
    name: 'pages follow each other by their cursor, to the end',
    lookAt: "'query' and 'end' of 'paging'",
    needs: ['create', 'list'],
    run: async (bench) => {
      await several(bench, 3);
      const all = idsOf(await collect(bench.client.list({ limit: 100 })));
      const limit = Math.max(2, Math.ceil(all.length / 10));
      const paged: string[] = [];
      let cursor: string | undefined;
      for (let pages = 0; pages <= all.length + 2; pages += 1) {
        const { data, nextCursor } = await bench.client.list({ limit, cursor });
        ok(data.length <= limit, 'a page holds more than was asked');
        paged.push(...idsOf(data));
        if (nextCursor === null) break;
        ok(data.length > 0, 'a page before the last is empty');
        cursor = nextCursor;
      }
      deepStrictEqual(paged, all);
    },
  },
  {
    name: 'a page that was awaited iterates over its own charges',
    lookAt: "'query' of 'paging', which has to send the limit",
    needs: ['create', 'list'],
    run: async (bench) => {
      await several(bench, 3);
      const page = await bench.client.list({ limit: 2, maxItems: 3 });
      strictEqual(page.data.length, 2);
      deepStrictEqual([...page], page.data);
    },
  },
  {
    name: 'maxItems ends the iteration',
    lookAt: "'query' and 'end' of 'paging'",
    needs: ['create', 'list'],
    run: async (bench) => {
      await several(bench, 3);
      strictEqual(unique(await collect(bench.client.list({ limit: 2, maxItems: 3 }))).length, 3);
      strictEqual((await collect(bench.client.list({ limit: 100, maxItems: 1 }))).length, 1);
    },
  },
  {
    name: 'createdAfter is inclusive and createdBefore exclusive',
    lookAt:
      "'query' of the row 'list', which gets the bounds of time, and 'createdAt' in 'read' of the charge",
    needs: ['create', 'list'],
    run: async (bench) => {
      const [charge] = await several(bench, 1);
      const moment = charge?.createdAt ?? '';
      const after = await collect(bench.client.list({ createdAfter: moment, limit: 100 }));
      ok(idsOf(after).includes(charge?.id ?? ''), 'createdAfter is inclusive');
      ok(after.every(({ createdAt }) => Date.parse(createdAt ?? '') >= Date.parse(moment)));
      const before = await collect(bench.client.list({ createdBefore: moment, limit: 100 }));
      ok(!idsOf(before).includes(charge?.id ?? ''), 'createdBefore is exclusive');
      ok(before.every(({ createdAt }) => Date.parse(createdAt ?? '') < Date.parse(moment)));
      deepStrictEqual(await collect(bench.client.list({ createdAfter: farFuture })), []);
      deepStrictEqual(await collect(bench.client.list({ createdBefore: farPast })), []);
    },
  },
  {
    name: 'a list that nobody awaits asks nothing',
    needs: ['list'],
    run: async ({ client, events }) => {
      client.list();
      await Promise.resolve();
      strictEqual(events.filter(({ type }) => type === 'request').length, 0);
    },
  },
  {
    name: 'wrong params of a list are refused unsent',
    needs: ['list'],
    run: async ({ refusesUnsent }) => {
      for (const params of [{ limit: 0 }, { limit: 1.5 }, { cretedAfter: farPast }, { createdAfter: 'May' }])
        await refusesUnsent((client) => client.list(params), InvalidRequestError);
    },
  },
  {
    name: 'search by metadata finds the one charge',
    lookAt: "the row 'search': its 'query', or 'pushedDown'",
    needs: ['create', 'search'],
    applies: ({ capabilities }) =>
      (capabilities.search.pushedDown ?? []).includes('metadata') ||
      (capabilities.search.filteredHere ?? []).includes('metadata'),
    run: async (bench) => {
      const order = bench.key();
      const wanted = await bench.create({ metadata: { order } });
      await bench.create({ metadata: { order: `${order}-other` } });
      const found = await collect(bench.client.search({ metadata: { order }, limit: 100 }));
      deepStrictEqual(unique(found), [wanted.id]);
    },
  },
  {
    name: 'search by amount and currency gives exactly those',
    lookAt: "the row 'search': its 'query', or 'pushedDown'",
    needs: ['create', 'search'],
    run: async (bench) => {
      const amount = usualAmount + 1_230;
      const made = [(await bench.create({ amount })).id, (await bench.create({ amount })).id];
      await bench.create();
      const found = await collect(
        bench.client.search({ amount, currency: bench.options.currency, limit: 1 }),
      );
      const ids = unique(found);
      ok(
        made.every((id) => ids.includes(id)),
        'search misses a charge of a later page',
      );
      ok(found.every((charge) => charge.amount === amount && charge.currency === bench.options.currency));
    },
  },
  {
    name: 'search by status gives exactly those',
    lookAt: "the row 'search', and the table of statuses",
    needs: ['create', 'capture', 'search'],
    run: async (bench) => {
      const authorized = await bench.authorize();
      const captured = await bench.create();
      for (const [status, expected, other] of [
        ['authorized', authorized.id, captured.id],
        ['captured', captured.id, authorized.id],
      ] as const) {
        const found = await collect(bench.client.search({ status, limit: 100 }));
        ok(found.every((charge) => charge.status === status));
        const ids = unique(found);
        ok(ids.includes(expected), `search for ${status} misses a charge`);
        ok(!ids.includes(other));
      }
    },
  },
];
