import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/index.js';
import { justifiDocument } from './justifi.js';
import { magpieDocument } from './magpie.js';
import { omiseDocument } from './omise.js';
import { pinDocument } from './pin.js';
import { stripeDocument } from './stripe.js';
import type { Arrived, Client, Endpoint, Input, Parameter, Reply, SeedDocument } from './seed-document.js';
import { openStub } from './stub.js';
import { at, leavesOf } from './tree.js';

const documents: readonly SeedDocument[] = [
  pinDocument,
  magpieDocument,
  justifiDocument,
  stripeDocument,
  omiseDocument,
];

/** A page without its line ends and list indents: a sentence may be broken anywhere. */
const pageOf = (provider: string): string =>
  readFileSync(new URL(`../../docs/providers/${provider}.md`, import.meta.url), 'utf8').replace(/\s+/g, ' ');

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const connect = async (
  document: SeedDocument,
  reply: (request: Arrived) => Reply,
  settings: Readonly<Record<string, unknown>> = {},
) => {
  const stub = await openStub((request) => document.beside?.(request) ?? reply(request));
  closing.push(stub.close);
  return {
    client: document.client({ baseUrl: stub.baseUrl, maxRetries: 0, ...settings }),
    arrived: stub.arrived,
  };
};

const replying = (reply: Reply | ((request: Arrived) => Reply)) =>
  typeof reply === 'function' ? reply : () => reply;

type Method = (...given: unknown[]) => PromiseLike<unknown>;

/** Whether a method takes an id, params, or both. */
const takesNoId = new Set(['create', 'list', 'search', 'verify3DS']);
const takesNoParams = new Set([
  'retrieve',
  'void',
  'reverse',
  'expire',
  'markAsPaid',
  'markAsFailed',
  'listBalanceTransactions',
]);

const call = (client: Client, method: string, { id = '', params = {}, options = {} }: Input) => {
  const methods = client as unknown as Readonly<Record<string, Method>>;
  // The part of the events that is asked for stands among the options.
  if (method === 'listEvents') return methods[method]!(id, { ...params, ...options });
  return methods[method]!(
    ...(takesNoId.has(method) ? [] : [id]),
    ...(takesNoParams.has(method) ? [] : [params]),
    options,
  );
};

const fits = (route: string, { method, path }: Pick<Arrived, 'method' | 'path'>): boolean => {
  const [verb = '', pattern = ''] = route.split(' ');
  const segments = pattern.split('/').map((segment) => (segment.startsWith('{') ? '[^/]+' : segment));
  return method === verb && new RegExp(`^${segments.join('/')}$`).test(path);
};

const placeOf = (request: Arrived, place: string): unknown => {
  const [part = '', ...path] = place.split('.');
  const found = { body: request.body, query: request.query, header: request.headers }[part];
  return at(found, path.join('.'));
};

const givenFor = (parameter: Parameter, input: Input): unknown => {
  switch (parameter.by) {
    case 'param':
      return at(input.params, parameter.as) ?? at({ id: input.id }, parameter.as);
    case 'providerOptions':
      return at(input.params?.['providerOptions'], parameter.as);
    case 'setting':
      return at(input.settings, parameter.as);
    case 'option':
      return at(input.options, parameter.as);
    case 'header':
      return input.options?.headers?.[parameter.as];
    case 'automatic':
    case 'not':
      return undefined;
  }
};

/** Every call of an endpoint with the requests that it made there. */
const exchanges = async (document: SeedDocument, endpoint: Endpoint) => {
  const made: { readonly input: Input; readonly requests: readonly Arrived[] }[] = [];
  for (const input of endpoint.inputs) {
    const { client, arrived } = await connect(document, endpoint.answer, input.settings);
    await call(client, endpoint.reachedBy, input);
    made.push({ input, requests: arrived.filter((request) => fits(endpoint.route, request)) });
  }
  return made;
};

const outcomeOf = async (asked: PromiseLike<unknown>): Promise<unknown> => {
  try {
    return { resolves: await asked };
  } catch (error) {
    return { rejects: error };
  }
};

