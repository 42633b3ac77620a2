import { describe, expect, it } from 'vitest';
import {
  ConfigurationError,
  InvalidRequestError,
  NotFoundError,
  UnsupportedOperationError,
} from '../../../src/errors.js';
import type { ChargesClient } from '../../../src/charges-client.js';
import { createMagpie } from '../../../src/providers/magpie/index.js';
import listed from '../../fixtures/magpie/list.json' with { type: 'json' };
import { client, mockProvider, provider, secretKey } from './mocked-provider.js';
import { wireCharge } from './wire-charges.js';

mockProvider();

describe('retrieve', () => {
  it('reads one charge', async () => {
    provider().get('/v2/charges/ch_1cc1').reply(200, wireCharge());
    const charge = await client().retrieve('ch_1cc1');
    expect(charge).toMatchObject({ id: 'ch_1cc1', amountRefunded: 12000, refundStatus: 'partial' });
    expect(charge.refunds).toHaveLength(1);
  });

  it('rejects what does not exist', async () => {
    provider().get('/v2/charges/ch_9').reply(404, { detail: 'Not Found' });
    const error = await client()
      .retrieve('ch_9')
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ outcome: 'not_sent', statusCode: 404 });
  });

  it('lets no id change the address', async () => {
    await expect(client().retrieve('../me')).rejects.toBeInstanceOf(InvalidRequestError);
  });
});

describe('list', () => {
  it('reads every page by its cursor, and sends neither limit nor filter', async () => {
    provider().get('/v2/charges/').reply(200, listed);
    provider()
      .get('/v2/charges/?start_after=ch_0aa2')
      .reply(200, { object: 'list', next: null, data: [wireCharge()] });
    const ids: string[] = [];
    const filter = { limit: 50, createdAfter: '2025-01-01T00:00:00Z', createdBefore: '2026-01-01T00:00:00Z' };
    for await (const charge of client().list(filter)) ids.push(charge.id);
    expect(ids).toEqual(['ch_0aa1', 'ch_0aa2', 'ch_1cc1']);
  });

  it('is cut to the limit here, and goes on from there', async () => {
    provider().get('/v2/charges/').reply(200, listed);
    const page = await client().list({ limit: 1 });
    expect(page.data.map(({ id }) => id)).toEqual(['ch_0aa1']);
    expect(page.nextCursor).toBe('ch_0aa1');
    provider()
      .get('/v2/charges/?start_after=ch_0aa1')
      .reply(200, { object: 'list', data: [listed.data[1]] });
    const rest = await client().list({ cursor: 'ch_0aa1' });
    expect(rest.data.map(({ id }) => id)).toEqual(['ch_0aa2']);
    expect(rest.nextCursor).toBeNull();
  });

  it('never sends the key to the address that next names', async () => {
    provider()
      .get('/v2/charges/')
      .reply(200, { ...listed, next: 'https://evil.test/v2/charges/?start_after=ch_0aa2' });
    provider().get('/v2/charges/?start_after=ch_0aa2').reply(200, { data: [] });
    const ids: string[] = [];
    for await (const charge of client().list()) ids.push(charge.id);
    expect(ids).toEqual(['ch_0aa1', 'ch_0aa2']);
  });

  it('has no end where a cursor comes again: what was read is given, then it is refused', async () => {
    provider().get('/v2/charges/').reply(200, listed);
    provider()
      .get('/v2/charges/?start_after=ch_0aa2')
      .reply(200, { ...listed, data: [wireCharge()] });
    const ids: string[] = [];
    const iterate = async () => {
      for await (const charge of client().list()) ids.push(charge.id);
    };
    await expect(iterate()).rejects.toMatchObject({ code: 'incomplete_list', outcome: 'not_sent' });
    expect(ids).toEqual(['ch_0aa1', 'ch_0aa2']);
  });

  it('refuses a filter that no charge could pass', async () => {
    await expect(client().list({ customer: 'cus_1' })).rejects.toBeInstanceOf(InvalidRequestError);
  });
});

