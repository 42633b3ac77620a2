import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { measureCalls, type Row } from '../../bench/speed/calls.js';
import { takeAnswers } from '../../bench/speed/canned-answers.js';
import { compile, root } from '../../bench/speed/programs.js';
import { median, quantile, ratioOf } from '../../bench/speed/statistics.js';
import { loadedAtStart } from '../../bench/speed/sizes.js';
import { isReached } from '../../bench/speed/table.js';

describe('the arithmetic of the bench', () => {
  it('takes quantiles between two neighbours in proportion, whatever the order', () => {
    expect(quantile([4, 1, 3, 2, 5], 0.5)).toBe(3);
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([10, 20, 30, 40, 50], 0.25)).toBe(20);
    expect(quantile([0, 10], 0.99)).toBeCloseTo(9.9);
    expect(() => median([])).toThrow(RangeError);
  });

  it('compares each round with the same round, so that a slow moment of the machine does not count', () => {
    const base = [100, 1000, 100, 100, 500];
    const own = base.map((value) => value * 1.5);
    expect(ratioOf(own, base)).toEqual({ median: 1.5, lower: 1.5, upper: 1.5 });
    expect(ratioOf([2, 2, 9], [1, 2, 3])).toEqual({ median: 2, lower: 1.5, upper: 2.5 });
    expect(() => ratioOf([1, 2], [1])).toThrow(RangeError);
  });

  it('judges a goal by the two digits that it shows', () => {
    expect(isReached({ most: 1 }, 1.004)).toBe(true);
    expect(isReached({ most: 1 }, 1.006)).toBe(false);
    expect(isReached({ least: 0.8 }, 0.796)).toBe(true);
    expect(isReached({ least: 0.8 }, 0.79)).toBe(false);
  });
});

describe('the size of a bundle', () => {
  it('counts what is loaded with the entry, and not what is loaded later', () => {
    const output = (imports: [string, 'import-statement' | 'dynamic-import'][], entryPoint?: string) => ({
      bytes: 1,
      inputs: {},
      exports: [],
      imports: imports.map(([path, kind]) => ({ path, kind })),
      ...(entryPoint === undefined ? {} : { entryPoint }),
    });
    const outputs = {
      'entry.js': output(
        [
          ['near.js', 'import-statement'],
          ['later.js', 'dynamic-import'],
          ['node:http', 'import-statement'],
        ],
        'entry',
      ),
      'near.js': output([['far.js', 'import-statement']]),
      'far.js': output([['near.js', 'import-statement']]),
      'later.js': output([['only-later.js', 'import-statement']]),
      'only-later.js': output([]),
    };
    expect([...loadedAtStart(outputs)]).toEqual(['entry.js', 'near.js', 'far.js']);
  });
});

/** The library as one file from the sources, and a copy that burns twenty milliseconds of CPU before each retrieve. */
const buildBoth = async (): Promise<{ readonly plain: string; readonly slow: string }> => {
  const [plain, slow] = ['plain', 'slow'].map((name) =>
    mkdtempSync(join(tmpdir(), `unicharge-${name}-`)),
  ) as [string, string];
  await build({
    entryPoints: [join(root, 'src/providers/stripe/index.ts')],
    outfile: join(plain, 'stripe.js'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    // A bundle of ES modules has no require of its own for what is CommonJS in it.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  writeFileSync(join(plain, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(slow, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(slow, 'stripe.js'),
    `import * as plain from ${JSON.stringify(join(plain, 'stripe.js'))};
    const burn = () => {
      const before = process.cpuUsage();
      for (;;) {
        const { user, system } = process.cpuUsage(before);
        if (user + system > 20_000) return;
      }
    };
    export const verifyStripeWebhook = plain.verifyStripeWebhook;
    export const createStripe = (settings) => {
      const client = plain.createStripe(settings);
      return { ...client, retrieve: (id) => { burn(); return client.retrieve(id); } };
    };`,
  );
  return { plain, slow };
};

describe('a slow path that was planted in a copy', () => {
  it('shows in the CPU of the call and in its ratio to the SDK, and nothing else is measured as that call', async () => {
    await compile();
    const { plain, slow } = await buildBoth();
    const row: Row = {
      provider: 'stripe',
      operation: 'retrieve',
      inFlight: 4,
      calls: 20,
      warmUp: 20,
      goal: null,
    };
    const options = { canned: await takeAnswers(), dist: plain, otherDist: slow, rounds: 3, tell: () => {} };
    const [result] = await measureCalls([row], options);
    const { unicharge, sdk, 'other build': planted } = result!.contestants;

    // The loop ends by what it has burnt: on any machine the call costs at least that, and without it far less.
    expect(planted!.cpu).toBeGreaterThanOrEqual(20_000);
    expect(planted!.ratio.median).toBeGreaterThan(unicharge!.ratio.median);
    expect(sdk!.ratio).toEqual({ median: 1, lower: 1, upper: 1 });
    expect(unicharge!.requestsOfCall).toBe(1);
    expect(planted!.requestsOfCall).toBe(1);
  }, 120_000);
});
