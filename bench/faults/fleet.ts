import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { MerchantSetup, Order, ReportOf } from './messages.js';

/** Merchant processes that come and go. */
export interface Fleet {
  readonly size: number;
  /** Lets one process do something; `killed` when it dies before it has reported. */
  ask<Asked extends Order>(index: number, order: Asked): Promise<ReportOf<Asked> | 'killed'>;
  /** SIGKILL, now. Another process takes its place. */
  kill(index: number): void;
  /** How many processes took this place so far: another number is another memory. */
  life(index: number): number;
  readonly kills: number;
  close(): void;
}

interface Answer {
  resolve(report: unknown): void;
  reject(error: Error): void;
}

interface Process {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  readonly waiting: Map<number, Answer>;
}

/** Compiled once, because a process that is killed often has to start fast. */
const bundleMerchant = async (): Promise<string> => {
  const folder = fileURLToPath(new URL('../../node_modules/.cache/unicharge/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const outdir = mkdtempSync(join(folder, 'faults-'));
  await build({
    entryPoints: [fileURLToPath(new URL('merchant.ts', import.meta.url))],
    outdir,
    bundle: true,
    splitting: true,
    outExtension: { '.js': '.mjs' },
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  return join(outdir, 'merchant.mjs');
};

export const startFleet = async (size: number, setup: MerchantSetup): Promise<Fleet> => {
  const file = await bundleMerchant();
  let kills = 0;
  let asked = 0;
  let closing = false;
  const processes: Process[] = [];
  const lives: number[] = [];

  const start = (index: number): void => {
    const child = fork(file, [JSON.stringify(setup)], {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const waiting = new Map<number, Answer>();
    const ready = new Promise<void>((resolve, reject) => {
      child.on('message', (message: { ready?: true; id?: number; report?: unknown; fault?: string }) => {
        if (message.ready === true) {
          resolve();
          return;
        }
        const answer = waiting.get(message.id ?? -1);
        waiting.delete(message.id ?? -1);
        if (message.fault === undefined) answer?.resolve(message.report);
        else answer?.reject(new Error(`a merchant failed: ${message.fault}`));
      });
      child.on('exit', (code, signal) => {
        for (const answer of waiting.values()) answer.resolve('killed');
        waiting.clear();
        if (closing) return;
        if (signal === 'SIGKILL') start(index);
        else reject(new Error(`a merchant ended with ${code ?? signal}`));
        resolve();
      });
    });
    processes[index] = { child, ready, waiting };
    lives[index] = (lives[index] ?? 0) + 1;
  };
  for (let index = 0; index < size; index += 1) start(index);
  await Promise.all(processes.map(({ ready }) => ready));

  return {
    size,
    get kills() {
      return kills;
    },
    async ask(index, order) {
      const { child, ready, waiting } = processes[index] as Process;
      await ready;
      asked += 1;
      const id = asked;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        child.send({ id, order }, (error) => {
          if (error !== null && waiting.delete(id)) resolve('killed');
        });
      });
    },
    life(index) {
      return lives[index] ?? 0;
    },
    kill(index) {
      kills += 1;
      (processes[index] as Process).child.kill('SIGKILL');
    },
    close() {
      closing = true;
      for (const { child } of processes) child.kill('SIGKILL');
    },
  };
};
