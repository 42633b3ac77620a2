/** One field that decides, with every value that makes a difference. */
export interface Axis<Value = unknown> {
  readonly field: string;
  readonly values: readonly { readonly label: string; readonly value: Value }[];
}

/** An axis. Each value is written as its label, unless a label is given. */
export const axis = (field: string, values: readonly (readonly [label: string, value: unknown])[]): Axis => ({
  field,
  values: values.map(([label, value]) => ({ label, value })),
});

/** One row: what each field may hold (null: whatever it holds), and the result. */
export interface DecisionRow {
  readonly labels: readonly (readonly string[] | null)[];
  readonly result: string;
}

/**
 * Asks for the result of every combination of the values and writes them as few rows as the order of the axes allows: a
 * field that makes no difference is left open, values with the same consequences share a row. Every combination fits
 * exactly one row.
 */
export const decisionTable = (
  axes: readonly Axis[],
  resultOf: (fields: Readonly<Record<string, unknown>>) => string,
): readonly DecisionRow[] => {
  const build = (depth: number, fields: Readonly<Record<string, unknown>>): readonly DecisionRow[] => {
    const current = axes[depth];
    if (current === undefined) return [{ labels: [], result: resultOf(fields) }];
    const groups = new Map<string, { labels: string[]; rows: readonly DecisionRow[] }>();
    for (const { label, value } of current.values) {
      const rows = build(depth + 1, { ...fields, [current.field]: value });
      const key = JSON.stringify(rows);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { labels: [label], rows });
      else group.labels.push(label);
    }
    return [...groups.values()].flatMap(({ labels, rows }) =>
      rows.map((row) => ({ ...row, labels: [groups.size === 1 ? null : labels, ...row.labels] })),
    );
  };
  return build(0, {});
};

/** How many combinations a table speaks of. */
export const combinations = (axes: readonly Axis[]): number =>
  axes.reduce((product, { values }) => product * values.length, 1);
