import { version } from '../version.js';
import type { Check } from './doctor/check.js';
import { checkClient } from './doctor/client-checks.js';
import { checkRuntime } from './doctor/runtime-checks.js';
import { checkStores } from './doctor/store-checks.js';
import { allWell, needsAttention } from './refusal.js';
import type { Surroundings } from './stores.js';
import { plain, table, type Terminal } from './terminal.js';

const countOf = (checks: readonly Check[], status: Check['status']): number =>
  checks.filter((check) => check.status === status).length;

/** `unicharge doctor`: what could cost money here, and what to do about it. Reads only. */
export const examine = async (
  surroundings: Surroundings,
  terminal: Terminal,
  { json }: { readonly json: boolean },
): Promise<number> => {
  const checks = [...(await checkRuntime()), ...(await checkStores(surroundings))];
  for (const client of surroundings.clients) checks.push(...(await checkClient(client, surroundings)));
  const problems = countOf(checks, 'problem');
  const warnings = countOf(checks, 'warning');
  const exitCode = problems > 0 ? needsAttention : allWell;
  if (json) {
    terminal.out(JSON.stringify({ version, problems, warnings, checks }, null, 2));
    return exitCode;
  }
  const { green, yellow, red, dim } = terminal.colours;
  const paints = { ok: green, warning: yellow, problem: red };
  const rows: [subject: string, status: Check['status'] | '', message: string][] = [];
  for (const { subject, status, message, advice } of checks) {
    rows.push([plain(subject), status, plain(message)]);
    if (advice !== null) rows.push(['', '', plain(advice)]);
  }
  terminal.out(
    table(rows, (cell, column, row) => {
      const status = rows[row]?.[1];
      if (column === 1 && status !== '' && status !== undefined) return paints[status](cell);
      return column === 2 && status === '' ? dim(cell) : cell;
    }),
  );
  if (surroundings.clients.length === 0) {
    terminal.out(dim('\nNo client was checked: name a module that exports clients with --config.'));
  }
  const counted = `${countOf(checks, 'ok')} ok, ${warnings} warnings, ${problems} problems`;
  terminal.out(`\n${counted}${exitCode === allWell ? '' : ` (exit ${exitCode})`}`);
  return exitCode;
};
