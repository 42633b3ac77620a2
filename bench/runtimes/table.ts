import { providers, scenarios, type Result } from './cases.js';
import { flawOf } from './verdict.js';

/** What one platform did. */
export interface Row {
  readonly name: string;
  readonly results: readonly Result[];
}

const distinct = (values: readonly (string | number)[]): string => [...new Set(values)].join(', ');

/** Create, capture and refund of one scenario: writes seen, effects, outcome; the three in one where they agree. */
const cellOf = (results: readonly Result[]): string => {
  const flaws = results.flatMap((result) => flawOf(result) ?? []);
  if (flaws.length > 0) return `**${distinct(flaws)}**`;
  if (results.every(({ outcome }) => outcome === 'refused')) return 'refused: cannot run here';
  const each = results.map(({ writes, effects, outcome }) => `${writes} / ${effects} ${outcome}`);
  return distinct(each);
};

/** One table for each provider, as Markdown. */
export const describeMatrix = (rows: readonly Row[]): string =>
  providers
    .map((provider) => {
      const head = [provider, ...scenarios];
      const lines = rows.map(({ name, results }) => [
        name,
        ...scenarios.map((scenario) =>
          cellOf(results.filter((result) => result.provider === provider && result.scenario === scenario)),
        ),
      ]);
      const table = [head, head.map(() => '---'), ...lines];
      return `${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
    })
    .join('\n');
