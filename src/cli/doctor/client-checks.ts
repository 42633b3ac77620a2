import { AuthenticationError, ChargesError } from '../../errors.js';
import type { Inspection } from '../../calls/inspection.js';
import { failureWords, type ConfiguredClient, type Surroundings } from '../stores.js';
import { duration } from '../terminal.js';
import { checksOf, type Check } from './check.js';

/** Clocks of servers differ by seconds; look-ups have minutes to spare, and signatures of webhooks five. */
const skewWarningMs = 30_000;
const skewProblemMs = 4 * 60_000;

/** How many charges the one read asks for. */
const readSize = 20;

type Checks = ReturnType<typeof checksOf>;

const checkMode = ({ ok, warning }: Checks, { livemode, baseUrl }: Inspection): Check => {
  const { host } = new URL(baseUrl);
  if (livemode === null) {
    return warning(
      `the key does not tell test from live (${host})`,
      'make sure that it is the one you mean: records of both modes share a scope',
    );
  }
  return ok(`${livemode ? 'live' : 'test'} key, ${host}`);
};

const checkWebhooks = ({ ok, warning, problem }: Checks, { webhooks }: Inspection): Check => {
  switch (webhooks.kind) {
    case 'verified':
      return ok('webhooks are verified with a secret');
    case 'unsigned':
      return ok('webhooks are not signed here: every one is read back before it is believed');
    case 'none':
      return ok('no webhooks here');
    case 'missing':
      return warning('no webhook secret', 'set webhookSecret, unless another program receives the webhooks');
    case 'refused':
      return problem(`webhooks cannot be verified: ${webhooks.reason}`, 'correct webhookSecret');
  }
};

const checkClock = ({ ok, warning, problem }: Checks, offsetMs: number | null): Check => {
  if (offsetMs === null) {
    return warning('the clocks were not compared: no answer told the time', 'see that this machine runs NTP');
  }
  const size = Math.abs(offsetMs);
  // The header counts whole seconds.
  if (size < 2_000) return ok('the clock agrees with the provider’s');
  const message = `this machine’s clock is ${duration(size)} ${offsetMs > 0 ? 'behind' : 'ahead of'} the provider’s`;
  const advice = 'let NTP set it: signatures of webhooks and windows of look-ups depend on it';
  if (size >= skewProblemMs) return problem(message, advice);
  return size >= skewWarningMs ? warning(message, advice) : ok(message);
};

const checkDrift = ({ ok, warning }: Checks, paths: ReadonlySet<string>, count: number): Check =>
  paths.size === 0
    ? ok(`${count} charges read, nothing in them was unknown`)
    : warning(
        `${count} charges read, and this version does not know everything in them: ${[...paths].sort().join(', ')}`,
        'read docs/events.md on drift, and look for a newer version of unicharge',
      );

/** One page of charges: the only request that this makes. */
const checkRead = async (
  { client, inspection }: ConfiguredClient,
  checks: Checks,
  surroundings: Surroundings,
): Promise<Check[]> => {
  if (!client.supports('list')) return [checks.ok('lists no charges: nothing was read')];
  const paths = new Set<string>();
  const stop = inspection.watch((event) => {
    if (event.type === 'drift') paths.add(`${event.path} (${event.kind})`);
  });
  try {
    const { data } = await client.list({ limit: readSize }, { maxRetries: 1, deadlineMs: 30_000 });
    return [checkClock(checks, inspection.clockOffsetMs()), checkDrift(checks, paths, data.length)];
  } catch (error) {
    const words = failureWords(error, surroundings.secrets);
    if (error instanceof AuthenticationError) {
      return [
        checks.problem(`the provider refuses the key (${words})`, 'set the key of this account and mode'),
      ];
    }
    const advice =
      error instanceof ChargesError && error.statusCode !== null
        ? 'see what the provider says; its status page may tell more'
        : 'see that this machine reaches the provider: DNS, proxy, firewall';
    return [checks.problem(`charges could not be read (${words})`, advice)];
  } finally {
    stop();
  }
};

/** A router sends nothing itself: its clients are checked on their own. */
const checkRouter = ({ ok, warning }: Checks, { store, routes }: Inspection): Check[] => [
  ok(`routes: ${(routes ?? []).map((route) => route.name).join(', ')}`),
  ...(store?.durable === true
    ? []
    : [
        warning(
          'the store of this router is not durable: where its payments live is forgotten with its process',
          'give it postgresStore, redisStore or sqliteStore where there is more than one process',
        ),
      ]),
];

/** One client: its key, its webhooks, its provider's clock and answers. */
export const checkClient = async (
  configured: ConfiguredClient,
  surroundings: Surroundings,
): Promise<Check[]> => {
  const { name, inspection } = configured;
  const checks = checksOf(name);
  if (inspection.routes !== null) return checkRouter(checks, inspection);
  const version = inspection.apiVersion;
  return [
    checkMode(checks, inspection),
    ...(version === null ? [] : [checks.ok(`API version ${version}`)]),
    ...(inspection.store === null
      ? [
          checks.warning(
            'this client has no store: its records end with its process',
            'give it postgresStore, redisStore or sqliteStore where there is more than one process',
          ),
        ]
      : []),
    checkWebhooks(checks, inspection),
    ...(await checkRead(configured, checks, surroundings)),
  ];
};
