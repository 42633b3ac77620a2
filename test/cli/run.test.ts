import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.js';
import { overview } from '../../src/cli/usage.js';
import { version } from '../../src/version.js';
import { places, recordTerminal } from './a-terminal.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unicharge-config-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const unicharge = async (words: readonly string[], environment: Record<string, string> = {}) => {
  const terminal = recordTerminal();
  const exitCode = await run(words, { ...places, folder, environment, terminal });
  return { exitCode, ...terminal.written };
};

describe('unicharge', () => {
  it('says its version and its help', async () => {
    expect(await unicharge(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
    expect(await unicharge(['--help'])).toEqual({ exitCode: 0, stdout: overview, stderr: '' });
  });

  it('says which words it did not understand', async () => {
    const { exitCode, stdout, stderr } = await unicharge(['explode']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain("There is no command 'explode'. Known are pending, reconcile");
  });

  it.each([
    ['pendng', 'pending'],
    ['Doctor', 'doctor'],
    ['reconsile', 'reconcile'],
    ['simulater', 'simulator'],
  ])('asks whether %s is %s', async (word, command) => {
    const { exitCode, stderr } = await unicharge([word]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`There is no command '${word}'. Did you mean ${command}?`);
  });

  it('wants to be told which store, and which of two', async () => {
    const unknown = await unicharge(['pending']);
    expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('No store is known')]);
    const either = await unicharge(['pending'], {
      DATABASE_URL: 'postgres://127.0.0.1:1/shop',
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    expect([either.exitCode, either.stderr]).toEqual([2, expect.stringContaining('are both set')]);
  });

  it.each([
    [['--postgres', 'postgres://shop:hunter2hunter2@127.0.0.1:1/shop'], {}],
    [['--redis', 'redis://:hunter2hunter2@127.0.0.1:1'], {}],
    [[], { DATABASE_URL: 'postgres://shop:hunter2hunter2@127.0.0.1:1/shop' }],
  ])('repeats no password of a store that it cannot reach: %j', async (words, environment) => {
    const terminal = recordTerminal();
    // The drivers of this repository stand in for those of a project.
    const exitCode = await run(['pending', ...words], { ...places, environment, terminal });
    expect(exitCode).toBe(1);
    expect(terminal.written.stderr).toMatch(/^It failed \(.+\)\n$/);
    expect(JSON.stringify(terminal.written)).not.toContain('hunter2hunter2');
  });

  it('says which driver is missing', async () => {
    const { exitCode, stderr } = await unicharge(['pending', '--redis', 'redis://127.0.0.1:1']);
    expect([exitCode, stderr]).toEqual([
      1,
      '--redis needs ioredis or redis in your project: npm install ioredis\n',
    ]);
  });

  it.each([
    ['empty', 'export const nothing = 1;', 1, 'has to export clients'],
    ['default', 'export default { clients: {} };', 1, 'Its default export is not read.'],
    ['copy', 'export const clients = { stripe: {} };', 1, 'hold something at stripe'],
    ['wants-store', 'export const clients = () => ({});', 2, 'wants a store'],
    ['throws', 'throw new Error("no key in the vault");', 1, 'no key in the vault'],
  ])('says what is wrong with a config: %s', async (name, text, code, expected) => {
    await writeFile(join(folder, `${name}.mjs`), text);
    const { exitCode, stderr } = await unicharge(['doctor', '--config', `${name}.mjs`]);
    expect([exitCode, stderr]).toEqual([code, expect.stringContaining(expected)]);
  });

  it('needs no key to show what is open: with a store that is named, no config is loaded', async () => {
    await writeFile(join(folder, 'unicharge.config.mjs'), 'throw new Error("no key in the vault");');
    const words = ['pending', '--redis', 'redis://127.0.0.1:1'];
    expect((await unicharge(words)).stderr).toContain('needs ioredis or redis');
    expect((await unicharge(['reconcile'])).stderr).toContain('no key in the vault');
    await rm(join(folder, 'unicharge.config.mjs'));
  });

  it('says that a config is not there', async () => {
    const { exitCode, stderr } = await unicharge(['doctor', '--config', 'none.mjs']);
    expect([exitCode, stderr]).toEqual([1, '--config: there is no file none.mjs.\n']);
  });
});
