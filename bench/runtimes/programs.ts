import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Job, Result } from './cases.js';

const execute = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));

/** A program that runs the cases. */
export interface Program {
  readonly name: string;
  /** The package of npm that brings it; null where this repository has it. */
  readonly from: string | null;
  readonly kind: 'command' | 'worker' | 'nock' | 'msw';
  /** The command and its first arguments; the bundle comes last. */
  readonly command: readonly string[];
}

const command = (name: string, from: string, ...words: string[]): Program => ({
  name,
  from,
  kind: 'command',
  command: words,
});

export const programs: readonly Program[] = [
  command('Node 20', 'node@20', 'node'),
  command('Node 22', 'node@22', 'node'),
  command('Node 24', 'node@24', 'node'),
  command('Node 26', 'node@26', 'node'),
  command('Bun 1.1', 'bun@1.1.45', 'bun'),
  command('Bun 1.3', 'bun@1.3.5', 'bun'),
  command('Bun 1.4', 'bun@1.4', 'bun'),
  command('Deno 2', 'deno@2', 'deno', 'run', '-A'),
  { name: 'workerd', from: 'miniflare@4', kind: 'worker', command: ['node'] },
  { name: 'nock 14', from: null, kind: 'nock', command: [] },
  { name: 'msw 2', from: null, kind: 'msw', command: [] },
];

/** Installs what npm has, once, into the folder. */
const install = async (folder: string, from: string): Promise<string> => {
  const home = join(folder, from.replace('@', '-'));
  if (existsSync(join(home, 'node_modules/.bin'))) return home;
  await mkdir(home, { recursive: true });
  await execute('npm', ['install', '--no-audit', '--no-fund', '--prefix', home, from]);
  return home;
};

/** The library and the cases in one file, with axios in it as in a merchant's bundle. */
export const bundle = async (folder: string, kind: Program['kind']): Promise<string> => {
  const outfile = join(folder, `${kind}.mjs`);
  const worker = `
    import { runCases } from './cases.ts';
    export default {
      fetch: async (request) => Response.json(await runCases(await request.json())),
    };`;
  await build({
    ...(kind === 'worker'
      ? { stdin: { contents: worker, resolveDir: here, loader: 'ts' as const } }
      : { entryPoints: [join(here, 'run-here.ts')] }),
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
  });
  return outfile;
};

/** Hosts a worker in workerd, and asks it once. */
const host = `
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
const { Miniflare } = createRequire(process.env.UNICHARGE_MINIFLARE + '/')('miniflare');
const worker = new Miniflare({
  modules: [{ type: 'ESModule', path: 'worker.mjs', contents: readFileSync(process.argv[2], 'utf8') }],
  compatibilityDate: '2026-01-01',
  compatibilityFlags: ['nodejs_compat'],
});
const answer = await worker.dispatchFetch('http://worker/', { method: 'POST', body: process.env.UNICHARGE_JOB });
console.log((await answer.text()).replaceAll('\\n', ' '));
await worker.dispose();
process.exit(0);
`;

/** The last line of what the program says. */
const lastLineOf = (words: readonly string[], environment: NodeJS.ProcessEnv): Promise<string> =>
  new Promise((resolve, reject) => {
    const [file = '', ...parameters] = words;
    const child = spawn(file, parameters, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let complaints = '';
    const limit = setTimeout(() => child.kill('SIGKILL'), 240_000);
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (complaints += bytes.toString()));
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(limit);
      const line = output.trim().split('\n').at(-1) ?? '';
      if (line.startsWith('[')) resolve(line);
      else reject(new Error(`${words.join(' ')} gave no results: ${line} ${complaints.slice(-2000)}`));
    });
  });

/** Runs the cases in the program. */
export const runIn = async (program: Program, job: Job, folder: string): Promise<readonly Result[]> => {
  const environment = { UNICHARGE_JOB: JSON.stringify(job) };
  if (program.from === null) {
    const words = [process.execPath, '--import', 'tsx', join(here, 'run-intercepted.ts')];
    const line = await lastLineOf(words, { ...environment, UNICHARGE_INTERCEPTOR: program.kind });
    return JSON.parse(line) as Result[];
  }
  const home = await install(folder, program.from);
  const file = await bundle(folder, program.kind);
  const binaryIn = (place: string, name: string): string => join(place, 'node_modules/.bin', name);
  const [name = '', ...more] = program.command;
  if (program.kind === 'command') {
    return JSON.parse(await lastLineOf([binaryIn(home, name), ...more, file], environment)) as Result[];
  }
  const start = join(folder, 'host.mjs');
  await writeFile(start, host);
  // Miniflare needs a newer Node than this repository does.
  const node = binaryIn(await install(folder, 'node@24'), 'node');
  const line = await lastLineOf([node, start, file], { ...environment, UNICHARGE_MINIFLARE: home });
  return JSON.parse(line) as Result[];
};
