import { afterAll, expect, it } from 'vitest';
import type { ChargesClient } from '../../src/charges-client.js';
import type { Internals } from '../../src/create-charges-client.js';
import { CardError, ChargesError } from '../../src/errors.js';
import type { Charge } from '../../src/models/charge.js';
import type { Refund } from '../../src/models/refund.js';
import { createInstantRuntime } from '../../src/testing/in-memory-exchange.js';

/** One answer of a provider, and the call that it answers. */
export interface AnswerCase {
  readonly name: string;
  readonly answer: unknown;
  readonly status?: number;
  /** Answers of other requests of the same call, by `METHOD /path`; they are left as they are. */
  readonly others?: Readonly<Record<string, unknown>>;
  readonly isWrite?: boolean;
  run(client: ChargesClient): Promise<Charge | Refund | readonly (Charge | Refund)[]>;
}

interface WireMutation {
  readonly what: string;
  readonly body: unknown;
}

type Path = readonly string[];

/** The places of every leaf: what is no object and no array, and what is empty. */
const leavesOf = (value: unknown, path: Path = []): Path[] => {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Object.entries(value);
  return entries.length === 0 ? [path] : entries.flatMap(([name, item]) => leavesOf(item, [...path, name]));
};

const objectsOf = (value: unknown, path: Path = []): Path[] => {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([name, item]) => objectsOf(item, [...path, name]));
  return Array.isArray(value) ? inside : [path, ...inside];
};

/** A copy in which the holder of the last step was changed. */
const edit = (
  root: unknown,
  path: Path,
  change: (holder: Record<string, unknown>, name: string) => void,
): unknown => {
  const copy = structuredClone({ root });
  let holder = copy as Record<string, unknown>;
  let name = 'root';
  for (const step of path) {
    holder = holder[name] as Record<string, unknown>;
    name = step;
  }
  change(holder, name);
  return copy.root;
};

/** Values of another type than this one. */
const wrongTypes = (value: unknown): unknown[] => {
  switch (typeof value) {
    case 'number':
      return [String(value), value + 0.5];
    case 'string':
      return [7, { value }];
    case 'boolean':
      return [String(value), Number(value)];
    default:
      // A null does not tell its type, and a text may be what belongs there.
      return value === null ? [7, { value }] : ['text', 7];
  }
};

const at = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], root);

const mutationsOf = (answer: unknown): WireMutation[] => {
  const leaves = leavesOf(answer).filter((path) => path.length > 0);
  const set = (path: Path, value: unknown) => edit(answer, path, (holder, name) => (holder[name] = value));
  return [
    ...leaves.flatMap((path): WireMutation[] => {
      const where = path.join('.');
      const value = at(answer, path);
      return [
        {
          what: `${where} dropped`,
          body: edit(answer, path, (holder, name) => Reflect.deleteProperty(holder, name)),
        },
        ...(value === null ? [] : [{ what: `${where} null`, body: set(path, null) }]),
        ...wrongTypes(value).map((wrong) => ({
          what: `${where} = ${JSON.stringify(wrong)}`,
          body: set(path, wrong),
        })),
        ...(typeof value === 'string'
          ? [{ what: `${where} unheard of`, body: set(path, 'unheard_of') }]
          : []),
      ];
    }),
    ...objectsOf(answer)
      .map((path) => ({
        what: `${path.join('.')} with another key`,
        body: edit({ answer }, ['answer', ...path], (holder, name) => {
          (holder[name] as Record<string, unknown>)['unheard_of'] = { deep: 1 };
        }),
      }))
      .map(({ what, body }) => ({ what, body: (body as { answer: unknown }).answer })),
  ];
};

const isRefund = (model: Charge | Refund): model is Refund => 'chargeId' in model;

/** Words that may only be read where they were read before: money was taken, given back, or will never be. */
const strong: ReadonlySet<string> = new Set(['captured', 'failed', 'succeeded', 'canceled']);

