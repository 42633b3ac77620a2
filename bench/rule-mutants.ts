/**
 * Takes the rules of the write protocol out, one at a time, in a copy of the sources, and runs the test that carries the
 * rule's name. Exits with 1 when a test does not notice.
 *
 *   npm run test:rule-mutants
 */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ruleMutants } from './rule-mutants/rules.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const copy = await mkdtemp(join(tmpdir(), 'unicharge-rules-'));

interface Run {
  readonly passed: number;
  readonly failed: number;
}

const runTests = async (files: readonly string[], named?: string): Promise<Run> => {
  const report = join(copy, 'report.json');
  const options = named === undefined ? [] : ['-t', named];
  const child = spawn(
    join(root, 'node_modules', '.bin', 'vitest'),
    [
      'run',
      '--project',
      'unit*',
      ...files,
      ...options,
      // On a machine under load a sound test takes long: its time-out must not pass for a rule that was noticed.
      '--testTimeout=60000',
      '--reporter=json',
      `--outputFile=${report}`,
    ],
    { cwd: copy, stdio: ['ignore', 'ignore', 'ignore'] },
  );
  await new Promise((resolve) => child.on('close', resolve));
  const { numPassedTests, numFailedTests } = JSON.parse(await readFile(report, 'utf8')) as {
    numPassedTests: number;
    numFailedTests: number;
  };
  await rm(report);
  return { passed: numPassedTests, failed: numFailedTests };
};

let unnoticed = 0;
try {
  for (const part of [
    'src',
    'test',
    'bench',
    'examples',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
  ]) {
    await cp(join(root, part), join(copy, part), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));

  const sound = await runTests([...new Set(ruleMutants.map(({ test }) => test))]);
  console.log(`with every rule in place: ${sound.passed} passed, ${sound.failed} failed`);
  if (sound.failed > 0 || sound.passed === 0) process.exitCode = 1;

  for (const { rule, file, from, to, test, named } of ruleMutants) {
    const path = join(copy, file);
    const source = await readFile(path, 'utf8');
    if (source.split(from).length !== 2) throw new Error(`${file} no longer holds once: ${from}`);
    await writeFile(
      path,
      source.replace(from, () => to),
    );
    const { passed, failed } = await runTests([test], named);
    await writeFile(path, source);
    if (failed === 0) unnoticed += 1;
    console.log(
      `${failed > 0 ? 'noticed ' : 'UNNOTICED'} ${rule}: '${named}', ${failed} of ${passed + failed} tests fail`,
    );
  }
  console.log(
    `${ruleMutants.length - unnoticed} of ${ruleMutants.length} rules are guarded by the test of their name`,
  );
  if (unnoticed > 0) process.exitCode = 1;
} finally {
  await rm(copy, { recursive: true, force: true });
}
