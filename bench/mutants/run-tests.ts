import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** How a run of tests ended. */
export interface TestRun {
  readonly passed: boolean;
  /** The first test that failed, or what else went wrong. */
  readonly failedBy: string | null;
  /** Its file, where one is known. */
  readonly failedIn: string | null;
  readonly tests: number;
}

/** Which test files of a tree to run, and for how long at most. */
export interface TestRequest {
  readonly files: readonly string[];
  readonly isolated: boolean;
  readonly limitMs: number;
}

interface Report {
  readonly success: boolean;
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const readReport = async (path: string): Promise<Report | null> => {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Report;
  } catch {
    return null;
  }
};

const judge = (root: string, report: Report | null, exitCode: number | null): TestRun => {
  if (report === null) return { passed: false, failedBy: 'the run broke off', failedIn: null, tests: 0 };
  // Silence is no proof: a path that fits no file would let every mutant die.
  if (report.testResults.length === 0) throw new Error('none of the test files was found');
  const tests = report.numTotalTests;
  for (const { name, status, message, assertionResults } of report.testResults) {
    const failed = assertionResults.find((result) => result.status === 'failed');
    const failedIn = name.startsWith(root) ? name.slice(root.length + 1) : name;
    if (failed !== undefined) return { passed: false, failedBy: failed.fullName, failedIn, tests };
    if (status === 'failed' && assertionResults.length === 0)
      return { passed: false, failedBy: message.split('\n')[0] ?? 'the file does not load', failedIn, tests };
  }
  if (exitCode !== 0)
    return { passed: false, failedBy: 'an error outside of every test', failedIn: null, tests };
  return { passed: true, failedBy: null, failedIn: null, tests };
};

/** Vitest in a process of its own, which ends with its first failure. */
export const runVitest = async (
  root: string,
  { files, isolated, limitMs }: TestRequest,
): Promise<TestRun> => {
  const path = join(root, 'report.json');
  const child = spawn(
    join(root, 'node_modules', '.bin', 'vitest'),
    [
      'run',
      '--project',
      'unit*',
      '--bail',
      '1',
      // On a machine under load a sound test takes long; one that waits for ever still fails.
      '--testTimeout=60000',
      // Modules that did not change are not compiled again; the cache lies in the copy.
      '--experimental.fsModuleCache',
      `--experimental.fsModuleCachePath=${join(root, 'module-cache')}`,
      ...(isolated ? [] : ['--no-isolate']),
      '--reporter=json',
      `--outputFile=${path}`,
      ...files,
    ],
    { cwd: root, stdio: 'ignore', detached: true },
  );
  let isOver = false;
  // The workers, too: a mutant that loops for ever would keep them busy.
  const end = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It ended by itself in this moment.
    }
  };
  const timer = setTimeout(() => {
    isOver = true;
    end();
  }, limitMs);
  process.prependOnceListener('exit', end);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearTimeout(timer);
  process.off('exit', end);
  if (isOver) return { passed: false, failedBy: 'the tests did not end in time', failedIn: null, tests: 0 };
  const report = await readReport(path);
  await rm(path, { force: true });
  return judge(root, report, exitCode);
};
