import type { Outcome } from './run.js';

/** A cell holds one line, and no sign that ends a cell. */
const cell = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 200);

/** One row for each try, as Markdown. Platforms are measured elsewhere, with faults. */
export const describeTries = (outcomes: readonly Outcome[]): string => {
  const rows = outcomes.map(({ tried, failure }) => [
    tried.tool,
    tried.version,
    tried.what,
    failure === null ? 'ok' : `**${cell(failure)}**`,
  ]);
  const head = ['tool', 'version', 'tried', 'result'];
  return `${[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
};
