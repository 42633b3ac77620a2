import { allWell, notUnderstood, Refusal } from './refusal.js';
import { amountText, openWrites, scopesOf, standing, type OpenWrite } from './open-writes.js';
import type { Surroundings } from './stores.js';
import { duration, plain, table, type Terminal } from './terminal.js';

/** More rows than anybody reads. JSON has no such limit. */
const mostRows = 200;

const heading = ['scope', 'key', 'operation', 'charge', 'amount', 'state', 'age'];

const rowOf = (write: OpenWrite): string[] => {
  const { record, now } = write;
  return [
    record.scope,
    record.key,
    record.operation,
    record.target ?? '-',
    amountText(record.fingerprint),
    standing(write),
    duration(now - record.startedAt),
  ].map(plain);
};

const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

const jsonOf = (write: OpenWrite): object => {
  const { record, now } = write;
  return {
    scope: record.scope,
    key: record.key,
    operation: record.operation,
    chargeId: record.target,
    amount: record.fingerprint.amount,
    currency: record.fingerprint.currency,
    state: record.state,
    standing: standing(write),
    attempt: record.attempt,
    wasSent: record.sentAt !== null,
    startedAt: isoTime(record.startedAt),
    leaseUntil: isoTime(record.leaseUntil),
    ageMs: Math.max(0, Math.round(now - record.startedAt)),
  };
};

/** Scopes with open writes besides those that were asked for: one of them may have been meant. */
const otherScopes = async (stores: Surroundings['stores'], asked: readonly string[]): Promise<string[]> => {
  const others = new Set<string>();
  for (const store of stores)
    for (const scope of (await store.listScopes?.()) ?? [])
      if (!asked.includes(scope)) others.add(plain(scope));
  return [...others].sort();
};

/** `unicharge pending`: the writes whose end is not recorded yet. */
export const showPending = async (
  surroundings: Surroundings,
  terminal: Terminal,
  options: { readonly json: boolean; readonly scopes: readonly string[] },
): Promise<number> => {
  const { stores, clients } = surroundings;
  if (stores.length === 0) {
    throw new Refusal(
      'No store is known: name one with --postgres, --redis, --sqlite or --config. A memory store ends with its process.',
      notUnderstood,
    );
  }
  const rows: string[][] = [];
  const found: object[] = [];
  let count = 0;
  let scopeCount = 0;
  for (const store of stores) {
    if (store.listScopes === undefined && options.scopes.length === 0 && clients.length === 0) {
      throw new Refusal('This store lists no scopes: name them with --scope.', notUnderstood);
    }
    const scopes = options.scopes.length > 0 ? options.scopes : await scopesOf(store, clients);
    for (const scope of scopes) {
      const before = count;
      for await (const write of openWrites(store, scope)) {
        count += 1;
        if (options.json) found.push(jsonOf(write));
        else if (rows.length < mostRows) rows.push(rowOf(write));
      }
      if (count > before) scopeCount += 1;
    }
  }
  if (options.json) {
    terminal.out(JSON.stringify({ open: count, writes: found }, null, 2));
    return allWell;
  }
  const { bold, yellow, dim, green } = terminal.colours;
  if (count === 0) {
    const asked = options.scopes;
    if (asked.length === 0) {
      terminal.out(green('Nothing is open.'));
      return allWell;
    }
    // A scope without open writes and one that was mistyped look the same: so it is named.
    const nothing = `Nothing is open in the ${asked.length === 1 ? 'scope' : 'scopes'} ${asked.map(plain).join(', ')}.`;
    const others = await otherScopes(stores, asked);
    terminal.out(
      others.length === 0
        ? green(nothing)
        : yellow(`${nothing} There are open writes in ${others.join(', ')}.`),
    );
    return allWell;
  }
  terminal.out(
    table([heading, ...rows], (cell, column, row) => {
      if (row === 0) return bold(cell);
      return column === 5 ? (cell === 'under way' ? dim(cell) : yellow(cell)) : cell;
    }),
  );
  if (count > rows.length) terminal.out(dim(`and ${count - rows.length} more: --json shows all of them`));
  terminal.out(`\n${count} open in ${scopeCount} ${scopeCount === 1 ? 'scope' : 'scopes'}`);
  return allWell;
};
