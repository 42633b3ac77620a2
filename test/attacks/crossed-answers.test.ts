import { describe, expect, it } from 'vitest';
import type { Charge, ChargesClient, Refund } from '../../src/index.js';
import { ExchangeFailure } from '../../src/transport/exchange.js';
import { createWorld, ending, type AttackedWorld, type ProviderName } from './attacked-world.js';

/*
 * A cache on the way, or a connection that lost its step, answers the question about one charge with the answer about
 * another. Such an answer is well formed and belongs to somebody else.
 */

const clients = [
  ['stripe', {}],
  ['stripe', { api: 'charges' }],
  ['omise', {}],
  ['magpie', {}],
  ['justifi', {}],
  ['pin', {}],
] as const satisfies readonly (readonly [ProviderName, object])[];

const named = clients.map(
  ([provider, settings]) =>
    [`${provider}${'api' in settings ? ' (charges)' : ''}`, provider, settings] as const,
);

interface Scene {
  readonly world: AttackedWorld;
  readonly client: ChargesClient;
  readonly own: Charge;
  readonly other: Charge;
  readonly ownRefund: Refund | null;
  readonly otherRefund: Refund | null;
}

/** Two charges of different amounts. Where they are captured, each has a refund. */
const stage = async (provider: ProviderName, settings: object, capture: boolean): Promise<Scene> => {
  const world = createWorld();
  const client = world.client(provider, settings);
  const own = await client.create(world.params(provider, { capture, amount: 9000 }));
  const other = await client.create(world.params(provider, { capture, amount: 2700 }));
  if (!capture) return { world, client, own, other, ownRefund: null, otherRefund: null };
  const ownRefund = await client.refund(own.id, { amount: 2000 });
  world.runtime.pass(60_000);
  const otherRefund = await client.refund(other.id, { amount: 2100 });
  return { world, client, own, other, ownRefund, otherRefund };
};

/** Every question about one charge is answered as if the other had been meant. */
const crossReads = (scene: Scene): void => {
  const { world, own, other, ownRefund, otherRefund } = scene;
  world.tamper = async (request, honest) => {
    if (request.method !== 'GET') return honest();
    const url = request.url
      .replaceAll(own.id, other.id)
      .replaceAll(ownRefund?.id ?? own.id, otherRefund?.id ?? other.id);
    if (url === request.url) return honest();
    const address = new URL(url);
    const [, provider = ''] = address.pathname.split('/');
    const delivery = await world.providers.handle(provider as ProviderName, {
      method: 'GET',
      path: address.pathname.slice(provider.length + 1),
      query: address.search.slice(1),
      headers: request.headers,
      body: '',
    });
    if (delivery.outcome !== 'answered') throw new Error('the simulator was to answer');
    const { status, headers, body } = delivery.response;
    return { status, headers, text: body };
  };
};

/** The write is executed, and its answer speaks of the other charge. */
const crossWrites = ({ world, own, other }: Scene): void => {
  world.tamper = async (request, honest) => {
    const answer = await honest();
    return request.method === 'GET' ? answer : { ...answer, text: answer.text.replaceAll(own.id, other.id) };
  };
};

const writesIn = (world: AttackedWorld): number =>
  world.sent.filter(({ method, url }) => method !== 'GET' && !url.endsWith('/oauth/token')).length;

const ledgerOf = (world: AttackedWorld): unknown =>
  world.providers.ledger
    .charges()
    .map(({ id, state, amountCaptured, amountRefunded }) => ({ id, state, amountCaptured, amountRefunded }));

const crossed = { name: 'IntegrityError', code: 'crossed_answers' };

const readings: readonly (readonly [name: string, read: (scene: Scene) => Promise<unknown>])[] = [
  ['retrieve', ({ client, own }) => client.retrieve(own.id)],
  ['listRefunds', ({ client, own }) => client.listRefunds(own.id)],
  ['retrieveRefund', ({ client, own, ownRefund }) => client.retrieveRefund(own.id, ownRefund?.id ?? '')],
];

