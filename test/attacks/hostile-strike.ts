import { expect } from 'vitest';
import {
  chargeSchema,
  ChargesError,
  refundSchema,
  type Charge,
  type ChargesClient,
} from '../../src/index.js';
import type { ExchangeAnswer, ExchangeRequest } from '../../src/transport/exchange.js';
import { createWorld, ending, type AttackedWorld, type ProviderName } from './attacked-world.js';

/** A call that can be made again, and what the ledger shows of its effect. */
interface AttackedCall {
  run(): Promise<unknown>;
  /** Ids of the charges or refunds that the write made or changed; empty for reads. */
  effects(): readonly string[];
  /** The one id that an answer may show; null where the ledger makes it. */
  readonly id: string | null;
}

/** A call to attack, with what it needs to exist before. */
export interface Attack {
  readonly name: string;
  readonly isWrite: boolean;
  begin(world: AttackedWorld, provider: ProviderName, client: ChargesClient): Promise<AttackedCall>;
}

/** A charge that exists before the attack, and a reader of its truth. */
const prepare = async (
  world: AttackedWorld,
  provider: ProviderName,
  client: ChargesClient,
  more: object = {},
) => {
  const { id } = await client.create(world.params(provider, more), { idempotencyKey: world.key() });
  const truth = () => world.providers.ledger.charges().find((charge) => charge.id === id);
  return { id, key: world.key(), truth };
};

export const attacks: readonly Attack[] = [
  {
    name: 'create',
    isWrite: true,
    begin: (world, provider, client) => {
      const params = world.params(provider, { metadata: { order: '81' } });
      const key = world.key();
      return Promise.resolve({
        id: null,
        run: () => client.create(params, { idempotencyKey: key }),
        effects: () =>
          world.providers.ledger
            .charges()
            .filter(({ metadata, state }) => metadata['unicharge_key'] === key && state !== 'failed')
            .map((charge) => charge.id),
      });
    },
  },
  {
    name: 'capture',
    isWrite: true,
    begin: async (world, provider, client) => {
      const { id, key, truth } = await prepare(world, provider, client, { capture: false });
      return {
        id,
        run: () => client.capture(id, {}, { idempotencyKey: key }),
        effects: () => (truth()?.state === 'captured' ? [id] : []),
      };
    },
  },
  {
    name: 'void',
    isWrite: true,
    begin: async (world, provider, client) => {
      const { id, key, truth } = await prepare(world, provider, client, { capture: false });
      return {
        id,
        run: () => client.void(id, { idempotencyKey: key }),
        effects: () => (truth()?.state === 'voided' ? [id] : []),
      };
    },
  },
  {
    name: 'refund',
    isWrite: true,
    begin: async (world, provider, client) => {
      const { id, key, truth } = await prepare(world, provider, client);
      return {
        id: null,
        run: () => client.refund(id, { amount: 500 }, { idempotencyKey: key }),
        effects: () => (truth()?.refunds ?? []).map((refund) => refund.id),
      };
    },
  },
  {
    name: 'retrieve',
    isWrite: false,
    begin: async (world, provider, client) => {
      const { id } = await prepare(world, provider, client);
      return { id, run: () => client.retrieve(id), effects: () => [] };
    },
  },
  {
    name: 'list',
    isWrite: false,
    begin: async (world, provider, client) => {
      await prepare(world, provider, client);
      const run = async (): Promise<Charge[]> => {
        const seen: Charge[] = [];
        for await (const charge of client.list({ maxItems: 20 })) seen.push(charge);
        return seen;
      };
      return { id: null, run, effects: () => [] };
    },
  },
  {
    name: 'listRefunds',
    isWrite: false,
    begin: async (world, provider, client) => {
      const { id, key } = await prepare(world, provider, client);
      await client.refund(id, { amount: 500 }, { idempotencyKey: key });
      return { id: null, run: () => client.listRefunds(id), effects: () => [] };
    },
  },
];

const expectValid = (output: unknown): void => {
  if (Array.isArray(output)) output.forEach(expectValid);
  else if (typeof output === 'object' && output !== null && 'chargeId' in output) refundSchema.parse(output);
  else chargeSchema.parse(output);
};

const idOf = (output: unknown): unknown => (output as { id?: unknown }).id;

/** Requests that only prepare a write: a token, a payment method. Without them nothing is sent, and nothing can be lost. */
export const isPreparation = ({ url }: ExchangeRequest): boolean => /oauth|payment_methods/.test(url);

export interface Strike {
  change(answer: ExchangeAnswer): ExchangeAnswer;
  /** Reads that belong to a write are answered honestly, unless told. */
  readonly alsoReads?: boolean;
}

/**
 * Makes one call whose answers were tampered with, and compares all that the caller is told with the ledger: what resolves
 * exists, what is said not to have happened does not, and a repeat in better weather ends with exactly one effect.
 */
export const strike = async (
  provider: ProviderName,
  attack: Attack,
  { change, alsoReads = false }: Strike,
  what: string,
): Promise<void> => {
  const world = createWorld();
  const client = world.client(provider, { maxRetries: 0 });
  const call = await attack.begin(world, provider, client);
  world.tamper = async (request, honest) => {
    const answer = await honest();
    const isRead = attack.isWrite && request.method === 'GET';
    return isPreparation(request) || (isRead && !alsoReads) ? answer : change(answer);
  };
  const end = await ending(() => call.run());
  expect(({} as Record<string, unknown>)['polluted'], what).toBeUndefined();
  if ('resolved' in end) {
    expectValid(end.resolved);
    if (call.id !== null) expect(idOf(end.resolved), what).toBe(call.id);
    if (attack.isWrite) expect(call.effects(), what).toEqual([idOf(end.resolved)]);
  } else {
    const error = end.rejected;
    if (!(error instanceof ChargesError)) {
      throw new Error(`${what}: untyped: ${String((error as Error).stack)}`);
    }
    expect(error.message.length, what).toBeLessThan(1500);
    JSON.stringify(error);
    if (!attack.isWrite) expect(error.outcome, what).toBe('not_sent');
    else if (error.outcome !== 'unknown') {
      expect(call.effects(), `${what}: ${error.name}, ${error.outcome}, ${error.message}`).toEqual([]);
    }
  }
  if (!attack.isWrite) return;

  world.tamper = null;
  world.runtime.pass(61_000);
  const again = await ending(() => call.run());
  if ('rejected' in again) throw new Error(`${what}: the repeat: ${String(again.rejected)}`);
  expect(call.effects(), `${what}: after the repeat`).toEqual([idOf(again.resolved)]);
};
