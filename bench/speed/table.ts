import { nameOf, type Goal, type RowResult, type Summary } from './calls.js';
import type { Figure } from './figures.js';
import type { Spread } from './statistics.js';

/** Text that is a Markdown table and reads well in a terminal. */
export const tableOf = (head: readonly string[], body: readonly (readonly string[])[]): string => {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((cells) => (cells[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (column === 0 ? (cells[column] ?? '').padEnd(width) : (cells[column] ?? '').padStart(width))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...body.map(line)].join('\n');
};

const fixed = (value: number | undefined, digits: number): string =>
  value === undefined ? '' : value.toFixed(digits);

export const spread = ({ median, lower, upper }: Spread): string =>
  `${median.toFixed(2)} [${lower.toFixed(2)}-${upper.toFixed(2)}]`;

const goalText = (goal: Goal | null, unit = ''): string => {
  if (goal === null) return '';
  const shown = (value: number): string => (unit === '' ? value.toFixed(2) : `${value}${unit}`);
  return 'most' in goal ? `≤ ${shown(goal.most)}` : `≥ ${shown(goal.least)}`;
};

/** Compared as it is shown: to two digits. */
export const isReached = (goal: Goal, value: number): boolean => {
  const shown = Math.round(value * 100) / 100;
  return 'most' in goal ? shown <= goal.most : shown >= goal.least;
};

const verdict = (goal: Goal | null, value: number): string =>
  goal === null ? '' : isReached(goal, value) ? 'yes' : 'no';

/** A webhook is told as a rate, of everything else the CPU of a call. */
export const judged = ({ row: { goal }, contestants }: RowResult): Spread | undefined =>
  goal !== null && 'least' in goal ? contestants.unicharge?.rateRatio : contestants.unicharge?.ratio;

const beside = (own: Summary | undefined, sdk: Summary | undefined, name: 'p50' | 'p99'): string =>
  `${fixed(own?.[name], 2)} / ${fixed(sdk?.[name], 2)}`;

/** Above this share of a core, a rate says more about the server than about the client. */
const serverBound = 0.7;

const rateText = (own: Summary | undefined): string =>
  own === undefined ? '' : `${fixed(own.rateRatio.median, 2)}${own.serverShare > serverBound ? '*' : ''}`;

export const describeCalls = (results: readonly RowResult[]): string => {
  const withOther = results.some(({ contestants }) => contestants['other build'] !== undefined);
  const head = [
    'call',
    'CPU µs',
    'SDK µs',
    'CPU to SDK [quartiles]',
    'goal',
    'reached',
    'axios',
    'node:http',
    'rate to SDK',
    'p50 ms / SDK',
    'p99 ms / SDK',
    'requests / SDK',
  ];
  const body = results.map((result) => {
    const { row, contestants } = result;
    const { unicharge: own, sdk, axios, raw } = contestants;
    const asRate = row.goal !== null && 'least' in row.goal;
    return [
      row.operation === 'list' ? `${row.provider} list, per charge` : nameOf(row),
      fixed(own?.cpu, 0),
      fixed(sdk?.cpu, 0),
      own === undefined ? '' : spread(own.ratio),
      `${asRate ? 'rate ' : ''}${goalText(row.goal)}`,
      verdict(row.goal, judged(result)?.median ?? Number.NaN),
      fixed(axios?.ratio.median, 2),
      fixed(raw?.ratio.median, 2),
      rateText(own),
      row.operation === 'list' ? '' : beside(own, sdk, 'p50'),
      row.operation === 'list' ? '' : beside(own, sdk, 'p99'),
      `${fixed(own?.requestsOfCall, 1)} / ${fixed(sdk?.requestsOfCall, 1)}`,
    ];
  });
  if (!withOther) return tableOf(head, body);
  // The second build stands right beside the ratio that it is compared with.
  const at = 4;
  return tableOf(
    head.toSpliced(at, 0, 'other build'),
    body.map((cells, index) => {
      const other = results[index]?.contestants['other build'];
      return cells.toSpliced(at, 0, other === undefined ? '' : spread(other.ratio));
    }),
  );
};

export const describeFigures = (figures: readonly Figure[]): string =>
  tableOf(
    ['figure', 'measured', 'beside', 'to it', 'goal', 'reached'],
    figures.map(({ what, measured, beside, value, shown, goal, unit }) => [
      what,
      measured,
      beside,
      shown,
      goalText(goal, unit),
      verdict(goal, value),
    ]),
  );
