import { version } from '../version.js';
import { readCommand, type Command, type StoreChoice } from './command-line.js';
import { runDemo } from './demo.js';
import { examine } from './doctor.js';
import { showPending } from './pending.js';
import { reconcileOpen } from './reconcile.js';
import { allWell, couldNotWork, notUnderstood, Refusal } from './refusal.js';
import { serveSimulator } from './simulator.js';
import { failureWords, openSurroundings, type Surroundings } from './stores.js';
import { lacksTables } from '../stores/failure.js';
import type { Terminal } from './terminal.js';

/** What a run of the command takes from its process. */
export interface Places {
  readonly terminal: Terminal;
  /** Where the project is: its packages and its config. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Resolves when the user wants a server to end. */
  stopped(): Promise<unknown>;
}

/** What to do where a store answers that it has no tables: their names were told wrongly, or nobody made them. */
const noTables = ({ connection }: Surroundings): string => {
  const names =
    connection?.kind === 'sqlite'
      ? 'its prefix (--table-prefix, or in the config)'
      : 'its schema or prefix (--schema and --table-prefix, or in the config)';
  return `The tables of the store are not there: correct ${names}, or create them.`;
};

const withSurroundings = async (
  command: Extract<Command, { readonly store: StoreChoice }>,
  places: Places,
  run: (surroundings: Surroundings) => Promise<number>,
): Promise<number> => {
  const surroundings = await openSurroundings(command.store, places, {
    wantsClients: command.kind !== 'pending',
  });
  try {
    return await run(surroundings);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (lacksTables(error)) throw new Refusal(noTables(surroundings));
    // A driver may repeat the address, password and all.
    throw new Refusal(`It failed (${failureWords(error, surroundings.secrets)})`);
  } finally {
    await surroundings.close();
  }
};

const perform = async (command: Exclude<Command, { kind: 'refused' }>, places: Places): Promise<number> => {
  const { terminal } = places;
  switch (command.kind) {
    case 'help':
      terminal.out(command.text.trimEnd());
      return allWell;
    case 'version':
      terminal.out(version);
      return allWell;
    case 'demo':
      return runDemo(terminal);
    case 'simulator': {
      // Before anything is printed: a reader who ends the simulator at its last line is heard.
      const stopped = places.stopped();
      const simulator = await serveSimulator(terminal, command);
      await stopped;
      await simulator.close();
      return allWell;
    }
    case 'pending':
      return withSurroundings(command, places, (found) => showPending(found, terminal, command));
    case 'reconcile':
      return withSurroundings(command, places, (found) => reconcileOpen(found, terminal, command));
    case 'doctor':
      return withSurroundings(command, places, (found) => examine(found, terminal, command));
  }
};

/** Runs the command that these words ask for. Answers the exit code. */
export const run = async (words: readonly string[], places: Places): Promise<number> => {
  const { terminal } = places;
  const command = readCommand(words);
  if (command.kind === 'refused') {
    terminal.err(`${command.message}\n${command.help}\n`);
    return notUnderstood;
  }
  try {
    return await perform(command, places);
  } catch (error) {
    terminal.err(`${error instanceof Refusal ? error.message : failureWords(error, [])}\n`);
    return error instanceof Refusal ? error.exitCode : couldNotWork;
  }
};
