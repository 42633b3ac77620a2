#!/usr/bin/env node
import { readCommand, usage } from './command-line.js';
import { serveControl } from './simulator/control.js';
import { startSimulator } from './simulator/simulator.js';

const serve = async (port: number): Promise<void> => {
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

const command = readCommand(process.argv.slice(2));
if (command.kind === 'help') {
  console.log(usage);
} else if (command.kind === 'refused') {
  console.error(`${command.message}\n\n${usage}`);
  process.exitCode = 2;
} else {
  serve(command.port).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}
