import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { runMutants } from '../../bench/mutants/campaign.js';
import { createCompiler } from '../../bench/mutants/compiler.js';
import { drawMutants, findMutants, mutantsOf } from '../../bench/mutants/draw.js';
import { applyMutation, mutationsOf } from '../../bench/mutants/mutations.js';
import { diffOf, survivorsOf, tableOf } from '../../bench/mutants/report.js';
import { runVitest, type TestRun } from '../../bench/mutants/run-tests.js';
import { createTestPlan, type Stage } from '../../bench/mutants/tests-of.js';
import { copyTree, textsIn } from '../../bench/mutants/tree-copy.js';

/** What a line becomes, by operator. */
const changesOf = (text: string): string[] =>
  mutationsOf('a.ts', text).map((mutation) => `${mutation.operator}: ${applyMutation(text, mutation)}`);

describe('the changes of a source text', () => {
  it.each([
    ['const a = b < 1;', ['boundary: const a = b <= 1;']],
    ['const a = b >= c;', ['boundary: const a = b > c;']],
    ['const a = b === c;', ['equality: const a = b !== c;']],
    ['const a = b && c;', ['and to or: const a = b || c;']],
    ['const a = b - c;', ['arithmetic: const a = b + c;']],
    ['const a = b ?? c;', ['removed ??: const a = b;', 'always ??: const a = c;']],
    ['const a = !b;', ['removed !: const a = (b);']],
    ['const a = true;', ['boolean: const a = false;']],
    ['const a = b?.c;', ['optional chaining: const a = b!.c;']],
    ['const a = b?.(c);', ['optional chaining: const a = b!(c);']],
    ["const a = 'card_declined';", ["code: const a = '';"]],
    ['const a = b.some(c);', ['counterpart: const a = b.every(c);']],
    ['const a = b.filter(c);', ['removed filter: const a = b;']],
    ['settle(a);', ['removed statement: {}']],
    [
      'const f = () => { return a; };',
      ['returned undefined: const f = () => { return undefined as never; };'],
    ],
    ['const a = b ? c : d;', ['negated condition: const a = !(b) ? c : d;']],
    [
      'if (a) settle();',
      [
        'negated condition: if (!(a)) settle();',
        'condition never holds: if (false) settle();',
        'removed statement: if (a) {}',
      ],
    ],
  ])('%s', (text, expected) => {
    expect(changesOf(text)).toEqual(expected);
  });

  it.each([
    ['types', "type A = 'a' | 'b'; interface B { readonly c: true } const d = e as 'f';"],
    ['imports and exports', "import { a } from 'b'; export { c } from 'd';"],
    ['sentences', "const a = 'the card was declined';"],
    ['messages, whatever they are made of', "const a = { message: isOpen ? 'open' : 'closed' };"],
    ['what is only told', "emit({ type: 'retry', isLast: true }); protocol.emit({ seen: a && b });"],
    ['texts that are joined', "const a = 'b ' + c;"],
    ['names of properties', "const a = { 'content-type': b };"],
    ['comments', '// a && b'],
  ])('leave alone %s', (_, text) => {
    expect(changesOf(text)).toEqual([]);
  });

  it('say on which line they are', () => {
    expect(mutationsOf('a.ts', 'a;\n\nconst b = c < d;').map(({ line }) => line)).toEqual([1, 3]);
  });
});

const engineText = "if (a === b) {\n  settle('rejected');\n}\nif (a === b) {\n  settle('unknown');\n}\n";
const sources = new Map([
  ['src/calls/a.ts', engineText],
  ['src/calls/b.ts', 'const a = b < c && d > e;\n'],
  ['src/transport/c.ts', 'const a = !b;\nconst c = d ?? e;\nconst f = g - h;\n'],
  ['src/runtime.ts', 'const a = b < c;\n'],
]);

