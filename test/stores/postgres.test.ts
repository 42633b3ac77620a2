import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { postgresSchema, postgresStore } from '../../src/stores/postgres.js';
import { testOperationStore } from '../../src/testing/store-suite.js';
import { databaseUrl, describeWithPostgres } from './servers.js';

describeWithPostgres('postgresStore over pg')('postgresStore over pg', () => {
  const pool = new pg.Pool({ connectionString: databaseUrl ?? '', max: 20 });
  beforeAll(() => pool.query(postgresSchema));
  afterAll(() => pool.end());
  testOperationStore(it, { createStore: () => postgresStore(pool) });
});

describe('postgresStore over PGlite', () => {
  const database = new PGlite();
  beforeAll(() => database.query(postgresSchema));
  afterAll(() => database.close());
  testOperationStore(it, { createStore: () => postgresStore(database) });
});
