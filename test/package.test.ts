import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { bundled, entries } from '../tsup.config.js';
import { exists, root } from './source-tree.js';
import { undocumentedMembers } from './undocumented-members.js';

/**
 * What a merchant installs: the packed tarball in fresh projects, type-checked and run with one real HTTP charge
 * against the simulator that the package itself ships. Needs a build (`npm run test:package` makes one).
 */

interface Result {
  readonly stdout: string;
  readonly stderr: string;
}

/** Without what `npm test` tells its own children, such as the folder of this package. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^npm_(?:package|lifecycle|command|config_local)|^NODE_/.test(name),
  ),
);

/** Runs a program that must succeed and hands back what it printed. */
const succeed = (folder: string, program: string, ...parameters: string[]): Promise<Result> =>
  new Promise((resolve, reject) => {
    const options = { cwd: folder, maxBuffer: 32 * 1024 * 1024, env: environment };
    execFile(program, parameters, options, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout: stdout.trim(), stderr: stderr.trim() });
      else reject(new Error(`${program} ${parameters.join(' ')} failed:\n${stdout}\n${stderr}`));
    });
  });

/** Runs a program that a project has installed. */
const runBinary = (folder: string, name: string, ...parameters: string[]): Promise<Result> =>
  succeed(folder, join(folder, 'node_modules', '.bin', name), ...parameters);

const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