describe.each(named)('an answer about another charge at %s', (_, provider, settings) => {
  it.each(readings)('is refused by %s', async (_name, read) => {
    const scene = await stage(provider, settings, true);
    crossReads(scene);
    const end = await ending(() => read(scene));
    expect(end).toMatchObject({ rejected: { ...crossed, outcome: 'not_sent', chargeId: scene.own.id } });
  });

  it('stops a full refund before it is sent, for the amount is read', async () => {
    const scene = await stage(provider, settings, true);
    crossReads(scene);
    const writes = writesIn(scene.world);
    const before = ledgerOf(scene.world);
    const end = await ending(() => scene.client.refund(scene.own.id, {}, { idempotencyKey: 'refund-81' }));
    expect(end).toMatchObject({ rejected: { ...crossed, outcome: 'not_sent', chargeId: scene.own.id } });
    expect(writesIn(scene.world)).toBe(writes);
    expect(ledgerOf(scene.world)).toEqual(before);
  });

  it.each(['capture', 'partial capture', 'void'])('never passes for the effect of a %s', async (write) => {
    const scene = await stage(provider, settings, false);
    const { world, client, own, other } = scene;
    if (write === 'void') await client.void(other.id);
    else await client.capture(other.id);
    const before = JSON.stringify(ledgerOf(world));
    crossReads(scene);
    const end = await ending(() => {
      const options = { idempotencyKey: 'write-81' };
      if (write === 'void') return client.void(own.id, options);
      return client.capture(own.id, write === 'capture' ? {} : { amount: 4000 }, options);
    });
    if ('resolved' in end) expect(end.resolved).toMatchObject({ id: own.id, amount: own.amount });
    else {
      expect((end.rejected as Error).name).toMatch(/IntegrityError|InvalidRequestError|ConflictError/);
      expect(JSON.stringify(ledgerOf(world))).toBe(before);
    }
  });

  it.each(['capture', 'void'])(
    'is not taken for the effect of a %s that was lost on its way',
    async (write) => {
      const scene = await stage(provider, settings, false);
      const { world, own, other } = scene;
      if (write === 'void') await scene.client.void(other.id);
      else await scene.client.capture(other.id);
      const act = () => {
        const options = { idempotencyKey: 'lost-81', maxRetries: 0 };
        return write === 'void'
          ? scene.client.void(own.id, options)
          : scene.client.capture(own.id, {}, options);
      };
      world.tamper = async (request, honest) => {
        if (request.method === 'GET' || request.url.endsWith('/oauth/token')) return honest();
        throw new ExchangeFailure('connection', true, 'ECONNRESET');
      };
      expect(await ending(act)).toMatchObject({ rejected: { outcome: 'unknown' } });
      world.runtime.pass(48 * 60 * 60_000);
      crossReads(scene);
      const end = await ending(act);
      const isAuthorized =
        world.providers.ledger.charges().find(({ id }) => id === own.id)?.state === 'authorized';
      // Nothing of it is seen, so it is either still open, or was sent again and answered for itself.
      if ('resolved' in end) {
        expect(isAuthorized).toBe(false);
        expect(end.resolved).toMatchObject({ id: own.id });
      } else expect(end.rejected).toMatchObject({ outcome: 'unknown' });
    },
  );

  it('is not where a refund is missed that was made: it is not made again', async () => {
    const scene = await stage(provider, settings, true);
    const { world, client, own } = scene;
    const act = () => client.refund(own.id, { amount: 2500 }, { idempotencyKey: 'refund-82', maxRetries: 0 });
    world.tamper = async (request, honest) => {
      const answer = await honest();
      if (request.method === 'GET' || request.url.endsWith('/oauth/token')) return answer;
      throw new ExchangeFailure('connection', true, 'ECONNRESET');
    };
    expect(await ending(act)).toMatchObject({ rejected: { outcome: 'unknown' } });
    world.runtime.pass(48 * 60 * 60_000);
    crossReads(scene);
    const end = await ending(act);
    expect(end).toMatchObject({ rejected: { outcome: 'unknown' } });
    const charge = world.providers.ledger.charges().find(({ id }) => id === own.id);
    expect(charge?.amountRefunded).toBe(4500);
  });

  it.each(['capture', 'void', 'refund'])('of a %s leaves it unknown, for it was sent', async (write) => {
    const scene = await stage(provider, settings, write === 'refund');
    const { client, own } = scene;
    crossWrites(scene);
    const end = await ending(() => {
      if (write === 'capture') return client.capture(own.id);
      return write === 'void' ? client.void(own.id) : client.refund(own.id, { amount: 2500 });
    });
    expect(end).toMatchObject({ rejected: { ...crossed, outcome: 'unknown', chargeId: own.id } });
  });
});

describe.each(named.filter(([, provider]) => provider !== 'justifi'))(
  'a payer who came back at %s',
  (_, provider, settings) => {
    it('is not told of another charge', async () => {
      const scene = await stage(provider, settings, true);
      crossReads(scene);
      const end = await ending(() => scene.client.verify3DS({ chargeId: scene.own.id }));
      expect(end).toMatchObject({ rejected: { ...crossed, chargeId: scene.own.id } });
    });
  },
);

describe.each(named.filter(([, provider]) => provider !== 'pin' && provider !== 'magpie'))(
  'an update at %s',
  (_, provider, settings) => {
    it('is unknown where the answer is about another charge', async () => {
      const scene = await stage(provider, settings, true);
      crossWrites(scene);
      const end = await ending(() => scene.client.update(scene.own.id, { description: 'another' }));
      expect(end).toMatchObject({ rejected: { ...crossed, outcome: 'unknown', chargeId: scene.own.id } });
    });
  },
);

describe.each(named.filter(([, provider]) => provider === 'omise' || provider === 'justifi'))(
  'metadata at %s',
  (_, provider, settings) => {
    it('are not merged with those of another charge', async () => {
      const scene = await stage(provider, settings, true);
      crossReads(scene);
      const writes = writesIn(scene.world);
      const end = await ending(() => scene.client.update(scene.own.id, { metadata: { order: '81' } }));
      expect(end).toMatchObject({ rejected: { ...crossed, outcome: 'not_sent' } });
      expect(writesIn(scene.world)).toBe(writes);
    });
  },
);
