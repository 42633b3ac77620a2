import { createHmac, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as justifiEntry from '../../src/providers/justifi/index.js';
import type * as omiseEntry from '../../src/providers/omise/index.js';
import type * as stripeEntry from '../../src/providers/stripe/index.js';
import { durableStores } from './durable-stores.js';
import type { ClientSetup, Operation } from './messages.js';

/** One kind of call. */
interface Call {
  /** Charges of a list, one of everything else: costs are told for each. */
  readonly thingsOfCall: number;
  /** What stands before the first call of a batch and is not measured. */
  prepare(): Promise<() => Promise<unknown>>;
}

export type Operations = Readonly<Partial<Record<Operation, Call>>>;

const keys = { stripe: 'sk_test_bench', omise: 'skey_test_bench' };
const account = { clientId: 'test_bench', clientSecret: 'bench_secret', subAccount: 'acc_bench' };
const webhookSecret = 'whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH';
const sources = { stripe: 'pm_card_visa', justifi: 'pm_bench', omise: 'tokn_test_bench' };
const amounts = {
  stripe: { amount: 4590, currency: 'EUR' },
  justifi: { amount: 4590, currency: 'USD' },
  omise: { amount: 45900, currency: 'THB' },
};

const wireOf = {
  stripe: {
    amount: 4590,
    currency: 'eur',
    confirm: true,
    payment_method: sources.stripe,
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' as const },
    expand: ['latest_charge'],
  },
  justifi: {
    amount: 4590,
    currency: 'usd',
    captureStrategy: 'automatic',
    paymentMethod: { token: sources.justifi },
  },
  omise: { amount: 45900, currency: 'thb', card: sources.omise, capture: true },
};

let order = 0;
/** No two orders of a process share a key. */
const nextKey = (): string => {
  order += 1;
  return `order-${process.pid}-${order}`;
};

const idOf = (answer: unknown): unknown => {
  const { id, data } = answer as { readonly id?: unknown; readonly data?: { readonly id?: unknown } };
  return id ?? data?.id;
};

/** A contestant that gets errors, or another charge, would look fast. */
const charge = (id: string, one: () => Promise<unknown>): Call => ({
  thingsOfCall: 1,
  prepare: async () => {
    const answered = idOf(await one());
    if (answered !== id) throw new Error(`expected ${id}, got ${String(answered)}`);
    return one;
  },
});

const list = (charges: number, count: () => Promise<number>): Call => ({
  thingsOfCall: charges,
  prepare: async () => {
    const counted = await count();
    if (counted !== charges) throw new Error(`expected ${charges} charges of a list, got ${counted}`);
    return count;
  },
});

const countOf = async (items: AsyncIterable<unknown>): Promise<number> => {
  let count = 0;
  for await (const item of items) if (item !== undefined) count += 1;
  return count;
};

interface Signed {
  readonly body: Buffer;
  readonly header: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Signed anew for each batch: a signature of five minutes ago is refused. */
const webhook = (event: string, read: (signed: Signed) => unknown): Call => ({
  thingsOfCall: 1,
  prepare: () => {
    const body = Buffer.from(event);
    const seconds = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', webhookSecret).update(`${seconds}.`).update(body).digest('hex');
    const header = `t=${seconds},v1=${signature}`;
    const signed = {
      body,
      header,
      headers: { 'stripe-signature': header, 'content-type': 'application/json' },
    };
    return Promise.resolve(async () => read(signed));
  },
});

const entry = async <Module>(setup: ClientSetup): Promise<Module> =>
  // The build is chosen at run time, so the types are those of its sources.
  (await import(pathToFileURL(join(setup.dist, `${setup.provider}.js`)).href)) as Module;

const ours = async (setup: ClientSetup): Promise<Operations> => {
  const { provider, origin, known } = setup;
  const params = { ...amounts[provider], source: sources[provider] };
  const calls = (client: {
    create(params: object, options?: object): Promise<unknown>;
    retrieve(id: string): Promise<unknown>;
  }) => ({
    create: charge(known.chargeId, () => client.create(params)),
    'create with key': charge(known.chargeId, () => client.create(params, { idempotencyKey: nextKey() })),
    retrieve: charge(known.chargeId, () => client.retrieve(known.chargeId)),
  });
  if (provider === 'omise') {
    const { createOmise } = await entry<typeof omiseEntry>(setup);
    return calls(createOmise({ secretKey: keys.omise, baseUrl: origin }));
  }
  if (provider === 'justifi') {
    const { createJustifi } = await entry<typeof justifiEntry>(setup);
    return calls(createJustifi({ ...account, baseUrl: origin }));
  }
  const { createStripe, verifyStripeWebhook } = await entry<typeof stripeEntry>(setup);
  const { contestant, storeUrl } = setup;
  const store =
    (contestant === 'redis' || contestant === 'postgres') && storeUrl !== null
      ? await durableStores[contestant](setup.dist, storeUrl)
      : undefined;
  const client = createStripe({ secretKey: keys.stripe, baseUrl: origin, webhookSecret, store });
  return {
    ...calls(client),
    list: list(known.chargesOfList, () => countOf(client.list({ limit: 100 }))),
    webhook: webhook(known.event, ({ body, headers }) => client.parseWebhook(body, headers)),
    verify: webhook(known.event, ({ body, headers }) =>
      verifyStripeWebhook(body, headers, { secret: webhookSecret }),
    ),
  };
};

const sdkOfStripe = async ({ origin, known }: ClientSetup): Promise<Operations> => {
  const { default: Stripe } = await import('stripe');
  const { hostname, port } = new URL(origin);
  const stripe = new Stripe(keys.stripe, { host: hostname, port, protocol: 'http' });
  const expand = ['latest_charge'];
  const construct = ({ body, header }: Signed) => stripe.webhooks.constructEvent(body, header, webhookSecret);
  return {
    create: charge(known.chargeId, () => stripe.paymentIntents.create(wireOf.stripe)),
    'create with key': charge(known.chargeId, () =>
      stripe.paymentIntents.create(wireOf.stripe, { idempotencyKey: nextKey() }),
    ),
    retrieve: charge(known.chargeId, () => stripe.paymentIntents.retrieve(known.chargeId, { expand })),
    list: list(known.chargesOfList, () =>
      countOf(stripe.paymentIntents.list({ limit: 100, expand: ['data.latest_charge'] })),
    ),
    webhook: webhook(known.event, construct),
    verify: webhook(known.event, construct),
  };
};

const sdkOfJustifi = async ({ origin, known }: ClientSetup): Promise<Operations> => {
  // It reads its address from the environment.
  process.env['JUSTIFI_API_URL'] = origin;
  const module = await import('@justifi/justifi-node');
  // A CommonJS package with a default export, seen from a module. Its types are stricter than its own samples.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const justifi = (module as any).default.default.client().withCredentials(account);
  return {
    create: charge(known.chargeId, () =>
      justifi.createPayment(undefined, wireOf.justifi, account.subAccount),
    ),
    retrieve: charge(known.chargeId, () => justifi.getPayment(known.chargeId)),
  };
};

const sdkOfOmise = async ({ origin, known }: ClientSetup): Promise<Operations> => {
  // The client has no port option, but asks the global agent for the default one.
  Object.assign(http.globalAgent, { defaultPort: Number(new URL(origin).port) });
  const { default: module } = await import('omise');
  const settings = { host: '127.0.0.1', scheme: 'http', secretKey: keys.omise, omiseVersion: '2019-05-29' };
  // Its types do not say that the package itself is the function.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const omise = (module as any)(settings);
  const create = () => omise.charges.create(wireOf.omise);
  return {
    create: charge(known.chargeId, create),
    // Omise has no idempotency keys: a careful merchant looks for the order before charging, and so does the library.
    'create with key': charge(known.chargeId, async () => {
      const key = nextKey();
      const found = await omise.charges.list({ limit: 100, order: 'reverse_chronological' });
      if (found.data.some((each: { metadata: { order?: string } }) => each.metadata.order === key))
        throw new Error('this order was charged before');
      return omise.charges.create({ ...wireOf.omise, metadata: { order: key } });
    }),
    retrieve: charge(known.chargeId, () => omise.charges.retrieve(known.chargeId)),
  };
};

/** The same requests without an SDK: what a call to these addresses costs at least. */
const requestsOf = ({ provider, known: { chargeId } }: ClientSetup) => {
  const basic = (key: string) => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
  switch (provider) {
    case 'stripe':
      return {
        headers: { authorization: `Bearer ${keys.stripe}` },
        create: {
          path: '/v1/payment_intents',
          type: 'application/x-www-form-urlencoded',
          body: new URLSearchParams({
            amount: '4590',
            currency: 'eur',
            confirm: 'true',
            payment_method: sources.stripe,
            'automatic_payment_methods[enabled]': 'true',
            'automatic_payment_methods[allow_redirects]': 'never',
            'expand[0]': 'latest_charge',
          }).toString(),
        },
        retrieve: `/v1/payment_intents/${chargeId}?expand[0]=latest_charge`,
      };
    case 'justifi':
      return {
        headers: { authorization: 'Bearer bench', 'sub-account': account.subAccount },
        create: {
          path: '/v1/payments',
          type: 'application/json',
          body: JSON.stringify({
            amount: 4590,
            currency: 'usd',
            capture_strategy: 'automatic',
            payment_method: { token: sources.justifi },
          }),
        },
        retrieve: `/v1/payments/${chargeId}`,
      };
    case 'omise':
      return {
        headers: { authorization: basic(keys.omise), 'omise-version': '2019-05-29' },
        create: { path: '/charges', type: 'application/json', body: JSON.stringify(wireOf.omise) },
        retrieve: `/charges/${chargeId}`,
      };
  }
};

type Ask = (path: string, write: { readonly type: string; readonly body: string } | null) => Promise<unknown>;

const bareOperations = (setup: ClientSetup, ask: Ask): Operations => {
  const { known } = setup;
  const { create, retrieve } = requestsOf(setup);
  const pages = async (): Promise<number> => {
    let count = 0;
    for (let after = ''; ;) {
      const page = (await ask(`/v1/payment_intents?limit=100${after}`, null)) as {
        readonly data: readonly { readonly id: string }[];
        readonly has_more: boolean;
      };
      count += page.data.length;
      if (!page.has_more) return count;
      after = `&starting_after=${page.data.at(-1)?.id ?? ''}`;
    }
  };
  const read = ({ body, header }: Signed): unknown => {
    const [time = '', signature = ''] = header.split(',').map((part) => part.slice(part.indexOf('=') + 1));
    const expected = createHmac('sha256', webhookSecret).update(`${time}.`).update(body).digest();
    if (!timingSafeEqual(expected, Buffer.from(signature, 'hex'))) throw new Error('another signature');
    return JSON.parse(body.toString());
  };
  return {
    create: charge(known.chargeId, () => ask(create.path, create)),
    retrieve: charge(known.chargeId, () => ask(retrieve, null)),
    ...(setup.provider === 'stripe'
      ? { list: list(known.chargesOfList, pages), webhook: webhook(known.event, read) }
      : {}),
  };
};

const raw = (setup: ClientSetup): Operations => {
  const { hostname, port } = new URL(setup.origin);
  const agent = new http.Agent({ keepAlive: true });
  const { headers } = requestsOf(setup);
  return bareOperations(
    setup,
    (path, write) =>
      new Promise((resolve, reject) => {
        const request = http.request({
          agent,
          hostname,
          port,
          path,
          method: write === null ? 'GET' : 'POST',
          headers:
            write === null
              ? headers
              : { ...headers, 'content-type': write.type, 'content-length': Buffer.byteLength(write.body) },
        });
        request.on('error', reject);
        request.on('response', (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('end', () => {
            try {
              resolve(JSON.parse(text));
            } catch (error) {
              reject(error instanceof Error ? error : new Error(String(error)));
            }
          });
        });
        request.end(write?.body);
      }),
  );
};

const withAxios = async (setup: ClientSetup): Promise<Operations> => {
  const { default: axios } = await import('axios');
  const { headers } = requestsOf(setup);
  return bareOperations(setup, async (path, write) => {
    const url = setup.origin + path;
    const answer = await (write === null
      ? axios.get<unknown>(url, { headers })
      : axios.post<unknown>(url, write.body, { headers: { ...headers, 'content-type': write.type } }));
    return answer.data;
  });
};

const officialSdks = { stripe: sdkOfStripe, justifi: sdkOfJustifi, omise: sdkOfOmise };

export const operationsOf = async (setup: ClientSetup): Promise<Operations> => {
  switch (setup.contestant) {
    case 'unicharge':
    case 'other build':
    case 'redis':
    case 'postgres':
      return ours(setup);
    case 'sdk':
      return officialSdks[setup.provider](setup);
    case 'axios':
      return withAxios(setup);
    case 'raw':
      return raw(setup);
  }
};