describe('search', () => {
  it('filters the pages of the list', async () => {
    provider().get('/v2/charges/').reply(200, listed);
    provider()
      .get('/v2/charges/?start_after=ch_0aa2')
      .reply(200, { object: 'list', next: null, data: [wireCharge()] });
    const ids: string[] = [];
    for await (const charge of client().search({
      status: 'captured',
      amount: 50000,
      metadata: { order: '80' },
    })) {
      ids.push(charge.id);
    }
    expect(ids).toEqual(['ch_1cc1']);
  });

  it('stops at its bound', async () => {
    let asked = 0;
    provider()
      .get(/^\/v2\/charges\//)
      .times(20)
      .reply(200, () => {
        asked += 1;
        return { object: 'list', next: `/v2/charges/?start_after=ch_${asked}`, data: [listed.data[0]] };
      });
    const page = await client().search({ status: 'voided' });
    expect(page.data).toEqual([]);
    expect(page.nextCursor).toBe('ch_20');
    expect(client().capabilities.search).toMatchObject({ supported: true, maxPages: 20, pushedDown: [] });
  });
});

describe('parseWebhook', () => {
  it('reads the charge that a notification names', async () => {
    provider().get('/v2/charges/ch_1cc1').reply(200, wireCharge());
    const body = JSON.stringify({ type: 'charge.failed', data: { id: 'ch_1cc1', status: 'failed' } });
    await expect(client().parseWebhook(body, {})).resolves.toMatchObject({
      type: 'charge.captured',
      chargeId: 'ch_1cc1',
    });
  });

  it('refuses a charge that does not exist', async () => {
    provider().get('/v2/charges/ch_9').reply(404, { detail: 'Not Found' });
    await expect(client().parseWebhook('{"id":"ch_9"}', {})).rejects.toMatchObject({
      name: 'WebhookSignatureError',
    });
  });

  it('refuses what is no JSON object', async () => {
    await expect(client().parseWebhook('ok', {})).rejects.toMatchObject({ code: 'webhook_not_json' });
  });
});

describe('the client', () => {
  it('asks the company that was chosen', async () => {
    provider('https://api.zip.ph').get('/v2/charges/ch_1cc1').reply(200, wireCharge());
    await expect(client({ platform: 'zip' }).retrieve('ch_1cc1')).resolves.toMatchObject({
      provider: 'magpie',
    });
  });

  it('keeps the path of a base address', async () => {
    provider('https://proxy.test').get('/pay/v2/charges/ch_1cc1').reply(200, wireCharge());
    const charges = createMagpie({ secretKey, baseUrl: 'https://proxy.test/pay/' });
    await expect(charges.retrieve('ch_1cc1')).resolves.toMatchObject({ id: 'ch_1cc1' });
  });

  it('is not made without an address, a key, or with a public key', () => {
    expect(() => createMagpie({ secretKey })).toThrow(ConfigurationError);
    expect(() => createMagpie({ platform: 'magpie' })).toThrow(/MAGPIE_SECRET_KEY/);
    expect(() => createMagpie({ platform: 'magpie', secretKey: 'pk_test_1' })).toThrow(/secretKey/);
    expect(() =>
      createMagpie({ platform: 'magpie', secretKey, defaults: { statementDescriptor: 'Peña' } }),
    ).toThrow(/statementDescriptor/);
  });

  it('has no update and no expire', async () => {
    const charges: ChargesClient = client();
    expect([charges.supports('update'), charges.supports('expire'), charges.supports('reverse')]).toEqual([
      false,
      false,
      true,
    ]);
    await expect(charges.update('ch_1', {})).rejects.toBeInstanceOf(UnsupportedOperationError);
    await expect(charges.expire('ch_1')).rejects.toBeInstanceOf(UnsupportedOperationError);
    // @ts-expect-error The concrete client has no update.
    expect(() => client().update('ch_1', {})).toBeDefined();
  });

  it('says what it can do', () => {
    expect(client().capabilities).toMatchObject({
      writeSafety: 'lookup',
      idempotencyKeyLifetimeMs: null,
      create: { sources: ['token'], refuses: ['customer', 'expiresAt'], currencies: ['PHP'] },
      update: { supported: false },
      list: { order: 'unspecified', pushedDown: [] },
      capture: { partial: true },
      void: { captured: true },
      expire: { supported: false },
      refund: { partial: true, metadata: false },
      verify3DS: { by: ['chargeId', 'otp'] },
    });
  });
});
