import { describe, expect, it } from 'vitest';
import { memoryStore, type ChargesError } from '../../src/index.js';
import { createWorld, ending, type AttackedWorld, type ProviderName } from '../attacks/attacked-world.js';

const withoutKeys = ['omise', 'pin', 'magpie'] as const;

/** How a shop may call: what is known of a charge before the write differs. */
interface Shop {
  readonly name: string;
  readonly hasKeys: boolean;
  readonly isDurable?: boolean;
  readonly settings?: object;
}
const durableShop: Shop = { name: 'a key and a durable store', hasKeys: true, isDurable: true };
const shops: readonly Shop[] = [
  { name: 'a key and no durable store', hasKeys: true },
  durableShop,
  { name: 'a key, looking for nothing first', hasKeys: true, settings: { lookupFirst: false } },
  { name: 'no key of its own', hasKeys: false },
];

const open = (world: AttackedWorld, provider: ProviderName, shop: Shop = durableShop) => {
  const store = { ...memoryStore({ runtime: world.runtime }), durable: true };
  return {
    client: world.client(provider, { ...(shop.isDurable ? { store } : {}), ...shop.settings }),
    options: () => (shop.hasKeys ? { idempotencyKey: world.key() } : {}),
  };
};

const chargeOf = (world: AttackedWorld, id: string) =>
  world.providers.ledger.charges().find((charge) => charge.id === id);

const failureOf = async (work: () => unknown): Promise<ChargesError> => {
  const end = await ending(work);
  if ('resolved' in end) throw new Error('it resolved');
  return end.rejected as ChargesError;
};

describe.each(withoutKeys)(
  '%s: a write that the network delivers twice, the second answer alone arriving',
  (provider) => {
    describe.each(shops)('by a shop with $name', (shop) => {
      const looks = shop.hasKeys && shop.settings === undefined;

      it.each([
        ['capture', 'captured'],
        ['void', 'voided'],
      ] as const)('is the %s that ran, where it looked before', async (operation, status) => {
        const world = createWorld();
        const { client, options } = open(world, provider, shop);
        const { id } = await client.create(world.params(provider, { capture: false }), options());
        world.providers.inject({ provider, operation, fault: 'duplicate_delivery' });
        const given = options();
        const end = await ending(() =>
          operation === 'capture' ? client.capture(id, {}, given) : client.void(id, given),
        );
        if (looks) expect(end).toMatchObject({ resolved: { id, status } });
        // Nobody knows what was there before: the refusal is taken at its word, which is a stated limit.
        else expect(end).toMatchObject({ rejected: { name: 'ConflictError', outcome: 'rejected' } });
        expect(chargeOf(world, id)?.state).toBe(status);
      });

      it('is the one full refund that ran', async () => {
        const world = createWorld();
        const { client, options } = open(world, provider, shop);
        const { id } = await client.create(world.params(provider), options());
        world.providers.inject({ provider, operation: 'refund', fault: 'duplicate_delivery' });
        const refund = await client.refund(id, {}, options());
        expect(refund).toMatchObject({ chargeId: id, amount: 4590 });
        expect(chargeOf(world, id)?.refunds.map((each) => each.id)).toEqual([refund.id]);
      });

      it('is no success where somebody else was first', async () => {
        const world = createWorld();
        const { client, options } = open(world, provider, shop);
        const other = world.client(provider);
        const looksFirst = looks && shop.isDurable !== true;
        for (const operation of ['capture', 'void'] as const) {
          const { id } = await other.create(world.params(provider, { capture: false }));
          await other[operation](id);
          const given = options();
          const end = await ending(() =>
            operation === 'capture' ? client.capture(id, {}, given) : client.void(id, given),
          );
          // Seen before the first byte: without a durable store an earlier process with this key may have done it.
          if (looksFirst) expect(end).toMatchObject({ resolved: { id } });
          else expect(end).toMatchObject({ rejected: { name: 'ConflictError', outcome: 'rejected' } });
        }
        const { id } = await other.create(world.params(provider));
        await other.refund(id);
        // Where refunds carry no key, and no store says whose this one is, it may be that of an earlier process.
        const mayBeOwn = shop.hasKeys && shop.isDurable !== true && provider !== 'omise';
        expect(await failureOf(() => client.refund(id, {}, options()))).toMatchObject({
          name: mayBeOwn && looksFirst ? 'OutcomeUnknownError' : 'ConflictError',
          outcome: mayBeOwn ? 'unknown' : 'rejected',
        });
        expect(chargeOf(world, id)?.refunds).toHaveLength(1);
      });
    });

    it('is open where the charge could not be read before, and settled by the repeat', async () => {
      const world = createWorld();
      const { client, options } = open(world, provider);
      const { id } = await client.create(world.params(provider, { capture: false }));
      world.providers.inject({ provider, operation: 'retrieve', fault: 'server_error', times: 3 });
      world.providers.inject({ provider, operation: 'capture', fault: 'duplicate_delivery' });
      const given = options();
      // Magpie cannot capture without having read the amount.
      const params = { amount: 4590 };
      const first = await ending(() => client.capture(id, params, given));
      if ('rejected' in first) {
        expect(['unknown', 'not_sent']).toContain((first.rejected as ChargesError).outcome);
      }
      world.providers.clearFaults();
      world.runtime.pass(61_000);
      expect(await client.capture(id, params, given)).toMatchObject({ id, status: 'captured' });
    });

    it('is open where the charge cannot be read after, and settled by the repeat', async () => {
      const world = createWorld();
      const { client, options } = open(world, provider);
      const { id } = await client.create(world.params(provider, { capture: false }));
      world.providers.inject({ provider, operation: 'void', fault: 'duplicate_delivery' });
      let voided = false;
      world.tamper = async (request, honest) => {
        const answer = await honest();
        if (voided && request.method === 'GET') return { ...answer, status: 500, text: '' };
        voided ||= request.url.endsWith('/void') || request.url.endsWith('/reverse');
        return answer;
      };
      const given = options();
      expect(await failureOf(() => client.void(id, given))).toMatchObject({ outcome: 'unknown' });
      world.tamper = null;
      world.runtime.pass(61_000);
      expect(await client.void(id, given)).toMatchObject({ id, status: 'voided' });
    });
  },
);

describe.each(['pin', 'magpie'] as const)(
  '%s: a refused refund whose charge shows new refunds',
  (provider) => {
    it.each([
      ['of another amount, it is refused', [2_000], 'rejected'],
      ['of the same amount twice, it is open: one of two is never guessed', [1_500, 1_500], 'unknown'],
    ] as const)('%s', async (_, byHand, outcome) => {
      const world = createWorld();
      const { client, options } = open(world, provider);
      const { id } = await client.create(world.params(provider));
      const other = world.client(provider, { namespace: 'by-hand' });
      world.tamper = async (request, honest) => {
        if (request.method !== 'POST' || !/refunds?$/.test(request.url)) return honest();
        world.tamper = null;
        for (const amount of byHand) await other.refund(id, { amount });
        await other.refund(id, { amount: 4590 - byHand.reduce<number>((sum, amount) => sum + amount, 0) });
        return honest();
      };
      const given = options();
      expect(await failureOf(() => client.refund(id, { amount: 1_500 }, given))).toMatchObject({ outcome });
      expect(chargeOf(world, id)?.amountRefunded).toBe(4590);
    });
  },
);
