import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type {
  Batch,
  ClientReply,
  ClientSetup,
  Measured,
  MemoryReport,
  MemorySetup,
  ServerReport,
  ServerSetup,
} from './messages.js';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** Below node_modules, so that the compiled programs find the SDKs and no tool takes them for sources. */
const compiled = join(root, 'node_modules/.cache/unicharge-bench');

/** Compiled first: a TypeScript loader in the measured process would be measured, too. */
export const compile = async (): Promise<void> => {
  mkdirSync(compiled, { recursive: true });
  await build({
    entryPoints: ['server-program', 'client-program', 'memory-program'].map((name) =>
      join(root, `bench/speed/${name}.ts`),
    ),
    outdir: compiled,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
};

/** The next message of a process, or why there will be none. */
const nextMessage = async <Message>(child: ChildProcess, name: string): Promise<Message> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null) => {
      reject(new Error(`${name} ended with ${String(code)}`));
    };
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as Message);
    });
  });

const ask = <Reply>(child: ChildProcess, name: string, message: object | string): Promise<Reply> => {
  const reply = nextMessage<Reply>(child, name);
  child.send(message);
  return reply;
};

const start = (program: string, flags: readonly string[] = []): ChildProcess =>
  fork(join(compiled, `${program}.mjs`), [], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // What is set for tools of this shell, such as a loader, is not what is measured.
    execArgv: [...flags],
    env: { ...process.env, NODE_OPTIONS: '' },
  });

/** The static server, in a process of its own. */
export interface Server {
  readonly origin: string;
  /** What it did since the last report. */
  report(): Promise<ServerReport>;
  stop(): void;
}

export const startServer = async (setup: ServerSetup): Promise<Server> => {
  const child = start('server-program');
  const port = await ask<number>(child, 'the server', setup);
  return {
    origin: `http://127.0.0.1:${port}`,
    report: () => ask<ServerReport>(child, 'the server', 'report'),
    stop: () => {
      child.disconnect();
    },
  };
};

/** One contestant, in a process of its own. */
export interface Client {
  run(batch: Batch): Promise<Measured>;
  stop(): void;
}

export const startClient = async (setup: ClientSetup): Promise<Client> => {
  const name = `${setup.contestant} at ${setup.provider}`;
  const child = start('client-program');
  const ready = await ask<ClientReply | 'ready'>(child, name, setup);
  if (ready !== 'ready') throw new Error(`${name}: ${'failed' in ready ? ready.failed : 'no answer'}`);
  return {
    run: async (batch) => {
      const reply = await ask<ClientReply>(child, name, batch);
      if ('failed' in reply) throw new Error(`${name}, ${batch.operation}: ${reply.failed}`);
      return reply.measured;
    },
    stop: () => {
      child.disconnect();
    },
  };
};

export const runMemoryProgram = async (setup: MemorySetup): Promise<MemoryReport> => {
  const child = start('memory-program', ['--expose-gc']);
  try {
    return await ask<MemoryReport>(child, 'the million charges', setup);
  } finally {
    if (child.connected) child.disconnect();
  }
};
