import { ok, strictEqual } from 'node:assert/strict';
import type { ChargesClient, Operation } from '../../charges-client.js';
import { InvalidRequestError, UnsupportedOperationError } from '../../errors.js';
import type { CreateParams } from '../../models/params.js';
import type { ConformanceCase } from './bench.js';

/** A harmless call of every operation. */
const calls: Readonly<Record<Operation | 'reverse', (client: ChargesClient) => unknown>> = {
  create: (client) => client.create({ amount: 1000, currency: 'USD', source: 'tok_1' }),
  retrieve: (client) => client.retrieve('ch_1'),
  update: (client) => client.update('ch_1', { description: 'text' }),
  list: (client) => client.list(),
  search: (client) => client.search({ amount: 1000 }),
  capture: (client) => client.capture('ch_1'),
  void: (client) => client.void('ch_1'),
  reverse: (client) => client.reverse('ch_1'),
  expire: (client) => client.expire('ch_1'),
  refund: (client) => client.refund('ch_1'),
  listRefunds: (client) => client.listRefunds('ch_1'),
  retrieveRefund: (client) => client.retrieveRefund('ch_1', 're_1'),
  verify3DS: (client) => client.verify3DS({ chargeId: 'ch_1' }),
};
export const operationNames = Object.keys(calls).filter((name) => name !== 'reverse') as Operation[];

/** Values of the params that a provider may refuse because they change what happens. */
const refusable: Readonly<Record<string, Partial<CreateParams>>> = {
  customer: { customer: 'cus_1' },
  expiresAt: { expiresAt: '2099-01-01T00:00:00Z' },
  metadata: { metadata: { order: '81' } },
  capture: { capture: false },
};

/** The client tells the truth about what it can do. */
export const capabilities: readonly ConformanceCase[] = [
  {
    name: 'supports, capabilities and the methods say the same',
    needs: [],
    run: async ({ client }) => {
      for (const operation of operationNames) {
        strictEqual(client.supports(operation), client.capabilities[operation].supported, operation);
        strictEqual(typeof client[operation], 'function', operation);
      }
      strictEqual(client.supports('reverse'), client.supports('void'), 'reverse');
      ok(
        client.supports('create') && client.supports('retrieve'),
        'a provider creates and retrieves at least',
      );
      return Promise.resolve();
    },
  },
  {
    name: 'an operation that the provider lacks is refused unsent',
    needs: [],
    run: async ({ client, refusesUnsent }) => {
      for (const operation of [...operationNames, 'reverse'] as const) {
        if (!client.supports(operation)) await refusesUnsent(calls[operation], UnsupportedOperationError);
      }
    },
  },
  {
    name: 'onEvent hears of every request',
    lookAt:
      "'createClient' of the options, which has to hand 'onEvent' on, and at requests that the adapter sends without 'call.send'",
    needs: ['create'],
    run: async ({ create, events, options }) => {
      const before = options.requests?.().length ?? 0;
      await create();
      const heard = events.filter(({ type }) => type === 'request').length;
      ok(heard > 0, 'createClient has to hand the overrides on to the client');
      if (options.requests !== undefined) strictEqual(options.requests().length - before, heard);
    },
  },
  {
    name: 'a currency outside the table is refused unsent',
    lookAt: "'currencies' of the row 'create'",
    needs: ['create'],
    applies: ({ capabilities: { create } }) => create.currencies !== undefined,
    run: async ({ client, params, refusesUnsent }) => {
      const known = client.capabilities.create.currencies ?? [];
      const other = ['XPF', 'MGA', 'KWD', 'ISK', 'EUR'].find((currency) => !known.includes(currency));
      ok(other !== undefined);
      await refusesUnsent((each) => each.create(params({ currency: other })), InvalidRequestError);
    },
  },
  {
    name: 'what the provider cannot honour is refused unsent',
    lookAt: "'refuses' of the row 'create'",
    needs: ['create'],
    applies: ({ capabilities: { create } }) => (create.refuses ?? []).length > 0,
    run: async ({ client, params, refusesUnsent }) => {
      for (const name of client.capabilities.create.refuses ?? []) {
        const value = refusable[name];
        if (value !== undefined)
          await refusesUnsent((each) => each.create(params(value)), InvalidRequestError);
      }
    },
  },
  {
    name: 'what the provider requires is missed before sending',
    lookAt: "'requires' of the row 'create'",
    needs: ['create'],
    applies: ({ options, capabilities: { create } }) =>
      (create.requires ?? []).some((name) => Object.hasOwn(options.params ?? {}, name)),
    run: async ({ client, params, options, refusesUnsent }) => {
      for (const name of client.capabilities.create.requires ?? []) {
        if (!Object.hasOwn(options.params ?? {}, name)) continue;
        const error = await refusesUnsent(
          (each) => each.create(params({ [name]: undefined })),
          InvalidRequestError,
        );
        ok(error.message.includes(name), `the message names ${name}`);
      }
    },
  },
  {
    name: 'fields that only inform are carried or left out, never refused',
    lookAt: "'json' of the row 'create', 'description' in 'read' of the charge, and 'leavesOut'",
    needs: ['create'],
    run: async ({ client, create }) => {
      const informing: Partial<CreateParams> = {
        description: 'Order 81',
        statementDescriptor: 'SHOP-KIM',
        email: 'kim@shop.example',
        ip: '198.51.100.7',
        billing: { name: 'Kim', address: { line1: '1 Main Street', country: 'US' } },
        shipping: { name: 'Kim', address: { line1: '1 Main Street', country: 'US' } },
        returnUrl: 'https://shop.example/return',
      };
      const charge = await create(informing);
      strictEqual(charge.status, 'captured');
      const leftOut = client.capabilities.create.leavesOut ?? [];
      for (const name of ['description', 'email'] as const) {
        ok(charge[name] === informing[name] || charge[name] === null, `${name} came back changed`);
        if (name === 'description' && !leftOut.includes(name)) strictEqual(charge[name], informing[name]);
      }
    },
  },
  {
    name: 'a raw card is refused unsent where the provider takes none, and is not repeated',
    needs: ['create'],
    applies: ({ capabilities: { create } }) =>
      create.sources !== undefined && !create.sources.includes('card'),
    run: async ({ params, refusesUnsent }) => {
      const number = '4242424242424242';
      const source = { type: 'card', number, expMonth: 12, expYear: 2040, cvc: '987' } as const;
      const error = await refusesUnsent((each) => each.create(params({ source })), InvalidRequestError);
      ok(!JSON.stringify(error).includes(number) && !error.message.includes(number));
    },
  },
  {
    name: 'the table cannot be changed',
    needs: [],
    run: async ({ client }) => {
      ok(Object.isFrozen(client.capabilities) && Object.isFrozen(client.capabilities.create));
      return Promise.resolve();
    },
  },
];
