/** The part of Node's own SQLite that the pages use: the types that we compile against are those of Node 20, which lacks it. */
declare module 'node:sqlite' {
  type Value = null | number | bigint | string | NodeJS.ArrayBufferView;

  class StatementSync {
    all(...values: Value[]): Record<string, Value>[];
    all(named: Record<string, Value>, ...values: Value[]): Record<string, Value>[];
    run(...values: Value[]): { changes: number | bigint; lastInsertRowid: number | bigint };
    run(
      named: Record<string, Value>,
      ...values: Value[]
    ): { changes: number | bigint; lastInsertRowid: number | bigint };
  }

  export class DatabaseSync {
    constructor(file: string, options?: { readonly timeout?: number });
    exec(sql: string): void;
    prepare(sql: string): StatementSync;
    close(): void;
  }
}
