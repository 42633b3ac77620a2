import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Canned } from './canned-answers.js';
import type { Figure } from './figures.js';
import { root, startServer } from './programs.js';
import { median, ratioOf } from './statistics.js';
import { spread } from './table.js';

/** Loading, and the way from nothing to the first answer: each time in a process that has loaded nothing yet. */

const formats = ['ESM', 'CJS'] as const;
type Format = (typeof formats)[number];
type Library = 'unicharge' | 'stripe' | 'zod';

const node = promisify(execFile);

const loads = (library: Library, format: Format, dist: string): string => {
  const file = join(dist, format === 'ESM' ? 'stripe.js' : 'stripe.cjs');
  const name = library !== 'unicharge' ? library : format === 'ESM' ? pathToFileURL(file).href : file;
  const load = format === 'ESM' ? 'await import' : 'require';
  return `${load}(${JSON.stringify(name)})`;
};

const cpuOf = (code: string, before: string): string =>
  `${code} const { user, system } = process.cpuUsage(${before}); console.log((user + system) / 1000);`;

const importing = (library: Library, format: Format, dist: string): string =>
  `const before = process.cpuUsage(); ${cpuOf(`${loads(library, format, dist)};`, 'before')}`;

const firstAnswer = (library: Library, format: Format, dist: string, origin: string): string => {
  const { hostname, port } = new URL(origin);
  const call =
    library === 'unicharge'
      ? `await loaded.createStripe({ secretKey: 'sk_test_bench', baseUrl: ${JSON.stringify(origin)} })
          .create({ amount: 4590, currency: 'EUR', source: 'pm_card_visa' });`
      : `const Stripe = loaded.default ?? loaded;
        await new Stripe('sk_test_bench', { host: '${hostname}', port: ${port}, protocol: 'http' }).paymentIntents.create({
          amount: 4590, currency: 'eur', confirm: true, payment_method: 'pm_card_visa',
          automatic_payment_methods: { enabled: true, allow_redirects: 'never' }, expand: ['latest_charge'],
        });`;
  return `(async () => { const loaded = ${loads(library, format, dist)}; ${cpuOf(call, '')} process.exit(); })();`;
};

const milliseconds = async (format: Format, code: string): Promise<number> => {
  const type = format === 'ESM' ? 'module' : 'commonjs';
  const { stdout } = await node(process.execPath, [`--input-type=${type}`, '-e', code], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const value = Number(stdout);
  if (!(value > 0)) throw new Error(`a fresh process printed ${stdout}`);
  return value;
};

/** What is measured, beside the same of the official SDK. Whoever imports the library imports zod. */
const stages = [
  { name: 'import of unicharge/stripe', library: 'unicharge', isImport: true, goal: { most: 0.75 } },
  { name: 'import of zod alone', library: 'zod', isImport: true, goal: null },
  { name: 'process start to the first answer', library: 'unicharge', isImport: false, goal: { most: 0.9 } },
] as const;

export const measureFreshProcesses = async (options: {
  readonly canned: Canned;
  readonly dist: string;
  readonly rounds: number;
  readonly tell: (progress: string) => void;
}): Promise<Figure[]> => {
  const { canned, dist, rounds, tell } = options;
  const server = await startServer(canned.server);
  try {
    const programs = formats.flatMap((format) =>
      stages.map((stage) => {
        const codeOf = (library: Library) =>
          stage.isImport
            ? importing(library, format, dist)
            : firstAnswer(library, format, dist, server.origin);
        const [ours, sdk]: [number[], number[]] = [[], []];
        return { stage, format, ours, sdk, ourCode: codeOf(stage.library), sdkCode: codeOf('stripe') };
      }),
    );
    // The first round brings the files into the cache of the system and is thrown away.
    for (let round = 0; round <= rounds; round += 1) {
      tell(`fresh processes, round ${round} of ${rounds}`);
      for (const { format, ours, sdk, ourCode, sdkCode } of programs) {
        const pair = [
          { code: ourCode, column: ours },
          { code: sdkCode, column: sdk },
        ];
        if (round % 2 === 1) pair.reverse();
        for (const { code, column } of pair) {
          const cost = await milliseconds(format, code);
          if (round > 0) column.push(cost);
        }
      }
    }
    return programs.map(({ stage, format, ours, sdk }) => {
      const ratio = ratioOf(ours, sdk);
      return {
        what: `${stage.name}, ${format}`,
        measured: `${median(ours).toFixed(0)} ms of CPU`,
        beside: `stripe ${median(sdk).toFixed(0)} ms`,
        value: ratio.median,
        shown: spread(ratio),
        goal: stage.goal,
        unit: '',
      };
    });
  } finally {
    server.stop();
  }
};