/** What is wrong with a reading, in the light of the untouched answer; null when nothing is. */
const faultOf = (read: Charge | Refund, truth: Charge | Refund): string | null => {
  // An item of a list that cannot be read claims no amount.
  const claims = read.status !== 'unknown' || read.amount !== null || read.currency !== null;
  if (claims && (read.amount !== truth.amount || read.currency !== truth.currency))
    return `reads ${read.amount} ${read.currency} instead of ${truth.amount} ${truth.currency}`;
  if (read.status !== truth.status && strong.has(read.status))
    return `reads ${truth.status} as ${read.status}`;
  if (isRefund(read) || isRefund(truth)) return null;
  const { amountCaptured } = read;
  // As it was told, where nobody knows where the charge stands.
  const isTold = read.status === 'unknown' && amountCaptured === truth.amountCaptured;
  if (read.status !== 'captured' && amountCaptured !== 0 && amountCaptured !== null && !isTold)
    return `is ${read.status} with ${amountCaptured} captured`;
  if (read.status === 'captured' && amountCaptured !== null && amountCaptured !== truth.amountCaptured)
    return `reads ${amountCaptured} captured instead of ${String(truth.amountCaptured)}`;
  return null;
};

const listOf = (output: Awaited<ReturnType<AnswerCase['run']>>): readonly (Charge | Refund)[] =>
  Array.isArray(output) ? (output as readonly (Charge | Refund)[]) : [output as Charge | Refund];

/**
 * Registers a test for each answer: every leaf of it dropped, nulled, of a wrong type, of an unheard value, and every object
 * with another key. Prints how many there were and what became of them.
 */
export const mutateAnswers = (
  provider: string,
  createClient: (internals: Internals) => ChargesClient,
  /** The stamp of the fixtures: creates are sent under this key. */
  stamp: string,
  cases: readonly AnswerCase[],
): void => {
  const counts = { mutants: 0, read: 0, unknown: 0, refused: 0 };
  const clientFor = (each: AnswerCase, body: unknown): ChargesClient =>
    createClient({
      runtime: { ...createInstantRuntime(Date.UTC(2026, 10, 21)), uuid: () => stamp },
      exchange: ({ method, url }) => {
        const other = each.others?.[`${method} ${new URL(url).pathname}`];
        return Promise.resolve({
          status: other === undefined ? (each.status ?? 200) : 200,
          headers: { 'content-type': 'application/json' },
          text: JSON.stringify(other ?? body),
        });
      },
    });

  it.each(cases.map((each) => [each.name, each] as const))(
    '%s: no changed leaf is believed',
    async (_, each) => {
      const truth = listOf(await each.run(clientFor(each, each.answer)));
      expect(truth.length).toBeGreaterThan(0);
      const faults: string[] = [];
      for (const { what, body } of mutationsOf(each.answer)) {
        counts.mutants += 1;
        try {
          const read = listOf(await each.run(clientFor(each, body)));
          counts.read += 1;
          if (read.some(({ status }) => status === 'unknown')) counts.unknown += 1;
          for (const [index, model] of read.entries()) {
            const original = truth.find(({ id }) => id === model.id) ?? truth[index];
            const fault = original === undefined ? 'reads one more' : faultOf(model, original);
            if (fault !== null) faults.push(`${what}: ${fault}`);
          }
        } catch (error) {
          counts.refused += 1;
          if (!(error instanceof ChargesError)) faults.push(`${what}: throws ${String(error)}`);
          else if (error instanceof CardError) faults.push(`${what}: reads a decline`);
          else if (each.isWrite === true && error.outcome !== 'unknown')
            faults.push(`${what}: ${error.name} says ${error.outcome} after a success`);
        }
      }
      expect(faults).toEqual([]);
    },
  );

  it('covers ten answers or more', () => {
    expect(cases.length).toBeGreaterThanOrEqual(10);
  });

  afterAll(() => {
    const { mutants, read, unknown, refused } = counts;
    process.stdout.write(
      `${provider}: ${cases.length} answers, ${mutants} mutants: ${read} read (${unknown} as unknown), ${refused} refused\n`,
    );
  });
};

/** The charges or refunds of a list, all pages. */
export const collect = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};
