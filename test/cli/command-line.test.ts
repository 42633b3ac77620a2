import { describe, expect, it } from 'vitest';
import { readCommand } from '../../src/cli/command-line.js';
import { commandNames, overview, usageOf } from '../../src/cli/usage.js';

const postgres = 'postgres://shop:secret-of-the-shop@127.0.0.1/shop';
const redis = 'redis://:secret-of-the-shop@127.0.0.1';

describe('the command line', () => {
  it.each([
    [['simulator'], { kind: 'simulator', port: 0, webhooks: [], faults: [], json: false }],
    [
      ['simulator', '--port', '4700', '--json'],
      { kind: 'simulator', port: 4700, webhooks: [], faults: [], json: true },
    ],
    [
      ['simulator', '--fault', 'stripe:create=cut_after_commit', '--fault=omise=refuse*1000000'],
      {
        kind: 'simulator',
        port: 0,
        webhooks: [],
        json: false,
        faults: [
          { provider: 'stripe', operation: 'create', fault: 'cut_after_commit', times: 1 },
          { provider: 'omise', fault: 'refuse', times: 1_000_000 },
        ],
      },
    ],
    [
      ['simulator', '--port=4700', '--webhook', 'stripe=http://127.0.0.1:3000/hooks'],
      {
        kind: 'simulator',
        port: 4700,
        webhooks: [{ provider: 'stripe', url: 'http://127.0.0.1:3000/hooks' }],
        faults: [],
        json: false,
      },
    ],
    [['--help'], { kind: 'help', text: overview }],
    [['help', 'pending'], { kind: 'help', text: usageOf('pending') }],
    [['simulator', '-h'], { kind: 'help', text: usageOf('simulator') }],
    [['--version'], { kind: 'version' }],
    [['demo'], { kind: 'demo' }],
    [['pending', '--json'], { kind: 'pending', json: true, scopes: [], store: {} }],
    [
      ['pending', '--postgres', postgres, '--schema', 'payments', '--scope', 'a/b/c/-', '--scope', 'd'],
      { kind: 'pending', json: false, scopes: ['a/b/c/-', 'd'], store: { postgres, schema: 'payments' } },
    ],
    [
      ['reconcile', '--redis', redis, '--prefix', 'till:', '--config', 'shop.ts', '--wait', '20m'],
      {
        kind: 'reconcile',
        json: false,
        waitMs: 1_200_000,
        store: { redis, prefix: 'till:', config: 'shop.ts' },
      },
    ],
    [
      ['doctor', '--sqlite', './shop.db', '--table-prefix', 'till_'],
      { kind: 'doctor', json: false, store: { sqlite: './shop.db', tablePrefix: 'till_' } },
    ],
    [['doctor', '--json'], { kind: 'doctor', json: true, store: {} }],
  ])('%j is understood', (words, command) => {
    expect(readCommand(words)).toEqual(command);
  });

  it.each([
    [[], 'comes first'],
    [['--port=4700', 'simulator'], 'comes first'],
    [['emulator'], 'emulator'],
    [['simulator', 'now'], 'now'],
    [['simulator', '--colour'], 'There is no option --colour.'],
    [['reconcile', '--stor', redis], 'There is no option --stor.'],
    [['reconcile', '--pg', postgres], 'There is no option --pg.'],
    [['reconcile', '--wiat=20m'], 'Did you mean --wait?'],
    [['pending', `--${postgres}`], 'There is no option of this name.'],
    [['pending', '--json=yes'], '--json takes no value.'],
    [['reconcile', '--wait', '--json'], '--wait needs a value.'],
    [['simulator', '--port'], '--port needs a value.'],
    [['simulator', '--port', 'ten'], '--port'],
    [['simulator', '--port', '65001'], '--port'],
    [['simulator', '--port', ''], '--port'],
    [['simulator', '--webhook', 'http://127.0.0.1:3000'], '--webhook'],
    [['simulator', '--fault', 'refuse'], '--fault'],
    [['simulator', '--fault', 'stripe:create=refuse*0'], '--fault'],
    [['simulator', '--fault', 'stripe:create'], '--fault'],
    [['pending', '--wait', '20m'], '--wait'],
    [['reconcile', '--wait', '20'], '--wait'],
    [['reconcile', '--wait', 'soon'], '--wait'],
    [['pending', '--postgres', postgres, '--redis', redis], 'one store'],
    [['pending', '--postgres', redis], '--postgres'],
    [['pending', '--redis', 'localhost:6379'], '--redis'],
    [['pending', '--redis', redis, '--schema', 'payments'], '--schema'],
    [['pending', '--postgres', postgres, '--prefix', 'till:'], '--prefix'],
    [['pending', '--sqlite', './shop.db', '--redis', redis], 'one store'],
    [['pending', '--sqlite', './shop.db', '--schema', 'payments'], '--schema'],
    [['pending', '--sqlite', './shop.db', '--prefix', 'till:'], '--prefix'],
    [['pending', '--redis', redis, '--table-prefix', 'till_'], '--table-prefix'],
    [['pending', postgres], 'Unexpected argument.'],
  ])('%j is refused', (words, reason) => {
    const command = readCommand(words);
    expect(command).toMatchObject({ kind: 'refused', message: expect.stringContaining(reason) });
    expect(JSON.stringify(command)).not.toContain('secret-of-the-shop');
  });

  it('has a help text for every command', () => {
    for (const name of commandNames) {
      expect(usageOf(name)).toMatch(new RegExp(`^Usage: unicharge ${name}`));
      expect(overview).toContain(`  ${name}`);
      for (const line of usageOf(name).split('\n')) expect(line.length).toBeLessThanOrEqual(120);
    }
  });
});
