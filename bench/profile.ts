import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { takeAnswers } from './speed/canned-answers.js';
import type { BenchedProvider, Contestant, Operation } from './speed/messages.js';
import { sharesOf } from './speed/profiles.js';
import { compile, root, startClient, startServer } from './speed/programs.js';
import { describeMachine, writeBetween } from './speed/report.js';

const help = `npm run bench:profile -- [options]

Where the processor time of a call goes, in the built library and in the official SDK, by the rooms of the sources.

  --calls N   calls that are sampled, after as many that are not (default 8000)
  --write     puts the table into docs/performance.md
`;

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '8000' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Calls whose goals beside the SDK are not reached. */
const profiled: readonly { readonly provider: BenchedProvider; readonly operation: Operation }[] = [
  { provider: 'stripe', operation: 'create' },
  { provider: 'stripe', operation: 'retrieve' },
  { provider: 'omise', operation: 'create' },
  { provider: 'stripe', operation: 'webhook' },
];

/** Less than this is told in one row with the rest. */
const smallest = 0.5;

const run = async (): Promise<void> => {
  const calls = Number(values.calls);
  await compile();
  const { server: setup, known } = await takeAnswers();
  const server = await startServer(setup);
  const folder = await mkdtemp(join(tmpdir(), 'unicharge-profile-'));
  const microseconds = async (
    contestant: Contestant,
    provider: BenchedProvider,
    operation: Operation,
  ): Promise<ReadonlyMap<string, number>> => {
    const dist = join(root, 'dist');
    const { origin } = server;
    const client = await startClient({
      provider,
      contestant,
      dist,
      origin,
      storeUrl: null,
      known: known[provider],
    });
    const profile = join(folder, `${contestant}-${provider}-${operation}.cpuprofile`);
    try {
      await client.run({ operation, inFlight: 1, calls });
      const { cpu } = await client.run({ operation, inFlight: 1, calls });
      await client.run({ operation, inFlight: 1, calls, profile });
      // The sampler costs time of its own: the shares are its, the time is that of the batch before.
      return new Map([...(await sharesOf(profile))].map(([place, share]) => [place, share * cpu]));
    } finally {
      client.stop();
    }
  };
  const lines = [
    `Measured with \`npm run bench:profile -- --write\` on ${describeMachine()}, one call in flight.`,
  ];
  try {
    for (const { provider, operation } of profiled) {
      const own = await microseconds('unicharge', provider, operation);
      const sdk = await microseconds('sdk', provider, operation);
      const places = [...new Set([...own.keys(), ...sdk.keys()])].sort(
        (one, other) =>
          (own.get(other) ?? 0) - (own.get(one) ?? 0) || (sdk.get(other) ?? 0) - (sdk.get(one) ?? 0),
      );
      const isSmall = (place: string) => Math.max(own.get(place) ?? 0, sdk.get(place) ?? 0) < smallest;
      const sumOf = (times: ReadonlyMap<string, number>, kept: (place: string) => boolean) =>
        [...times].reduce((total, [place, time]) => (kept(place) ? total + time : total), 0);
      const row = (name: string, kept: (place: string) => boolean) =>
        `| ${name} | ${sumOf(own, kept).toFixed(1)} | ${sumOf(sdk, kept).toFixed(1)} |`;
      lines.push(
        '',
        `| ${provider} ${operation}, µs of CPU a call | unicharge | SDK |`,
        '|---|--:|--:|',
        ...places.filter((place) => !isSmall(place)).map((place) => row(place, (each) => each === place)),
        row('the rest', isSmall),
        row('**sum**', () => true),
      );
    }
  } finally {
    server.stop();
    await rm(folder, { recursive: true, force: true });
  }
  console.log(lines.join('\n'));
  if (values.write) await writeBetween(join(root, 'docs/performance.md'), 'profile', lines.join('\n'));
};

if (values.help) console.log(help);
else await run();
