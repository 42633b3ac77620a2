import { deepStrictEqual, ok } from 'node:assert/strict';
import { ChargesError } from '../../errors.js';
import type { Charge } from '../../models/charge.js';
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

/** Reads a charge again and again, each time with another text of the answer replaced by a word that nobody knows. */
const readWithUnheardWords = async (bench: Bench, charge: Charge): Promise<void> => {
  const { options } = bench;
  let answer: unknown;
  await options
    .tamperedClient?.((body) => {
      answer = body;
      return body;
    })
    .retrieve(charge.id);
  const paths = textsIn(answer);
  ok(paths.length > 0, 'the tampered client has to show its answers');
  for (const path of paths) {
    const where = path.join('.');
    try {
      const read = await options.tamperedClient?.((body) => replaceAt(body, path)).retrieve(charge.id);
      ok(
        read?.status === charge.status || read?.status === 'unknown',
        `${where}: read as ${String(read?.status)}`,
      );
      deepStrictEqual([read.amount, read.currency], [charge.amount, charge.currency], where);
    } catch (error) {
      if (error instanceof Error && error.name === 'AssertionError') throw error;
      ok(error instanceof ChargesError, `${where}: an untyped error came out: ${String(error)}`);
    }
  }
};

const isOffered: ConformanceCase['applies'] = ({ options }) => options.tamperedClient !== undefined;

/** A word of the provider that this version does not know is never guessed. */
export const unheardWords: readonly ConformanceCase[] = [
  {
    name: 'a word that nobody knows makes no authorization paid, failed or voided',
    needs: ['create', 'capture', 'retrieve'],
    applies: isOffered,
    run: async (bench) => {
      await readWithUnheardWords(bench, await bench.authorize());
    },
  },
  {
    name: 'a word that nobody knows makes no paid charge failed or open',
    needs: ['create', 'retrieve'],
    applies: isOffered,
    run: async (bench) => {
      await readWithUnheardWords(bench, await bench.create());
    },
  },
  {
    name: 'a word that nobody knows makes no refund succeeded or failed',
    needs: ['create', 'refund', 'listRefunds'],
    applies: isOffered,
    run: async (bench) => {
      const { options } = bench;
      const { id } = await bench.create();
      const { amount, status, currency } = await bench.client.refund(id, { amount: 4_300 });
      let answer: unknown;
      await options
        .tamperedClient?.((body) => {
          answer = body;
          return body;
        })
        .listRefunds(id);
      for (const path of textsIn(answer)) {
        const where = path.join('.');
        try {
          const [read] =
            (await options.tamperedClient?.((body) => replaceAt(body, path)).listRefunds(id)) ?? [];
          if (read === undefined) continue;
          ok(['pending', 'unknown', status].includes(read.status), `${where}: read as ${read.status}`);
          deepStrictEqual([read.amount, read.currency], [amount, currency], where);
        } catch (error) {
          if (error instanceof Error && error.name === 'AssertionError') throw error;
          ok(error instanceof ChargesError, `${where}: an untyped error came out: ${String(error)}`);
        }
      }
    },
  },
];
