import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { millisecondsSinceBoot, systemRuntime } from '../../runtime.js';
import type { SqliteStatements } from './connection.js';

/** What a machine knows of the time. */
export interface MachineClocks {
  /** The wall clock in milliseconds since 1970. It may be set. */
  wall(): number;
  /** Milliseconds that nobody sets, the same in every process of the machine until it starts anew. */
  sinceBoot(): number;
  /** Which start of which machine this is. */
  boot(): string;
}

let knownBoot: string | undefined;

const readBoot = (): string => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // Where the system does not number its starts, one is noticed by its younger clock.
    return hostname();
  }
};

export const machineClocks: MachineClocks = {
  wall: () => systemRuntime.now(),
  sinceBoot: millisecondsSinceBoot,
  boot: () => (knownBoot ??= readBoot()),
};

/** The store's clock. */
export interface SqliteClock {
  /** The time in milliseconds since 1970. */
  now(statements: SqliteStatements): number;
  /** The same inside a transaction, which sets the clock where it has to be set. */
  keep(statements: SqliteStatements): number;
}

/** As far as the wall clock may be away before it counts again. */
const toleranceMs = 1_000;

/**
 * All processes of a file are on one machine, so its wall clock could be the store's. But the engine compares the two, so that one
 * of them may jump: they have to be different clocks. This one is set by the wall clock, goes on by the machine's monotonic one,
 * and is set anew only when the machine has started anew or when no write is open whose lease or waits depend on it.
 */
export const sqliteClock = (
  clocks: MachineClocks,
  sql: { readonly readClock: string; readonly setClock: string; readonly anyUnresolved: string },
): SqliteClock => {
  const readings = (statements: SqliteStatements) => {
    const wall = Math.floor(clocks.wall());
    const sinceBoot = Math.floor(clocks.sinceBoot());
    const [setAt] = statements.rows(sql.readClock);
    const elapsed = sinceBoot - Number(setAt?.[1]);
    const goesOn = setAt !== undefined && setAt[0] === clocks.boot() && elapsed >= 0;
    return { wall, sinceBoot, now: goesOn ? Number(setAt[2]) + elapsed : null };
  };
  return {
    now: (statements) => {
      const { wall, now } = readings(statements);
      return now ?? wall;
    },
    keep: (statements) => {
      const { wall, sinceBoot, now } = readings(statements);
      const isRight = now !== null && Math.abs(wall - now) <= toleranceMs;
      if (isRight || (now !== null && statements.rows(sql.anyUnresolved).length > 0)) return now;
      statements.run(sql.setClock, clocks.boot(), sinceBoot, wall);
      return wall;
    },
  };
};
