import { describe, expect, it } from 'vitest';
import { ConflictError, memoryStore } from '../../src/index.js';
import { createWorld, providerNames, type ProviderName } from '../attacks/attacked-world.js';

type Fields = Record<string, unknown>;

/** Whether an object of an answer is a refund, by what each provider's documentation shows of one. */
const isRefund = (provider: ProviderName, fields: Fields, parent: string): boolean => {
  if (provider === 'pin') return JSON.stringify(fields['token'] ?? '').startsWith('"rf_');
  if (provider === 'magpie') return parent === 'refunds';
  if (provider === 'justifi') return JSON.stringify(fields['id'] ?? '').startsWith('"re_');
  return fields['object'] === 'refund';
};

/** The same answer, in which every refund has failed. */
const withFailed = (provider: ProviderName, value: unknown, parent = ''): unknown => {
  if (Array.isArray(value)) return value.map((item) => withFailed(provider, item, parent));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withFailed(provider, item, name)]),
  );
  if ('amount_refunded' in fields) fields['amount_refunded'] = 0;
  if (!isRefund(provider, fields, parent)) return fields;
  return provider === 'pin' ? { ...fields, success: false } : { ...fields, status: 'failed' };
};

const begin = async (provider: ProviderName, settings: object = {}) => {
  const world = createWorld();
  const client = world.client(provider, settings);
  const { id } = await client.create(world.params(provider), { idempotencyKey: 'order-81' });
  world.tamper = async (_, honest) => {
    const answer = await honest();
    return { ...answer, text: JSON.stringify(withFailed(provider, JSON.parse(answer.text))) };
  };
  const refund = (): Promise<unknown> =>
    client.refund(id, { amount: 500 }, { idempotencyKey: 'refund-81' }).catch((reason: unknown) => reason);
  const posts = () => world.sent.filter(({ method, url }) => method === 'POST' && /refund/.test(url)).length;
  return { world, client, id, refund, posts };
};

describe.each(providerNames)('a refund that failed at once at %s', (provider) => {
  it('rejects, and is not booked by a forgotten check', async () => {
    const { id, refund } = await begin(provider);
    const error = await refund();
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({
      code: 'refund_failed',
      outcome: 'rejected',
      chargeId: id,
      idempotencyKey: 'refund-81',
      refund: { chargeId: id, amount: 500, status: 'failed' },
    });
    const { refund: told } = JSON.parse(JSON.stringify(error)) as { refund: { failure: Fields } };
    expect(['contact_support', 'retry_later', 'do_not_retry']).toContain(told.failure['advice']);
  });

  it('is told alike by its record', async () => {
    const { refund, posts } = await begin(provider, { store: memoryStore() });
    const first = await refund();
    const again = await refund();
    expect(JSON.parse(JSON.stringify(again))).toEqual(JSON.parse(JSON.stringify(first)));
    expect(again).toBeInstanceOf(ConflictError);
    expect(posts()).toBe(1);
  });

  it('is told alike where its answer was lost', async () => {
    const { world, client, refund } = await begin(provider);
    const shown = world.tamper;
    world.tamper = async (request, honest) => {
      const answer = await shown?.(request, honest);
      if (request.method === 'POST' && /refund/.test(request.url))
        return { status: 502, headers: { 'content-type': 'text/html' }, text: '<html>' };
      return answer as never;
    };
    const lost = await refund();
    expect(lost).toMatchObject({ outcome: 'unknown' });
    world.tamper = shown;
    world.runtime.pass(60 * 60_000);
    const result = await client.reconcile(lost as never);
    expect(result).toMatchObject({ outcome: 'did_not_happen' });
    expect(await refund()).toMatchObject({ code: 'refund_failed', outcome: 'rejected' });
  });
});
