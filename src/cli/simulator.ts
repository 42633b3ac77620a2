import { systemRuntime } from '../runtime.js';
import { sourceKinds, type SourceKind } from '../simulator/face.js';
import { serveControl } from '../simulator/control.js';
import { faultNamed } from '../simulator/faults.js';
import { startSimulator, type Simulator } from '../simulator/simulator.js';
import type { SimulatedProvider } from '../simulator/faces.js';
import type { FaultWords, SimulatorWords } from './command-line.js';
import { notUnderstood, Refusal } from './refusal.js';
import type { Terminal } from './terminal.js';

/** What a running simulator is ended with. */
export interface RunningSimulator {
  close(): Promise<void>;
}

/** Where the notifications of a provider go, and what they are signed with. */
interface Delivery {
  readonly secret: string;
  readonly urls: string[];
}

/** What a program needs to know of one provider. */
interface ShownProvider {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly publishableKey: string | null;
  readonly sources: Readonly<Partial<Record<SourceKind, unknown>>>;
  readonly webhooks: Delivery | null;
}

/** A fresh source of every kind that the provider has. */
const sourcesOf = (simulator: Simulator, provider: SimulatedProvider): ShownProvider['sources'] => {
  const sources: Partial<Record<SourceKind, unknown>> = {};
  for (const kind of sourceKinds) {
    try {
      sources[kind] = simulator.source(provider, kind, { returnUrl: 'https://shop.example/return' });
    } catch {
      // The provider has none of this kind.
    }
  }
  return sources;
};

const deliver = (
  simulator: Simulator,
  webhooks: SimulatorWords['webhooks'],
): ReadonlyMap<string, Delivery> => {
  const deliveries = new Map<string, Delivery>();
  for (const { provider, url } of webhooks) {
    const known = simulator.providers.find((name) => name === provider);
    if (known === undefined) {
      throw new Refusal(
        `--webhook: there is no provider '${provider}'. Known are ${simulator.providers.join(', ')}.`,
        notUnderstood,
      );
    }
    const delivery = deliveries.get(known) ?? {
      // Base64 is what one of the providers insists on, and what no other minds.
      secret: Buffer.from(systemRuntime.uuid()).toString('base64'),
      urls: [],
    };
    deliveries.set(known, delivery);
    delivery.urls.push(url);
    simulator.webhooks.deliverTo(known, url, delivery.secret);
  }
  return deliveries;
};

/** Faults wait for their requests from the start. One that would never strike is refused. */
const inject = (simulator: Simulator, faults: readonly FaultWords[]): void => {
  for (const order of faults) {
    try {
      simulator.inject({ ...order, fault: faultNamed(order.fault) });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new Refusal(`--fault: ${error.message}`, notUnderstood);
    }
  }
};

const show = (
  terminal: Terminal,
  origin: string,
  shown: Readonly<Record<string, ShownProvider>>,
  faults: readonly FaultWords[],
): void => {
  const { bold, dim, yellow } = terminal.colours;
  const line = (name: string, value: unknown): void => {
    terminal.out(`  ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  };
  for (const [provider, { settings, publishableKey, sources, webhooks }] of Object.entries(shown)) {
    terminal.out(bold(provider));
    for (const [name, value] of Object.entries(settings)) line(name, value);
    if (publishableKey === null) terminal.out(dim('  publishableKey: none'));
    else line('publishableKey', publishableKey);
    for (const [kind, source] of Object.entries(sources)) line(`source ${kind}`, source);
    if (webhooks === null) terminal.out(dim('  webhooks: nowhere (--webhook)'));
    for (const url of webhooks?.urls ?? []) line('webhooks', url);
    if (webhooks !== null) line('webhookSecret', webhooks.secret);
  }
  if (faults.length > 0) terminal.out(bold('faults'));
  for (const { provider, operation, fault, times = 1 } of faults) {
    const where = operation ?? 'every request';
    terminal.out(
      yellow(`  ${String(provider)} ${where}: ${fault}, ${times} ${times === 1 ? 'time' : 'times'}`),
    );
  }
  terminal.out(`\nLedger: ${origin}/ledger\nRequests: ${origin}/requests\nStop with Ctrl-C.`);
};

/** `unicharge simulator`: serves until it is closed. */
export const serveSimulator = async (
  terminal: Terminal,
  { port, webhooks, faults, json }: SimulatorWords,
): Promise<RunningSimulator> => {
  const simulator = await startSimulator(port === 0 ? {} : { port: port + 1 });
  try {
    const deliveries = deliver(simulator, webhooks);
    inject(simulator, faults);
    const control = await serveControl(simulator, port);
    const shown = Object.fromEntries(
      simulator.providers.map((provider): [string, ShownProvider] => [
        provider,
        {
          settings: { ...simulator.settings(provider) },
          publishableKey: simulator.publishableKey(provider),
          sources: sourcesOf(simulator, provider),
          webhooks: deliveries.get(provider) ?? null,
        },
      ]),
    );
    // On one line: whoever reads it from a pipe knows that it is whole, while the simulator goes on.
    if (json) terminal.out(JSON.stringify({ url: control.origin, providers: shown, faults }));
    else show(terminal, control.origin, shown, faults);
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
