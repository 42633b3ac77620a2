import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { postgresSchema, postgresStore } from '../../src/stores/postgres.js';
import { testOperationStore } from '../../src/testing/store-suite.js';

/** Setting a whole PostgreSQL up in WebAssembly takes many seconds on a busy machine. */
const startMs = 90_000;

describe('postgresStore over PGlite', () => {
  let database: PGlite;
  beforeAll(async () => {
    database = await PGlite.create();
    await database.query(postgresSchema);
  }, startMs);
  afterAll(() => database.close());
  testOperationStore(it, { createStore: () => postgresStore(database) });
});
