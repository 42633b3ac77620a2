import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OperationRecord, OperationStore } from '../../src/models/operation-store.js';
import { connectSqlite } from '../../src/stores/sqlite/connection.js';
import { operationsIn } from '../../src/stores/sqlite/operations.js';
import { sqliteTables } from '../../src/stores/sqlite/tables.js';
import { anOperation, ownerOf } from './an-operation.js';
import { libsql, openFile, temporaryFolder, type OpenDatabase } from './sqlite-drivers.js';

const scope = 'shop/acme/test/-';
const minute = 60_000;
const day = 24 * 60 * minute;
const start = Date.UTC(2026, 10, 21, 12);

describe('the clock of a sqliteStore', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let handles: OpenDatabase[];
  let machine: { wall: number; sinceBoot: number; boot: string };
  let store: OperationStore;

  const openProcess = (): OperationStore => {
    const database = openFile(libsql, folder.path('shop.db'));
    handles.push(database);
    return operationsIn(connectSqlite('sqliteStore', database), sqliteTables('sqliteStore', {}), {
      clocks: {
        wall: () => machine.wall,
        sinceBoot: () => machine.sinceBoot,
        boot: () => machine.boot,
      },
      cleanup: false,
    });
  };
  const passes = (milliseconds: number) => {
    machine.wall += milliseconds;
    machine.sinceBoot += milliseconds;
  };
  const begin = async (key = 'order-1') => {
    const answer = await store.begin(anOperation({ scope, key, leaseMs: minute }));
    return { answer, owner: ownerOf(answer) };
  };
  const claimIn = (process: OperationStore, { key, attempt }: Pick<OperationRecord, 'key' | 'attempt'>) =>
    process.claim({ scope, key, attempt, owner: 'another', leaseMs: minute });

  beforeEach(() => {
    folder = temporaryFolder();
    handles = [];
    machine = { wall: start, sinceBoot: 5 * day, boot: 'first' };
    store = openProcess();
  });
  afterEach(() => {
    for (const handle of handles) handle.close();
    folder.remove();
  });

  it('is set by the wall clock', async () => {
    const { answer } = await begin();
    expect(answer).toMatchObject({ now: start, record: { startedAt: start, leaseUntil: start + minute } });
  });

  it.each([-400 * day, -60 * minute, 60 * minute, 400 * day])(
    'ends no lease early or late in any process when the wall clock is set by %d ms',
    async (jump) => {
      const { answer, owner } = await begin();
      const other = openProcess();
      passes(minute / 2);
      machine.wall += jump;
      expect((await other.get(scope, owner.key))?.now).toBe(start + minute / 2);
      expect(await claimIn(other, owner)).toBeNull();
      expect(await openProcess().begin(anOperation({ scope }))).toMatchObject({ now: start + minute / 2 });
      passes(minute / 2);
      expect(await claimIn(other, owner)).toMatchObject({
        now: start + minute,
        record: { attempt: 2, leaseUntil: start + 2 * minute, openSend: null },
      });
      expect(answer).toMatchObject({ status: 'made' });
    },
  );

  it('does not let what is unknown look older by a wall clock that is set forward', async () => {
    const { owner } = await begin();
    await store.settle(owner, { state: 'unknown', result: null, sent: true });
    machine.wall += day;
    passes(minute);
    await begin('order-2');
    expect(await store.get(scope, owner.key)).toMatchObject({
      now: start + minute,
      record: { openSend: { until: start, reported: true } },
    });
  });

  it('follows the wall clock again when no write is open', async () => {
    const { owner } = await begin();
    machine.wall += day;
    expect(await store.settle(owner, { state: 'succeeded', result: null })).toBe(true);
    passes(10);
    expect((await begin('order-2')).answer).toMatchObject({ now: start + day + 10 });
    expect(await openProcess().get(scope, 'order-2')).toMatchObject({ now: start + day + 10 });
  });

  it.each([
    ['whose starts have ids', { boot: 'second', sinceBoot: 9 * day }],
    ['that is known by its younger clock', { boot: 'first', sinceBoot: minute }],
  ])('goes by the wall clock after a restart of a machine %s', async (_, change) => {
    const { owner } = await begin();
    passes(10 * minute);
    machine = { ...machine, ...change };
    expect(await store.get(scope, owner.key)).toMatchObject({ now: start + 10 * minute });
    expect(await claimIn(store, owner)).toMatchObject({ now: start + 10 * minute });
    // It is set again from here on.
    machine.wall += day;
    passes(1);
    expect(await openProcess().get(scope, owner.key)).toMatchObject({ now: start + 10 * minute + 1 });
  });

  it('is the real one where nobody says otherwise', async () => {
    const { sqliteStore } = await import('../../src/stores/sqlite.js');
    const [first, second] = [1, 2].map(() => {
      const database = openFile(libsql, folder.path('real.db'));
      handles.push(database);
      return sqliteStore(database);
    });
    const before = Date.now();
    const { now } = await first!.begin(anOperation({ scope }));
    expect(now).toBeGreaterThanOrEqual(before - 1_001);
    expect((await second!.get(scope, 'order-1'))?.now).toBeGreaterThanOrEqual(now);
  });
});