describe('the draw', () => {
  const draw = (seed: number, folder: string | null = null) =>
    drawMutants(sources, { count: 5, seed, folder });

  it('is the same for the same seed, and another for another', () => {
    expect(draw(1)).toEqual(draw(1));
    expect([2, 3, 4].map((seed) => draw(seed))).not.toContainEqual(draw(1));
  });

  it('takes from every folder, or from one', () => {
    expect(new Set(draw(1).map(({ file }) => file.split('/')[1]))).toEqual(new Set(['calls', 'transport']));
    expect(draw(1, 'transport').every(({ file }) => file.startsWith('src/transport/'))).toBe(true);
    expect(draw(1, 'root').map(({ file }) => file)).toEqual(['src/runtime.ts']);
  });

  it('takes no change twice', () => {
    const all = drawMutants(sources, { count: 500, seed: 1 });
    expect(new Set(all.map(({ file, start, replacement }) => `${file} ${start} ${replacement}`)).size).toBe(
      all.length,
    );
  });
});

describe('a survivor that was written down', () => {
  const equal = mutantsOf('src/calls/a.ts', engineText).filter(({ operator }) => operator === 'equality');

  it('is found again where lines were added above it, and is not taken for another alike', () => {
    expect(equal).toHaveLength(2);
    const moved = new Map([['src/calls/a.ts', `// new\n\n${engineText}`]]);
    const { found, gone } = findMutants(moved, equal);
    expect(gone).toEqual([]);
    expect(found.map(({ line }) => line)).toEqual(equal.map(({ line }) => line + 2));
  });

  it('is said to be gone where its line was rewritten', () => {
    const { found, gone } = findMutants(new Map([['src/calls/a.ts', 'if (a === c) settle();']]), equal);
    expect([found.length, gone.length]).toEqual([0, 2]);
  });
});

const red = (failedIn: string | null = 'test/a.test.ts'): TestRun => ({
  passed: false,
  failedBy: 'it settles',
  failedIn,
  tests: 1,
});
const green: TestRun = { passed: true, failedBy: null, failedIn: null, tests: 1 };
const stages: readonly Stage[] = [
  { name: 'near', isolated: false, tests: ['test/near.test.ts'] },
  { name: 'far', isolated: false, tests: ['test/far.test.ts', 'test/other.test.ts'] },
];

describe('a run', () => {
  const run = (
    tryOut: (text: string, tests: readonly string[]) => TestRun,
    complaint: string | null = null,
  ) => {
    const mutants = drawMutants(sources, { count: 6, seed: 1 });
    return runMutants({
      mutants,
      sources,
      testsOf: () => stages,
      complaint: () => complaint,
      workshops: [{ tryOut: async (_, text, { tests }) => tryOut(text, tests) }],
    });
  };

  it('reports a mutant as survived that no test noticed', async () => {
    const verdicts = await run(() => green);
    expect(verdicts.map(({ fate }) => fate)).toEqual(Array.from({ length: 6 }, () => 'survived'));
    expect(survivorsOf(verdicts)).toHaveLength(6);
    expect(tableOf(verdicts)).toContain('| all | 6 | 0 | 0 | 6 | 0.0 % | 0.0 % |');
  });

  it('reports the test that noticed, and asks no further ones', async () => {
    const asked: string[] = [];
    const verdicts = await run((_, tests) => {
      asked.push(...tests);
      return red();
    });
    expect(new Set(asked)).toEqual(new Set(['test/near.test.ts']));
    expect(
      verdicts.every(({ fate, by, stage }) => fate === 'killed' && by === 'it settles' && stage === 'near'),
    ).toBe(true);
    expect(survivorsOf(verdicts)).toEqual([]);
    expect(tableOf(verdicts)).toContain('| all | 6 | 6 | 0 | 0 | 100.0 % | 100.0 % |');
  });

  it('counts what does not compile apart, and runs no test for it', async () => {
    const verdicts = await run(() => expect.fail('a test was run'), 'Type A is not B');
    expect(tableOf(verdicts)).toContain('| all | 6 | 0 | 6 | 0 | 100.0 % | - |');
  });

  it('gives each try the changed text, never the original', async () => {
    const texts: string[] = [];
    await run((text) => {
      texts.push(text);
      return red();
    });
    expect(texts).toHaveLength(6);
    expect([...sources.values()]).not.toEqual(expect.arrayContaining([texts[0]]));
  });

  it('does not believe a far test that fails once and passes alone', async () => {
    let failures = 0;
    const verdicts = await run((_, tests) => {
      if (!tests.includes('test/far.test.ts')) return green;
      failures += 1;
      return failures % 2 === 1 ? red() : green;
    });
    expect(verdicts.every(({ fate }) => fate === 'survived')).toBe(true);
  });

  it('keeps the order of the mutants where several are tried at a time', async () => {
    const mutants = drawMutants(sources, { count: 6, seed: 1 });
    const tryOut = async (): Promise<TestRun> => green;
    const verdicts = await runMutants({
      mutants,
      sources,
      testsOf: () => stages,
      complaint: () => null,
      workshops: [{ tryOut }, { tryOut }, { tryOut }],
    });
    expect(verdicts.map(({ mutant }) => mutant)).toEqual(mutants);
  });

  it('shows a survivor as the lines that it changes', async () => {
    const [mutant] = mutantsOf('src/calls/b.ts', 'const z = 1;\nconst a = b < c;\n');
    if (mutant === undefined) throw new Error('nothing was changed');
    const verdict = { mutant, folder: 'calls', fate: 'survived', by: null, stage: null } as const;
    expect(diffOf('const z = 1;\nconst a = b < c;\n', verdict)).toBe(
      'src/calls/b.ts:2 (boundary)\n- const a = b < c;\n+ const a = b <= c;',
    );
  });
});

