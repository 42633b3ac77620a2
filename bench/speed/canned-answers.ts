import { startSimulator } from '../../src/testing/index.js';
import { createJustifi } from '../../src/providers/justifi/index.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';
import type { BenchedProvider, CannedAnswer, Known, ServerSetup } from './messages.js';

/** Stands where the stamp of a request will. */
const mark = 'bench-stamp-mark';
const chargesOfPage = 100;
const pagesOfList = 10;

const withoutStamp = (text: string): string =>
  JSON.stringify(JSON.parse(text), (name, value: unknown) => (name === 'unicharge_key' ? undefined : value));

const canned = (status: number, text: string): CannedAnswer => {
  const aroundStamp = text.split(mark);
  if (aroundStamp.length < 2) throw new Error('the answer of the simulator does not hold the stamp');
  return { status, aroundStamp, withoutStamp: withoutStamp(text) };
};

const read = async (url: string, headers: Readonly<Record<string, string>>): Promise<string> => {
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`the simulator answered ${answer.status} to ${url}`);
  return answer.text();
};

/** Pages of a list, by the id that they start after: the same charge again and again, under other ids. */
const pagesOf = (intent: string): Record<string, string> => {
  const { id, latest_charge: latest } = JSON.parse(intent) as {
    readonly id: string;
    readonly latest_charge: { readonly id: string };
  };
  const numbered = (text: string, number: number): string =>
    text.slice(0, -5) + String(number).padStart(5, '0');
  const pages: Record<string, string> = {};
  for (let page = 0, start = ''; page < pagesOfList; page += 1) {
    const numbers = Array.from({ length: chargesOfPage }, (_, index) => page * chargesOfPage + index);
    const data = numbers.map((number) =>
      intent.replaceAll(id, numbered(id, number)).replaceAll(latest.id, numbered(latest.id, number)),
    );
    const more = String(page < pagesOfList - 1);
    pages[start] =
      `{"object":"list","url":"/v1/payment_intents","has_more":${more},"data":[${data.join(',')}]}`;
    start = numbered(id, numbers.at(-1) ?? 0);
  }
  return pages;
};

/** An authorized intent: an event of it is read without asking the provider for more. */
const eventOf = (intent: string): string => {
  const wire = JSON.parse(intent) as {
    readonly amount: number;
    readonly latest_charge: { readonly id: string };
  };
  const object = {
    ...wire,
    status: 'requires_capture',
    capture_method: 'manual',
    amount_capturable: wire.amount,
    amount_received: 0,
    latest_charge: wire.latest_charge.id,
  };
  const event = {
    id: 'evt_bench',
    object: 'event',
    api_version: '2025-03-31.basil',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    pending_webhooks: 1,
    request: { id: 'req_bench', idempotency_key: 'order-81' },
    type: 'payment_intent.amount_capturable_updated',
    data: { object },
  };
  return JSON.stringify(event, null, 2);
};

/** What the server answers, and what the clients have to know of it. */
export interface Canned {
  readonly server: ServerSetup;
  readonly known: Readonly<Record<BenchedProvider, Known>>;
  /** Bytes of the answer to a create. */
  readonly bytes: Readonly<Record<BenchedProvider, number>>;
}

/** Asks the simulator once for one charge of each provider. Nothing is measured then. */
export const takeAnswers = async (): Promise<Canned> => {
  const simulator = await startSimulator({ providers: ['stripe', 'justifi', 'omise'], seed: 1 });
  try {
    const options = { idempotencyKey: mark };
    const stripe = simulator.settings('stripe');
    const justifi = simulator.settings('justifi');
    const omise = simulator.settings('omise');
    const ids = {
      stripe: (
        await createStripe(stripe).create(
          { amount: 4590, currency: 'EUR', source: simulator.source('stripe', 'approved') },
          options,
        )
      ).id,
      justifi: (
        await createJustifi(justifi).create(
          { amount: 4590, currency: 'USD', source: simulator.source('justifi', 'approved') },
          options,
        )
      ).id,
      omise: (
        await createOmise(omise).create(
          { amount: 45900, currency: 'THB', source: simulator.source('omise', 'approved') },
          options,
        )
      ).id,
    };
    const token = await fetch(`${justifi.baseUrl}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_id: justifi.clientId, client_secret: justifi.clientSecret }),
    });
    const tokenText = await token.text();
    const { access_token: access } = JSON.parse(tokenText) as { readonly access_token: string };
    const basic = Buffer.from(`${omise.secretKey}:`).toString('base64');
    const texts = {
      stripe: await read(`${stripe.baseUrl}/v1/payment_intents/${ids.stripe}?expand[0]=latest_charge`, {
        authorization: `Bearer ${stripe.secretKey}`,
      }),
      justifi: await read(`${justifi.baseUrl}/v1/payments/${ids.justifi}`, {
        authorization: `Bearer ${access}`,
        'sub-account': justifi.subAccount,
      }),
      omise: await read(`${omise.baseUrl}/charges/${ids.omise}`, { authorization: `Basic ${basic}` }),
    };
    const plainIntent = withoutStamp(texts.stripe);
    const fixed = (text: string): CannedAnswer => ({ status: 200, aroundStamp: [text], withoutStamp: text });
    const emptyList =
      '{"object":"list","total":0,"limit":100,"offset":0,"order":"reverse_chronological","data":[]}';
    const answers = {
      'POST /v1/payment_intents': canned(200, texts.stripe),
      [`GET /v1/payment_intents/${ids.stripe}`]: canned(200, texts.stripe),
      'POST /oauth/token': fixed(tokenText),
      'POST /v1/payments': canned(201, texts.justifi),
      [`GET /v1/payments/${ids.justifi}`]: canned(200, texts.justifi),
      'POST /charges': canned(200, texts.omise),
      [`GET /charges/${ids.omise}`]: canned(200, texts.omise),
      'GET /charges': fixed(emptyList),
    };
    const known = (chargeId: string): Known => ({
      chargeId,
      chargesOfList: chargesOfPage * pagesOfList,
      event: eventOf(plainIntent),
    });
    return {
      server: { answers, pages: pagesOf(plainIntent) },
      known: { stripe: known(ids.stripe), justifi: known(ids.justifi), omise: known(ids.omise) },
      bytes: {
        stripe: Buffer.byteLength(texts.stripe),
        justifi: Buffer.byteLength(texts.justifi),
        omise: Buffer.byteLength(texts.omise),
      },
    };
  } finally {
    await simulator.close();
  }
};
