import { delay, http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keylessCreates, outcomeOf } from './keyless-creates.js';

const server = setupServer();
beforeAll(() => {
  server.listen({ onUnhandledRequest: 'error' });
});
afterEach(() => {
  server.resetHandlers();
});
afterAll(() => {
  server.close();
});

describe.each(keylessCreates)('a create at $provider under msw', ({ origin, path, create }) => {
  it.each([
    ['late', () => delay(1_000).then(() => HttpResponse.json({}))],
    ['lost', () => HttpResponse.error()],
  ])('is sent once and unknown when the answer is %s', async (_, answer) => {
    let posts = 0;
    server.use(
      http.post(origin + path, () => {
        posts += 1;
        return answer();
      }),
    );
    expect([await outcomeOf(create()), posts]).toEqual(['unknown', 1]);
  });
});
