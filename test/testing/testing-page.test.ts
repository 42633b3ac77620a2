import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeBlocks } from '../../.ci/docs/snippets.js';
import { startSimulator, type Simulator } from '../../src/testing/index.js';
import { runBlocks } from '../docs/run-blocks.js';
import { textOf } from '../source-tree.js';

/** The code of docs/testing.md that says what comes out, run as it stands. */

const blocks = codeBlocks('docs/testing.md');
const blockWith = (words: string): string => {
  const found = blocks.filter((block) => block.includes(words));
  expect(found).toHaveLength(1);
  return found[0] ?? '';
};

describe('the lost answer of the fake client', () => {
  const block = blockWith('cut_before_commit');
  const run = async (page: string) => {
    const lines: unknown[][] = [];
    await runBlocks([page], { console: { log: (...line: unknown[]) => lines.push(line) } });
    return lines;
  };

  it('is unknown, and then did not happen', async () => {
    expect(await run(block)).toEqual([['unknown', 'did_not_happen', []]]);
  });

  it('has happened where it was cut afterwards', async () => {
    const after = block.replace('cut_before_commit', 'cut_after_commit');
    expect(await run(after)).toEqual([['unknown', 'happened', []]]);
  });

  it('stays unknown without the short settleMs', async () => {
    expect(await run(block.replace(', settleMs: 1', ''))).toEqual([['unknown', 'unknown', []]]);
  });

  it('is repeated by the engine with retries', async () => {
    const [line] = await run(block.replace('maxRetries: 0, ', ''));
    expect(line).toMatchObject([{ status: 'captured' }, 'happened', []]);
  });
});

describe('the faults of the simulator that never struck', () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator({ providers: ['stripe'], seed: 1 });
  });
  afterEach(() => simulator.close());

  it('are told at the end of a test', async () => {
    const block = blockWith('pendingFaults())\n');
    await runBlocks([block], { simulator });
    simulator.inject({ operation: 'refund', fault: 'refuse', times: 2 });
    await expect(runBlocks([block], { simulator })).rejects.toThrow('refuse never struck: refund, 2 left');
  });
});

it('the page has every option of startSimulator', async () => {
  const refused = await startSimulator({ provider: 'x' } as object).catch((error: unknown) => error);
  const known = / Known are (.+)\.$/.exec((refused as Error).message)?.[1]?.split(', ') ?? [];
  const page = textOf('docs/testing.md');
  expect(known).toContain('port');
  expect(known.filter((name) => !page.includes(`\n| \`${name}\` |`))).toEqual([]);
});