describe('the tests for a source file', () => {
  const plan = createTestPlan(
    new Map([
      ['test/writes/look.test.ts', "import { a } from './bank.js';"],
      ['test/writes/bank.ts', "import { b } from '../../src/writes/lookup.js';"],
      ['test/calls/events.test.ts', ''],
      ['test/providers/pin/errors.test.ts', "import { c } from '../../../src/providers/pin/errors.js';"],
      ['test/providers/omise/errors.test.ts', ''],
      ['test/providers/pin/host.ts', "import nock from 'nock';"],
      ['test/providers/pin/requests.test.ts', "import { d } from './host.js';"],
      ['test/conformance/pin.test.ts', ''],
      ['test/attacks/sockets.test.ts', ''],
      ['test/attacks/leaks.test.ts', ''],
    ]),
  );

  it('begin with those that name it, also through a file of the tests', () => {
    expect(plan('src/writes/lookup.ts')[0]).toEqual({
      name: 'near',
      isolated: false,
      tests: ['test/writes/look.test.ts'],
    });
  });

  it('are each asked once, and never those that fail by themselves', () => {
    const all = plan('src/writes/lookup.ts').flatMap(({ tests }) => tests);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toContain('test/attacks/leaks.test.ts');
    expect(all).not.toContain('test/attacks/sockets.test.ts');
  });

  it('run in processes of their own where they change what the whole process has', () => {
    const isolated = plan('src/providers/pin/errors.ts').filter((stage) => stage.isolated);
    expect(isolated.flatMap(({ tests }) => tests)).toEqual(['test/providers/pin/requests.test.ts']);
  });

  it('leave out those of other providers', () => {
    const all = plan('src/providers/pin/errors.ts').flatMap(({ tests }) => tests);
    expect(all).toContain('test/conformance/pin.test.ts');
    expect(all).not.toContain('test/providers/omise/errors.test.ts');
  });
});

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A tree of one source file. */
const smallTree = async (): Promise<string> => {
  const root = await mkdtemp(join(tmpdir(), 'unicharge-small-tree-'));
  folders.push(root);
  for (const folder of ['src', 'test', 'bench', 'examples', 'docs']) await mkdir(join(root, folder));
  for (const file of ['README.md', 'tsconfig.json', 'vitest.config.ts', 'tsup.config.ts'])
    await writeFile(join(root, file), '');
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  await writeFile(join(root, 'src', 'a.ts'), 'const a = 1;');
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(root, 'node_modules'));
  return root;
};

