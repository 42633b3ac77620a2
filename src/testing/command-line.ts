import { parseArgs } from 'node:util';

/** What `unicharge --help` shows. */
export const usage = `Usage: unicharge simulator [--port <number>]

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

/** What the words on the command line ask for. */
export type Command =
  | { kind: 'help' }
  /** Port 0 takes free ones. */
  | { kind: 'simulator'; port: number }
  | { kind: 'refused'; message: string };

const refused = (message: string): Command => ({ kind: 'refused', message });

/** Reads the arguments after the program's name. */
export const readCommand = (words: readonly string[]): Command => {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { port: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    const [command, ...rest] = positionals;
    if (values.help === true) return { kind: 'help' };
    if (command === undefined) return refused('Which command? There is one: simulator.');
    if (command !== 'simulator') return refused(`There is no command '${command}'.`);
    if (rest.length > 0) return refused(`Unexpected argument: ${rest.join(' ')}`);
    const port = values.port ?? '0';
    if (!/^\d+$/.test(port) || Number(port) > 65_000)
      return refused('--port takes a number from 0 to 65000.');
    return { kind: 'simulator', port: Number(port) };
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
};
