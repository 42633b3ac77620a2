import packageJson from '../../package.json' with { type: 'json' };
import {
  axiosShop,
  browserPage,
  commonShop,
  jestSimulatorTest,
  jestTest,
  moduleShop,
  paidLine,
  routeHandler,
  typedShop,
} from './programs.js';

/** One project of a user: what it installs beside the package, its files, and what is run in it. */
export interface Try {
  /** What `--only` calls it. */
  readonly name: string;
  readonly tool: string;
  /** The version of the tool, pinned. */
  readonly version: string;
  /** What was tried, as in the table. */
  readonly what: string;
  readonly manager: 'npm' | 'pnpm' | 'yarn';
  /** What is installed beside the package, with the tool itself. */
  readonly packages: Readonly<Record<string, string>>;
  /** More of the project's package.json. */
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, string>>;
  /** Commands of node_modules/.bin, or `node`. */
  readonly steps: readonly (readonly string[])[];
  /** The last line that the last step has to print; null where its exit code says enough. */
  readonly expected: string | null;
}

const entries = Object.keys(packageJson.exports)
  .filter((name) => name !== './package.json')
  .map((name) => `${packageJson.name}${name.slice(1)}`);

interface Facts extends Partial<Omit<Try, 'name' | 'tool' | 'version' | 'what'>> {
  readonly name: string;
  readonly tool: string;
  readonly version: string;
  readonly what: string;
}

const attempt = (facts: Facts): Try => ({
  manager: 'npm',
  packages: {},
  manifest: { type: 'module' },
  files: {},
  steps: [],
  expected: paidLine,
  ...facts,
});

const strict = {
  strict: true,
  target: 'ES2022',
  lib: ['ES2022'],
  types: ['node'],
  noEmit: true,
  skipLibCheck: false,
  exactOptionalPropertyTypes: true,
};

const project = (files: readonly string[], more: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ compilerOptions: { ...strict, ...more }, files });

/** Releases of TypeScript and what they call the old resolution, which 7 has no more. */
const typeScript = (version: string, node10: Readonly<Record<string, unknown>> | null): Try => {
  const resolutions = ['nodenext', 'bundler', ...(node10 === null ? [] : ['node10'])];
  const shown = resolutions.map((name) => (name === 'node10' ? 'node10 with `esModuleInterop`' : name));
  return attempt({
    name: `typescript-${version.split('.').slice(0, 2).join('.')}`,
    tool: 'TypeScript',
    version,
    what: `every entry imported, \`strict\`, \`skipLibCheck: false\`: ${shown.join(', ')}`,
    packages: { typescript: version, '@types/node': '20.19.43', '@opentelemetry/api': '1.9.1' },
    files: {
      'shop.mts': typedShop(entries),
      'shop.cts': typedShop(entries),
      'shop.ts': typedShop(entries),
      'nodenext.json': project(['shop.mts', 'shop.cts'], { module: 'nodenext' }),
      'bundler.json': project(['shop.ts'], { module: 'esnext', moduleResolution: 'bundler' }),
      'node10.json': project(['shop.ts'], {
        module: 'commonjs',
        moduleResolution: 'node10',
        // The declarations of zod ask for it where they are checked in this resolution.
        esModuleInterop: true,
        ...node10,
      }),
    },
    steps: resolutions.map((name) => ['tsc', '--project', `${name}.json`]),
    expected: null,
  });
};

/** Jest 27 does not read `exports`. */
const mapped = { '^unicharge/(.*)$': '<rootDir>/node_modules/unicharge/dist/$1.cjs' };

const jest = (version: string, moduleNameMapper: Readonly<Record<string, string>> | null): Try =>
  attempt({
    name: `jest-${version.split('.')[0] ?? ''}`,
    tool: 'Jest',
    version,
    what: `CommonJS test, the fake client${moduleNameMapper === null ? '' : '; with `moduleNameMapper`, see below'}`,
    packages: { jest: version },
    manifest: { jest: { testEnvironment: 'node', ...(moduleNameMapper && { moduleNameMapper }) } },
    files: { 'shop.test.js': jestTest },
    steps: [['jest', '--ci', '--silent']],
    expected: null,
  });

/** The environment of tests of pages, whose globals are not those of Node. */
const jestInJsdom = attempt({
  name: 'jest-jsdom',
  tool: 'Jest with jsdom',
  version: '30.5.2',
  what: 'CommonJS test, the fake client, and a charge at the simulator',
  packages: { jest: '30.5.2', 'jest-environment-jsdom': '30.5.2' },
  manifest: { jest: { testEnvironment: 'jsdom' } },
  files: { 'shop.test.js': `${jestTest}${jestSimulatorTest}` },
  steps: [['jest', '--ci', '--silent']],
  expected: null,
});

// The results lie above the project, out of reach of its node_modules.
const esm = '../bundle.mjs';
const cjs = '../bundle.cjs';
const esbuild = (name: string, what: string, source: string, ...options: readonly string[]): Try => {
  const out = options.includes('--format=cjs') ? cjs : esm;
  return attempt({
    name: `esbuild-${name}`,
    tool: 'esbuild',
    version: '0.28.2',
    what,
    packages: { esbuild: '0.28.2', ...(source === axiosShop && { axios: '1.21.1' }) },
    manifest: options.includes('--format=cjs') ? {} : { type: 'module' },
    files: { 'shop.js': source },
    steps: [
      ['esbuild', 'shop.js', '--bundle', '--log-level=warning', `--outfile=${out}`, ...options],
      ['node', out],
    ],
  });
};

