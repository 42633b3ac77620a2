import { applyMutation } from './mutations.js';
import type { Verdict } from './campaign.js';
import type { MutantName } from './draw.js';

const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;

/** The table of a run, by folder. */
export const tableOf = (verdicts: readonly Verdict[]): string => {
  const row = (name: string, some: readonly Verdict[]) => {
    const count = (fate: Verdict['fate']) => some.filter((verdict) => verdict.fate === fate).length;
    const [killed, compiler, survived] = [count('killed'), count('compiler'), count('survived')];
    const byTests = percent(killed, killed + survived);
    return `| ${name} | ${some.length} | ${killed} | ${compiler} | ${survived} | ${percent(killed + compiler, some.length)} | ${byTests} |`;
  };
  const names = [...new Set(verdicts.map(({ folder }) => folder))];
  return [
    '| folder | mutants | killed by tests | by the compiler | survived | score | of those that compile |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...names.map((name) =>
      row(
        name,
        verdicts.filter(({ folder }) => folder === name),
      ),
    ),
    row('all', verdicts),
  ].join('\n');
};

/** A mutant as the lines that it changes. */
export const diffOf = (text: string, { mutant }: Verdict): string => {
  const { file, line, operator, start, end } = mutant;
  const first = text.lastIndexOf('\n', start - 1) + 1;
  const after = text.indexOf('\n', end);
  const last = after === -1 ? text.length : after;
  const marked = (sign: string, part: string) =>
    part
      .split('\n')
      .map((each) => `${sign} ${each}`)
      .join('\n');
  const changed = applyMutation(text, mutant);
  const grown = changed.length - text.length;
  return [
    `${file}:${line} (${operator})`,
    marked('-', text.slice(first, last)),
    marked('+', changed.slice(first, last + grown)),
  ].join('\n');
};

/** What a later run needs to try the survivors again. */
export const survivorsOf = (
  verdicts: readonly Verdict[],
): readonly (MutantName & { readonly line: number })[] =>
  verdicts
    .filter(({ fate }) => fate === 'survived')
    .map(({ mutant: { file, line, operator, replacement, before, ordinal } }) => ({
      file,
      line,
      operator,
      replacement,
      before,
      ordinal,
    }));
