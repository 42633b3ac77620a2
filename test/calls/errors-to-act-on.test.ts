import { describe, expect, it } from 'vitest';
import type { ChargesClient } from '../../src/index.js';
import { ExchangeFailure, type ExchangeAnswer } from '../../src/transport/exchange.js';
import { createWorld, providerNames, type ProviderName } from '../attacks/attacked-world.js';

const json = (status: number, body: unknown): ExchangeAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  text: JSON.stringify(body),
});
const html = (status: number): ExchangeAnswer => ({
  status,
  headers: { 'content-type': 'text/html' },
  text: '<html>no</html>',
});

const rejection = (work: Promise<unknown>): Promise<unknown> => work.catch((reason: unknown) => reason);

/** A charge that exists, and a client whose further requests meet what a test says. */
const meeting = async (
  provider: ProviderName,
  what: (request: { url: string; method: string }) => ExchangeAnswer | null,
) => {
  const world = createWorld();
  const client: ChargesClient = world.client(provider, { maxRetries: 0 });
  const { id } = await client.create(world.params(provider), { idempotencyKey: 'order-81' });
  world.tamper = (request, honest) => {
    const answer = what(request);
    return answer === null ? honest() : Promise.resolve(answer);
  };
  return { world, client, id };
};

describe('Pin', () => {
  it.each([
    ['charge', 'is too much', 'ConflictError'],
    ['amount', 'is no number', 'InvalidRequestError'],
  ])('names what it refuses of a refund: %s', async (param, message, name) => {
    const { client, id } = await meeting('pin', ({ url, method }) =>
      method === 'POST' && url.endsWith('/refunds')
        ? json(422, {
            error: 'invalid_resource',
            error_description: 'One or more parameters were missing or invalid',
            messages: [{ code: `${param}_invalid`, message, param }],
          })
        : null,
    );
    const error = await rejection(client.refund(id, { amount: 500 }, { idempotencyKey: 'refund-81' }));
    expect(error).toMatchObject({ name, issues: [{ path: param, message }] });
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ issues: [{ path: param, message }] });
  });
});

describe.each(providerNames)('an error at %s', (provider) => {
  it('names the host where the connection failed, and no path', async () => {
    const { world, client, id } = await meeting(provider, () => null);
    world.tamper = () => Promise.reject(new ExchangeFailure('connection', false, 'ENOTFOUND'));
    const error = (await rejection(client.retrieve(id))) as Error;
    expect(error.message).toContain('the connection to 127.0.0.1:1 failed (ENOTFOUND)');
    expect(error.message).not.toContain(id);
    world.tamper = () => Promise.reject(new ExchangeFailure('timeout', true));
    expect((await rejection(client.retrieve(id))) as Error).toMatchObject({
      message: '127.0.0.1:1 did not answer in time',
    });
  });

  it('is final where the certificate is wrong: no retry can mend it', async () => {
    for (const code of [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'CERT_HAS_EXPIRED',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ]) {
      const world = createWorld();
      let tries = 0;
      world.tamper = () => {
        tries += 1;
        return Promise.reject(new ExchangeFailure('connection', false, code));
      };
      const error = await rejection(world.client(provider).retrieve('ch_1'));
      expect(error).toMatchObject({ name: 'ConnectionError', isRetryable: false });
      expect(tries).toBe(1);
    }
  });

  it.each([
    [407, 'a proxy on the way asks for credentials'],
    [511, 'a network on the way asks for a login'],
    [523, 'a proxy before the provider could not reach it'],
    [404, 'not in the words of the provider'],
  ])('says of HTTP %d that it was not the provider', async (status, words) => {
    const { client, id } = await meeting(provider, () => html(status));
    expect(((await rejection(client.retrieve(id))) as Error).message).toContain(words);
    const write = (await rejection(client.capture(id, undefined, { idempotencyKey: 'capture-81' }))) as Error;
    expect(write).not.toMatchObject({ outcome: 'rejected' });
  });

  it('names the field that holds half a character, and nothing is sent', async () => {
    const { world, client, id } = await meeting(provider, () => null);
    world.sent.length = 0;
    const params = world.params(provider);
    const half = 'a\ud83d';
    const refused = (work: Promise<unknown>, path: string) =>
      expect(work).rejects.toMatchObject({
        name: 'InvalidRequestError',
        outcome: 'not_sent',
        issues: [{ path, message: 'holds half a character (a lone surrogate)' }],
      });
    await refused(client.create({ ...params, description: half }), 'description');
    await refused(client.create({ ...params, metadata: { order: half } }), 'metadata.order');
    await refused(client.create({ ...params, billing: { name: half } }), 'billing.name');
    await refused(Promise.resolve(client.search({ metadata: { order: half } })), 'metadata.order');
    if (client.supports('update')) await refused(client.update(id, { description: half }), 'description');
    await expect(client.create({ ...params, metadata: { [half]: 'x' } })).rejects.toMatchObject({
      outcome: 'not_sent',
    });
    await expect(client.create({ ...params, description: 'a\ud83d\ude00' })).resolves.toBeDefined();
  });
});

describe('a void of what is captured', () => {
  it.each(providerNames)('at %s says to refund it instead, where it is refused', async (provider) => {
    const world = createWorld();
    const client = world.client(provider);
    if (client.capabilities.void.captured === true) return;
    const { id } = await client.create(world.params(provider), { idempotencyKey: 'order-81' });
    const error = (await rejection(client.void(id, { idempotencyKey: 'void-81' }))) as Error;
    expect(error).toMatchObject({ name: 'ConflictError', outcome: 'rejected' });
    expect(error.message).toMatch(/[^.]; if the charge is captured, refund it instead$/);
  });
});

describe('a refund at Stripe of what was not captured', () => {
  it.each([
    [{ capture: false, voided: false }, 'this payment is authorized: void it instead'],
    [{ capture: false, voided: true }, 'this payment is voided'],
  ])('says what it is instead: %j', async ({ voided, ...more }, words) => {
    const world = createWorld();
    const client = world.client('stripe');
    const { id } = await client.create(world.params('stripe', more), { idempotencyKey: 'order-81' });
    if (voided) await client.void(id, { idempotencyKey: 'void-81' });
    const error = (await rejection(client.refund(id, {}, { idempotencyKey: 'refund-81' }))) as Error;
    expect(error).toMatchObject({ name: 'ConflictError', outcome: 'rejected' });
    expect(error.message).toBe(`only captured money can be refunded; ${words}`);
  });
});
