import { execFile } from 'node:child_process';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Try } from './tries.js';

/** What one try came to. */
export interface Outcome {
  readonly tried: Try;
  /** What the failure says; null where all went well. */
  readonly failure: string | null;
}

/** Without what npm tells its own children, such as the folder of this package, and without questions and reports home. */
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_OPTIONS$/i.test(name))),
  CI: 'true',
  NO_COLOR: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  YARN_ENABLE_TELEMETRY: '0',
};

interface Ended {
  readonly failed: boolean;
  readonly stdout: string;
  readonly output: string;
}

/** Ends what hangs, after a time that is far above that of any step on a machine under load. */
const limitMs = 1_200_000;

const run = (folder: string, words: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const [program = '', ...parameters] = words;
    const options = { cwd: folder, env: environment, maxBuffer: 64 * 1024 * 1024, timeout: limitMs };
    execFile(program, parameters, options, (error, stdout, stderr) => {
      const output = `${stdout}\n${stderr}`;
      resolve({
        failed: error !== null,
        stdout,
        output: error === null ? output : `${output}\n${error.message}`,
      });
    });
  });

/** The line of an output that says what went wrong: the first with an error in it, or else the first of all. */
export const firstComplaint = (output: string): string => {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return (
    lines.find((line) => /\berror\b|Error:|\bERR!?|Cannot find/i.test(line)) ?? lines[0] ?? 'it said nothing'
  );
};

/** How each manager installs a project, and what it needs to keep to itself. */
const installers: Readonly<
  Record<
    Try['manager'],
    { from: string | null; install: readonly string[]; files: Readonly<Record<string, string>> }
  >
> = {
  npm: {
    from: null,
    install: ['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'],
    files: {},
  },
  pnpm: {
    from: 'pnpm',
    install: ['pnpm', 'install', '--store-dir=../store'],
    files: { 'pnpm-workspace.yaml': 'packages: []\n' },
  },
  yarn: {
    from: '@yarnpkg/cli-dist',
    install: ['yarn', 'install', '--no-immutable'],
    files: {
      'yarn.lock': '',
      '.yarnrc.yml':
        'nodeLinker: pnp\nenableGlobalCache: false\nnpmRegistryServer: https://registry.npmjs.org\n',
    },
  },
};

/** Lays the project out in a folder of its own, installs it and runs its steps. Everything in the folder before is gone. */
export const runTry = async (tried: Try, home: string, tarball: string): Promise<Outcome> => {
  const folder = join(home, 'project');
  const tools = join(home, 'tools');
  await rm(home, { recursive: true, force: true });
  await mkdir(tools, { recursive: true });
  await mkdir(folder, { recursive: true });
  await copyFile(tarball, join(home, 'unicharge.tgz'));
  const installer = installers[tried.manager];
  const manifest = {
    name: 'shop',
    version: '1.0.0',
    private: true,
    dependencies: { unicharge: 'file:../unicharge.tgz', ...tried.packages },
    ...tried.manifest,
  };
  const files = { ...tried.files, ...installer.files, 'package.json': JSON.stringify(manifest) };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }

  const place = (words: readonly string[]): readonly string[] => {
    const [program = '', ...parameters] = words;
    if (program === 'node') return [process.execPath, ...parameters];
    if (program === 'npm') return words;
    const at = program === tried.manager ? tools : folder;
    return [join(at, 'node_modules/.bin', program), ...parameters];
  };

  const steps = [installer.install, ...tried.steps];
  if (installer.from !== null) {
    steps.unshift([...installers.npm.install, `--prefix=${tools}`, `${installer.from}@${tried.version}`]);
  }
  let last = '';
  for (const step of steps) {
    const { failed, stdout, output } = await run(folder, place(step));
    if (failed)
      return {
        tried,
        failure: `\`${step.slice(0, 3).join(' ')}\`: ${firstComplaint(output.replaceAll(`${folder}/`, ''))}`,
      };
    last = stdout.trim().split('\n').at(-1) ?? '';
  }
  const isRight = tried.expected === null || last === tried.expected;
  return { tried, failure: isRight ? null : `the last line is "${last}" and not "${tried.expected}"` };
};
