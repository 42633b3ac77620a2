import nock from 'nock';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createOmise, type OmiseClient, type OmiseSettings } from '../../../src/providers/omise/index.js';

const origin = 'https://api.omise.co';
export const secretKey = 'skey_test_0123456789abcdef';

/** One request as it reached the provider. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes of the body; empty where there is none. */
  readonly body: string;
}

/** Answers in order, whatever is asked, and keeps what was asked. One request more than answers is a test's mistake. */
export const answering = (...answers: readonly (readonly [status: number, body: unknown])[]): Received[] => {
  const waiting = [...answers];
  const received: Received[] = [];
  for (const method of ['GET', 'POST', 'PATCH'] as const) {
    nock(origin)
      .persist()
      .intercept(/.*/, method)
      .reply(function (path, body) {
        const next = waiting.shift();
        if (next === undefined) throw new Error(`no test expects ${method} ${path}`);
        received.push({
          method,
          path,
          headers: Object.fromEntries(
            Object.entries(this.req.headers).map(([name, value]) => [name.toLowerCase(), value]),
          ),
          body: typeof body === 'string' ? body : JSON.stringify(body),
        });
        return [next[0], next[1] as nock.Body];
      });
  }
  return received;
};

/** A client for exact bytes: no second attempt, no look before sending. */
export const testClient = (settings: OmiseSettings = {}): OmiseClient =>
  createOmise({ secretKey, maxRetries: 0, lookupFirst: false, settleMs: 1, abandonedMs: 1, ...settings });

/** No request leaves the machine, and none is left over for the next test. */
export const useNock = (): void => {
  beforeAll(() => nock.disableNetConnect());
  afterEach(() => nock.cleanAll());
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });
};
