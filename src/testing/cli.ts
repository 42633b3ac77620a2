#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { serveControl } from './simulator/control.js';
import { startSimulator } from './simulator/simulator.js';

const usage = `Usage: unicharge simulator [--port <number>]

Serves simulated payment providers on 127.0.0.1. No account and no network is needed, and no money moves.

Options:
  --port <number>  The first port: the simulator's own pages. The providers take the ports after it. Free ports
                   are taken unless told.
  --help           Shows this text.

The simulator's own pages answer with JSON:
  GET /ledger      every charge that exists
  GET /requests    every request received
  POST /faults     {"provider": "stripe", "operation": "create", "fault": "cut_after_commit", "times": 1}
  POST /clock      {"advanceMs": 604800000}
`;

const fail = (message: string): never => {
  console.error(`${message}\n\n${usage}`);
  process.exit(2);
};

const readArguments = (): { command: string | undefined; port: number; help: boolean } => {
  try {
    const { values, positionals } = parseArgs({
      options: { port: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    const [command, ...rest] = positionals;
    if (rest.length > 0) return fail(`Unexpected argument: ${rest.join(' ')}`);
    const port = values.port === undefined ? 0 : Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_000)
      return fail('--port takes a number from 0 to 65000.');
    return { command, port, help: values.help === true };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
};

const run = async (port: number): Promise<void> => {
  const simulator = await startSimulator(port === 0 ? {} : { port: port + 1 });
  const control = await serveControl(simulator, port);
  for (const provider of simulator.providers) {
    console.log(provider);
    for (const [name, value] of Object.entries(simulator.settings(provider)))
      console.log(`  ${name}: ${value}`);
  }
  console.log(`\nLedger: ${control.origin}/ledger\nRequests: ${control.origin}/requests\nStop with Ctrl-C.`);

  const stop = (): void => {
    void Promise.all([control.close(), simulator.close()]).then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
};

const { command, port, help } = readArguments();
if (help) {
  console.log(usage);
} else if (command === 'simulator') {
  run(port).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
} else {
  fail(
    command === undefined ? 'Which command? There is one: simulator.' : `There is no command '${command}'.`,
  );
}