const packIn = async (folder: string, destination: string): Promise<Packed> => {
  const { stdout: report } = await succeed(
    folder,
    'npm',
    'pack',
    '--json',
    '--ignore-scripts',
    `--pack-destination=${destination}`,
    ...quiet,
  );
  const [packed] = Object.values(JSON.parse(report.slice(report.search(/^[[{]/m))) as Record<string, Packed>);
  if (!packed) throw new Error(`npm pack reported nothing: ${report}`);
  return packed;
};

let workspace = '';
let packed: Packed;

const projectOf = (name: string): string => join(workspace, name);

/** A copy of a fixture project with the tarball installed as a merchant would. */
const install = async (name: string): Promise<string> => {
  const project = projectOf(name);
  await cp(join(root, 'test', 'package', name), project, { recursive: true });
  await succeed(project, 'npm', 'install', '--prefer-offline', '--ignore-scripts', ...quiet, tarball());
  return project;
};
const tarball = (): string => join(workspace, packed.filename);

/** One file with everything in it, as for a function in a cloud, outside any node_modules. */
const bundle = async (entry: string, format: 'esm' | 'cjs'): Promise<string> => {
  const file = join(workspace, `bundled.${format === 'esm' ? 'mjs' : 'cjs'}`);
  const options = ['--bundle', '--platform=node', '--log-level=warning', `--format=${format}`];
  await runBinary(root, 'esbuild', entry, ...options, `--outfile=${file}`);
  return file;
};

const whatAShopSees = { amount: 4590, currency: 'EUR', isPaid: true, isCardError: true, taken: 4590 };
const lastLine = ({ stdout }: Result): unknown => JSON.parse(stdout.split('\n').at(-1) ?? '');

beforeAll(async () => {
  if (!exists('dist/index.js')) throw new Error('The package tests need a build: npm run build');
  workspace = await mkdtemp(join(tmpdir(), 'unicharge-package-'));
  packed = await packIn(root, workspace);
});

afterAll(async () => {
  await rm(workspace, { recursive: true, force: true });
});

describe('the tarball', () => {
  it('holds the licence of everything that is bundled into it', async () => {
    const licences = await readFile(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    expect(packed.files.map(({ path }) => path)).toContain('dist/THIRD-PARTY-LICENSES.txt');
    for (const name of bundled) expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+$`, 'm'));
    expect(licences.match(/Permission (?:is hereby granted|to use)/g)).toHaveLength(bundled.length);
  });

  it('holds the build, the pages with what they link to, the license and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    const others = paths.filter((path) => !path.startsWith('dist/'));
    const pages =
      /^(?:docs\/(?:providers\/)?(?:[a-z\d-]+|README)\.md|docs\/faults\.svg|docs\/shop-[a-z]+\.webp|examples\/[a-z\d-]+\.ts)$/;
    expect(others.filter((path) => !pages.test(path)).toSorted()).toEqual([
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'package.json',
    ]);
    const built = paths.filter((path) => path.startsWith('dist/'));
    expect(built.filter((path) => !/\.(?:d\.ts|d\.cts|js|cjs)$/.test(path))).toEqual([
      'dist/THIRD-PARTY-LICENSES.txt',
    ]);
  });

  it('holds every file that the manifest names', () => {
    const paths = new Set(packed.files.map(({ path }) => `./${path}`));
    const named = JSON.stringify(packageJson.exports).match(/\.\/dist\/[^"]+/g) ?? [];
    const manifest = [
      packageJson.main,
      packageJson.module,
      packageJson.types,
      `./${packageJson.bin.unicharge}`,
    ];
    expect([...named, ...manifest].filter((file) => !paths.has(file))).toEqual([]);
  });

  it('has a command that the system can run', async () => {
    const command = join(root, packageJson.bin.unicharge);
    expect(await readFile(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect((await stat(command)).mode & 0o111).toBe(0o111);
  });

  it('is small, of which the simulator with its five faces is the half and the pages are a tenth', () => {
    expect(packed.size).toBeLessThan(1_200_000);
  });

  it('passes publint', async () => {
    const output = await runBinary(root, 'publint', '--strict', tarball());
    expect(output.stdout).toContain('All good');
  });

  it('has types that resolve in every mode', async () => {
    const output = await runBinary(
      root,
      'attw',
      tarball(),
      '--exclude-entrypoints',
      'package.json',
      '--format',
      'ascii',
    );
    expect(output.stdout).toContain('No problems found');
  });
});

describe('a project of ECMAScript modules', () => {
  let project = '';
  beforeAll(async () => {
    project = await install('modules');
  });

  it('type-checks with the declarations of the package checked, too', async () => {
    expect(await runBinary(project, 'tsc')).toMatchObject({ stdout: '' });
  });

  it('type-checks with the resolution of a bundler', async () => {
    const options = ['--module', 'ESNext', '--moduleResolution', 'Bundler', '--noEmit'];
    expect(await runBinary(project, 'tsc', ...options)).toMatchObject({ stdout: '' });
  });

  it('is a library that exports what every provider gives it, without a word about types', async () => {
    const names = ['stripe', 'omise', 'magpie', 'justifi', 'pin', 'paymongo'];
    for (const provider of names) {
      const create = `create${provider[0]?.toUpperCase() ?? ''}${provider.slice(1)}`;
      const library = [
        `import { ${create} } from 'unicharge/${provider}';`,
        `export const charges = ${create}();`,
        `export const pay = () => charges.create({ amount: 1, currency: 'EUR', source: 'token' });`,
        'export const all = () => charges.list();',
        'export const back = (id: string) => charges.refund(id);',
        'export const news = (body: string) => charges.parseWebhook(body, {});',
      ];
      await writeFile(join(project, `${provider}-library.ts`), library.join('\n'));
    }
    const options = ['--strict', '--target', 'ES2022', '--module', 'NodeNext', '--types', 'node'];
    const files = names.map((provider) => `${provider}-library.ts`);
    const output = ['--declaration', '--emitDeclarationOnly', '--outDir', 'types'];
    expect(await runBinary(project, 'tsc', ...options, ...output, ...files)).toMatchObject({ stdout: '' });
  });

  it('is an adapter as the example has it, which a library exports without a word about types', async () => {
    const example = await readFile(join(root, 'examples/custom-provider.ts'), 'utf8');
    await writeFile(join(project, 'custom-provider.ts'), example);
    const options = ['--strict', '--target', 'ES2022', '--module', 'NodeNext', '--types', 'node'];
    const output = ['--declaration', '--emitDeclarationOnly', '--outDir', 'types'];
    expect(await runBinary(project, 'tsc', ...options, ...output, 'custom-provider.ts')).toMatchObject({
      stdout: '',
    });
  });

  it('shows a docstring in an editor for every field and method of every exported type', async () => {
    const folder = await realpath(join(project, 'node_modules/unicharge/dist'));
    const files = Object.keys(entries).map((name) => join(folder, `${name}.d.ts`));
    expect(undocumentedMembers(folder, files)).toEqual([]);
  });

  it('needs no types of Node where its own are checked, too', async () => {
    const names = ['stripe', 'omise', 'magpie', 'justifi', 'pin', 'paymongo', 'router', 'models'];
    const lines = names.map((name, index) => `export * as entry${index} from 'unicharge/${name}';`);
    await writeFile(join(project, 'without-node.ts'), ["export * from 'unicharge';", ...lines].join('\n'));
    const compilerOptions = {
      strict: true,
      target: 'ES2022',
      lib: ['ES2023', 'DOM'],
      module: 'NodeNext',
      types: [],
      skipLibCheck: false,
      noEmit: true,
    };
    const config = { compilerOptions, files: ['without-node.ts'] };
    await writeFile(join(project, 'without-node.json'), JSON.stringify(config));
    expect(await runBinary(project, 'tsc', '--project', 'without-node.json')).toMatchObject({ stdout: '' });
  });

  it('is told by the compiler that the entry of a provider has the types of errors, and not their classes', async () => {
    const wrong = [
      "import { CardError } from 'unicharge/stripe';",
      'export const isDeclined = (error: unknown): boolean => error instanceof CardError;',
    ];
    await writeFile(join(project, 'no-class.ts'), wrong.join('\n'));
    const options = ['--noEmit', '--target', 'ES2022', '--module', 'NodeNext', '--types', 'node'];
    await expect(runBinary(project, 'tsc', ...options, 'no-class.ts')).rejects.toThrow('error TS1362');
  });

  it('charges a card', async () => {
    expect(lastLine(await succeed(project, 'node', 'built/shop.js'))).toEqual(whatAShopSees);
  });

  it('charges a card on the oldest Node that is supported', async () => {
    const output = await succeed(project, 'npx', '-y', '-p', 'node@20.0', 'node', 'built/shop.js');
    expect(lastLine(output)).toEqual(whatAShopSees);
  });

  it('charges a card from one bundled file with no node_modules beside it', async () => {
    const file = await bundle(join(project, 'built/shop.js'), 'esm');
    expect(lastLine(await succeed(workspace, 'node', file))).toEqual(whatAShopSees);
  });

  it('starts the simulator from the command line', async () => {
    const child = spawn(join(project, 'node_modules/.bin/unicharge'), ['simulator', '--port', '0'], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const address = await new Promise<string>((resolve, reject) => {
        let output = '';
        child.stdout.on('data', (bytes: Buffer) => {
          output += bytes.toString();
          const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output);
          if (found) resolve(found[0]);
        });
        child.on('error', reject);
        child.on('exit', (exitCode) => reject(new Error(`ended with ${String(exitCode)}: ${output}`)));
      });
      expect((await fetch(address)).status).toBeLessThan(500);
    } finally {
      child.kill();
    }
  });
});

describe('a project of CommonJS modules', () => {
  let project = '';
  beforeAll(async () => {
    project = await install('commonjs');
  });

  it('type-checks with the declarations of the package checked, too', async () => {
    expect(await runBinary(project, 'tsc')).toMatchObject({ stdout: '' });
  });

  it('charges a card without loading axios', async () => {
    const seen = { ...whatAShopSees, axiosLoaded: false };
    expect(lastLine(await succeed(project, 'node', 'built/shop.js'))).toEqual(seen);
  });

  it('charges a card on the oldest Node that is supported', async () => {
    const output = await succeed(project, 'npx', '-y', '-p', 'node@20.0', 'node', 'built/shop.js');
    expect(lastLine(output)).toMatchObject(whatAShopSees);
  });

  it('charges a card from one bundled file with no node_modules beside it', async () => {
    const file = await bundle(join(project, 'built/shop.js'), 'cjs');
    expect(lastLine(await succeed(workspace, 'node', file))).toMatchObject(whatAShopSees);
  });

  it('shares its error classes with the same package loaded as ECMAScript modules', async () => {
    const script = `
      const { ConfigurationError } = require('unicharge');
      import('unicharge/stripe').then(({ createStripe }) => {
        try {
          createStripe({ secretKey: 'sk_test_1', unknownSetting: true });
        } catch (error) {
          console.log(JSON.stringify(error instanceof ConfigurationError));
        }
      });`;
    expect(lastLine(await succeed(project, 'node', '-e', script))).toBe(true);
  });

  it('gives a page in a browser what reads the charges and errors of its server', async () => {
    const script = join(project, 'page.mjs');
    await writeFile(
      script,
      `import { CardError, chargeSchema, isPaid, money } from 'unicharge/models';
      told.push(isPaid(given), chargeSchema.safeParse(given).success, money.toDecimal(4590, 'EUR'));
      told.push(new CardError({ message: 'declined', outcome: 'rejected' }) instanceof Error);`,
    );
    const file = join(workspace, 'page.js');
    const options = ['--bundle', '--platform=browser', '--format=iife', '--log-level=warning'];
    const { stderr } = await runBinary(root, 'esbuild', script, ...options, `--outfile=${file}`);
    expect(stderr).toBe('');
    // No process, no Buffer, no require.
    const told: unknown[] = [];
    runInNewContext(await readFile(file, 'utf8'), {
      told,
      given: { status: 'captured', refundStatus: 'none' },
    });
    expect(told).toEqual([true, false, '45.90', true]);
  });
});

describe('a Jest project in TypeScript', () => {
  let project = '';
  beforeAll(async () => {
    project = await install('jest');
  });

  it('type-checks with the resolution of old projects', async () => {
    expect(await runBinary(project, 'tsc')).toMatchObject({ stdout: '' });
  });

  it('charges a card in a Jest test', async () => {
    const { stdout } = await runBinary(project, 'jest', '--json', '--ci');
    expect(JSON.parse(stdout)).toMatchObject({ success: true, numPassedTests: 2, numTotalTests: 2 });
  });
});

describe('the sources', () => {
  it('install, build and pack without a repository around them', async () => {
    const folder = join(workspace, 'archive');
    await mkdir(folder);
    await succeed(root, 'git', 'archive', '--format=tar', `--output=${folder}.tar`, 'HEAD');
    await succeed(folder, 'tar', '-xf', `${folder}.tar`);
    await succeed(folder, 'npm', 'ci', '--prefer-offline', '--ignore-scripts', ...quiet);
    // Declarations know nothing of a repository, and take as long as all else here: the build above has made them.
    await succeed(folder, 'npx', 'tsup', '--no-dts');
    const names = ({ files }: Packed) =>
      files
        .map(({ path }) => path.replace(/-[A-Z0-9]{8}\./, '-hash.'))
        .filter((path) => !/\.d\.c?ts$/.test(path))
        .toSorted();
    expect(names(await packIn(folder, folder))).toEqual(names(packed));
  }, 600_000);
});