describe('the tests of a copy', () => {
  it('fail for a change that they see, and pass for one that they do not', { timeout: 60_000 }, async () => {
    const root = await smallTree();
    const text = 'export const isLate = (age: number, limit: number) => age > limit;\n';
    await writeFile(join(root, 'src', 'a.ts'), text);
    await writeFile(
      join(root, 'vitest.config.ts'),
      "export default { test: { name: 'unit', include: ['test/**/*.test.ts'] } };\n",
    );
    await writeFile(
      join(root, 'test', 'a.test.ts'),
      "import { expect, it } from 'vitest';\nimport { isLate } from '../src/a.js';\n" +
        "it('is late after the limit', () => { expect([isLate(3, 2), isLate(1, 2)]).toEqual([true, false]); });\n",
    );
    const copy = await copyTree(root);
    folders.push(copy.root);
    const tryOut = (changed: string) =>
      copy.withText('src/a.ts', changed, () =>
        runVitest(copy.root, { files: ['test/a.test.ts'], isolated: false, limitMs: 30_000 }),
      );
    expect(await tryOut(text)).toMatchObject({ passed: true, tests: 1 });
    expect(await tryOut(text.replace('age > limit', 'age < limit'))).toEqual({
      passed: false,
      failedBy: 'is late after the limit',
      failedIn: 'test/a.test.ts',
      tests: 1,
    });
    await expect(
      runVitest(copy.root, { files: ['test/none.test.ts'], isolated: false, limitMs: 30_000 }),
    ).rejects.toThrow('none of the test files');
    // Nobody tests the limit itself: this is what a survivor looks like.
    expect(await tryOut(text.replace('age > limit', 'age >= limit'))).toMatchObject({ passed: true });
  });
});

describe('the compiler', () => {
  it('complains of a wrong type, not of a name that is no longer used, and keeps nothing of either', async () => {
    const root = await smallTree();
    const text = 'export const f = (a: string) => { const b = a; return b; };';
    await writeFile(join(root, 'src', 'a.ts'), text);
    await writeFile(
      join(root, 'tsconfig.json'),
      '{ "compilerOptions": { "strict": true, "noUnusedLocals": true, "types": [], "lib": ["ES2022"] } }',
    );
    const compiler = createCompiler(root, ['src/a.ts']);
    expect(compiler.complaint('src/a.ts', text.replace('return b', 'return a.size'))).toContain('size');
    expect(compiler.complaint('src/a.ts', text.replace('return b', 'return a'))).toBeNull();
    expect(compiler.complaint('src/a.ts', text)).toBeNull();
  });
});

describe('the copy of the tree', () => {
  it('never changes the working tree, and puts every file back', async () => {
    const root = await smallTree();
    const copy = await copyTree(root);
    folders.push(copy.root);
    const seen = await copy.withText('src/a.ts', 'const a = 2;', async () => [
      await readFile(join(root, 'src', 'a.ts'), 'utf8'),
      await readFile(join(copy.root, 'src', 'a.ts'), 'utf8'),
    ]);
    expect(seen).toEqual(['const a = 1;', 'const a = 2;']);
    expect([...(await textsIn(copy.root, 'src'))]).toEqual([['src/a.ts', 'const a = 1;']]);
  });

  it('does not see what somebody writes into the working tree meanwhile', async () => {
    const root = await smallTree();
    const copy = await copyTree(root);
    folders.push(copy.root);
    await writeFile(join(root, 'src', 'a.ts'), 'const a = 3;');
    expect(await readFile(join(copy.root, 'src', 'a.ts'), 'utf8')).toBe('const a = 1;');
  });

  it('puts a file back also where the tests broke off', async () => {
    const copy = await copyTree(await smallTree());
    folders.push(copy.root);
    const broken = copy.withText('src/a.ts', 'const a = 2;', () => Promise.reject(new Error('broken')));
    await expect(broken).rejects.toThrow('broken');
    expect(await readFile(join(copy.root, 'src', 'a.ts'), 'utf8')).toBe('const a = 1;');
  });

  it('goes away as a whole, and leaves the modules that it shares', async () => {
    const root = await smallTree();
    const copy = await copyTree(root);
    await copy.remove();
    await expect(stat(copy.root)).rejects.toThrow();
    expect(await readdir(root)).toContain('node_modules');
  });
});
