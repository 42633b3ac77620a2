/** What one step did at one provider. */
export type Cell =
  | { readonly kind: 'done'; readonly text: string }
  /** The provider cannot do it, and said so before anything was sent. */
  | { readonly kind: 'refused'; readonly why: string; readonly instead?: string }
  | { readonly kind: 'deviated'; readonly why: string };

/** The cells of one provider, by the name of the step. */
export interface Column {
  readonly name: string;
  readonly cells: ReadonlyMap<string, Cell>;
}

/** Aligned text: one row a step, one column a provider, and below it the notes that the cells refer to. */
export const formatTable = (columns: readonly Column[]): string => {
  const notes: string[] = [];
  const noteOf = (text: string): number => {
    if (!notes.includes(text)) notes.push(text);
    return notes.indexOf(text) + 1;
  };
  const show = (name: string, cell: Cell | undefined): string => {
    if (cell === undefined) return '';
    if (cell.kind === 'done') return cell.text;
    const note = noteOf(`${name}: ${cell.why}`);
    if (cell.kind === 'deviated') return `DEVIATES [${note}]`;
    return cell.instead === undefined ? `refused [${note}]` : `${cell.instead} [${note}]`;
  };

  const steps = [...new Set(columns.flatMap(({ cells }) => [...cells.keys()]))];
  const rows = [
    ['', ...columns.map(({ name }) => name)],
    ...steps.map((step) => [step, ...columns.map(({ name, cells }) => show(name, cells.get(step)))]),
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const lines = rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return [...lines, '', ...notes.map((note, index) => `[${index + 1}] ${note}`)].join('\n');
};
