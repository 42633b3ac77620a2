import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differencesOf, makeReports } from '../.ci/api/report.js';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unicharge-api-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The declarations of a small package in two entries and one shared file, as the bundler writes them. */
const shop = {
  'shared-Ab12.d.ts': `
    /** Says nothing to a reviewer. */
    interface Money { currency: string; /** Minor units. */ amount: number; }
    type Status = null | 'paid' | 'failed';
    interface Options$1 { deep?: boolean; }
    interface Client { pay(money: Money, options?: Options$1): Promise<Status>; }
    export type { Client as C, Money as M, Options$1 as O };`,
  'index.d.ts': `
    import { C as Client, M as Money } from './shared-Ab12.js';
    export { type Client, type Money };`,
  'card.d.ts': `
    import { C as Client, O as Options$1 } from './shared-Ab12.js';
    import * as z from 'zod';
    declare function createCard(options: Options$1): Client;
    declare function createCard(options: Options$1, schema: z.ZodString): Client;
    interface Options { own: true; }
    declare const options: Options;
    export { type Client, createCard, options };`,
};

const reportsOf = async (files: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, string>> => {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return makeReports([
    { specifier: 'shop', file: join(folder, 'index.d.ts') },
    { specifier: 'shop/card', file: join(folder, 'card.d.ts') },
  ]);
};

const codeOf = (reports: ReadonlyMap<string, string>, file: string): string =>
  /```ts\n([^]*)\n```/.exec(reports.get(file) ?? '')?.[1] ?? '';

describe('the report of the public signatures', () => {
  it('writes a declaration out in the first entry that has it, sorted and without comments', async () => {
    expect(codeOf(await reportsOf(shop), 'index')).toBe(
      `export interface Client {
  pay(money: Money, options?: Options): Promise<Status>;
}

export interface Money {
  amount: number;
  currency: string;
}

// Not exported, but named by signatures above or in other reports.

interface Options {
  deep?: boolean;
}

type Status = 'failed' | 'paid' | null;`,
    );
  });

  it('names in a later entry what an earlier one wrote out, and keeps two of one name apart', async () => {
    expect(codeOf(await reportsOf(shop), 'card')).toBe(
      `import { Options } from 'shop';
import * as z from 'zod';

export { Client } from 'shop';

export declare function createCard(options: Options): Client;
export declare function createCard(options: Options, schema: z.ZodString): Client;

export declare const options: Options_2;

// Not exported, but named by signatures above or in other reports.

interface Options_2 {
  own: true;
}`,
    );
  });

  it('says of an entry that exports all of another that it does', async () => {
    const card = shop['card.d.ts']
      .replace('type Client,', 'type Client, type Money,')
      .replace('C as', 'M as Money, C as');
    expect(codeOf(await reportsOf({ ...shop, 'card.d.ts': card }), 'card')).toContain(
      "export * from 'shop';",
    );
  });

  it('does not depend on the order of members and unions, on comments, or on what the bundler calls a file', async () => {
    const rewritten = {
      'shared-Zz99.d.ts': shop['shared-Ab12.d.ts']
        .replace("null | 'paid' | 'failed'", "'failed' | 'paid' | null")
        .replace('currency: string; /** Minor units. */ amount: number;', 'amount: number; currency: string;')
        .replaceAll('Options$1', 'Options$7'),
      'index.d.ts': shop['index.d.ts'].replace('Ab12', 'Zz99'),
      'card.d.ts': shop['card.d.ts'].replace('Ab12', 'Zz99'),
    };
    expect(await reportsOf(rewritten)).toEqual(await reportsOf(shop));
  });

  it('shows a changed signature by file and line, in the entry that owns it alone', async () => {
    const checkedIn = await reportsOf(shop);
    const changed = shop['shared-Ab12.d.ts'].replace('currency: string', 'currency?: string');
    expect(differencesOf(checkedIn, await reportsOf({ ...shop, 'shared-Ab12.d.ts': changed }))).toEqual([
      'index, line 12, has "  currency: string;" where the build has "  currency?: string;"',
    ]);
  });

  it('shows reports that are missing, and those that no entry has', () => {
    expect(differencesOf(new Map([['old', '']]), new Map([['new', '']]))).toEqual([
      'new is missing',
      'old is no entry of the build',
    ]);
    expect(differencesOf(new Map([['a', 'x']]), new Map([['a', 'x']]))).toEqual([]);
  });
});
