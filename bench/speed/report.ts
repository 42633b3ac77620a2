import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { versionOf } from './build.js';
import type { RowResult } from './calls.js';
import type { Figure } from './figures.js';
import type { BenchedProvider, Operation } from './messages.js';
import { describeCalls, describeFigures } from './table.js';

/** Everything that one run measured. */
export interface Report {
  readonly machine: string;
  readonly versions: string;
  readonly rounds: number;
  /** Why the build is not what the sources say, or null. */
  readonly stale: string | null;
  /** Bytes of the server's answer to a create. */
  readonly bytes: Readonly<Record<BenchedProvider, number>>;
  readonly calls: readonly RowResult[];
  readonly figures: readonly Figure[];
}

export const describeMachine = (): string =>
  `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}`;

export const describeVersions = (root: string): string =>
  ['stripe', '@justifi/justifi-node', 'omise', 'axios', 'zod']
    .map((name) => `${name} ${versionOf(root, name)}`)
    .join(', ');

const callsIntroduction = (report: Report): string =>
  `${report.machine}; ${report.versions}; ${report.rounds} rounds; answers of ` +
  `${Object.entries(report.bytes)
    .map(([provider, bytes]) => `${bytes} bytes (${provider})`)
    .join(', ')}.${report.stale === null ? '' : ` CAUTION: ${report.stale}.`}`;

export const describeReport = (report: Report): string =>
  [
    callsIntroduction(report),
    report.calls.length === 0 ? '' : describeCalls(report.calls),
    report.figures.length === 0 ? '' : describeFigures(report.figures),
  ]
    .filter((text) => text !== '')
    .join('\n\n');

/** Puts what a command measured between its two comments on a page. */
export const writeBetween = async (page: string, name: string, generated: string): Promise<void> => {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const text = await readFile(page, 'utf8');
  const [head, rest] = text.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error(`${page} has no place for the results`);
  await writeFile(page, `${head}${begin}\n\n${generated}\n\n${end}${tail}`);
};

const cpuRatio = (calls: readonly RowResult[], operation: Operation): string => {
  const result = calls.find(
    ({ row }) => row.provider === 'stripe' && row.operation === operation && row.inFlight === 64,
  );
  const ratio = result?.contestants.unicharge?.ratio.median;
  if (ratio === undefined) throw new Error(`stripe ${operation} was not measured`);
  return ratio.toFixed(2);
};

/** The tables into their page, and the two lines that the README quotes. */
export const writeReport = async (root: string, report: Report): Promise<void> => {
  if (report.stale !== null) throw new Error(`nothing is written: ${report.stale}`);
  await writeBetween(
    join(root, 'docs/performance.md'),
    'bench',
    `Measured with \`npm run bench -- --write\` on ${describeReport(report)}`,
  );
  const [create, retrieve] = [cpuRatio(report.calls, 'create'), cpuRatio(report.calls, 'retrieve')];
  await writeBetween(
    join(root, 'README.md'),
    'bench',
    `- CPU of a Stripe \`create\`, with all checks and the record of the write: ${create} times that of the official SDK.\n` +
      `- CPU of a Stripe \`retrieve\`: ${retrieve} times. 64 calls in flight, ${report.machine}, ` +
      '`npm run bench`; everything else is in [Performance](docs/performance.md).',
  );
};
