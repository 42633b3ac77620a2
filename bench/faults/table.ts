import type { Judged, LaboratoryResult } from './laboratory.js';
import { flaws, type Flaw } from './verdict.js';

/** Counts of a group of operations. */
export interface Tally {
  operations: number;
  calls: number;
  writes: number;
  neededReconcile: number;
  doubledByNetwork: number;
  detected: number;
  unknown: number;
  readonly flaws: Record<Flaw, number>;
}

const newTally = (): Tally => ({
  operations: 0,
  calls: 0,
  writes: 0,
  neededReconcile: 0,
  doubledByNetwork: 0,
  detected: 0,
  unknown: 0,
  flaws: Object.fromEntries(flaws.map((flaw) => [flaw, 0])) as Record<Flaw, number>,
});

const add = (tally: Tally, { story, verdict }: Judged): void => {
  tally.operations += 1;
  tally.calls += story.ends.length;
  tally.writes += story.writes;
  tally.neededReconcile += Number(verdict.neededReconcile);
  tally.doubledByNetwork += Number(verdict.doubledByNetwork);
  tally.detected += Number(verdict.detected);
  tally.unknown += Number(verdict.unknown);
  for (const flaw of verdict.flaws) tally.flaws[flaw] += 1;
};

/** Counts by whatever tells groups apart. */
export const tallyBy = (judged: readonly Judged[], groupOf: (each: Judged) => string): Map<string, Tally> => {
  const tallies = new Map<string, Tally>();
  for (const each of judged) {
    const group = groupOf(each);
    const tally = tallies.get(group) ?? newTally();
    tallies.set(group, tally);
    add(tally, each);
  }
  return tallies;
};

export const phaseOf = ({ story: { plan } }: Judged): string =>
  plan.killedAfterMs === null ? (plan.faults[0] ?? 'none') : 'killed_at_random';

const columns: readonly { readonly title: string; value(tally: Tally): string | number }[] = [
  { title: 'operations', value: ({ operations }) => operations },
  { title: 'calls', value: ({ calls }) => calls },
  { title: 'writes', value: ({ writes }) => writes },
  { title: 'double charges', value: (tally) => tally.flaws['double charge'] },
  { title: 'double refunds', value: (tally) => tally.flaws['double refund'] },
  { title: 'happened, said failed', value: (tally) => tally.flaws['happened, but reported as failed'] },
  { title: 'said done, did not', value: (tally) => tally.flaws['reported as done, but it is not'] },
  { title: 'told another', value: (tally) => tally.flaws['told of another amount or charge'] },
  { title: 'lost', value: (tally) => tally.flaws.lost },
  { title: 'needed reconcile', value: ({ neededReconcile }) => neededReconcile },
  {
    title: 'network doubled (found)',
    value: ({ doubledByNetwork, detected }) => `${doubledByNetwork} (${detected})`,
  },
];

/** A table as Markdown, which is readable in a terminal, too. */
export const markdown = (
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string => {
  const lines = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(3, ...lines.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  const [first = [], ...others] = lines;
  return [line(first), rule, ...others.map(line)].join('\n');
};

const tableOf = (
  title: string,
  tallies: ReadonlyMap<string, Tally>,
  extra?: (group: string) => string,
): string => {
  return markdown(
    [
      title,
      ...columns.map((column) => column.title),
      ...(extra === undefined ? [] : ['extra requests each']),
    ],
    [...tallies]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([group, tally]) => [
        group,
        ...columns.map(({ value }) => value(tally)),
        ...(extra === undefined ? [] : [extra(group)]),
      ]),
  );
};

/** What a run came to: by provider, by what the first request met, and in all. */
export const describeResult = (result: LaboratoryResult): string => {
  const byProvider = tallyBy(result.judged, ({ story }) => story.plan.provider);
  const extra = (provider: string): string => {
    const requests = result.requests.get(provider as never) ?? 0;
    const { operations } = byProvider.get(provider) ?? newTally();
    return (requests / operations - 1).toFixed(2);
  };
  return [
    tableOf('provider', byProvider, extra),
    tableOf('first request meets', tallyBy(result.judged, phaseOf)),
    tableOf(
      '',
      tallyBy(result.judged, () => 'in all'),
    ),
  ].join('\n\n');
};

export const countFlaws = (judged: readonly Judged[]): number =>
  judged.reduce((sum, { verdict }) => sum + verdict.flaws.length, 0);
