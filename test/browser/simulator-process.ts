import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FaultOrder, LedgerCharge, SimulatedProvider } from '../../src/testing/index.js';

const command = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** What `unicharge simulator --json` says of a provider. */
interface Told {
  readonly settings: { readonly baseUrl: string };
  readonly publishableKey: string;
  readonly webhooks: { readonly secret: string };
}

/** A provider in a process of its own, which a test may end. */
export interface ProviderProcess extends Told {
  readonly provider: SimulatedProvider;
  charges(): Promise<LedgerCharge[]>;
  inject(order: FaultOrder): Promise<void>;
  clearFaults(): Promise<void>;
  /** Ends the process: its ports refuse connections from now on. */
  kill(): Promise<void>;
}

/** Starts the command of the library, which delivers the provider's webhooks to this address. */
export const startProvider = async (
  provider: SimulatedProvider,
  webhookUrl: string,
): Promise<ProviderProcess> => {
  const words = ['simulator', '--json', '--webhook', `${provider}=${webhookUrl}`];
  const child = spawn(process.execPath, ['--import', 'tsx', command, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { url, providers } = JSON.parse(line) as {
    url: string;
    providers: Record<SimulatedProvider, Told>;
  };
  const ask = async (path: string, init?: RequestInit): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, init);
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
  return {
    ...providers[provider],
    provider,
    charges: async () =>
      ((await ask('/ledger')) as LedgerCharge[]).filter((charge) => charge.provider === provider),
    inject: async (order) => {
      await ask('/faults', { method: 'POST', body: JSON.stringify({ provider, ...order }) });
    },
    clearFaults: async () => {
      await ask('/faults', { method: 'DELETE' });
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
};
