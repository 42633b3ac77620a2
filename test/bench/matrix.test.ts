import { describe, expect, it } from 'vitest';
import { firstComplaint } from '../../bench/matrix/run.js';
import { describeTries } from '../../bench/matrix/table.js';
import { tries } from '../../bench/matrix/tries.js';

describe('the matrix of tools', () => {
  it('pins the version of everything that it installs', () => {
    const versions = tries.flatMap(({ version, packages }) => [version, ...Object.values(packages)]);
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('installs the tool itself in the version that its row names', () => {
    const bring = tries.filter(({ manager }) => manager === 'npm');
    const missing = bring.filter(({ packages, version }) => !Object.values(packages).includes(version));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it('has a name for each try', () => {
    expect(new Set(tries.map(({ name }) => name)).size).toBe(tries.length);
  });

  it('shows the first line that speaks of an error, in a cell that stays a cell', () => {
    const output = 'vite v8 building\n\n  [error] a | b is not exported by c  \nand more';
    const [tried] = tries;
    const table = describeTries([
      { tried: tried!, failure: firstComplaint(output) },
      { tried: tried!, failure: null },
    ]);
    expect(table.split('\n').slice(2, 4)).toEqual([
      `| TypeScript | ${tried!.version} | ${tried!.what} | **[error] a \\| b is not exported by c** |`,
      `| TypeScript | ${tried!.version} | ${tried!.what} | ok |`,
    ]);
  });

  it('shows the first line where none speaks of an error', () => {
    expect(firstComplaint('\n\nno such file\nmore')).toBe('no such file');
    expect(firstComplaint('')).toBe('it said nothing');
  });
});
