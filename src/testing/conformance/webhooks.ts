import { ok, strictEqual } from 'node:assert/strict';
import type { ChargesClient } from '../../charges-client.js';
import { ChargesError, ConfigurationError, WebhookSignatureError } from '../../errors.js';
import type { ChargeEvent } from '../../models/event.js';
import { rejection, type Bench, type ConformanceCase, type Facts } from './bench.js';
import type { ConformanceDelivery } from './options.js';
import { hidesSecrets } from './secrecy.js';

const isOffered = ({ options }: Facts): boolean => options.webhooks !== undefined;
const isSigned = ({ options }: Facts): boolean => options.webhooks?.secret !== undefined;

/** Further off than any provider tolerates: JustiFi's repeats are up to a day old. */
const farAwayMs = 30 * 24 * 3_600_000;

/** Another letter or digit of the same kind, so that hexadecimal and base64 stay what they are. */
const another = (sign: string): string => {
  const [usual, spare] = /\d/.test(sign) ? ['2', '3'] : /[a-z]/.test(sign) ? ['a', 'b'] : ['A', 'B'];
  return sign === usual ? spare : usual;
};

/** The text with one letter or digit changed, at this part of its length: 0 the first, 1 the last. */
const altered = (text: string, part: number): string => {
  const places = [...text.matchAll(/[A-Za-z\d]/g)].map(({ index }) => index);
  const place = places[Math.floor(part * (places.length - 1))];
  if (place === undefined) return `${text}0`;
  return `${text.slice(0, place)}${another(text.charAt(place))}${text.slice(place + 1)}`;
};

/** Another secret of the same form. */
const otherThan = (secret: string): string => altered(secret, 0.5);

/** Headers with every signature changed, behind the half of it at which a careless comparison may stop. */
const withOtherSignatures = (headers: Readonly<Record<string, string>>): Record<string, string> => {
  const change = (pattern: RegExp): Record<string, string> =>
    Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        value.replace(pattern, (part) => altered(part, 0.75)),
      ]),
    );
  const changed = change(/[\w+/-]{16,}/g);
  const isChanged = Object.entries(changed).some(([name, value]) => value !== headers[name]);
  return isChanged ? changed : change(/^.+$/);
};

const secretOf = ({ options }: Bench): string => options.webhooks?.secret ?? '';

const textOf = ({ rawBody }: ConformanceDelivery): string => Buffer.from(rawBody).toString('utf8');

const deliver = async (bench: Bench, chargeId: string, ageMs = 0): Promise<ConformanceDelivery> => {
  const delivery = await bench.options.webhooks?.deliver(chargeId, ageMs);
  ok(delivery !== undefined, "'deliver' of the option 'webhooks' has to give { rawBody, headers }");
  return delivery;
};

/** A client that knows the secret, of a provider that has one. */
const listening = (bench: Bench): ChargesClient =>
  bench.another(isSigned(bench) ? { webhookSecret: secretOf(bench) } : {}).client;

const parse = (client: ChargesClient, { rawBody, headers }: ConformanceDelivery): Promise<ChargeEvent> =>
  client.parseWebhook(rawBody, headers);

/** Deliveries that differ from what was signed, with what is wrong about them. */
const forgeries = (delivery: ConformanceDelivery, chargeId: string): Record<string, ConformanceDelivery> => {
  const text = textOf(delivery);
  const { headers } = delivery;
  const isNamed = text.includes(chargeId);
  const renamed = isNamed ? text.replaceAll(chargeId, altered(chargeId, 1)) : altered(text, 0.5);
  const emptied = Object.fromEntries(Object.keys(headers).map((name) => [name, '']));
  return {
    'a body about another charge': { rawBody: renamed, headers },
    'a body with a further member': { rawBody: text.replace('{', '{"forged":true,'), headers },
    'a body with a blank behind it': { rawBody: `${text} `, headers },
    'no body': { rawBody: '', headers },
    'no header': { rawBody: text, headers: {} },
    'empty headers': { rawBody: text, headers: emptied },
    'another signature': { rawBody: text, headers: withOtherSignatures(headers) },
  };
};

const refused = async (client: ChargesClient, what: string, delivery: ConformanceDelivery) => {
  const error = await rejection(() => parse(client, delivery), WebhookSignatureError, 'not_sent', what);
  ok(error.code.startsWith('webhook_'), `${what}: '${error.code}' is no code of a refused webhook`);
  strictEqual(error.provider, client.provider, `${what}: the error names its provider`);
};

/** Every error that a delivery of a signing provider can end in. */
const refusals = async (bench: Bench): Promise<ChargesError[]> => {
  const { id } = await bench.create();
  const delivery = await deliver(bench, id);
  const client = listening(bench);
  const strangers = bench.another({ webhookSecret: otherThan(secretOf(bench)) }).client;
  const errors: ChargesError[] = [];
  for (const [what, forged] of Object.entries(forgeries(delivery, id)))
    errors.push(await rejection(() => parse(client, forged), ChargesError, undefined, what));
  return [...errors, await rejection(() => parse(strangers, delivery), ChargesError)];
};

