import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

/** One line for each entry point of package.json `exports`; test/architecture.test.ts holds the two together. */
export const entries = {
  index: 'src/index.ts',
  models: 'src/models.ts',
  stripe: 'src/providers/stripe/index.ts',
  omise: 'src/providers/omise/index.ts',
  magpie: 'src/providers/magpie/index.ts',
  justifi: 'src/providers/justifi/index.ts',
  pin: 'src/providers/pin/index.ts',
  paymongo: 'src/providers/paymongo/index.ts',
  router: 'src/router/index.ts',
  opentelemetry: 'src/opentelemetry/index.ts',
  redis: 'src/stores/redis.ts',
  postgres: 'src/stores/postgres.ts',
  sqlite: 'src/stores/sqlite.ts',
  testing: 'src/testing/index.ts',
};

/** What package.json `bin` names. It is run and never imported, so it has no types and no CommonJS twin. */
export const commands = {
  cli: 'src/cli/main.ts',
};

const everyEntry = (): Record<string, string> => {
  const all = { ...entries, ...commands };
  const missing = Object.values(all).filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`These entry points have no source file: ${missing.join(', ')}`);
  return all;
};

/**
 * Packages whose code is in the build. An external uuid would break CommonJS on Node before 20.19: it ships as ESM only. Colours of
 * the command are bundled, so that installing the library installs nothing for its tool.
 */
export const bundled = ['uuid', 'picocolors'];

/** The licences of bundled code ask to go wherever the code goes. */
const licenceOf = (name: string): string => {
  const folder = `node_modules/${name}`;
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} is bundled and has no licence`);
  const { version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { version: string };
  return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
};

export default defineConfig(() => ({
  entry: everyEntry(),
  dts: { entry: entries },
  format: ['esm', 'cjs'],
  target: 'node20',
  platform: 'node',
  // Chunks are shared in both formats, so each error class exists once per format whatever entries a program imports.
  splitting: true,
  // Unminified output reads well as it is; maps with their sources would be three quarters of the package.
  sourcemap: false,
  clean: true,
  removeNodeProtocol: false,
  noExternal: bundled,
  esbuildOptions(esbuild, { format }) {
    if (format === 'cjs') {
      // A real import() inside CommonJS breaks Jest; lowered, it is a require() at the first request.
      esbuild.supported = { ...esbuild.supported, 'dynamic-import': false };
    }
  },
  plugins: [
    {
      name: 'licences',
      buildEnd() {
        writeFileSync('dist/THIRD-PARTY-LICENSES.txt', bundled.map(licenceOf).join('\n'));
      },
    },
    {
      name: 'plain-require',
      renderChunk(code) {
        // The lowered import() goes through a helper that bundlers of merchants cannot follow to the package.
        return this.format === 'cjs'
          ? { code: code.replaceAll(/\b__require\((?=["'])/g, 'require(') }
          : undefined;
      },
    },
  ],
}));
