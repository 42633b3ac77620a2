import { deepStrictEqual, ok } from 'node:assert/strict';
import type { ChargesClient } from '../../charges-client.js';
import { ChargesError } from '../../errors.js';
import type { Bench, ConformanceCase } from './bench.js';

const unheardWord = 'unheard_of';

/** The paths of every text in a JSON value. */
const textsIn = (value: unknown, path: readonly string[] = []): string[][] => {
  if (typeof value === 'string') return [[...path]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => textsIn(item, [...path, name]));
};

/** A copy with another value at the path; unchanged where the path leads nowhere. */
const replaceAt = (value: unknown, [name, ...rest]: readonly string[]): unknown => {
  if (name === undefined) return unheardWord;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return value;
  const changed = replaceAt((value as Record<string, unknown>)[name], rest);
  return Array.isArray(value)
    ? (value as unknown[]).map((item, index) => (String(index) === name ? changed : item))
    : { ...value, [name]: changed };
};

interface Seen {
  readonly status: string;
  readonly amount: number | null;
  readonly currency: string | null;
}

/**
 * Reads the same again and again, each time with another text of the answer replaced by a word that nobody knows. What is
 * read stays what it was, becomes unknown, or is refused.
 */
const readWithUnheardWords = async (
  { options }: Bench,
  read: (client: ChargesClient) => Promise<Seen | undefined>,
  truth: Seen,
): Promise<void> => {
  const readThrough = (change: (body: unknown) => unknown) => {
    const client = options.tamperedClient?.(change);
    return client === undefined ? Promise.resolve(undefined) : read(client);
  };
  let answer: unknown;
  await readThrough((body) => {
    answer = body;
    return body;
  });
  const paths = textsIn(answer);
  ok(paths.length > 0, 'the tampered client has to show its answers');
  let statuses = 0;
  let noticed = 0;
  for (const path of paths) {
    const where = path.join('.');
    const isStatus = path.at(-1) === 'status' || path.at(-1) === 'state';
    if (isStatus) statuses += 1;
    let seen: Seen | undefined;
    try {
      seen = await readThrough((body) => replaceAt(body, path));
    } catch (error) {
      ok(error instanceof ChargesError, `${where}: an untyped error came out: ${String(error)}`);
    }
    if (isStatus && seen?.status !== truth.status) noticed += 1;
    if (seen === undefined) continue;
    ok(seen.status === truth.status || seen.status === 'unknown', `${where}: read as ${seen.status}`);
    deepStrictEqual([seen.amount, seen.currency], [truth.amount, truth.currency], where);
  }
  ok(statuses === 0 || noticed > 0, 'an unheard word of a status is read as if it were known');
};

const isOffered: ConformanceCase['applies'] = ({ options }) => options.tamperedClient !== undefined;

/** A word of the provider that this version does not know is never guessed. */
export const unheardWords: readonly ConformanceCase[] = [
  {
    name: 'a word that nobody knows makes no authorization paid, failed or voided',
    lookAt: "the table of statuses in 'read' of the charge: rowOf(statuses, word) ?? 'unknown'",
    needs: ['create', 'capture', 'retrieve'],
    applies: isOffered,
    run: async (bench) => {
      const charge = await bench.authorize();
      await readWithUnheardWords(bench, (client) => client.retrieve(charge.id), charge);
    },
  },
  {
    name: 'a word that nobody knows makes no paid charge failed or open',
    lookAt: "the table of statuses in 'read' of the charge: rowOf(statuses, word) ?? 'unknown'",
    needs: ['create', 'retrieve'],
    applies: isOffered,
    run: async (bench) => {
      const charge = await bench.create();
      await readWithUnheardWords(bench, (client) => client.retrieve(charge.id), charge);
    },
  },
  {
    name: 'a word that nobody knows makes no refund succeeded or failed',
    lookAt: "the table of statuses in 'read' of the refund: rowOf(statuses, word) ?? 'unknown'",
    needs: ['create', 'refund', 'listRefunds'],
    applies: isOffered,
    run: async (bench) => {
      const { id } = await bench.create();
      const refund = await bench.client.refund(id, { amount: 4_300 });
      await readWithUnheardWords(bench, async (client) => (await client.listRefunds(id))[0], refund);
    },
  },
];
