import nock from 'nock';
import { afterAll, afterEach, beforeAll } from 'vitest';
import {
  createPaymongo,
  type PaymongoClient,
  type PaymongoSettings,
} from '../../../src/providers/paymongo/index.js';
import intent from '../../fixtures/paymongo/intent.json' with { type: 'json' };
import payment from '../../fixtures/paymongo/payment.json' with { type: 'json' };

/** One request as it came in. */
export interface Received {
  readonly line: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The bytes of the body. */
  readonly body: string;
}

/** Stands in for PayMongo within one test file: every request must have been announced, and every one announced must come. */
export const useHost = () => {
  const received: Received[] = [];

  beforeAll(() => {
    nock.disableNetConnect();
  });
  afterEach(() => {
    received.length = 0;
    const left = nock.pendingMocks();
    nock.cleanAll();
    if (left.length > 0) throw new Error(`never asked for: ${left.join(', ')}`);
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });

  const expectRequest = (method: string, path: string, body: unknown, status = 200): void => {
    nock('https://api.paymongo.com')
      .intercept(path, method)
      .reply(function (uri, requestBody) {
        received.push({
          line: `${method} ${uri}`,
          headers: this.req.headers,
          body: typeof requestBody === 'string' ? requestBody : JSON.stringify(requestBody),
        });
        return [status, body as nock.Body, { 'Content-Type': 'application/json; charset=utf-8' }];
      });
  };

  return { received, expectRequest, lines: () => received.map(({ line }) => line) };
};

/** A client for exact bytes: one attempt, and no look before sending. */
export const client = (settings: PaymongoSettings = {}): PaymongoClient =>
  createPaymongo({ secretKey: 'sk_test_1', lookupFirst: false, maxRetries: 0, ...settings });

/** The documented intent, changed. */
export const intentOf = (change: object = {}) => ({
  data: { ...intent.data, attributes: { ...intent.data.attributes, ...change } },
});

/** The documented payment with its refunds and its intent, changed. */
export const paymentOf = (change: object = {}, id = payment.data.id) => ({
  data: {
    ...payment.data,
    id,
    attributes: { ...payment.data.attributes, payment_intent_id: null, refunds: [], ...change },
  },
});
