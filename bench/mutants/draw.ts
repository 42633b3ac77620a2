import { createRandom, type Random } from '../simulate/random.js';
import { mutationsOf, type Mutation } from './mutations.js';

/** A change at its place in the tree. */
export interface Mutant extends Mutation {
  readonly file: string;
  /** The line as it was, without the space around it. */
  readonly before: string;
  /** How many changes alike the same line text has before it in the file: with it a mutant is found again in a changed file. */
  readonly ordinal: number;
}

/** A folder, and how many of a hundred mutants come from it where all are drawn from. */
export interface Folder {
  readonly name: string;
  readonly share: number;
  readonly files: RegExp;
}

export const folders: readonly Folder[] = [
  { name: 'calls', share: 20, files: /^src\/calls\// },
  { name: 'writes', share: 27, files: /^src\/writes\// },
  { name: 'transport', share: 18, files: /^src\/transport\// },
  { name: 'models', share: 12, files: /^src\/models\// },
  { name: 'providers', share: 23, files: /^src\/providers\// },
  // Only where they are asked for by name.
  { name: 'root', share: 0, files: /^src\/[^/]+\.ts$|^src\/errors\// },
  { name: 'stores', share: 0, files: /^src\/stores\// },
];

export const folderOf = (file: string): string =>
  folders.find(({ files }) => files.test(file))?.name ?? 'elsewhere';

/** Codes are many and alike, above all in tables: one in so many is drawn. */
const codeChance = 1 / 4;

const linesOf = (text: string): readonly string[] => text.split('\n');

/** Every mutant of a file. */
export const mutantsOf = (file: string, text: string): readonly Mutant[] => {
  const lines = linesOf(text);
  const seen = new Map<string, number>();
  return mutationsOf(file, text).map((mutation) => {
    const before = (lines[mutation.line - 1] ?? '').trim();
    const alike = JSON.stringify([before, mutation.operator, mutation.replacement]);
    const ordinal = seen.get(alike) ?? 0;
    seen.set(alike, ordinal + 1);
    return { ...mutation, file, before, ordinal };
  });
};

const shuffled = <Item>(items: readonly Item[], random: Random): readonly Item[] => {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [mixed[last], mixed[other]] = [mixed[other] as Item, mixed[last] as Item];
  }
  return mixed;
};

/** One file after another, and from each a mutant: no large file speaks for its folder. */
const inTurns = (byFile: readonly (readonly Mutant[])[], count: number): readonly Mutant[] => {
  const drawn: Mutant[] = [];
  const queues = byFile.map((mutants) => [...mutants]);
  while (drawn.length < count && queues.some((queue) => queue.length > 0)) {
    for (const queue of queues) {
      const mutant = queue.shift();
      if (mutant !== undefined && drawn.length < count) drawn.push(mutant);
    }
  }
  return drawn;
};

/** Shares as whole numbers that add up to the count. */
const sharesOf = (names: readonly Folder[], count: number): readonly number[] => {
  const all = names.reduce((sum, { share }) => sum + share, 0);
  let given = 0;
  let sum = 0;
  return names.map(({ share }) => {
    sum += all === 0 ? 1 / names.length : share / all;
    const mine = Math.round(sum * count) - given;
    given += mine;
    return mine;
  });
};

/** Draws mutants: the same for the same seed and the same sources. */
export const drawMutants = (
  sources: ReadonlyMap<string, string>,
  {
    count,
    seed,
    folder = null,
  }: { readonly count: number; readonly seed: number; readonly folder?: string | null },
): readonly Mutant[] => {
  const random = createRandom(seed);
  const files = [...sources.keys()].sort();
  const wanted = folders.filter(({ name, share, files: mine }) =>
    folder === null
      ? (share > 0 || files.every((file) => mine.test(file))) && files.some((file) => mine.test(file))
      : name === folder,
  );
  const shares = sharesOf(wanted, count);
  return wanted.flatMap(({ files: mine }, index) => {
    const byFile = files
      .filter((file) => mine.test(file))
      .map((file) => {
        const all = mutantsOf(file, sources.get(file) ?? '');
        return shuffled(all, random).filter(
          ({ operator }) => operator !== 'code' || random.chance(codeChance),
        );
      });
    return inTurns(shuffled(byFile, random), shares[index] ?? 0);
  });
};

/** What is written down of a mutant, to find it again. */
export type MutantName = Pick<Mutant, 'file' | 'operator' | 'replacement' | 'before' | 'ordinal'>;

/** Finds mutants again in sources that may have changed; those whose line is gone are left out. */
export const findMutants = (
  sources: ReadonlyMap<string, string>,
  names: readonly MutantName[],
): { readonly found: readonly Mutant[]; readonly gone: readonly MutantName[] } => {
  const found: Mutant[] = [];
  const gone: MutantName[] = [];
  for (const name of names) {
    const mutant = mutantsOf(name.file, sources.get(name.file) ?? '').find(
      (one) =>
        one.operator === name.operator &&
        one.replacement === name.replacement &&
        one.before === name.before &&
        one.ordinal === name.ordinal,
    );
    if (mutant === undefined) gone.push(name);
    else found.push(mutant);
  }
  return { found, gone };
};
