import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WireValue } from '../../src/provider.js';
import { encodeFields } from '../../src/transport/encode.js';

type Fields = Readonly<Record<string, WireValue>>;

/**
 * The official SDK in a process of its own (one for all), against a server that records what arrives. It reads params from
 * stdin and writes the bodies that it sent.
 */
const program = `
import { createServer } from 'node:http';
import Stripe from 'stripe';
const received = [];
const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk) => { body += chunk; }).on('end', () => {
    received.push(body);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"pi_1","object":"payment_intent"}');
  });
});
let input = '';
for await (const chunk of process.stdin) input += chunk;
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  const settings = { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0, telemetry: false };
  const stripe = new Stripe('sk_test_x', settings);
  for (const params of JSON.parse(input)) await stripe.paymentIntents.create(params);
  server.close();
  server.closeAllConnections();
  process.stdout.write(JSON.stringify(received));
});
`;

const sentBySdk = (params: readonly Fields[]): string[] =>
  JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      input: JSON.stringify(params),
      // Nothing of this machine: the SDK reads some variables.
      env: {},
      maxBuffer: 64 * 1024 * 1024,
    }),
  ) as string[];

/** Text of every script and sign. Half a surrogate pair cannot be sent by anybody. */
const anyText = (maxLength: number) => fc.string({ unit: 'binary', maxLength });
/** Field names as Stripe has them, and metadata keys as merchants choose them. */
const name = fc.oneof(
  fc.stringMatching(/^[a-z][a-z_]{0,20}$/),
  anyText(12).filter((key) => key !== '' && key !== '__proto__'),
);

const value: fc.Arbitrary<WireValue> = fc.letrec<{ value: WireValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ maxLength: 30 }),
    anyText(20),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

/** A name that stands at the top is a field of Stripe's, so it is never an option of the SDK. */
const params = fc.dictionary(fc.stringMatching(/^[a-z]{2,10}_[a-z]{2,10}$/), value, {
  minKeys: 1,
  maxKeys: 6,
  noNullPrototype: true,
});

describe('our form encoding', () => {
  it('writes the same bytes as the official Stripe SDK, for a thousand nested params', () => {
    const samples = fc.sample(params, { numRuns: 1000, seed: 81 });
    const theirs = sentBySdk(samples);
    expect(theirs).toHaveLength(samples.length);
    const different = samples.filter((fields, index) => encodeFields(fields) !== theirs[index]);
    expect(different).toEqual([]);
  });

  it('writes the same bytes for everything that a create can hold', () => {
    const fields = {
      amount: 4590,
      metadata: { order_id: 'A 81', "it's": '100% (yes!)*', ключ: 'значение', emoji: '🍋' },
      shipping: { name: 'Sam', address: { line1: '1 & 2 = 3', line2: '[x]', postal_code: '0150' } },
      expand: ['latest_charge', 'customer'],
      capture: false,
      description: '',
      unset: null,
    };
    expect(sentBySdk([fields])).toEqual([encodeFields(fields)]);
  });

  it('leaves undefined out', () => {
    const fields = { amount: 1, customer: undefined, shipping: { phone: undefined, name: 'Sam' } };
    expect(encodeFields(fields)).toBe('amount=1&shipping[name]=Sam');
  });
});
