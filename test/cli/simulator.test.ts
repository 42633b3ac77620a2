import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const cli = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

let child: ChildProcess | undefined;
afterEach(() => child?.kill('SIGKILL'));

const run = (...options: string[]): ChildProcess => {
  child = spawn(process.execPath, ['--import', 'tsx', cli, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return child;
};

describe('unicharge simulator', () => {
  it('prints keys and addresses, serves the ledger, and stops cleanly', async () => {
    const { stdout } = run('simulator');
    const lines: string[] = [];
    for await (const line of createInterface({ input: stdout! })) {
      lines.push(line);
      if (line.startsWith('Stop')) break;
    }
    const text = lines.join('\n');
    const stripe = /stripe\n {2}secretKey: (\S+)\n {2}baseUrl: (\S+)/.exec(text)!;
    const origin = /Ledger: (\S+)\/ledger/.exec(text)![1]!;

    const json = async (path: string, body?: object) =>
      (
        await fetch(
          `${origin}${path}`,
          body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
        )
      ).json();
    const charge = () =>
      fetch(`${stripe[2]}/v1/charges`, {
        method: 'POST',
        headers: { authorization: `Bearer ${stripe[1]}` },
        body: new URLSearchParams({ amount: '500', currency: 'eur', source: 'tok_visa', capture: 'false' }),
      });

    expect(await json('/ledger')).toEqual([]);
    expect(await json('/faults', { fault: 'server_error' })).toEqual({ done: true });
    expect((await charge()).status).toBe(500);
    expect((await charge()).status).toBe(200);
    expect(await json('/ledger')).toMatchObject([{ provider: 'stripe', amount: 500, state: 'authorized' }]);
    expect(await json('/clock', { advanceMs: 8 * 24 * 3_600_000 })).toEqual({ done: true });
    expect(await json('/ledger')).toMatchObject([{ state: 'expired' }]);
    expect(await json('/requests')).toMatchObject([{ status: 500 }, { status: 200 }]);
    expect(await json('/')).toHaveProperty('providers.stripe.baseUrl', stripe[2]);
    expect(text).toMatch(/^ {2}source approved: tok_\S+$/m);
    expect(await json('/sources', { provider: 'omise', kind: 'declined' })).toHaveProperty(
      'source',
      expect.stringMatching(/^tokn_test_/),
    );
    expect(await json('/sources', { provider: 'omise', kind: 'golden' })).toHaveProperty('error');
    expect(await json('/faults', { operation: 'creat', fault: 'refuse' })).toHaveProperty('error');
    for (const body of [{ fault: 'flood' }, {}]) expect(await json('/faults', body)).toHaveProperty('error');
    expect((await fetch(`${origin}/nothing`)).status).toBe(404);

    child!.kill('SIGINT');
    expect(await once(child!, 'exit')).toEqual([0, null]);
  });

  it('ends with 2, and says where to read on, when it does not understand', async () => {
    const { stderr } = run('simulator', '--colour');
    let errors = '';
    stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    expect(await once(child!, 'close')).toEqual([2, null]);
    expect(errors).toBe('There is no option --colour.\nSee unicharge simulator --help.\n');
  });
});
