import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examine } from '../../src/cli/doctor.js';
import type { StoreConnection } from '../../src/cli/open-store.js';
import { run } from '../../src/cli/run.js';
import { createSqliteSchema, sqliteStore } from '../../src/stores/sqlite.js';
import { anOperation } from '../stores/an-operation.js';
import {
  libsql,
  nodeSqlite,
  openFile,
  temporaryFolder,
  type OpenDatabase,
} from '../stores/sqlite-drivers.js';
import { places, recordTerminal } from './a-terminal.js';
import { surroundingsOf } from './surroundings.js';

describe('unicharge over a file of SQLite', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let database: OpenDatabase;
  let file: string;
  beforeEach(() => {
    folder = temporaryFolder();
    file = folder.path('shop.db');
    database = openFile(libsql, file);
  });
  afterEach(() => {
    database.close();
    folder.remove();
  });

  const unicharge = async (...words: string[]) => {
    const terminal = recordTerminal();
    // libsql of this repository stands in for the driver of a project where Node has none of its own.
    const exitCode = await run(words, { ...places, terminal });
    return { exitCode, ...terminal.written };
  };
  const doctor = async (connection: StoreConnection, store = sqliteStore(database)) => {
    const terminal = recordTerminal();
    await examine(surroundingsOf([store], {}, connection), terminal, { json: true });
    const { checks } = JSON.parse(terminal.written.stdout) as {
      checks: { subject: string; status: string; message: string }[];
    };
    return checks
      .filter(({ subject }) => subject === 'store')
      .map(({ status, message }) => `${status}: ${message}`);
  };

  it('shows what is open, while the shop has the file open', async () => {
    const scope = 'default/acme/test/-';
    await sqliteStore(database).begin(anOperation({ scope }));
    const { exitCode, stdout, stderr } = await unicharge('pending', '--sqlite', file, '--json');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      open: 1,
      writes: [{ scope, key: 'order-1', standing: 'under way' }],
    });
  });

  it('finds other tables by their prefix', async () => {
    const tables = { tablePrefix: 'till_' };
    database.exec(createSqliteSchema(tables));
    await sqliteStore(database, tables).begin(anOperation({ scope: 'default/acme/test/-' }));
    expect((await unicharge('pending', '--sqlite', file)).stdout).toContain('Nothing is open.');
    expect((await unicharge('pending', '--sqlite', file, '--table-prefix', 'till_')).stdout).toContain(
      '1 open in 1 scope',
    );
  });

  it('says that the tables are not there, and which option may be wrong', async () => {
    for (const words of [['pending'], ['pending', '--json']]) {
      const { exitCode, stdout, stderr } = await unicharge(
        ...words,
        '--sqlite',
        file,
        '--table-prefix',
        'til_',
      );
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr).toBe(
        'The tables of the store are not there: correct its prefix (--table-prefix, or in the config), or create them.\n',
      );
    }
  });

  it('makes no file where there is none', async () => {
    const { exitCode, stderr } = await unicharge('pending', '--sqlite', folder.path('shop.bd'));
    expect(exitCode).toBe(1);
    expect(stderr).toBe(`--sqlite: there is no file ${folder.path('shop.bd')}.\n`);
  });

  it.runIf(nodeSqlite === undefined)('says which driver is missing', async () => {
    const terminal = recordTerminal();
    const words = ['pending', '--sqlite', 'shop.db'];
    const exitCode = await run(words, { ...places, folder: folder.path('.'), terminal });
    expect([exitCode, terminal.written.stderr]).toEqual([
      1,
      '--sqlite needs Node 22.13 or newer, or better-sqlite3 in your project: npm install better-sqlite3\n',
    ]);
  });

  it('examines the file', async () => {
    const { stdout } = await unicharge('doctor', '--sqlite', file);
    expect(stdout).toMatch(/^store +ok +the file can be written, and every record is on the disk/m);
    expect(stdout).toMatch(/^store +ok +readers and writers do not wait for each other/m);
    expect(stdout).toMatch(/^store +ok +the tables are there$/m);
    expect(stdout).toMatch(/^store +ok +no write is open$/m);
  });

  it.each([
    ['delete', 'warning: a reader of the file holds its writers up (journal_mode delete)'],
    [
      'memory',
      'problem: the file has no journal on the disk (journal_mode memory): a killed process leaves it torn',
    ],
  ])('warns of the journal_mode %s', async (mode, line) => {
    database.exec(`PRAGMA journal_mode = ${mode}`);
    expect(await doctor({ kind: 'sqlite', database })).toContain(line);
  });

  it('says what is missing', async () => {
    database.exec('DROP TABLE unicharge_clock');
    expect(await doctor({ kind: 'sqlite', database })).toContain('problem: the tables are missing');
    const inMemory = openFile(libsql, ':memory:');
    expect(await doctor({ kind: 'sqlite', database: inMemory }, sqliteStore(inMemory))).toEqual(
      expect.arrayContaining([
        'warning: the store ends with its process',
        'problem: the database is in memory: it ends with its process',
      ]),
    );
    inMemory.close();
  });
});
