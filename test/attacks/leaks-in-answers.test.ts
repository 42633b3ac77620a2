import { describe, expect, it } from 'vitest';
import { ChargesError } from '../../src/index.js';
import type { ExchangeAnswer } from '../../src/transport/exchange.js';
import { ending, providerNames, type Ending } from './attacked-world.js';
import { cardNumber, expectClean, sceneOf, type Scene } from './leak-scene.js';
import { placesIn, replaced, valueAt, type Path } from './hostile-values.js';

/** What the merchant wrote, or the payer of him: it comes back as it went in. */
const merchantsOwn = new Set(['description', 'statementDescriptor', 'customer', 'email', 'metadata']);
const merchantsOwnOnTheWire =
  /descri|email|customer|metadata|phone|address|shipping|billing|postal|city|country|zip|reference/i;

/** A value as JSON, without what is the merchant's own. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value ?? null, (name, inside: unknown) => (merchantsOwn.has(name) ? undefined : inside)),
  );

const expectCleanEnd = (scene: Scene, end: Ending, what: string): void => {
  if ('resolved' in end) {
    expectClean(scene, plain(end.resolved), what);
    return;
  }
  if (!(end.rejected instanceof ChargesError)) throw end.rejected;
  expectClean(scene, plain(end.rejected.toJSON()), what);
  expectClean(scene, end.rejected.stack, `the stack of ${what}`);
  expectClean(scene, end.rejected.message, `the message of ${what}`);
};

const isToken = (url: string): boolean => url.includes('oauth');

/** The scene after a first charge, when everything that a client fetches for itself has been fetched. */
const opened = async (provider: (typeof providerNames)[number]) => {
  const scene = sceneOf(provider);
  const create = (more: object) => scene.client.create(scene.world.params(provider, more));
  const { id } = await create({ capture: false });
  const { id: refunded } = await create({});
  await scene.client.refund(refunded, { amount: 100 });
  const authorization = scene.world.sent.at(-1)?.headers['authorization'] ?? '';
  const fetched = authorization.split(' ')[1] ?? '';
  expect(fetched.length).toBeGreaterThan(8);
  return { id, refunded, scene: { ...scene, canaries: [...new Set([...scene.canaries, fetched])] } };
};

type Opened = Awaited<ReturnType<typeof opened>>;

const callsOf = (
  provider: (typeof providerNames)[number],
  { id, refunded, scene: { client, world } }: Opened,
) => {
  // With a key of the client's own nothing is looked for before sending.
  const options = () => ({});
  const source = () => world.providers.source(provider, 'declined');
  return {
    'an approved create': () => client.create(world.params(provider), options()),
    'a declined create': () => client.create(world.params(provider, { source: source() }), options()),
    'a retrieve': () => client.retrieve(id),
    'a list': () => client.list(),
    'a capture': () => client.capture(id, {}, options()),
    'a refund': () => client.refund(refunded, { amount: 100 }, options()),
    'a list of refunds': () => client.listRefunds(refunded),
  };
};

