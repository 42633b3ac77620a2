import { createTerminal, type Terminal } from '../../src/cli/terminal.js';

/** A terminal that keeps what was written. */
export interface RecordedTerminal extends Terminal {
  readonly written: { stdout: string; stderr: string };
}

export const recordTerminal = (
  { isTTY = false, columns = 80 }: { isTTY?: boolean; columns?: number } = {},
  environment: Record<string, string> = {},
): RecordedTerminal => {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY,
    columns,
    write: (text: string) => (written[name] += text),
  });
  const terminal = createTerminal({ stdout: stream('stdout'), stderr: stream('stderr') }, environment);
  return { ...terminal, written };
};

/** Where a command runs that needs no config and no environment of its own. */
export const places = {
  folder: import.meta.dirname,
  environment: {},
  stopped: () => Promise.resolve(),
};
