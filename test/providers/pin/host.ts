import nock from 'nock';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createPin, type PinClient, type PinSettings } from '../../../src/providers/pin/index.js';

const origin = 'https://test-api.pinpayments.com';

/** One request as it came in. */
export interface Received {
  readonly line: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The bytes of the body. */
  readonly body: string;
}

/** What Pin answers, in order. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Stands in for Pin's test host within one test file: every request must have been announced, and every one announced must come. */
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

  const expectRequest = (
    method: string,
    path: string,
    { status, body, headers = {} }: Reply,
    host = origin,
  ): void => {
    nock(host)
      .intercept(path, method)
      .reply(function (uri, requestBody) {
        received.push({
          line: `${method} ${uri}`,
          headers: this.req.headers,
          body: typeof requestBody === 'string' ? requestBody : JSON.stringify(requestBody),
        });
        return [status, body as nock.Body, { 'Content-Type': 'application/json; charset=utf-8', ...headers }];
      });
  };

  return { received, expectRequest, lines: () => received.map(({ line }) => line) };
};

/** A client for exact bytes: one attempt, and no look before sending. */
export const client = (settings: PinSettings = {}): PinClient =>
  createPin({
    secretKey: 'pin_secret_1',
    environment: 'test',
    lookupFirst: false,
    maxRetries: 0,
    ...settings,
  });

/** A page as Pin sends it. */
export const pageOf = (response: readonly unknown[], current = 1, pages = 1) => ({
  response,
  count: response.length,
  pagination: {
    current,
    previous: current > 1 ? current - 1 : null,
    next: current < pages ? current + 1 : null,
    per_page: 25,
    pages,
    count: response.length * pages,
  },
});
