import { describe, expect, it } from 'vitest';
import { runCases, type Result } from '../../bench/runtimes/cases.js';
import { describeMatrix } from '../../bench/runtimes/table.js';
import { flawOf } from '../../bench/runtimes/verdict.js';
import { serveControl } from '../../src/simulator/control.js';
import { startSimulator } from '../../src/testing/index.js';
import { closedPort } from '../transport/a-server.js';

const result = (more: Partial<Result>): Result => ({
  provider: 'pin',
  operation: 'create',
  scenario: 'lost answer',
  outcome: 'unknown',
  message: '',
  writes: 1,
  effects: 1,
  ...more,
});

describe('the matrix of platforms', () => {
  it('finds nothing false at a provider without keys on this Node', async () => {
    const simulator = await startSimulator();
    const control = await serveControl(simulator, 0);
    try {
      const closed = await closedPort();
      const job = { control: control.origin, closed, timeoutMs: 100, providers: ['pin'] } as const;
      const results = await runCases(job);
      expect(results).toHaveLength(12);
      expect(results.filter((each) => flawOf(each) !== null)).toEqual([]);
      const refused = results.filter(({ scenario }) => scenario === 'refused');
      expect(new Set(refused.map(({ outcome }) => outcome))).toEqual(new Set(['not_sent']));
      const others = results.filter(({ scenario }) => scenario !== 'refused');
      expect(others.map(({ outcome, writes }) => `${outcome} ${writes}`)).toEqual(
        Array.from({ length: 9 }, () => 'unknown 1'),
      );
    } finally {
      await control.close();
      await simulator.close();
    }
  });

  it.each([
    ['a double', result({ effects: 2, writes: 2 }), 'double'],
    ['a second write without a key', result({ writes: 2 }), 'sent twice'],
    ['a not_sent that was sent', result({ outcome: 'not_sent' }), 'false not_sent'],
    ['a rejected that took effect', result({ outcome: 'rejected' }), 'false rejected'],
    ['a success that did not', result({ outcome: 'succeeded', effects: 0 }), 'false success'],
    ['an error that is none of ours', result({ outcome: 'raw error' }), 'raw error'],
  ])('calls %s by its name', (_, given, flaw) => {
    expect(flawOf(given)).toBe(flaw);
    expect(describeMatrix([{ name: 'Here', results: [given] }])).toContain(`**${flaw}**`);
  });

  it('has nothing against a second write with the same key', () => {
    expect(flawOf(result({ provider: 'stripe', writes: 2, outcome: 'succeeded' }))).toBeNull();
  });
});
