import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, Finding, Order, ProcessSettings, Reply, Request } from './messages.js';

const program = fileURLToPath(new URL('merchant-process.ts', import.meta.url));

/** A merchant's process, seen from outside. */
export interface Merchant {
  create(orders: readonly Order[]): Promise<readonly Answer[]>;
  reconcilePending(): Promise<readonly Finding[]>;
  /** Sends orders without waiting for answers, for a process that will not live to give them. */
  order(orders: readonly Order[]): void;
  /** SIGKILL: no handler runs, no buffer is flushed. */
  kill(): Promise<void>;
}

export const startMerchant = async (settings: ProcessSettings): Promise<Merchant> => {
  const child = fork(program, [JSON.stringify(settings)], { execArgv: ['--import', 'tsx'] });
  const exit = once(child, 'exit');
  const hear = async <Type extends Reply['type']>(type: Type): Promise<Extract<Reply, { type: Type }>> => {
    const died = exit.then(() => {
      throw new Error('the merchant process ended before it answered');
    });
    const [message] = (await Promise.race([once(child, 'message'), died])) as [Reply];
    if (message.type !== type) throw new Error(`expected ${type}, heard ${message.type}`);
    return message as Extract<Reply, { type: Type }>;
  };
  const tell = (request: Request): void => {
    child.send(request);
  };

  await hear('ready');
  return {
    create: async (orders) => {
      tell({ type: 'create', orders });
      return (await hear('answers')).answers;
    },
    reconcilePending: async () => {
      tell({ type: 'reconcile pending' });
      return (await hear('findings')).findings;
    },
    order: (orders) => {
      tell({ type: 'create', orders });
    },
    kill: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exit;
    },
  };
};