describe.each(providerNames)('%s', (provider) => {
  it('no text of an answer, wherever it stands, brings a secret into a charge, an error, an event or a record', async () => {
    let start = await opened(provider);
    const { canaries } = start.scene;
    // A number of a card is no secret of the account, and an id may be a number.
    const inIds = canaries.filter((canary) => canary !== cardNumber);
    const echo = [...canaries, `card ${cardNumber.replace(/(.{4})/g, '$1 ')}`].join(' and ');
    let turn = 0;
    for (const name of Object.keys(callsOf(provider, start)) as (keyof ReturnType<typeof callsOf>)[]) {
      // A world of its own, so that its lists stay short.
      start = await opened(provider);
      const { scene } = start;
      const { world } = scene;
      const call = callsOf(provider, start)[name];
      const places = new Map<string, Path>();
      world.tamper = async (request, honest) => {
        const answer = await honest();
        if (isToken(request.url)) return answer;
        for (const place of placesIn(JSON.parse(answer.text))) {
          const isText = typeof valueAt(answer.text, place) === 'string';
          const isFirst = place.every((step) => typeof step === 'string' || step === 0);
          if (isText && isFirst && !place.some((step) => merchantsOwnOnTheWire.test(String(step))))
            places.set(place.join('.'), place);
        }
        return answer;
      };
      await ending(call);
      expect(places.size, name).toBeGreaterThan(1);
      for (const [path, place] of places) {
        turn += 1;
        for (const text of [echo, inIds[turn % inIds.length]]) {
          world.tamper = async (request, honest): Promise<ExchangeAnswer> => {
            const answer = await honest();
            if (isToken(request.url)) return answer;
            try {
              return { ...answer, text: replaced(answer.text, place, text) };
            } catch {
              return answer;
            }
          };
          expectCleanEnd(scene, await ending(call), `${name} with ${path}`);
        }
      }
      for (const each of scene.seen) expectClean(scene, plain(each), `an event or a record of ${name}`);
    }
  }, 60_000);

  it('a request id that is a secret is none', async () => {
    const start = await opened(provider);
    const { scene } = start;
    for (const canary of scene.canaries) {
      scene.world.tamper = async (request, honest) => {
        const answer = await honest();
        if (isToken(request.url)) return answer;
        return {
          ...answer,
          headers: { ...answer.headers, 'request-id': canary, 'x-request-id': `req-${canary}` },
        };
      };
      for (const [name, call] of Object.entries(callsOf(provider, start))) {
        expectCleanEnd(scene, await ending(call), name);
      }
    }
    for (const each of scene.seen) expectClean(scene, plain(each), 'an event or a record');
  });

  it('a refusal that names a charge after a secret names none', async () => {
    const start = await opened(provider);
    const { scene, id } = start;
    const { world } = scene;
    for (const canary of scene.canaries) {
      for (const named of [canary, `ch_${canary}`]) {
        const bodies = [
          { error: { code: 'card_declined', message: 'no', charge: named, payment_intent: { id: named } } },
          { error: 'card_declined', error_description: 'no', charge_token: named },
          { object: 'error', code: 'failed_fraud_check', message: 'no', charge: named, id: named },
          { id: named, token: named, data: { id: named }, response: { token: named } },
        ];
        for (const status of [200, 400, 402, 409, 422, 502]) {
          for (const body of bodies) {
            world.tamper = async (request, honest) =>
              isToken(request.url)
                ? honest()
                : { status, headers: { 'content-type': 'application/json' }, text: JSON.stringify(body) };
            for (const call of [
              () => scene.client.create(world.params(provider), { idempotencyKey: world.key() }),
              () => scene.client.retrieve(id),
            ])
              expectCleanEnd(scene, await ending(call), `${String(status)} ${JSON.stringify(body)}`);
          }
        }
      }
    }
    for (const each of scene.seen) expectClean(scene, plain(each), 'an event or a record');
  });

  it('a secret in the place of an id is not sent', async () => {
    const { scene, id } = await opened(provider);
    const { client, world } = scene;
    const before = world.sent.length;
    for (const canary of scene.canaries.filter((each) => each !== cardNumber)) {
      for (const call of [
        () => client.retrieve(canary),
        () => client.capture(canary, {}, { idempotencyKey: world.key() }),
        () => client.retrieveRefund(id, canary),
      ]) {
        const end = await ending(call);
        expect('rejected' in end && end.rejected).toMatchObject({ outcome: 'not_sent' });
        expectCleanEnd(scene, end, 'the refusal');
      }
    }
    expect(world.sent.length).toBe(before);
  });

  it('what the merchant wrote comes back as it was written', async () => {
    const { scene } = await opened(provider);
    const { client, world } = scene;
    const written = {
      description: 'Order 4111111111111111',
      metadata: { order: 'sk_live_is-a-word', n: cardNumber },
    };
    const made = await client.create(world.params(provider, written), {
      idempotencyKey: world.key(),
    });
    expect(made.metadata).toEqual(written.metadata);
    expect(made.description).toBe(written.description);
    expect((await client.retrieve(made.id)).metadata).toEqual(written.metadata);
  });
});

describe('the access token of JustiFi', () => {
  it('is a secret from its first use on, and so is each that follows it', async () => {
    const { scene, id } = await opened('justifi');
    const { client, world } = scene;
    const tokens = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      world.tamper = async (request) => {
        if (isToken(request.url)) {
          const text = JSON.stringify({ access_token: `fetched-token-${String(round)}`, expires_in: 86_400 });
          return { status: 200, headers: { 'content-type': 'application/json' }, text };
        }
        const token = request.headers['authorization']?.split(' ')[1] ?? '';
        tokens.add(token);
        const isOld = token !== `fetched-token-${String(round)}`;
        const message = `The token ${[...tokens].join(' and ')} is not allowed here`;
        const text = JSON.stringify({ error: { code: [...tokens].join('-'), message } });
        return { status: isOld ? 401 : 403, headers: { 'content-type': 'application/json' }, text };
      };
      const end = await ending(() => client.retrieve(id));
      expectCleanEnd({ ...scene, canaries: [...tokens] }, end, `round ${String(round)}`);
    }
    expect(tokens.size).toBe(4);
    expectClean({ ...scene, canaries: [...tokens] }, plain(scene.seen), 'an event');
  });
});
