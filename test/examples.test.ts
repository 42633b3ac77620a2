import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareWithLedger, runLifecycle } from '../src/cli/demo/lifecycle.js';
import { formatTable } from '../src/cli/demo/table.js';
import { createStripe } from '../src/providers/stripe/index.js';
import { startSimulator, type Simulator } from '../src/testing/index.js';
import { textOf } from './source-tree.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);
const runTypeScript = async (...parameters: string[]): Promise<string> => {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', ...parameters], { cwd: root });
  return stdout;
};

/** What every example prints. */
const expected: Readonly<Record<string, readonly string[]>> = {
  'authorize-then-capture': ['authorized 0 of 4590', 'captured 4000 of 4590'],
  create: ["captured 4590 EUR { order: '81' }", 'ship it'],
  'handle-declines': [
    'insufficient_funds -> keep the order open, try again in some hours with a new idempotency key',
    'do_not_honor -> ask for another card',
  ],
  'justifi-sub-account': ['acc_SimulatorShop 4590', 'acc_SimulatorOtherShop 4590', "[ 'payment 4590' ]"],
  'list-all': ['total 280000', '[ 70000, 60000, 50000 ] [ 40000, 30000, 20000 ]'],
  'magpie-gcash': ['requires_action gcash', 'https://shop.example/orders/81', 'captured 12550'],
  'omise-redirect': ['requires_action truemoney', 'captured', 'requires_action an image to show', 'captured'],
  'own-axios': ['post 200 trace-81', 'post 200 trace-81', 'captured'],
  'pin-three-d-secure': ['requires_action', 'captured 4590'],
  'reconcile-later': ['happened: captured 45900'],
  refund: ['500 succeeded', '4090 succeeded', 'captured full 4590'],
  'retry-safely': [
    'ConnectionError outcome: unknown',
    'captured the same charge',
    'charges at the provider: 1',
  ],
  router: ['us-spare captured 4590', 'us-spare', 'full 1'],
  search: [
    'order 81: captured 4590',
    'not captured yet: 82',
    "filtered by the provider: [ 'createdAfter', 'createdBefore' ] pages read at most: 40",
  ],
  'switch-provider': [
    'justifi captured 4590 USD',
    'magpie captured 4000 PHP',
    'omise captured 4590 THB',
    'pin captured 4590 AUD',
    'stripe captured 4000 EUR',
    'paymongo captured 4000 PHP',
  ],
  'three-d-secure': [
    'requires_action redirect',
    'captured authenticated',
    'requires_action redirect',
    'CardError authentication_failed',
  ],
  void: ['voided 0', 'ConflictError rejected'],
  webhook: ['a stranger gets 400', 'captured 4000 ship it'],
};

const examples = readdirSync(new URL('../examples', import.meta.url))
  .filter(
    (file) =>
      file.endsWith('.ts') && !['custom-provider.ts', 'queue-bullmq.ts', 'queue-pg-boss.ts'].includes(file),
  )
  .map((file) => file.replace(/\.ts$/, ''));

/** Imports every example one after the other, as `tsx examples/<name>.ts` does, and keeps what it prints. */
const program = `
  import { format } from 'node:util';
  const report = {};
  const write = console.log;
  for (const name of ${JSON.stringify(examples)}) {
    const lines = report[name] = [];
    console.log = (...values) => lines.push(format(...values));
    try {
      await import(new URL('./examples/' + name + '.ts', 'file://' + process.cwd() + '/').href);
    } catch (error) {
      lines.push(String(error?.stack));
    }
  }
  console.log = write;
  console.log(JSON.stringify(report));
`;

describe('the examples', () => {
  let report: Record<string, string[]>;

  beforeAll(async () => {
    // The process ends by itself: an example that leaves something open would hang here.
    report = JSON.parse(await runTypeScript('--input-type=module', '--eval', program)) as typeof report;
  });

  it('are all known here', () => {
    expect(examples).toEqual(Object.keys(expected).sort());
  });

  it.each(examples)('%s prints what it says', (name) => {
    expect(report[name]).toEqual(expected[name]);
  });

  it.each(examples)('%s has one idea: at most 40 lines, and imports what users import', (name) => {
    const text = textOf(`examples/${name}.ts`);
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
    const sources = [...text.matchAll(/from '([^']+)'|import\('([^']+)'\)/g)].map(
      (match) => match[1] ?? match[2],
    );
    const others = sources.filter((source) => !/^(?:unicharge(?:\/|$)|node:|axios$)/.test(source ?? ''));
    expect(others).toEqual([]);
  });
});

describe('the demo', () => {
  let simulator: Simulator;
  const shopOf = () => ({ charges: createStripe(simulator.settings('stripe')), currency: 'EUR' });

  beforeAll(async () => {
    simulator = await startSimulator({ providers: ['stripe'] });
  });
  afterAll(() => simulator.close());

  it('shows every step at every provider, and that the ledger agrees', async () => {
    const output = await runTypeScript('src/cli/main.ts', 'demo');
    expect(output).not.toContain('\u001b');
    const [header, , ...rows] = output.split('\n');
    const providers = header?.trim().split(/\s+/) ?? [];
    expect(providers.sort()).toEqual(['justifi', 'magpie', 'omise', 'paymongo', 'pin', 'stripe']);
    const table = rows.slice(0, rows.indexOf(''));
    expect(table.length).toBe(13);
    for (const row of table) expect(row.split(/ {2,}/).length).toBe(providers.length + 1);
    expect(output.trimEnd()).toMatch(/\nThe ledger agrees: .+$/);
  });

  it('notices a step that deviates', async () => {
    const shop = shopOf();
    // A void that does nothing.
    const charges = { ...shop.charges, void: (id: string) => shop.charges.retrieve(id) };
    const cells = await runLifecycle(simulator, 'stripe', { ...shop, charges });
    expect([...cells].filter(([, { kind }]) => kind === 'deviated').map(([name]) => name)).toEqual([
      'void',
      'search for voided',
    ]);
    expect(formatTable([{ name: 'stripe', cells }])).toContain('DEVIATES');
  });

  it('notices what the ledger says otherwise', async () => {
    const shop = shopOf();
    const { id } = await shop.charges.create({
      amount: 4590,
      currency: 'EUR',
      source: simulator.source('stripe', 'approved'),
    });
    const retrieve = async (asked: string) => {
      const charge = await shop.charges.retrieve(asked);
      return asked === id ? { ...charge, amountRefunded: 1 } : charge;
    };
    const charges = { ...shop.charges, retrieve };
    expect(await compareWithLedger(simulator, 'stripe', shop)).toEqual([]);
    expect(await compareWithLedger(simulator, 'stripe', { ...shop, charges })).toEqual([
      expect.stringContaining(id),
    ]);
  });
});
