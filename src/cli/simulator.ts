import { systemRuntime } from '../runtime.js';
import { sourceKinds, type SourceKind } from '../testing/simulator/face.js';
import { serveControl } from '../testing/simulator/control.js';
import { startSimulator, type Simulator } from '../testing/simulator/simulator.js';
import type { SimulatedProvider } from '../testing/simulator/faces.js';
import { notUnderstood, Refusal } from './refusal.js';
import type { Terminal } from './terminal.js';

/** What a running simulator is ended with. */
export interface RunningSimulator {
  close(): Promise<void>;
}

/** A fresh source of a kind; null where the provider has none of it. */
const sourceOf = (simulator: Simulator, provider: SimulatedProvider, kind: SourceKind): string | null => {
  try {
    const source: unknown = simulator.source(provider, kind, { returnUrl: 'https://shop.example/return' });
    return typeof source === 'string' ? source : JSON.stringify(source);
  } catch {
    return null;
  }
};

const deliver = (
  simulator: Simulator,
  webhooks: readonly { readonly provider: string; readonly url: string }[],
): ReadonlyMap<string, string> => {
  const secrets = new Map<string, string>();
  for (const { provider, url } of webhooks) {
    const known = simulator.providers.find((name) => name === provider);
    if (known === undefined) {
      throw new Refusal(
        `--webhook: there is no provider '${provider}'. Known are ${simulator.providers.join(', ')}.`,
        notUnderstood,
      );
    }
    // Base64 is what one of the providers insists on, and what no other minds.
    const secret = secrets.get(known) ?? Buffer.from(systemRuntime.uuid()).toString('base64');
    secrets.set(known, secret);
    simulator.webhooks.deliverTo(known, url, secret);
  }
  return secrets;
};

/** `unicharge simulator`: serves until it is closed. */
export const serveSimulator = async (
  terminal: Terminal,
  options: {
    readonly port: number;
    readonly webhooks: readonly { readonly provider: string; readonly url: string }[];
  },
): Promise<RunningSimulator> => {
  const { port } = options;
  const simulator = await startSimulator(port === 0 ? {} : { port: port + 1 });
  try {
    const secrets = deliver(simulator, options.webhooks);
    const control = await serveControl(simulator, port);
    const { bold } = terminal.colours;
    for (const provider of simulator.providers) {
      terminal.out(bold(provider));
      for (const [name, value] of Object.entries(simulator.settings(provider)))
        terminal.out(`  ${name}: ${String(value)}`);
      const secret = secrets.get(provider);
      if (secret !== undefined) terminal.out(`  webhookSecret: ${secret}`);
      for (const kind of sourceKinds) {
        const source = sourceOf(simulator, provider, kind);
        if (source !== null) terminal.out(`  source ${kind}: ${source}`);
      }
    }
    terminal.out(
      `\nLedger: ${control.origin}/ledger\nRequests: ${control.origin}/requests\nStop with Ctrl-C.`,
    );
    return {
      close: async () => {
        await Promise.all([control.close(), simulator.close()]);
      },
    };
  } catch (error) {
    await simulator.close();
    throw error;
  }
};