describe.each(documents.map((document) => [document.provider, document] as const))(
  'the document of %s',
  (provider, document) => {
    const page = pageOf(provider);

    describe.each(document.endpoints.map((endpoint) => [endpoint.name, endpoint] as const))(
      '%s',
      (_, endpoint) => {
        it(`is asked by ${endpoint.reachedBy}`, async () => {
          for (const { requests } of await exchanges(document, endpoint)) {
            expect(requests.length).toBeGreaterThan(0);
          }
        });

        it('has every parameter at its place, with the value of the document', async () => {
          const made = await exchanges(document, endpoint);
          for (const [place, parameter] of Object.entries(endpoint.parameters)) {
            const carried = made.filter(({ input, requests }) => {
              const isGiven =
                ['automatic', 'not'].includes(parameter.by) || givenFor(parameter, input) !== undefined;
              return isGiven && requests.some((request) => placeOf(request, place) !== undefined);
            });
            if (parameter.by === 'not') {
              expect(carried, `${place} is not sent`).toEqual([]);
              expect(page).toContain(parameter.reason);
              continue;
            }
            expect(carried.length, `${place} is sent`).toBeGreaterThan(0);
            if (parameter.sent === undefined) continue;
            const values = carried.flatMap(({ requests }) =>
              requests.map((request) => placeOf(request, place)),
            );
            expect(values, place).toContainEqual(parameter.sent);
          }
        });
      },
    );

    it.each(document.answers.map((answer) => [answer.name, answer] as const))(
      'the sample answer %s is found again, leaf by leaf',
      async (_, answer) => {
        const { client } = await connect(document, replying(answer.reply), answer.settings);
        const resolved = await answer.ask(client);
        const told = answer.isList === true ? [...(resolved as Iterable<unknown>)] : [resolved];
        expect(told).toHaveLength(answer.resources.length);

        const leaves = answer.resources.flatMap((resource) => leavesOf(resource).map(([path]) => path));
        expect(Object.keys(answer.fields).sort()).toEqual([...new Set(leaves)].sort());
        answer.resources.forEach((resource, index) => {
          expect((told[index] as { readonly raw?: unknown }).raw).toEqual(resource);
        });
        for (const [path, field] of Object.entries(answer.fields)) {
          if (field.by === 'not') expect(page).toContain(field.reason);
          if (field.by !== 'normalized') continue;
          const values = told.map((object) => at(object, field.at) ?? null);
          expect(values, `${path} at ${field.at}`).toContainEqual(field.value);
        }
      },
    );

    it.each(document.endings.map((ending) => [ending.name, ending] as const))(
      '%s is told as it should be',
      async (_, ending) => {
        const { client } = await connect(document, replying(ending.reply), ending.settings);
        const { onPage, resolves, rejects } = ending;
        expect(await outcomeOf(ending.ask(client))).toMatchObject(
          resolves === undefined ? { rejects } : { resolves },
        );
        if (onPage !== undefined) expect(page).toContain(onPage);
      },
    );

    it.each(document.notes.map(({ says, onPage }) => [says, onPage] as const))(
      'what it says besides is on our page: %s',
      (_, onPage) => {
        expect(page).toContain(onPage);
      },
    );

    it('can be played from end to end on the simulator, every endpoint of it', async () => {
      const simulator = await startSimulator({ providers: [provider], seed: 81 });
      closing.push(() => simulator.close());
      await document.simulate(document.client({ ...simulator.settings(provider) }), simulator);
      const succeeded = simulator
        .requests()
        .filter(({ status }) => status !== null && status < 300)
        .map(({ method, path }) => ({ method, path: path.replace(/\?.*/, '') }));
      for (const { route } of document.endpoints) {
        expect(
          succeeded.some((request) => fits(route, request)),
          route,
        ).toBe(true);
      }
    });
  },
);

describe('the five documents together', () => {
  it('leave nothing unreached without a reason', () => {
    const parameters = documents.flatMap(({ endpoints }) =>
      endpoints.flatMap((each) => Object.values(each.parameters)),
    );
    const fields = documents.flatMap(({ answers }) => answers.flatMap((each) => Object.values(each.fields)));
    const unreached = [...parameters, ...fields].filter(({ by }) => by === 'not');
    expect(unreached.every((each) => 'reason' in each && each.reason.length > 30)).toBe(true);
    // So that a list that lost its entries is noticed.
    expect(parameters.length).toBeGreaterThan(180);
    expect(fields.length).toBeGreaterThan(400);
  });
});
