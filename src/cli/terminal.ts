import colours from 'picocolors';
import { systemRuntime } from '../runtime.js';

type Colours = ReturnType<typeof colours.createColors>;

/** Where a command writes. Results go to standard output, progress and complaints to standard error. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Of standard output: functions that change nothing where it is a pipe or colours are not wanted. */
  readonly colours: Colours;
  /** Whether a bar may be drawn on standard error. */
  readonly drawsBars: boolean;
  /** How wide standard error is. */
  readonly columns: number;
}

/** The part of a stream of this process that is used. */
interface TerminalStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** The terminal of a process. https://no-color.org: whatever `NO_COLOR` holds, unless it is empty, switches colours off. */
export const createTerminal = (
  { stdout, stderr }: { readonly stdout: TerminalStream; readonly stderr: TerminalStream },
  environment: Readonly<Record<string, string | undefined>>,
): Terminal => {
  const isDumb = environment['TERM'] === 'dumb';
  const wantsColours = (environment['NO_COLOR'] ?? '') === '' && !isDumb;
  return {
    out: (text) => void stdout.write(`${text}\n`),
    err: (text) => void stderr.write(text),
    colours: colours.createColors(stdout.isTTY === true && wantsColours),
    drawsBars: stderr.isTTY === true && !isDumb,
    // Some pseudo-terminals say that they are 0 columns wide.
    columns: stderr.columns === undefined || stderr.columns < 1 ? 80 : stderr.columns,
  };
};

/** Text of a store or a provider on one line: a control character could move the cursor or hide what stands before it. */
export const plain = (text: string): string => text.replaceAll(/\p{Cc}|\p{Cf}|\u2028|\u2029/gu, '?');

/** Rows in columns of equal width, two spaces between them. `paint` colours a cell after its width is known. */
export const table = (
  rows: readonly (readonly string[])[],
  paint: (cell: string, column: number, row: number) => string = (cell) => cell,
): string => {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  }
  return rows
    .map((row, index) =>
      row
        .map((cell, column) => {
          const isLast = column === row.length - 1;
          const padding = isLast ? '' : ' '.repeat((widths[column] ?? 0) - cell.length + 2);
          return paint(cell, column, index) + padding;
        })
        .join('')
        .trimEnd(),
    )
    .join('\n');
};

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A length of time in its largest unit: `3 h`, `12 s`. */
export const duration = (milliseconds: number): string => {
  for (const [name, size] of units) {
    if (milliseconds >= size) return `${Math.floor(milliseconds / size)} ${name}`;
  }
  return `${Math.max(0, Math.round(milliseconds))} ms`;
};

/** A bar that grows. */
export interface Bar {
  /** One more is done. */
  tick(): void;
  /** Takes the bar away. */
  end(): void;
}

const barWidth = 24;
/** Not more often: whoever is connected over a slow line reads along. */
const redrawMs = 100;

/** A bar on standard error with the time that is left by the pace so far; nothing at all where no bar may be drawn. */
export const startBar = (terminal: Terminal, total: number, clock = systemRuntime): Bar => {
  const startedAt = clock.monotonic();
  let done = 0;
  let drawnAt = -Infinity;
  const draw = (): void => {
    const now = clock.monotonic();
    if (!terminal.drawsBars || total === 0 || (now - drawnAt < redrawMs && done < total)) return;
    drawnAt = now;
    const share = Math.min(1, done / total);
    const filled = Math.round(share * barWidth);
    const left = done === 0 ? '' : `  ${duration(((now - startedAt) / done) * (total - done))} left`;
    const line = `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}] ${done}/${total}${left}`;
    terminal.err(`\r\u001b[2K${line.slice(0, Math.max(1, terminal.columns - 1))}`);
  };
  draw();
  return {
    tick: () => {
      done += 1;
      draw();
    },
    end: () => {
      if (terminal.drawsBars && total > 0) terminal.err('\r\u001b[2K');
    },
  };
};
