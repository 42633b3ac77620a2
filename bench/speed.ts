import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { staleness } from './speed/build.js';
import { httpRows, listRows, measureCalls, nameOf, webhookRows } from './speed/calls.js';
import { takeAnswers } from './speed/canned-answers.js';
import type { Figure } from './speed/figures.js';
import { measureFreshProcesses } from './speed/fresh-processes.js';
import { measureMemory } from './speed/memory.js';
import { compile, root } from './speed/programs.js';
import {
  describeMachine,
  describeReport,
  describeVersions,
  writeReport,
  type Report,
} from './speed/report.js';
import { measureSizes } from './speed/sizes.js';
import { measureStores } from './speed/stores.js';

const parts = ['http', 'list', 'webhook', 'import', 'memory', 'stores', 'size'] as const;
type Part = (typeof parts)[number];

const help = `npm run bench -- [options]

What the built package costs beside the official SDKs, axios and node:http, all in the same run: a static server and every client
in a process of its own, rounds interleaved, CPU of the client first. Ratios are medians of the rounds' ratios, with quartiles.

  --only PART      only this part; may be given several times (${parts.join(', ')})
  --match TEXT     only calls whose name holds this text, such as 'omise create'
  --rounds N       rounds of each call (default: 12)
  --dist FOLDER    the build that is measured (default: dist)
  --against FOLDER another build, measured in the same rounds, as of a change and of what it started from
  --write          puts the results into docs/performance.md and the README; every part has to be measured
  --json           prints everything measured as JSON instead of tables
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    match: { type: 'string', default: '' },
    rounds: { type: 'string', default: '12' },
    dist: { type: 'string', default: join(root, 'dist') },
    against: { type: 'string' },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const isPart = (name: string): name is Part => (parts as readonly string[]).includes(name);
const started = performance.now();
const tell = (progress: string): void => {
  process.stderr.write(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${progress}\n`);
};

const run = async (): Promise<void> => {
  const only = values.only ?? [...parts];
  const unknown = only.filter((name) => !isPart(name));
  const rounds = Number(values.rounds);
  if (unknown.length > 0 || !Number.isSafeInteger(rounds) || rounds < 1) {
    throw new Error(`cannot run ${unknown.join(', ') || `${values.rounds} rounds`}\n\n${help}`);
  }
  if (values.write && (only.length < parts.length || values.match !== '')) {
    throw new Error('what is written has to be a whole run: leave --only and --match out');
  }
  const dist = resolve(values.dist);
  const otherDist = values.against === undefined ? null : resolve(values.against);
  const stale = dist === join(root, 'dist') ? staleness(root, dist) : null;
  if (stale !== null) tell(`CAUTION: ${stale}`);
  if (values.write && stale !== null) throw new Error(`nothing is written: ${stale}`);

  const wants = (part: Part): boolean => only.includes(part);
  const rows = [
    ...(wants('http') ? httpRows : []),
    ...(wants('list') ? listRows : []),
    ...(wants('webhook') ? webhookRows : []),
  ].filter((row) => nameOf(row).includes(values.match));
  await compile();
  const canned = await takeAnswers();
  const options = { canned, dist, rounds, tell };
  const figures: Figure[] = [];
  const calls = await measureCalls(rows, { ...options, otherDist });
  if (wants('import')) figures.push(...(await measureFreshProcesses(options)));
  if (wants('stores')) figures.push(...(await measureStores(options)));
  if (wants('memory')) figures.push(...(await measureMemory(options)));
  if (wants('size')) figures.push(...(await measureSizes(options)));

  const { bytes } = canned;
  const machine = describeMachine();
  const report: Report = { machine, versions: describeVersions(root), rounds, stale, bytes, calls, figures };
  console.log(values.json ? JSON.stringify(report, null, 2) : describeReport(report));
  if (values.write) await writeReport(root, report);
};

if (values.help) console.log(help);
else await run();
