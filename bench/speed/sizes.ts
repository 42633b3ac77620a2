import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';
import type { Figure } from './figures.js';
import { root } from './programs.js';

/** What a program is made of that imports one provider, minified and compressed; kilobytes are 1,000 bytes. */

const kilobytes = (bytes: number): number => bytes / 1_000;

/** The files that are loaded with the entry: imports that are not dynamic, and theirs. */
export const loadedAtStart = (outputs: Metafile['outputs']): Set<string> => {
  const [entry] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint !== undefined) ?? [];
  if (entry === undefined) throw new Error('a bundle has an entry');
  const loaded = new Set<string>();
  const visit = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const { path, kind } of outputs[file]?.imports ?? [])
      if (kind === 'import-statement' && outputs[path] !== undefined) visit(path);
  };
  visit(entry);
  return loaded;
};

const bundle = async (
  dist: string,
  external: readonly string[],
): Promise<{ readonly atStart: number; readonly whole: number }> => {
  const result = await build({
    stdin: {
      contents: `export { createStripe } from ${JSON.stringify(join(dist, 'stripe.js'))};`,
      resolveDir: root,
    },
    absWorkingDir: root,
    outdir: 'bundle',
    write: false,
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    legalComments: 'none',
    // That a file without side effects is imported for its exports alone is no news.
    logLevel: 'error',
    external: [...external],
  });
  const loaded = loadedAtStart(result.metafile.outputs);
  let atStart = 0;
  let whole = 0;
  for (const { path, contents } of result.outputFiles) {
    const size = kilobytes(gzipSync(contents, { level: 9 }).length);
    whole += size;
    if ([...loaded].some((file) => path.endsWith(file))) atStart += size;
  }
  return { atStart, whole };
};

const tarball = async (): Promise<number> => {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
    cwd: root,
    maxBuffer: 10_000_000,
  });
  const [{ size }] = JSON.parse(stdout) as [{ readonly size: number }];
  return kilobytes(size);
};

const figure = (what: string, size: number, beside: string, most: number): Figure => ({
  what,
  measured: `${size.toFixed(1)} kB`,
  beside,
  value: size,
  shown: `${size.toFixed(1)} kB`,
  goal: { most },
  unit: ' kB',
});

export const measureSizes = async (options: {
  readonly dist: string;
  readonly tell: (progress: string) => void;
}): Promise<Figure[]> => {
  options.tell('sizes');
  const alone = await bundle(options.dist, ['axios', 'zod']);
  const all = await bundle(options.dist, []);
  const later = ({ whole }: typeof alone) => `${whole.toFixed(1)} kB with what is loaded later`;
  return [
    figure('gzip of unicharge/stripe without axios and zod', alone.atStart, later(alone), 25),
    figure('gzip of unicharge/stripe with everything', all.atStart, later(all), 60),
    figure('tarball', await tarball(), '', 350),
  ];
};
