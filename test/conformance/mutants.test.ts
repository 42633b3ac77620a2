import { describe, expect, it } from 'vitest';
import { measureKit } from '../../bench/kit-mutants/measure.js';
import { mutants } from '../../bench/kit-mutants/mutants.js';
import { isProven, proofs } from '../../bench/kit-mutants/proofs.js';

/** Every sixth planted fault; `npm run test:kit-mutants` takes them all. */
const step = 6;

describe('the conformance kit', () => {
  it('passes what is sound and finds what is planted', { timeout: 60_000 }, async () => {
    const { sound, verdicts } = await measureKit({ step });
    expect(sound.flatMap(({ failures }) => failures)).toEqual([]);
    expect(sound.every(({ cases }) => cases > 60)).toBe(true);
    expect(verdicts.length).toBeGreaterThan(20);
    expect(verdicts.filter(({ killedBy }) => killedBy === null)).toEqual([]);
  });

  it.each(proofs)('notices, where $mutant: $named', async (proof) => {
    expect(await isProven(proof)).toBe(true);
  });

  it('is measured with many faults, each of them once', () => {
    const names = mutants.map(({ subject, name }) => `${subject.name}: ${name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(100);
  });
});
