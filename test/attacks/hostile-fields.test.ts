import { describe, expect, it } from 'vitest';
import { ChargesError } from '../../src/index.js';
import type { ExchangeAnswer } from '../../src/transport/exchange.js';
import { createWorld, ending, providerNames } from './attacked-world.js';
import { hostileValues, inTurn, placesIn, replaced, valueAt } from './hostile-values.js';
import { attacks, isPreparation, strike } from './hostile-strike.js';

/** Every id of an answer, made another one. */
const withIds = (text: string, change: (id: string) => string): string =>
  text.replace(
    /"(id|token)":"([^"]*)"/g,
    (_, name: string, id: string) => `"${name}":${JSON.stringify(change(id))}`,
  );

describe.each(providerNames)('%s', (provider) => {
  describe.each(attacks)('$name', (attack) => {
    it('answered with any field of the wrong kind', async () => {
      // The places, from one honest run.
      let honest = '';
      const listen = (answer: ExchangeAnswer): ExchangeAnswer => {
        honest = answer.text;
        return answer;
      };
      await strike(provider, attack, { change: listen }, 'honest');
      const places = placesIn(JSON.parse(honest));
      const first = providerNames.indexOf(provider) * 3 + attacks.indexOf(attack) * 5;
      for (const [index, place] of places.entries()) {
        // Not of the wrong kind: a text that may well be an id, and the other one of two answers.
        const isId = ['id', 'token'].includes(String(place.at(-1)));
        const good = isId ? '4590' : typeof valueAt(honest, place) === 'boolean' ? true : undefined;
        const values = hostileValues.filter((value) => value !== good);
        const value = inTurn(values, first + index);
        const what = `${place.join('.')} = ${JSON.stringify(value)}`;
        const change = (answer: ExchangeAnswer): ExchangeAnswer => ({
          ...answer,
          text: replaced(answer.text, place, value),
        });
        await strike(provider, attack, { change }, what);
      }
    });
  });

  it('an id that no later call would take is no id: the write stays open, and a repeat finds it', async () => {
    for (const bad of ['x\u0000', '\ud800', 'a b', '../charges', '', '?x=1', 'x'.repeat(300)]) {
      for (const attack of attacks.filter(({ isWrite }) => isWrite)) {
        const change = (answer: ExchangeAnswer): ExchangeAnswer => ({
          ...answer,
          text: withIds(answer.text, () => bad),
        });
        await strike(provider, attack, { change }, `${attack.name} of ${JSON.stringify(bad)}`);
      }
    }
  });

  it('an answer about another charge is believed for none, whatever ids look like', async () => {
    for (const other of [(id: string) => `${id.slice(0, -4)}0000`, () => '4590', () => 'b3c1-77']) {
      for (const attack of attacks.filter(({ name }) => ['capture', 'void', 'retrieve'].includes(name))) {
        const change = (answer: ExchangeAnswer): ExchangeAnswer => ({
          ...answer,
          text: withIds(answer.text, other),
        });
        await strike(provider, attack, { change }, `${attack.name} of ${other('ch_000000')}`);
      }
    }
  });

  it('refusals of any shape end typed', async () => {
    const world = createWorld();
    const client = world.client(provider, { maxRetries: 0 });
    const bodies: unknown[] = [
      null,
      [],
      'x',
      0,
      {},
      { error: null },
      { error: [] },
      { error: 'x' },
      { error: {} },
      { errors: null },
      { errors: [null] },
      { errors: { base: null } },
    ];
    let honest: unknown = null;
    world.tamper = async (_, answer) => {
      const given = await answer();
      if (given.status >= 400) honest = JSON.parse(given.text);
      return given;
    };
    await ending(() =>
      client.create(world.params(provider, { source: 'nothing_here' }), { idempotencyKey: world.key() }),
    );
    // Where that is refused unsent, or answered as a failed charge.
    if (honest === null) await ending(() => client.retrieve('ch_missing'));
    expect(honest, 'an honest refusal').not.toBeNull();
    const texts = bodies.map((body) => JSON.stringify(body));
    for (const place of placesIn(honest)) {
      for (const value of hostileValues) texts.push(replaced(JSON.stringify(honest), place, value));
    }
    const params = world.params(provider);
    const statuses = [400, 401, 402, 403, 404, 409, 422, 429, 500];
    for (const [index, text] of texts.entries()) {
      for (const status of [0, 3, 6].map((step) => inTurn(statuses, index + step))) {
        world.tamper = async (request, answer) =>
          request.method === 'GET' || isPreparation(request)
            ? answer()
            : { status, headers: { 'content-type': 'application/json' }, text };
        const end = await ending(() => client.create(params, { idempotencyKey: world.key() }));
        if ('resolved' in end) throw new Error(`${status} ${text}: it resolved`);
        expect(end.rejected, `${status} ${text}`).toBeInstanceOf(ChargesError);
        expect((end.rejected as ChargesError).outcome, `${status} ${text}`).not.toBe('not_sent');
      }
    }
  });
});
