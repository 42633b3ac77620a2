/** The commands, in the order in which help shows them. */
export const commandNames = ['pending', 'reconcile', 'doctor', 'demo', 'simulator'] as const;

/** The name of a command. */
export type CommandName = (typeof commandNames)[number];

const store = `Which store:
  --postgres <url>       Records of postgresStore. Needs the package pg in your project.
  --schema <name>        Its schema, where you chose one; also of the pool that a config exports.
  --table-prefix <name>  Its table prefix, likewise.
  --redis <url>          Records of redisStore. Needs ioredis or redis in your project.
  --prefix <text>        Its prefix, where you chose one.
  --sqlite <file>        Records of sqliteStore; --table-prefix likewise. Needs Node 22.13 or newer, or better-sqlite3
                         in your project.
  --config <file>        A module of yours. Without it unicharge.config.ts, .mts, .js, .mjs or .cjs is looked for here.
                         It exports clients: an object or a list of them, or a function of { store } that gives one;
                         if you like close(), and for doctor postgres (a pool), redis (a client) or sqlite
                         (a database).
  Without any of these, DATABASE_URL or REDIS_URL of the environment.`;

const about: Readonly<Record<CommandName, string>> = {
  pending: 'Shows the writes whose end is not recorded yet. Reads the store alone: no API key is needed.',
  reconcile: 'Finds out what became of every open write. Looks at the providers, and never sends a write.',
  doctor: 'Checks runtime, store, keys, clocks and webhooks, and says what to do. Reads only.',
  demo: 'Every operation at every provider against the simulator. No account is needed, and no money moves.',
  simulator: 'Serves simulated payment providers on 127.0.0.1. No account is needed, and no money moves.',
};

const details: Readonly<Record<CommandName, string>> = {
  pending: `Usage: unicharge pending [options]

${about.pending}

Options:
  --scope <text>         Only this scope, such as default/stripe/live/-; may be given several times.
  --json                 One JSON document instead of a table.
  --help                 Shows this text.

${store}
`,
  reconcile: `Usage: unicharge reconcile [options]

${about.reconcile}

Options:
  --wait <time>          Looks again until nothing is open or this time has passed: 30s, 20m, 1h. Default: one look.
  --json                 One JSON document instead of lines.
  --help                 Shows this text.

${store}

Ends with 0 when nothing is open, 3 when something stays open, 1 when it could not do its work.
`,
  doctor: `Usage: unicharge doctor [options]

${about.doctor}

Options:
  --json                 One JSON document instead of lines.
  --help                 Shows this text.

${store}

Ends with 0, with 3 when a problem was found, and with 1 when it could not do its work.
`,
  demo: `Usage: unicharge demo

${about.demo}

Options:
  --help                 Shows this text.
`,
  simulator: `Usage: unicharge simulator [options]

${about.simulator}

Options:
  --port <number>        The first port: the simulator's own pages. The providers take the ports after it. Free ports
                         are taken unless told.
  --webhook <p>=<url>    Delivers the signed notifications of provider <p> to this address; may be given several times.
  --fault <p>:<o>=<f>    Lets the next request for operation <o> at provider <p> meet fault <f>; with *<n> after it,
                         the next <n> of them. Without :<o> any request. May be given several times.
  --json                 One JSON document on one line instead of text; the simulator goes on serving.
  --help                 Shows this text.

It prints for every provider its settings, the publishable key for pages in a browser, a source of every kind, and
where its webhooks go, with their secret.

  unicharge simulator --fault stripe:create=cut_after_commit --fault omise=refuse*1000000

The simulator's own pages answer with JSON:
  GET /ledger            every charge that exists
  GET /requests          every request received
  POST /sources          {"provider": "stripe", "kind": "approved"} makes a fresh source for a charge
  POST /faults           {"provider": "stripe", "operation": "create", "fault": "cut_after_commit", "times": 1}
                         also {"fault": {"type": "delay", "ms": 1500, "when": "after_commit"}}
  DELETE /faults         forgets the faults that have not struck yet
  POST /clock            {"advanceMs": 604800000}
`,
};

/** What `unicharge <command> --help` shows. */
export const usageOf = (name: CommandName): string => details[name];

/** What `unicharge --help` shows. */
export const overview = `Usage: unicharge <command> [options]

${commandNames.map((name) => `  ${name.padEnd(11)}${about[name]}`).join('\n')}

  --help     Shows this text; after a command, the text of that command.
  --version  Shows the version.
`;
