import { describe, expect, it } from 'vitest';
import { chargeSchema, ChargesError } from '../../src/index.js';
import type { ExchangeAnswer } from '../../src/transport/exchange.js';
import { createWorld, ending, providerNames } from './attacked-world.js';
import { attacks, isPreparation, strike } from './hostile-strike.js';

const deep = (open: string, close: string): string => open.repeat(50_000) + close.repeat(50_000);

/** Whole bodies that are no answer, or only nearly one. */
const hostileBodies: readonly (readonly [string, (text: string) => string])[] = [
  ['nothing', () => ''],
  ['null', () => 'null'],
  ['a list', () => '[]'],
  ['a text', () => '"ok"'],
  ['a number', () => '1e999'],
  ['an empty object', () => '{}'],
  ['50 000 nested lists', () => deep('[', ']')],
  ['a nested list as a field', (text) => text.replace(/\}$/, `,"extra":${deep('[', ']')}}`)],
  [
    'nested objects beside the amount',
    (text) =>
      text.replace(/"[a-z_]*amount[a-z_]*":\d+/, `$&,"customer":${deep('{"a":', '}').replace(/:\}/, ':1}')}`),
  ],
  ['a byte order mark', (text) => `\ufeff${text}`],
  ['garbage at the end', (text) => `${text}garbage`],
  ['half of it', (text) => text.slice(0, text.length / 2)],
  ['HTML', () => '<!doctype html><title>Sign in</title>'],
  ['replacement signs', (text) => text.replaceAll('a', '\ufffd')],
  ['NaN for numbers', (text) => text.replace(/:\d+/g, ':NaN')],
  ['numbers as texts', (text) => text.replace(/:(\d+)/g, ':"$1"')],
  ['doubled keys', (text) => text.replace(/^\{/, '{"id":1,"amount":-1,"object":"list","data":1,')],
];

const contentTypes = [
  'text/html',
  'application/octet-stream',
  'application/json; charset=utf-16',
  'image/png',
  '',
];

const statuses = [
  204, 205, 206, 299, 300, 301, 302, 303, 304, 307, 308, 408, 500, 502, 503, 504, 599, 600, 999,
];

describe.each(providerNames)('%s', (provider) => {
  describe.each(attacks)('$name', (attack) => {
    it.each(hostileBodies)('answered 2xx with %s', async (name, body) => {
      const change = (answer: ExchangeAnswer): ExchangeAnswer => ({
        ...answer,
        text: body(answer.text),
      });
      await strike(provider, attack, { change }, name);
      if (attack.isWrite) await strike(provider, attack, { change, alsoReads: true }, `${name}, reads too`);
    });

    it('answered with another content type', async () => {
      for (const type of contentTypes) {
        const change = (answer: ExchangeAnswer): ExchangeAnswer => ({
          ...answer,
          headers: { ...answer.headers, 'content-type': type },
        });
        await strike(provider, attack, { change }, type);
      }
    });

    it('executed, and answered with a status that says otherwise', async () => {
      const texts = [null, '', '<html>'];
      for (const [index, status] of statuses.entries()) {
        // The honest body each time, and one of the others in turn.
        for (const text of [null, texts[1 + (index % 2)] ?? null]) {
          const change = (answer: ExchangeAnswer): ExchangeAnswer => ({
            ...answer,
            status,
            text: text ?? answer.text,
          });
          await strike(provider, attack, { change }, `${status} with ${text ?? 'the honest body'}`);
        }
      }
    });
  });

  it('absurd Retry-After and Date headers stop nothing', async () => {
    const absurd = [
      '1e9',
      '-5',
      '999999999999999999999',
      'Thu, 01 Jan 1970 00:00:00 GMT',
      'Fri, 31 Dec 9999 23:59:59 GMT',
      'x',
      '',
      '9'.repeat(400),
      'Infinity',
      '0x10',
      '1, 2',
    ];
    for (const value of absurd) {
      const world = createWorld();
      const client = world.client(provider);
      let requests = 0;
      world.tamper = async (request, answer) => {
        if (isPreparation(request)) return answer();
        requests += 1;
        return {
          status: 429,
          headers: { 'content-type': 'application/json', 'retry-after': value, date: value },
          text: '{}',
        };
      };
      const end = await ending(() => client.retrieve('ch_1'));
      if ('resolved' in end) throw new Error('it resolved');
      expect(end.rejected).toBeInstanceOf(ChargesError);
      expect(requests).toBeLessThanOrEqual(3);
      const waited = JSON.parse(JSON.stringify(end.rejected)) as { retryAfterMs?: unknown };
      expect(waited.retryAfterMs === null || Number.isSafeInteger(waited.retryAfterMs), value).toBe(true);
    }
  });

  it('a clock of the provider that lies about the year does not hide a charge from a look-up', async () => {
    for (const date of ['Thu, 01 Jan 1970 00:00:00 GMT', 'Fri, 31 Dec 2099 23:59:59 GMT']) {
      const world = createWorld();
      const client = world.client(provider, { maxRetries: 0 });
      world.tamper = async (request, answer) => {
        const given = await answer();
        return request.method === 'POST' && !isPreparation(request)
          ? { status: 502, headers: { 'content-type': 'text/html', date }, text: '<html>' }
          : { ...given, headers: { ...given.headers, date } };
      };
      const key = world.key();
      const params = world.params(provider);
      for (let call = 1; call <= 4; call += 1) {
        await ending(() => client.create(params, { idempotencyKey: key }));
        world.runtime.pass(30 * 60 * 60_000);
      }
      const own = world.providers.ledger
        .charges()
        .filter((charge) => charge.metadata['unicharge_key'] === key);
      expect(own.length, date).toBe(1);
      expect((await client.reconcile(key)).outcome).not.toBe('did_not_happen');
    }
  });

  it.each([
    'same',
    'https://evil.example/v1/charges?page=2',
    '../../../x',
    '?page=1&limit=1',
    '\r\nX-Evil: 1',
    'x'.repeat(100_000),
    '__proto__',
  ])('a list that goes on at %j asks nobody else', async (cursor) => {
    const world = createWorld();
    const client = world.client(provider, { maxRetries: 0 });
    await client.create(world.params(provider), { idempotencyKey: world.key() });
    const origin = new URL(world.sent[0]?.url ?? '').origin;
    world.tamper = async (_, answer) => {
      const given = await answer();
      const body = JSON.parse(given.text) as Record<string, unknown>;
      for (const [name, value] of Object.entries({
        has_more: true,
        next: cursor,
        next_page: cursor,
        page_info: { has_next: true, has_previous: false, end_cursor: cursor, start_cursor: cursor },
      })) {
        body[name] = value;
      }
      return { ...given, text: JSON.stringify(body) };
    };
    const before = world.sent.length;
    const end = await ending(async () => {
      for await (const charge of client.list({ limit: 1 })) {
        chargeSchema.parse(charge);
        if (world.sent.length - before > 50) return;
      }
    });
    if ('rejected' in end) expect(end.rejected).toBeInstanceOf(ChargesError);
    for (const request of world.sent) {
      expect(new URL(request.url).origin).toBe(origin);
      expect(request.url).not.toMatch(/[\r\n]/);
    }
  });
});
