import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Everything that must hold before a change lands, as `npm test`. Each check counts as one, each test as one, and the
 * last line sums them up. A check that fails does not stop the others: one run shows everything that is wrong.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');
const environment = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}` };

interface Outcome {
  readonly exitCode: number;
  readonly output: string;
}

const run = (command: string, { live = false } = {}): Promise<Outcome> =>
  new Promise((resolve) => {
    const [program = '', ...parameters] = command.split(' ');
    const child = spawn(program, parameters, {
      cwd: root,
      env: environment,
      stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
    });
    let output = '';
    const collect = (bytes: Buffer) => (output += bytes.toString());
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', (error) => resolve({ exitCode: 1, output: error.message }));
    child.on('close', (exitCode) => resolve({ exitCode: exitCode ?? 1, output }));
  });

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const count: Count = { passed: 0, failed: 0, skipped: 0 };

const check = async (name: string, command: string): Promise<void> => {
  const started = performance.now();
  const { exitCode, output } = await run(command);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (exitCode === 0) {
    count.passed += 1;
    console.log(`ok      ${name} (${seconds} s)`);
  } else {
    count.failed += 1;
    console.log(`FAILED  ${name} (${seconds} s): ${command}\n${output.trimEnd()}\n`);
  }
};

/** The part of vitest's JSON report that is counted here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

const runTests = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'unicharge-tests-'));
  const file = join(folder, 'report.json');
  try {
    const { exitCode } = await run(
      `vitest run --reporter=default --reporter=json --outputFile.json=${file}`,
      {
        live: true,
      },
    );
    const report = JSON.parse(await readFile(file, 'utf8')) as Report;
    // A file that does not load has no tests to fail, and an unhandled rejection belongs to no test.
    const unloaded = report.testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    ).length;
    const failed = report.numFailedTests + unloaded;
    count.passed += report.numPassedTests;
    count.failed += failed === 0 && exitCode !== 0 ? 1 : failed;
    count.skipped += report.numPendingTests + report.numTodoTests;
  } catch (error) {
    count.failed += 1;
    console.log(`FAILED  vitest left no report: ${String(error)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** One after the other, beside lint, which takes as long as all three. Later checks read the build. */
const checkSources = async (): Promise<void> => {
  await check('types', 'tsc --noEmit -p tsconfig.json');
  await check('format', 'prettier --check --log-level warn .');
  await check('build', 'npm run --silent build');
};

await Promise.all([check('lint', 'eslint . --max-warnings 0'), checkSources()]);
await Promise.all([check('unused code and dependencies', 'knip'), check('bundle sizes', 'size-limit')]);
// Reads the declarations of the build above.
await check('public signatures', 'tsx .ci/api-report.ts --check');
await check('demo', 'tsx src/cli/main.ts demo');
await runTests();

const skipped = count.skipped > 0 ? `, ${String(count.skipped)} skipped` : '';
console.log(`\n${String(count.passed)} passed, ${String(count.failed)} failed${skipped}`);
process.exitCode = count.failed > 0 ? 1 : 0;
