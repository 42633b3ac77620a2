import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { advanceCharge, isPaid, WebhookSignatureError, type ChargeProgress } from 'unicharge';
import { createStripe } from 'unicharge/stripe';
import { startSimulator } from 'unicharge/testing';

const simulator = await startSimulator();
const charges = createStripe({ ...simulator.settings('stripe'), webhookSecret: 'whsec_example' });
const order = { payment: null as ChargeProgress | null };

// Your endpoint: the raw body, before any JSON parser touched it, and the headers as they are.
const server = createServer((request, response) => {
  const answer = (status: number) => response.writeHead(status).end();
  buffer(request)
    .then((rawBody) => charges.parseWebhook(rawBody, request.headers))
    .then((event) => (order.payment = advanceCharge(order.payment, event)))
    .then(() => answer(200))
    .catch((error: unknown) => answer(error instanceof WebhookSignatureError ? 400 : 500));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;

// The worst that happens: every notification comes twice, the last one first, and a stranger sends one, too.
simulator.webhooks.deliverTo('stripe', url, 'whsec_example');
simulator.webhooks.hold();
const source = simulator.source('stripe', 'approved');
const { id } = await charges.create({ amount: 4590, currency: 'EUR', source, capture: false });
await charges.capture(id, { amount: 4000 });
await simulator.webhooks.release({ order: 'reversed', copies: 2 });
console.log('a stranger gets', (await fetch(url, { method: 'POST', body: '{}' })).status);

const isDone = order.payment !== null && isPaid(order.payment);
console.log(order.payment?.status, order.payment?.amountCaptured, isDone ? 'ship it' : 'wait');
await simulator.close();
server.close();
