import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { staleness, versionOf } from './speed/build.js';
import { httpRows, listRows, measureCalls, nameOf, webhookRows, type RowResult } from './speed/calls.js';
import { takeAnswers } from './speed/canned-answers.js';
import { compile, root } from './speed/programs.js';
import { describeCalls } from './speed/table.js';

const parts = ['http', 'list', 'webhook'] as const;
type Part = (typeof parts)[number];

const help = `npm run bench -- [options]

What the built package costs beside the official SDKs, axios and node:http, all in the same run: a static server and every client
in a process of its own, rounds interleaved, CPU of the client first. Ratios are medians of the rounds' ratios.

  --only PART      only this part; may be given several times (${parts.join(', ')})
  --match TEXT     only rows whose name holds this text, such as 'omise create'
  --rounds N       rounds of each call (default: 12)
  --dist FOLDER    the build that is measured (default: dist)
  --against FOLDER another build, measured in the same rounds, as of a change and of what it started from
  --json           prints everything measured as JSON instead of tables
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    match: { type: 'string', default: '' },
    rounds: { type: 'string', default: '12' },
    dist: { type: 'string', default: join(root, 'dist') },
    against: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const isPart = (name: string): name is Part => (parts as readonly string[]).includes(name);
const tell = (progress: string): void => {
  process.stderr.write(`${progress}\n`);
};

const run = async (): Promise<void> => {
  const only = values.only ?? [...parts];
  const unknown = only.filter((name) => !isPart(name));
  const rounds = Number(values.rounds);
  if (unknown.length > 0 || !Number.isSafeInteger(rounds) || rounds < 1) {
    throw new Error(`cannot run ${unknown.join(', ') || `${values.rounds} rounds`}\n\n${help}`);
  }
  const dist = resolve(values.dist);
  const otherDist = values.against === undefined ? null : resolve(values.against);
  const stale = values.dist === join(root, 'dist') ? staleness(root, dist) : null;
  if (stale !== null) tell(`CAUTION: ${stale}`);

  const rows = [
    ...(only.includes('http') ? httpRows : []),
    ...(only.includes('list') ? listRows : []),
    ...(only.includes('webhook') ? webhookRows : []),
  ].filter((row) => nameOf(row).includes(values.match));
  await compile();
  const canned = await takeAnswers();
  const calls: readonly RowResult[] = await measureCalls(rows, { canned, dist, otherDist, rounds, tell });
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}`;
  const sdks = ['stripe', '@justifi/justifi-node', 'omise', 'axios']
    .map((name) => `${name} ${versionOf(root, name)}`)
    .join(', ');
  if (values.json) {
    console.log(JSON.stringify({ machine, sdks, stale, rounds, bytes: canned.bytes, calls }, null, 2));
    return;
  }
  console.log(`${machine}; ${sdks}; ${rounds} rounds${stale === null ? '' : `; CAUTION: ${stale}`}\n`);
  console.log(describeCalls(calls));
};

if (values.help) console.log(help);
else await run();
