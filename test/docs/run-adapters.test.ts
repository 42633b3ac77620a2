import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { codeBlocks } from '../../.ci/docs/snippets.js';
import { createChargesClient, type ProviderSpec, type WebhookSpec } from '../../src/index.js';
import { runBlocks } from './run-blocks.js';

/** The adapter of docs/adapters.md, run as it stands against a Penny of a few lines. */

const shown = ['createPenny', 'pennyProvider', 'pennyWithFees', 'webhook'];
const page = (await runBlocks(codeBlocks('docs/adapters.md'), { z }, shown)) as unknown as {
  readonly pennyProvider: ProviderSpec;
  readonly pennyWithFees: ProviderSpec;
  readonly webhook: WebhookSpec;
};

interface Pay {
  readonly id: string;
  readonly [field: string]: unknown;
}

/** A Penny that keeps what it is told. */
const openPenny = async () => {
  const pays = new Map<string, Pay>();
  const seen: string[] = [];
  const bodyOf = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
    let text = '';
    for await (const part of request) text += String(part);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  };
  const answer = async (request: IncomingMessage): Promise<readonly [status: number, body: unknown]> => {
    const body = await bodyOf(request);
    const [, , id = '', action = ''] = (request.url ?? '').split(/[/?]/);
    seen.push(`${request.method ?? ''} ${action || (id === '' ? 'pays' : 'pay')}`);
    if (request.method === 'POST' && id === '') {
      if (body['token'] === 'broke') return [402, { problem: 'broke' }];
      const state = body['hold'] === true ? 'hold' : 'done';
      const pay = { ...body, id: `pay_${pays.size + 1}`, state, back: 0 };
      pays.set(pay.id, pay);
      return [200, pay];
    }
    if (id === '') return [200, { data: [...pays.values()], next: null }];
    const pay = pays.get(id);
    if (pay === undefined) return [404, { problem: 'gone' }];
    if (action === 'fee') return [200, { cents: 7, currency: 'EUR' }];
    if (action === 'backs') return [200, { id: 'back_1', pay: id, cents: body['cents'], currency: 'EUR' }];
    if (action === 'take') pays.set(id, { ...pay, state: 'done' });
    return [200, pays.get(id)];
  };
  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { baseUrl, seen, pays, close: () => server.close() };
};

let penny: Awaited<ReturnType<typeof openPenny>>;
beforeEach(async () => {
  penny = await openPenny();
});
afterEach(() => penny.close());

const settings = () => ({ secretKey: 'test_penny', baseUrl: penny.baseUrl, webhookSecret: 'whsec_page' });
const order = { amount: 500, currency: 'EUR', source: 'tok_1', metadata: { order: '81' } } as const;

describe('the adapter of docs/adapters.md', () => {
  it('charges, captures in full, and refunds what is left', async () => {
    const charges = createChargesClient(page.pennyProvider, settings());
    const held = await charges.create({ ...order, capture: false }, { idempotencyKey: 'order-81' });
    expect(held).toMatchObject({ status: 'authorized', amountCaptured: 0, metadata: { order: '81' } });
    expect(penny.pays.get(held.id)).toMatchObject({
      cents: 500,
      labels: { order: '81', unicharge_key: 'order-81' },
    });
    await expect(charges.capture(held.id, { amount: 400 })).rejects.toMatchObject({
      message: expect.stringContaining('Penny captures in full only'),
    });
    expect(await charges.capture(held.id)).toMatchObject({ status: 'captured', amountCaptured: 500 });
    expect(await charges.refund(held.id)).toMatchObject({ id: 'back_1', amount: 500, chargeId: held.id });
    const { data } = await charges.list();
    expect(data.map(({ id }) => id)).toEqual([held.id]);
  });

  it('refuses what its facts exclude before a byte is sent, and reads a decline', async () => {
    const charges = createChargesClient(page.pennyProvider, settings());
    await expect(charges.create({ ...order, amount: 49, customer: 'c' })).rejects.toMatchObject({
      issues: [
        { path: 'amount', message: 'must be at least 50, the minimum of Penny' },
        { path: 'customer', message: 'does not exist at Penny' },
      ],
    });
    expect(penny.seen).toEqual([]);
    await expect(charges.create({ ...order, source: 'broke' })).rejects.toMatchObject({
      name: 'CardError',
      declineCode: 'insufficient_funds',
    });
    expect(charges.capabilities.create).toMatchObject({ currencies: ['EUR', 'USD'] });
  });

  it('reads a charge with its fee by a row of its own', async () => {
    const charges = createChargesClient(page.pennyWithFees, settings());
    const { id } = await charges.create(order);
    expect(await charges.retrieve(id)).toMatchObject({ id, fee: { amount: 7, currency: 'EUR' } });
  });

  it('verifies and reads a delivery', async () => {
    const charges = createChargesClient({ ...page.pennyProvider, webhook: page.webhook }, settings());
    const object = { id: 'pay_1', state: 'done', cents: 500, back: 0, currency: 'EUR' };
    const body = JSON.stringify({ id: 'event_1', type: 'pay.done', object });
    const time = Math.floor(Date.now() / 1000);
    const signature = createHmac('sha256', 'whsec_page').update(`${time}.${body}`).digest('hex');
    const headers = { 'penny-signature': `t=${time},v1=${signature}` };
    expect(await charges.parseWebhook(body, headers)).toMatchObject({
      type: 'charge.captured',
      chargeId: 'pay_1',
    });
    await expect(charges.parseWebhook(`${body} `, headers)).rejects.toMatchObject({
      name: 'WebhookSignatureError',
    });
  });
});