const ofRequire =
  "--banner:js=import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const webpackSettings = `
export default {
  mode: 'production',
  target: 'node20',
  entry: './shop.js',
  experiments: { outputModule: true },
  output: { path: new URL('..', import.meta.url).pathname, filename: 'bundle.mjs', library: { type: 'module' } },
};
`;

const rollupSettings = `
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import resolve from '@rollup/plugin-node-resolve';
export default {
  input: 'shop.js',
  plugins: [resolve({ preferBuiltins: true }), commonjs(), json()],
  output: { file: '../bundle.mjs', format: 'es', inlineDynamicImports: true },
};
`;

const viteSettings = `
export default {
  ssr: { noExternal: true },
  build: { ssr: 'shop.js', outDir: '../built', emptyOutDir: true, rollupOptions: { output: { entryFileNames: 'bundle.mjs' } } },
};
`;

export const tries: readonly Try[] = [
  typeScript('5.4.5', {}),
  typeScript('5.9.3', {}),
  typeScript('6.0.3', { ignoreDeprecations: '6.0' }),
  typeScript('7.0.2', null),
  attempt({
    name: 'pnpm',
    tool: 'pnpm',
    version: '12.21.0',
    what: 'installed, and a charge at the simulator',
    manager: 'pnpm',
    files: { 'shop.js': moduleShop },
    steps: [['node', 'shop.js']],
  }),
  attempt({
    name: 'yarn',
    tool: 'Yarn PnP',
    version: '4.18.1',
    what: 'installed, and a charge at the simulator, as ECMAScript module and as CommonJS',
    manager: 'yarn',
    files: { 'shop.mjs': moduleShop, 'shop.cjs': commonShop },
    steps: [
      ['yarn', 'node', 'shop.cjs'],
      ['yarn', 'node', 'shop.mjs'],
    ],
  }),
  jest('27.5.1', mapped),
  jest('28.1.3', null),
  jest('29.7.0', null),
  jest('30.5.2', null),
  jestInJsdom,
  attempt({
    name: 'webpack',
    tool: 'webpack',
    version: '5.113.0',
    what: 'one file for Node, with every dependency in it; a charge at the simulator',
    packages: { webpack: '5.113.0', 'webpack-cli': '7.3.1' },
    files: { 'shop.js': moduleShop, 'webpack.config.js': webpackSettings },
    steps: [
      ['webpack', '--config', 'webpack.config.js'],
      ['node', esm],
    ],
  }),
  attempt({
    name: 'rollup',
    tool: 'rollup',
    version: '4.68.8',
    what: 'one file for Node, with every dependency in it; a charge at the simulator',
    packages: {
      rollup: '4.68.8',
      '@rollup/plugin-commonjs': '29.0.3',
      '@rollup/plugin-json': '6.1.0',
      '@rollup/plugin-node-resolve': '16.0.3',
    },
    files: { 'shop.js': moduleShop, 'rollup.config.js': rollupSettings },
    steps: [
      ['rollup', '--config', 'rollup.config.js'],
      ['node', esm],
    ],
  }),
  attempt({
    name: 'vite',
    tool: 'Vite',
    version: '8.4.0',
    what: 'server build (`ssr`) with every dependency in it; a charge at the simulator',
    packages: { vite: '8.4.0' },
    files: { 'shop.js': moduleShop, 'vite.config.js': viteSettings },
    steps: [
      ['vite', 'build'],
      ['node', '../built/bundle.mjs'],
    ],
  }),
  esbuild('esm', 'ESM for Node; a charge at the simulator', moduleShop, '--platform=node', '--format=esm'),
  esbuild(
    'cjs',
    'CommonJS for Node; a charge at the simulator',
    commonShop,
    '--platform=node',
    '--format=cjs',
  ),
  esbuild(
    'axios',
    'ESM for Node with an `axios` of your own; with a banner, see below',
    axiosShop,
    '--platform=node',
    '--format=esm',
    ofRequire,
  ),
  esbuild(
    'browser',
    '`unicharge/models` for a browser, without a module of Node',
    browserPage,
    '--platform=browser',
    '--format=esm',
  ),
  attempt({
    name: 'next',
    tool: 'Next',
    version: '16.4.6',
    what: 'route handler that `next build` builds and runs; the fake client',
    packages: { next: '16.4.6', react: '19.3.1', 'react-dom': '19.3.1' },
    files: {
      'app/charge/route.js': routeHandler,
      'app/layout.js': 'export default function Layout({ children }) { return children; }\n',
      'print.js': `import { readFileSync } from 'node:fs';\nconsole.log(readFileSync('.next/server/app/charge.body', 'utf8'));\n`,
    },
    steps: [
      ['next', 'build'],
      ['node', 'print.js'],
    ],
  }),
];
