import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { inspect } from 'node:util';
import { CardError, type ChargesError } from '../../errors.js';
import { rejection, rejectionOf, usualAmount, type Bench, type ConformanceCase } from './bench.js';

/** A text in the forms in which it could slip out. */
const formsOf = (secret: string): string[] => [
  secret,
  Buffer.from(secret).toString('base64'),
  Buffer.from(`${secret}:`).toString('base64'),
];

/** Insists that nothing that could be logged holds a secret: those of the account, and `more`. */
export const hidesSecrets = (
  bench: Bench,
  value: unknown,
  what: string,
  more: readonly string[] = [],
): void => {
  const shown = `${inspect(value, { depth: 12, showHidden: false })}\n${JSON.stringify(value)}\n${String(value)}`;
  for (const form of [...(bench.options.secrets ?? []), ...more].flatMap(formsOf))
    ok(!shown.includes(form), `${what} shows a secret`);
};

/** Errors of different kinds, of one client. */
const errorsOf = async (bench: Bench): Promise<ChargesError[]> => {
  const { client, options } = bench;
  const { id } = await bench.create();
  const errors = [
    await rejection(() => client.retrieve(`${id.slice(0, -8)}99999999`)),
    await rejection(() => client.create(bench.params({ amount: -1 }))),
  ];
  if (client.supports('refund'))
    errors.push(await rejection(() => client.refund(id, { amount: usualAmount + 1 })));
  if (options.sources.declined !== undefined)
    errors.push(await rejection(() => bench.create({ source: options.sources.declined?.() })));
  return errors;
};

/** Keys, cards and the provider's own resource do not reach a log by accident. */
export const secrecy: readonly ConformanceCase[] = [
  {
    name: 'the resource of the provider rides along, out of sight',
    lookAt: "'raw' of makeCharge and makeRefund, or attach(charge, { raw }): it is not enumerable",
    needs: ['create', 'retrieve'],
    run: async (bench) => {
      const made = await bench.create();
      for (const charge of [made, await bench.client.retrieve(made.id)]) {
        ok(charge.raw !== undefined && charge.raw !== null, 'raw is there');
        ok(!Object.keys(charge).includes('raw') && !JSON.stringify(charge).includes('"raw"'));
        strictEqual('raw' in { ...charge }, false);
      }
      if (!bench.supports('refund')) return;
      const refund = await bench.client.refund(made.id, { amount: usualAmount });
      ok(refund.raw !== undefined && !Object.keys(refund).includes('raw'));
    },
  },
  {
    name: 'the charge of an error comes without the resource of the provider',
    lookAt: "'raw' of makeCharge, or attach(charge, { raw })",
    needs: ['create'],
    applies: ({ options }) => options.sources.declined !== undefined,
    run: async (bench) => {
      const source = bench.options.sources.declined?.();
      const error = await rejectionOf(() => bench.create({ source }), CardError);
      ok(error.charge === null || error.charge.raw === undefined);
    },
  },
  {
    name: 'errors hold no key of the account',
    lookAt: "'message' of failureOf, and 'settings' of the adapter: keys are 'secretSchema'",
    needs: ['create', 'retrieve'],
    run: async (bench) => {
      for (const error of await errorsOf(bench)) {
        hidesSecrets(bench, error, error.name);
        hidesSecrets(bench, error.stack, `the stack of ${error.name}`);
        hidesSecrets(bench, error.cause, `the cause of ${error.name}`);
      }
    },
  },
  {
    name: 'events hold no key, no body and no header',
    lookAt: "'settings' of the adapter: keys are 'secretSchema'; and at routes, which hold placeholders",
    needs: ['create', 'retrieve'],
    run: async (bench) => {
      const email = 'canary@shop.example';
      await bench.create({ email });
      await errorsOf(bench);
      hidesSecrets(bench, bench.events, 'an event');
      ok(!JSON.stringify(bench.events).includes(email), 'an event holds what was sent');
      for (const event of bench.events) {
        if (event.type === 'request') ok(!event.route.includes(`${bench.client.provider}_key`));
        deepStrictEqual(
          Object.keys(event).filter((name) => ['headers', 'body', 'url'].includes(name)),
          [],
        );
      }
    },
  },
  {
    name: 'routes of events name placeholders, not charges',
    lookAt: "'to' of the rows: '/payments/{id}', with the id in its place, not in the text",
    needs: ['create', 'retrieve'],
    run: async (bench) => {
      const { id } = await bench.create();
      await bench.client.retrieve(id);
      const routes = bench.events.flatMap((event) => ('route' in event ? [event.route] : []));
      ok(routes.every((route) => !route.includes(id)));
    },
  },
  {
    name: 'the client itself shows no key',
    lookAt: "'settings' of the adapter: keys are 'secretSchema'",
    needs: [],
    run: async (bench) => {
      hidesSecrets(bench, bench.client, 'the client');
      return Promise.resolve();
    },
  },
];
