import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type SimulatedProvider, type Simulator } from '../../src/testing/index.js';

const program = fileURLToPath(new URL('./shop-process.ts', import.meta.url));

let simulator: Simulator;
let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  simulator = await startSimulator();
  folder = await mkdtemp(join(tmpdir(), 'unicharge-shop-'));
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

const startShop = (provider: SimulatedProvider, role: 'dies' | 'recovers'): ChildProcess => {
  const work = {
    provider,
    role,
    settings: simulator.settings(provider),
    source: simulator.source(provider, 'approved'),
  };
  const child = fork(program, [JSON.stringify(work)], {
    execArgv: ['--import', 'tsx'],
    env: { PATH: process.env['PATH'], SHOP_DATA: join(folder, 'database') },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.push(child);
  return child;
};

const messageOf = async (child: ChildProcess): Promise<unknown> => {
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The shop ended with ${String(code)}.`);
    }),
  ])) as [unknown];
  return message;
};

// Omise has no idempotency keys of its own: there the library's own record has to answer.
describe.each<SimulatedProvider>(['stripe', 'omise'])('a shop at %s', (provider) => {
  it('that is killed between charge and database does not charge again', { timeout: 120_000 }, async () => {
    const dying = startShop(provider, 'dies');
    expect(await messageOf(dying)).toBe('charged');
    const exited = once(dying, 'exit');
    dying.kill('SIGKILL');
    await exited;
    const [charge, ...others] = simulator.ledger.charges();
    expect(others).toEqual([]);

    const next = await messageOf(startShop(provider, 'recovers'));
    expect(next).toEqual({ recovered: 1, status: 'captured', chargeId: charge?.id });
    expect(simulator.ledger.charges()).toEqual([charge]);
  });
});
