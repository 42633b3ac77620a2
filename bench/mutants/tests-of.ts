import { dirname, posix } from 'node:path';

export const stageNames = ['near', 'folder', 'wide', 'far'] as const;

/** Test files by how near they are to a source file: each stage runs only where the one before saw nothing. */
export interface Stage {
  readonly name: (typeof stageNames)[number];
  readonly tests: readonly string[];
  /** Whether each file needs a process of its own; the others share one, which is three times as quick. */
  readonly isolated: boolean;
}

const importPattern = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g;

const importedFrom = (file: string, text: string): readonly string[] =>
  [...text.matchAll(importPattern)].map(([, specifier]) =>
    posix.join(dirname(file), specifier as string).replace(/\.js$/, '.ts'),
  );

interface Reached {
  /** The source files that a test names itself, or through a file of the tests beside it. */
  readonly sources: ReadonlySet<string>;
  /** Whether it changes what the whole process has: sockets or modules. */
  readonly changesProcess: boolean;
}

const reachedFrom = (test: string, texts: ReadonlyMap<string, string>): Reached => {
  const named = new Set<string>();
  let changesProcess = false;
  const open = [test];
  const seen = new Set(open);
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const text = texts.get(file) ?? '';
    changesProcess ||= /from 'nock'|vi\.(?:mock|stubGlobal|useFakeTimers)\(/.test(text);
    for (const target of importedFrom(file, text)) {
      if (target.startsWith('src/')) named.add(target);
      else if (target.startsWith('test/') && !seen.has(target)) {
        seen.add(target);
        open.push(target);
      }
    }
  }
  return { sources: named, changesProcess };
};

const money = ['test/writes/', 'test/calls/'];
/** What asks the whole library, and is quick. */
const everywhere = [
  ...money,
  'test/conformance/',
  'test/expensive-mistakes/',
  'test/errors-over-http.test.ts',
  'test/models/',
  'test/settings.test.ts',
  'test/transport/',
];
/** What asks it a thousand times. */
const last = ['test/providers/', 'test/stores/', 'test/webhooks/', 'test/wire-mutation/', 'test/attacks/'];

/** The tests that stand for a folder of the sources. */
const widths: readonly (readonly [source: RegExp, tests: readonly string[]])[] = [
  [/^src\/calls\//, money],
  [/^src\/writes\//, money],
  [/^src\/transport\//, ['test/transport/']],
  [/^src\/models\//, ['test/models/', 'test/webhooks/charge-progress.test.ts']],
  [/^src\/stores\//, ['test/stores/', 'test/writes/', 'test/testing/store-suite.test.ts']],
];

/**
 * What fails by itself on a machine under load, or kills processes, where a red test proves nothing about a mutant; and what
 * starts programs or breaks adapters of its own, which takes long and shows what others show.
 */
const unfit =
  /^test\/(?:attacks\/sockets|stores\/(?:crash|outage|two-processes|redis|postgres)|conformance\/(?:mutants|custom-provider)|bench|browser|docs|examples|package)\b/;

const within = (file: string, places: readonly string[]): boolean =>
  places.some((place) => (place.endsWith('/') ? file.startsWith(place) : file === place));

/** Chooses the tests for source files, from the texts of all files of the tests. */
export const createTestPlan = (texts: ReadonlyMap<string, string>): ((file: string) => readonly Stage[]) => {
  const tests = [...texts.keys()].filter((file) => file.endsWith('.test.ts') && !unfit.test(file)).sort();
  const reached = new Map(tests.map((test) => [test, reachedFrom(test, texts)]));
  const names = (test: string, file: string) => reached.get(test)?.sources.has(file) === true;

  return (file) => {
    const provider = /^src\/providers\/([^/]+)\//.exec(file)?.[1];
    const folder = widths.find(([source]) => source.test(file))?.[1] ?? [];
    const folderTests = provider === undefined ? folder : [`test/providers/${provider}/`];
    const mirror = file.replace(/^src\//, 'test/').replace(/\.ts$/, '');
    const taken = new Set<string>();
    const take = (name: Stage['name'], belongs: (test: string) => boolean): readonly Stage[] => {
      const chosen = tests.filter((test) => !taken.has(test) && belongs(test));
      for (const test of chosen) taken.add(test);
      return [false, true].map((isolated) => ({
        name,
        isolated,
        tests: chosen.filter((test) => reached.get(test)?.changesProcess === isolated),
      }));
    };
    // A provider's own tests tell of it; those of other providers cannot.
    const isOthers = (test: string): boolean =>
      provider !== undefined &&
      /^test\/(?:providers|conformance|wire-mutation)\/(\w+)/.test(test) &&
      !test.includes(`/${provider}`);
    return [
      ...take(
        'near',
        (test) =>
          test === `${mirror}.test.ts` ||
          (names(test, file) && within(test, [...folderTests, `${dirname(mirror)}/`])),
      ),
      ...take('folder', (test) => within(test, folderTests) || names(test, file)),
      ...take('wide', (test) => within(test, everywhere) && !isOthers(test)),
      ...take('far', (test) => within(test, last) && !isOthers(test)),
    ].filter(({ tests: chosen }) => chosen.length > 0);
  };
};
