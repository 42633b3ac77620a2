#!/usr/bin/env node
import { run } from './run.js';
import { createTerminal } from './terminal.js';

const written = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    stream.write('', () => {
      resolve();
    });
  });

// `unicharge pending | head` ends the pipe early: that is no failure.
process.stdout.on('error', () => process.exit(0));

void run(process.argv.slice(2), {
  terminal: createTerminal(process, process.env),
  folder: process.cwd(),
  environment: process.env,
  stopped: () =>
    new Promise((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    }),
}).then(async (exitCode) => {
  await Promise.all([written(process.stdout), written(process.stderr)]);
  // Connections of a config may keep the process alive.
  process.exit(exitCode);
});
