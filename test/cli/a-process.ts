import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Each starts a process that compiles the sources: a busy machine takes its time. */
export const processTestMs = 180_000;

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command of these tests finds around it: nothing of whoever runs them. */
export const environmentOf = (own: Readonly<Record<string, string>>): NodeJS.ProcessEnv => {
  const { DATABASE_URL: _, REDIS_URL: __, NO_COLOR: ___, FORCE_COLOR: ____, ...rest } = process.env;
  return { ...rest, ...own };
};

const start = (
  program: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(program, words, { env: environmentOf(environment) }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });

export const unicharge = (words: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  start(process.execPath, ['--import', 'tsx', main, ...words], environment);

/**
 * The arguments with which `script` runs a command in a pseudo-terminal, standard error among what it shows. With `exec`,
 * since a shell that stays would get the key Ctrl-C as well, and some then end with 130 whatever the command answered.
 */
export const scriptWords = (words: readonly string[]): string[] => {
  const quoted = [process.execPath, '--import', 'tsx', main, ...words].map((word) => `'${word}'`).join(' ');
  return ['-qec', `exec ${quoted}`, '/dev/null'];
};

/** The same in a pseudo-terminal: what a person sees. */
export const inTerminal = (words: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  start('script', scriptWords(words), { TERM: 'xterm', ...environment });
