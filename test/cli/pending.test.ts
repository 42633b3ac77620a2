import { beforeEach, describe, expect, it } from 'vitest';
import { showPending } from '../../src/cli/pending.js';
import type { NewOperation, OperationStore } from '../../src/models/operation-store.js';
import { memoryStore } from '../../src/stores/memory.js';
import { anOperation, ownerOf } from '../stores/an-operation.js';
import { recordTerminal } from './a-terminal.js';
import { surroundingsOf } from './surroundings.js';

let now: number;
let store: OperationStore;
const hour = 3_600_000;

beforeEach(() => {
  now = Date.now() - 3 * hour;
  store = memoryStore({ runtime: { now: () => now } });
});

const begin = async (changes: Partial<NewOperation> & Pick<NewOperation, 'scope'>) =>
  ownerOf(await store.begin(anOperation(changes)));

/** One of each standing, in two scopes, with one that is finished. */
const fill = async (): Promise<void> => {
  const lost = await begin({ scope: 'default/omise/live/-', key: 'order-1', leaseMs: hour });
  await store.prepare(lost, null);
  await store.settle(lost, { state: 'unknown', result: null, sent: true });
  const dead = await begin({ scope: 'default/omise/live/-', key: 'order-2', leaseMs: hour });
  await store.prepare(dead, null);
  await begin({ scope: 'default/stripe/test/acct_1', key: 'order-3', leaseMs: hour });
  const done = await begin({ scope: 'default/stripe/test/acct_1', key: 'order-4', leaseMs: hour });
  await store.settle(done, { state: 'succeeded', result: null });
  now += 3 * hour;
  await begin({
    scope: 'default/stripe/test/acct_1',
    key: 'refund-5',
    operation: 'refund',
    target: 'ch_1',
    leaseMs: hour,
  });
};

describe('unicharge pending', () => {
  it('shows what is open, oldest first in each scope, without colours in a pipe', async () => {
    await fill();
    const terminal = recordTerminal();
    expect(await showPending(surroundingsOf([store]), terminal, { json: false, scopes: [] })).toBe(0);
    // The clock of the store goes on between a record and its age.
    expect(`\n${terminal.written.stdout.replace(/\d+ ms$/m, '0 ms')}`).toBe(`
scope                       key       operation  charge  amount     state                     age
default/omise/live/-        order-1   create     -       45.90 EUR  unknown                   3 h
default/omise/live/-        order-2   create     -       45.90 EUR  abandoned                 3 h
default/stripe/test/acct_1  order-3   create     -       45.90 EUR  abandoned before sending  3 h
default/stripe/test/acct_1  refund-5  refund     ch_1    45.90 EUR  under way                 0 ms

4 open in 2 scopes
`);
    expect(terminal.written.stderr).toBe('');
  });

  it('colours a terminal, unless NO_COLOR is set', async () => {
    await fill();
    const shown = async (environment: Record<string, string>) => {
      const terminal = recordTerminal({ isTTY: true }, environment);
      await showPending(surroundingsOf([store]), terminal, { json: false, scopes: [] });
      return terminal.written.stdout;
    };
    expect(await shown({})).toContain('\u001b[33munknown\u001b[39m');
    expect(await shown({ NO_COLOR: '1' })).not.toContain('\u001b');
    expect(await shown({ TERM: 'dumb' })).not.toContain('\u001b');
  });

  it('tells programs everything but what a record keeps to itself', async () => {
    await fill();
    const terminal = recordTerminal();
    await showPending(surroundingsOf([store]), terminal, { json: true, scopes: [] });
    const { open, writes } = JSON.parse(terminal.written.stdout) as { open: number; writes: object[] };
    expect(open).toBe(4);
    expect(writes[0]).toEqual({
      scope: 'default/omise/live/-',
      key: 'order-1',
      operation: 'create',
      chargeId: null,
      amount: 4590,
      currency: 'EUR',
      state: 'unknown',
      standing: 'unknown',
      attempt: 1,
      wasSent: true,
      startedAt: new Date(now - 3 * hour).toISOString(),
      leaseUntil: new Date(now - 2 * hour).toISOString(),
      ageMs: expect.any(Number),
    });
  });

  it('shows one scope when it is asked for one', async () => {
    await fill();
    const terminal = recordTerminal();
    await showPending(surroundingsOf([store]), terminal, { json: false, scopes: ['default/omise/live/-'] });
    expect(terminal.written.stdout).toContain('2 open in 1 scope');
    expect(terminal.written.stdout).not.toContain('stripe');
  });

  it('says so when nothing is open', async () => {
    const terminal = recordTerminal();
    expect(await showPending(surroundingsOf([store]), terminal, { json: false, scopes: [] })).toBe(0);
    expect(terminal.written.stdout).toBe('Nothing is open.\n');
  });

  it('says where something is open when the scope that was asked for holds nothing', async () => {
    await fill();
    const terminal = recordTerminal();
    const scopes = ['default/stripe/live/-'];
    expect(await showPending(surroundingsOf([store]), terminal, { json: false, scopes })).toBe(0);
    expect(terminal.written.stdout).toBe(
      'Nothing is open in the scope default/stripe/live/-. There are open writes in default/omise/live/-, default/stripe/test/acct_1.\n',
    );
  });

  it('names the scope that was asked for where nothing is open anywhere: it may be mistyped', async () => {
    const terminal = recordTerminal();
    await showPending(surroundingsOf([store]), terminal, { json: false, scopes: ['foo'] });
    await showPending(surroundingsOf([store]), terminal, { json: false, scopes: ['foo', 'bar\u001b[2J'] });
    expect(terminal.written.stdout).toBe(
      'Nothing is open in the scope foo.\nNothing is open in the scopes foo, bar?[2J.\n',
    );
  });

  it('wants the scopes of a store that lists none', async () => {
    await fill();
    const { listScopes: _, ...older } = store;
    const terminal = recordTerminal();
    const show = (scopes: string[]) =>
      showPending(surroundingsOf([older]), terminal, { json: false, scopes });
    await expect(show([])).rejects.toThrow('--scope');
    expect(await show(['default/omise/live/-'])).toBe(0);
  });

  it('lets no record write over the terminal', async () => {
    await begin({ scope: 'default/stripe/test/acct_\u001b[2J\u202e', key: 'order-1' });
    const terminal = recordTerminal({ isTTY: true });
    await showPending(surroundingsOf([store]), terminal, { json: false, scopes: [] });
    expect(terminal.written.stdout).not.toContain('\u001b[2J');
    expect(terminal.written.stdout).not.toContain('\u202e');
  });

  it('shows two hundred rows of many, and counts all', async () => {
    for (let index = 0; index < 250; index += 1) await begin({ scope: 'a/b/c/-', key: `order-${index}` });
    const terminal = recordTerminal();
    await showPending(surroundingsOf([store]), terminal, { json: false, scopes: [] });
    expect(terminal.written.stdout.split('\n').filter((line) => line.startsWith('a/b/c/-')).length).toBe(200);
    expect(terminal.written.stdout).toContain('and 50 more');
    expect(terminal.written.stdout).toContain('250 open in 1 scope');
  });
});
