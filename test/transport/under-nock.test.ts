import nock from 'nock';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { keylessCreates, outcomeOf } from './keyless-creates.js';

afterEach(() => {
  nock.cleanAll();
});
afterAll(() => {
  nock.restore();
});

const failing = (code: string): Error => Object.assign(new Error(code), { code });

describe.each(keylessCreates)('a create at $provider under nock', ({ origin, path, create }) => {
  const mock = () => {
    const seen = { posts: 0 };
    const post = nock(origin)
      .persist()
      .post(path, () => (seen.posts += 1) > 0);
    return { seen, post };
  };

  it('is sent once and unknown when the answer is late', async () => {
    const { seen, post } = mock();
    post.delay(1_000).reply(201, {});
    expect([await outcomeOf(create()), seen.posts]).toEqual(['unknown', 1]);
  });

  it.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EPROTO'])(
    'is sent once and unknown when the connection ends with %s',
    async (code) => {
      const { seen, post } = mock();
      post.replyWithError(failing(code));
      expect([await outcomeOf(create()), seen.posts]).toEqual(['unknown', 1]);
    },
  );

  it('is not sent when the connection is refused', async () => {
    mock().post.replyWithError(failing('ECONNREFUSED'));
    expect(await outcomeOf(create())).toBe('not_sent');
  });
});
