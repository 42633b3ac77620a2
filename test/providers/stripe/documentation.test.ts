import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { currencies } from '../../../src/models/money.js';
import { defaultApiVersion } from '../../../src/providers/stripe/index.js';
import { amountIssues, readDecline } from './reading.js';

const page = readFileSync(new URL('../../../docs/providers/stripe.md', import.meta.url), 'utf8');

const sectionOf = (title: string): string => page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
const rowsOf = (section: string): string[][] =>
  section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .slice(1)
    .filter(([first]) => !first?.startsWith('---'));
const wordsIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? '');

describe('the page about Stripe', () => {
  it('gives every decline code the meaning that it has', async () => {
    const rows = rowsOf(sectionOf('Decline codes'));
    expect(rows.length).toBeGreaterThan(25);
    for (const [names = '', code = '', advice = ''] of rows) {
      const groups = names.split(';');
      for (const [index, group] of groups.entries()) {
        for (const name of wordsIn(group)) {
          const failure = await readDecline({ code: name, decline_code: name });
          const read = { name, code: failure.code, advice: failure.advice };
          const written = wordsIn(advice.split(';')[index] ?? '')[0] ?? wordsIn(advice)[0];
          expect(read).toEqual({ name, code: wordsIn(code)[0], advice: written });
        }
      }
    }
  });

  it('names exactly the currencies that are refused', () => {
    const refused = currencies.filter((currency) =>
      amountIssues(1000, currency).some(({ path }) => path === 'currency'),
    );
    const row = rowsOf(sectionOf('Currencies')).at(-1)?.[0] ?? '';
    expect(row.split(', ').sort()).toEqual([...refused].sort());
  });

  it('names the API version that is sent', () => {
    expect(page).toContain(`default \`${defaultApiVersion}\``);
  });
});
