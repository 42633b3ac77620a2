import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ruleMutants } from '../../bench/rule-mutants/rules.js';

describe('the rules that are taken out', () => {
  it.each(ruleMutants)('stand in the sources once: $rule', ({ file, from, test }) => {
    const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    expect(source.split(from)).toHaveLength(2);
    expect(readFileSync(new URL(`../../${test}`, import.meta.url), 'utf8')).not.toBe('');
  });
});
