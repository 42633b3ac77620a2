import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.js';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.js';
import {
  environmentOf,
  inTerminal,
  main,
  processTestMs,
  scriptWords,
  unicharge,
  type Ended,
} from './a-process.js';
import { places, recordTerminal } from './a-terminal.js';

const config = fileURLToPath(new URL('screens.config.ts', import.meta.url));

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ providers: ['omise', 'stripe'], seed: 1 });
});
afterEach(() => simulator.close());

/** What a screen shows in the end: a line that was drawn again shows its last text. Colours can be read. */
const shown = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => line.slice(line.lastIndexOf('\r') + 1))
    .join('\n')
    .replaceAll('\u001b[2K', '')
    .replaceAll('\u001b[', '␛[');

/** What differs from run to run and from machine to machine. */
const steady = (text: string): string =>
  text
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replaceAll(/Node \d+\.\d+\.\d+/g, 'Node VERSION')
    .replaceAll(/((?:chrg|tokn)_test_|tok_|src_|card_|pm_)[A-Za-z0-9]+/g, '$1ID')
    .replaceAll(/("?webhookSecret"?: )[A-Za-z0-9+/=]+/g, '$1SECRET')
    .replaceAll(/"secret":"[A-Za-z0-9+/=]+"/g, '"secret":"SECRET"');

const screen = ({ exitCode, stdout, stderr }: Ended): string =>
  `${steady(shown(stdout))}${stderr === '' ? '' : `--- standard error\n${steady(shown(stderr))}`}--- exit ${exitCode}\n`;

/** The answer of the first of two writes is lost after it was made, that of the second before. */
const openWrites = (): Record<string, string> => {
  simulator.inject({ provider: 'omise', operation: 'create', fault: 'cut_after_commit' });
  simulator.inject({ provider: 'omise', operation: 'create', fault: 'cut_before_commit' });
  return {
    UNICHARGE_SCREENS: JSON.stringify({
      omise: simulator.settings('omise'),
      stripe: simulator.settings('stripe'),
      sources: [simulator.source('omise', 'approved'), simulator.source('omise', 'approved')],
    }),
  };
};

/** A simulator that is stopped as soon as it says how: by the key Ctrl-C in a terminal, by its signal in a pipe. */
const simulatorRun = async (isTerminal: boolean, words: readonly string[]): Promise<Ended> => {
  const all = ['simulator', ...words];
  const child = isTerminal
    ? spawn('script', scriptWords(all), { env: environmentOf({ TERM: 'xterm' }) })
    : spawn(process.execPath, ['--import', 'tsx', main, ...all], { env: environmentOf({}) });
  let [stdout, stderr] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  let isStopped = false;
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    if (isStopped || !/Stop with Ctrl-C\.|^\{.*\}$/m.test(stdout)) return;
    isStopped = true;
    if (isTerminal) child.stdin.write('\u0003');
    else child.kill('SIGINT');
  });
  const exitCode = await new Promise<number>((resolve) =>
    child.once('close', (code) => resolve(Number(code))),
  );
  // The terminal echoes the key.
  return { exitCode, stdout: stdout.replace('^C', ''), stderr };
};

const runs = {
  terminal: inTerminal,
  pipe: unicharge,
} as const;
const streams = process.platform === 'linux' ? (['terminal', 'pipe'] as const) : (['pipe'] as const);

describe.each(streams)('in a %s', (place) => {
  const file = (name: string): string =>
    fileURLToPath(new URL(`screens/${name}.${place}.txt`, import.meta.url));
  const runIn = runs[place];

  it.each(['pending', 'reconcile', 'doctor'])(
    '%s shows what it found',
    async (command) => {
      const ended = await runIn([command, '--config', config], openWrites());
      await expect(screen(ended)).toMatchFileSnapshot(file(command));
    },
    processTestMs,
  );

  it(
    'simulator shows every provider, its keys, where its webhooks go, and the faults that wait',
    async () => {
      const words = [
        '--webhook',
        'stripe=http://127.0.0.1:9/hooks',
        '--fault',
        'stripe:create=cut_after_commit*2',
      ];
      const ended = await simulatorRun(place === 'terminal', [...words, '--fault', 'pin=refuse']);
      await expect(screen(ended)).toMatchFileSnapshot(file('simulator'));
    },
    processTestMs,
  );
});

describe('in a pipe', () => {
  it(
    'simulator --json tells a script everything on one line, and a fault strikes from the first request on',
    async () => {
      const ended = await simulatorRun(false, ['--json', '--webhook', 'stripe=http://127.0.0.1:9/hooks']);
      const file = fileURLToPath(new URL('screens/simulator-json.pipe.txt', import.meta.url));
      await expect(screen(ended)).toMatchFileSnapshot(file);
      expect(ended.stdout.split('\n')).toHaveLength(2);
    },
    processTestMs,
  );

  it.each([
    ['stripe:creat=refuse', "There is no operation 'creat'"],
    ['stripe:create=explode', "There is no fault 'explode'"],
    ['paypal=refuse', "'paypal'"],
  ])('simulator refuses the fault %s, which would never strike', async (fault, reason) => {
    const terminal = recordTerminal();
    expect(await run(['simulator', '--fault', fault], { terminal, ...places })).toBe(2);
    expect(terminal.written.stdout).toBe('');
    expect(terminal.written.stderr).toContain(reason);
  });

  it('simulator can be ended by whoever reads its first line', async () => {
    const terminal = recordTerminal();
    let printed: string | null = null;
    const stopped = (): Promise<void> => {
      printed = terminal.written.stdout;
      return Promise.resolve();
    };
    expect(await run(['simulator'], { terminal, ...places, stopped })).toBe(0);
    expect(printed).toBe('');
    expect(terminal.written.stdout).toContain('Stop with Ctrl-C.');
  });
});
