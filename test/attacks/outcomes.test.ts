import { describe, expect, it } from 'vitest';
import { CardError, ChargesError, type Charge, type ChargesClient, type Refund } from '../../src/index.js';
import type { FaultDetails, FaultType } from '../../src/simulator/faults.js';
import {
  createWorld,
  ending,
  providerNames,
  type AttackedWorld,
  type ProviderName,
} from './attacked-world.js';

const faults: readonly (FaultType | FaultDetails)[] = [
  'refuse',
  'cut_before_commit',
  'cut_after_commit',
  'half_answer',
  'rate_limited',
  'server_error',
  'server_error_after_commit',
  'bad_gateway_after_commit',
  'malformed_json',
  'empty_body',
  'duplicate_delivery',
  { type: 'duplicate_delivery', answer: 'first' },
  { type: 'delay', ms: 30_000 },
  { type: 'delay', ms: 30_000, when: 'after_commit' },
];

interface Attack {
  readonly operation: 'create' | 'authorize' | 'decline' | 'capture' | 'void' | 'refund' | 'partial refund';
  /** The simulator's name of the request that the fault hits. */
  readonly hits: string;
}
const attacks: readonly Attack[] = [
  { operation: 'create', hits: 'create' },
  { operation: 'authorize', hits: 'create' },
  { operation: 'decline', hits: 'create' },
  { operation: 'capture', hits: 'capture' },
  { operation: 'void', hits: 'void' },
  { operation: 'refund', hits: 'refund' },
  { operation: 'partial refund', hits: 'refund' },
];

/** How often the effect is there, by the ledger. */
const effects = (world: AttackedWorld, attack: Attack, key: string, id: string | null): number => {
  const charges = world.providers.ledger.charges();
  const own = charges.filter(
    (charge) => charge.metadata['unicharge_key'] === key && charge.state !== 'failed',
  );
  const target = charges.find((charge) => charge.id === id);
  switch (attack.operation) {
    case 'create':
    case 'authorize':
    case 'decline':
      return own.length;
    case 'capture':
      return target?.state === 'captured' ? 1 : 0;
    case 'void':
      return target?.state === 'voided' ? 1 : 0;
    case 'refund':
    case 'partial refund':
      return target?.refunds.length ?? 0;
  }
};

const begin = async (
  world: AttackedWorld,
  provider: ProviderName,
  client: ChargesClient,
  { operation }: Attack,
): Promise<{ id: string | null; run: (key: string) => Promise<Charge | Refund> }> => {
  if (operation === 'create' || operation === 'authorize' || operation === 'decline') {
    const source = world.providers.source(provider, operation === 'decline' ? 'declined' : 'approved');
    const params = world.params(provider, {
      source,
      ...(operation === 'authorize' ? { capture: false } : {}),
    });
    return { id: null, run: (idempotencyKey) => client.create(params, { idempotencyKey }) };
  }
  const isRefund = operation === 'refund' || operation === 'partial refund';
  const { id } = await client.create(world.params(provider, { capture: isRefund }), {
    idempotencyKey: world.key(),
  });
  switch (operation) {
    case 'capture':
      return { id, run: (idempotencyKey) => client.capture(id, {}, { idempotencyKey }) };
    case 'void':
      return { id, run: (idempotencyKey) => client.void(id, { idempotencyKey }) };
    case 'refund':
      return { id, run: (idempotencyKey) => client.refund(id, {}, { idempotencyKey }) };
    case 'partial refund':
      return { id, run: (idempotencyKey) => client.refund(id, { amount: 500 }, { idempotencyKey }) };
  }
};

const nameOf = (fault: FaultType | FaultDetails): string =>
  typeof fault === 'string' ? fault : [fault.type, fault.answer ?? fault.when ?? ''].join(' ').trim();

describe.each(providerNames)('%s: what an error says about money is what the ledger says', (provider) => {
  describe.each(attacks)('$operation', (attack) => {
    it.each(faults.flatMap((fault) => [1, 9].map((times) => [nameOf(fault), times, fault] as const)))(
      '%s, %d times',
      async (_, times, fault) => {
        const world = createWorld();
        const client = world.client(provider, { maxRetries: 2 });
        const { id, run } = await begin(world, provider, client, attack);
        const key = world.key();
        // Without keys both copies of a doubled request may run: two charges, or two refunds of a part, cannot be prevented. All
        // that is asked then is a typed end. A capture, a void or a full refund runs once, and must be told as it is.
        const runsTwice = ['create', 'authorize', 'decline', 'partial refund'].includes(attack.operation);
        const doubles =
          runsTwice && nameOf(fault).startsWith('duplicate') && !['stripe', 'justifi'].includes(provider);
        world.providers.inject({ provider, operation: attack.hits, fault, times });

        let settled: unknown;
        for (let call = 1; call <= 6; call += 1) {
          const end = await ending(() => run(key));
          const count = effects(world, attack, key, id);
          if ('resolved' in end) {
            expect(attack.operation, 'a decline never resolves').not.toBe('decline');
            if (!doubles) expect(count, `call ${call} resolved`).toBe(1);
            settled = end.resolved;
            break;
          }
          expect(end.rejected, `call ${call}`).toBeInstanceOf(ChargesError);
          const error = end.rejected as ChargesError;
          expect(error.idempotencyKey).toBe(key);
          if (!doubles) {
            expect(count).toBeLessThanOrEqual(1);
            if (error.outcome !== 'unknown') {
              expect(count, `call ${call}: ${error.name}, ${error.outcome}, ${error.message}`).toBe(0);
            }
          }
          if (attack.operation === 'decline' && error instanceof CardError && error.outcome === 'rejected') {
            settled = error;
            break;
          }
          world.providers.clearFaults();
          world.runtime.pass(61_000);
        }
        if (!doubles) expect(settled, 'it settles once the weather is fine').toBeDefined();
      },
    );
  });
});