/** Only what the provider has signed is heard, and what it says about a charge arrives. */
export const webhooks: readonly ConformanceCase[] = [
  {
    name: 'a delivery is heard, as text and as bytes, and names its charge',
    lookAt: "'event' of 'webhook': 'read' and 'names' of eventsOf; and at 'deliver' of the option 'webhooks'",
    needs: ['create'],
    applies: isOffered,
    run: async (bench) => {
      const { id, amount } = await bench.create();
      const { rawBody, headers } = await deliver(bench, id);
      const client = listening(bench);
      for (const body of [Buffer.from(rawBody).toString('utf8'), new Uint8Array(Buffer.from(rawBody))]) {
        const event = await parse(client, { rawBody: body, headers });
        strictEqual(event.chargeId, id, 'the event names another charge');
        strictEqual(event.provider, client.provider, 'the provider of the event');
        ok(event.type !== 'unknown', "the event is 'unknown': the adapter does not know its name");
        if (event.charge !== null)
          strictEqual(
            `${event.charge.id} ${event.charge.amount}`,
            `${id} ${amount}`,
            'the charge of the event',
          );
        ok(event.id !== '' && event.dedupeKey !== '' && event.stateKey !== '', 'a key of the event is empty');
        ok(!Object.keys(event).includes('raw'), "'raw' of the event is enumerable: attach(event, { raw })");
      }
    },
  },
  {
    name: 'a delivery is heard while the secret is replaced',
    lookAt: "'verify' of 'webhook': each of 'secrets' is tried",
    needs: ['create'],
    applies: isSigned,
    run: async (bench) => {
      const { id } = await bench.create();
      const webhookSecret = [otherThan(secretOf(bench)), secretOf(bench)];
      const { client } = bench.another({ webhookSecret });
      const event = await parse(client, await deliver(bench, id));
      strictEqual(event.chargeId, id, 'the event names another charge');
    },
  },
  {
    name: 'a delivery that differs from what was signed is refused',
    lookAt: "'verify' of 'webhook': the signature covers the raw body, and all of it is compared",
    needs: ['create'],
    applies: isSigned,
    run: async (bench) => {
      const { id } = await bench.create();
      const client = listening(bench);
      const delivery = await deliver(bench, id);
      const forged = forgeries(delivery, id);
      // Whatever was right before makes nothing else right.
      await parse(client, delivery);
      for (const [what, each] of Object.entries(forged)) await refused(client, what, each);
    },
  },
  {
    name: 'a delivery that was signed with another secret is refused',
    lookAt: "'verify' of 'webhook': only what is in 'secrets' signs",
    needs: ['create'],
    applies: isSigned,
    run: async (bench) => {
      const { id } = await bench.create();
      const { client } = bench.another({ webhookSecret: otherThan(secretOf(bench)) });
      await refused(client, 'another secret', await deliver(bench, id));
    },
  },
  {
    name: 'without a secret nothing is heard: the settings are wrong, not the delivery',
    lookAt:
      "'verify' of 'webhook', and at 'createClient' of the options, which has to hand 'webhookSecret' on",
    needs: ['create'],
    applies: isSigned,
    run: async (bench) => {
      const { id } = await bench.create();
      const { client } = bench.another({ webhookSecret: undefined });
      const delivery = await deliver(bench, id);
      await rejection(() => parse(client, delivery), ConfigurationError, 'not_sent', 'no secret');
    },
  },
  {
    name: 'a delivery that was signed long ago, or is to be signed in a month, is refused',
    lookAt:
      "'verify' of 'webhook', which compares the signed time with 'now' and 'toleranceMs', both ways; or say 'signsTime: false'",
    needs: ['create'],
    applies: (facts) => isSigned(facts) && facts.options.webhooks?.signsTime !== false,
    run: async (bench) => {
      const { id } = await bench.create();
      const client = listening(bench);
      for (const ageMs of [farAwayMs, -farAwayMs])
        await refused(client, `signed ${ageMs} ms ago`, await deliver(bench, id, ageMs));
    },
  },
  {
    name: 'the same delivery has the same dedupeKey, another one has another',
    lookAt: "'id' in 'read' of eventsOf: 'dedupeKey' is made of it",
    needs: ['create'],
    applies: isOffered,
    run: async (bench) => {
      const deliveries: ConformanceDelivery[] = [];
      for (let index = 0; index < 2; index += 1)
        deliveries.push(await deliver(bench, (await bench.create()).id));
      const hear = (client: ChargesClient) =>
        Promise.all(deliveries.map(async (each) => (await parse(client, each)).dedupeKey));
      const [first, again] = [await hear(listening(bench)), await hear(listening(bench))];
      strictEqual(first.join(), again.join(), 'the key of a second delivery');
      ok(first[0] !== first[1], 'two deliveries about two charges have one dedupeKey: the second is lost');
    },
  },
  {
    name: 'where nothing is signed, only what was read is told',
    lookAt: "'event' of 'webhook', which has to read the charge and believe nothing",
    needs: ['create', 'retrieve'],
    applies: (facts) => isOffered(facts) && !isSigned(facts),
    run: async (bench) => {
      const { id } = await bench.create();
      const delivery = await deliver(bench, id);
      const { client, events } = bench.another();
      const event = await parse(client, delivery);
      ok(
        events.some(({ type }) => type === 'request'),
        'the delivery was believed: nothing was read',
      );
      const { status } = await client.retrieve(id);
      strictEqual(event.charge?.status, status, 'the event tells another status than the charge has');
      const forged = { ...delivery, rawBody: textOf(delivery).replaceAll(id, `${id.slice(0, -8)}99999999`) };
      await rejection(() => parse(client, forged), ChargesError, undefined, 'a charge that does not exist');
    },
  },
  {
    name: 'errors about deliveries show no secret',
    lookAt: "'verify' of 'webhook': messages name no secret",
    needs: ['create'],
    applies: isSigned,
    run: async (bench) => {
      for (const error of await refusals(bench))
        for (const [value, what] of [
          [error, error.name],
          [error.stack, `the stack of ${error.name}`],
          [error.cause, `the cause of ${error.name}`],
        ] as const)
          hidesSecrets(bench, value, what, [secretOf(bench), otherThan(secretOf(bench))]);
    },
  },
];
