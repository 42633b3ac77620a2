import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MerchantSetup, Place } from '../faults/messages.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the command printed, as far as it is judged. */
export interface Reconciled {
  readonly exitCode: number;
  readonly open: number;
  readonly writes: readonly {
    readonly scope: string;
    readonly key: string;
    readonly outcome: 'happened' | 'did_not_happen' | 'unknown';
  }[];
  readonly failures: readonly { readonly scope: string; readonly message: string }[];
  readonly unserved: readonly { readonly scope: string; readonly open: number }[];
}

/** What the config module is told: the routers of a shop, each over all accounts of one namespace. */
export interface ConfigGiven {
  readonly setup: MerchantSetup;
  readonly shops: readonly (readonly Place[])[];
}

/** Runs `npx unicharge reconcile` in a process of its own, with routers as the only clients of its config. */
export const reconcileByCommand = (given: ConfigGiven, wait: string): Promise<Reconciled> => {
  const folder = join(root, 'node_modules', '.cache', 'unicharge');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `route-faults-${randomUUID()}.json`);
  writeFileSync(file, JSON.stringify(given));
  const config = fileURLToPath(new URL('real-config.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', 'src/cli/main.ts', 'reconcile', '--config', config, '--json', '--wait', wait],
      {
        cwd: root,
        env: { ...process.env, ROUTE_FAULTS: file },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let printed = '';
    child.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      rmSync(file, { force: true });
      try {
        resolve({ ...(JSON.parse(printed) as Omit<Reconciled, 'exitCode'>), exitCode: code ?? 1 });
      } catch {
        reject(new Error(`unicharge reconcile ended with ${code}: ${printed.slice(0, 500)}`));
      }
    });
  });
};
