import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOmise } from '../../src/providers/omise/index.js';
import { systemRuntime } from '../../src/runtime.js';
import { postOnce } from '../../src/simulator/webhooks-post.js';
import { startSimulator, type Disorder, type Simulator } from '../../src/testing/index.js';

const secret = Buffer.from('a secret of the test').toString('base64');

let simulator: Simulator;
let server: Server;
let received: string[];
/** What the merchant's server does before it answers 200. */
let meanwhile: () => void;

beforeEach(async () => {
  simulator = await startSimulator({ providers: ['omise'], seed: 1 });
  received = [];
  meanwhile = () => undefined;
  server = createServer((request, response) => {
    received.push(request.url ?? '');
    meanwhile();
    request.resume();
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.close();
  await simulator.close();
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
const charge = () =>
  createOmise(simulator.settings('omise')).create({
    amount: 45_900,
    currency: 'THB',
    source: simulator.source('omise', 'approved'),
  });

describe('release', () => {
  const release = (disorder: unknown) => simulator.webhooks.release(disorder as Disorder);
  const wrong: readonly (readonly [unknown, new () => Error, string])[] = [
    [{ order: 'random' }, RangeError, "cannot be 'random'. Known are reversed, shuffled."],
    [{ order: 'reverse' }, RangeError, "Did you mean 'reversed'?"],
    [{ order: 1 }, TypeError, 'Known are reversed, shuffled.'],
    [{ copies: 0 }, RangeError, 'must be a whole number from 1, not 0'],
    [{ copies: -1 }, RangeError, 'not -1'],
    [{ copies: 1.5 }, RangeError, 'not 1.5'],
    [{ copies: Infinity }, RangeError, 'not Infinity'],
    [{ copies: '2' }, TypeError, "not '2'"],
    [{ drop: true }, TypeError, "The 'drop' of a release must be a function, not true."],
    [{ drop: () => 1 }, TypeError, "The 'drop' of a release must answer true or false, not 1."],
    [null, TypeError, 'The disorder of a release must be an object such as'],
    ['shuffled', TypeError, "not 'shuffled'"],
  ];

  it.each(wrong)('refuses %j before anything is sent', async (disorder, kind, message) => {
    simulator.webhooks.deliverTo('omise', address(), secret);
    simulator.webhooks.hold();
    await charge();
    const refused = async () => release(disorder);
    await expect(refused()).rejects.toThrow(kind);
    await expect(refused()).rejects.toThrow(message);
    await simulator.webhooks.flush();
    expect(received).toEqual([]);
    expect(simulator.webhooks.deliveries().map(({ state }) => state)).toContain('held');
    await release(undefined);
    expect(received).not.toEqual([]);
  });
});

describe('deliverTo', () => {
  it.each(['localhost:3000/w', 'ftp://127.0.0.1/w', 'file:///w', 'whsec_1'])('refuses %s', (url) => {
    expect(() => simulator.webhooks.deliverTo('omise', url, secret)).toThrow(RangeError);
    expect(() => simulator.webhooks.deliverTo('omise', url, secret)).toThrow(
      'deliverTo: the address must be a URL such as http://127.0.0.1:3000/webhooks.',
    );
  });

  it('sends nothing that comes after the returned function was called', async () => {
    const stop = simulator.webhooks.deliverTo('omise', address(), secret);
    await charge();
    await simulator.webhooks.flush();
    const before = received.length;
    expect(before).toBeGreaterThan(0);
    stop();
    await charge();
    await simulator.webhooks.flush();
    expect(received).toHaveLength(before);
  });

  it('still sends the rest to others when one is ended during a delivery', async () => {
    const stop = simulator.webhooks.deliverTo('omise', `${address()}/one`, secret);
    simulator.webhooks.deliverTo('omise', `${address()}/other`, secret);
    meanwhile = stop;
    await charge();
    await simulator.webhooks.flush();
    const seen = received.length;
    await charge();
    await simulator.webhooks.flush();
    expect(new Set(received.slice(seen))).toEqual(new Set(['/hooks/other']));
  });
});

describe('a delivery that cannot be made', () => {
  it.each([
    ['a protocol that is none', 'localhost:3000/w', {}],
    ['no address', 'nonsense', {}],
    ['a header that is none', 'http://127.0.0.1:9/', { 'x-signature': 'a\nb' }],
  ])('has no answer, and raises nothing: %s', async (_, url, headers) => {
    const { signal } = new AbortController();
    await expect(postOnce(url, '{}', headers, systemRuntime, signal)).resolves.toBe(0);
  });

  it('is given up where nobody listens', async () => {
    const closed = address();
    await new Promise((resolve) => server.close(resolve));
    simulator.webhooks.deliverTo('omise', closed, secret);
    await charge();
    await simulator.webhooks.flush();
    for (const { state, statuses } of simulator.webhooks.deliveries())
      expect([state, statuses]).toEqual(['given_up', [0, 0, 0, 0, 0]]);
  });
});
