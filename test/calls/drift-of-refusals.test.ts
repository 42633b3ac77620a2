import { describe, expect, it } from 'vitest';
import type { ClientEvent } from '../../src/index.js';
import { createWorld, type ProviderName } from '../attacks/attacked-world.js';

interface Refusal {
  readonly status: number;
  /** With a code that no table knows. */
  readonly body: unknown;
  /** Where it stands. */
  readonly path: string;
  readonly error: string;
}

const refusals: Readonly<Record<ProviderName, Refusal>> = {
  stripe: {
    status: 402,
    body: { error: { type: 'card_error', code: 'card_declined', decline_code: 'brand_new', message: 'No.' } },
    path: 'failure.declineCode',
    error: 'CardError',
  },
  justifi: {
    status: 402,
    body: { error: { code: 'card_declined', decline_code: 'brand_new', message: 'No.' } },
    path: 'error.decline_code',
    error: 'CardError',
  },
  pin: {
    status: 400,
    body: { error: 'brand_new', error_description: 'No.', charge_token: 'ch_1' },
    path: 'error',
    error: 'CardError',
  },
  magpie: {
    status: 402,
    body: { error: { type: 'card_error', code: 'brand_new', message: 'No.' } },
    path: 'error.code',
    error: 'CardError',
  },
  omise: {
    status: 400,
    body: { object: 'error', code: 'brand_new', message: 'No.' },
    path: 'code',
    error: 'InvalidRequestError',
  },
};

const creates = /\/(?:charges|payment_intents|payments)\/?$/;

const refusedAt = async (provider: ProviderName, settings: object = {}) => {
  const { status, body } = refusals[provider];
  const world = createWorld();
  world.tamper = (request, honest) =>
    request.method === 'POST' && creates.test(new URL(request.url).pathname)
      ? Promise.resolve({
          status,
          headers: { 'content-type': 'application/json' },
          text: JSON.stringify(body),
        })
      : honest();
  const drift: ClientEvent[] = [];
  const client = world.client(provider, {
    ...settings,
    onEvent: (event: ClientEvent) => {
      if (event.type === 'drift') drift.push(event);
    },
  });
  const params = world.params(provider);
  const create = (): Promise<unknown> =>
    client.create(params, { idempotencyKey: 'order-81' }).catch((reason: unknown) => reason);
  return { error: await create(), drift, create };
};

describe.each(Object.entries(refusals) as [ProviderName, Refusal][])(
  'a code that is new in a refusal of %s',
  (provider, { path, error: name }) => {
    it('is told to onEvent, once, and the refusal stays what it is', async () => {
      const { error, drift } = await refusedAt(provider);
      expect(error).toMatchObject({ name, outcome: 'rejected', message: 'No.' });
      expect((error as { code: string }).code).not.toBe('drift');
      expect(drift).toHaveLength(1);
      expect(drift).toMatchObject([
        { type: 'drift', provider, operation: 'create', path, kind: 'unknown_value', callKey: 'order-81' },
      ]);
    });

    it('is told by the refusal with strictResponses, whose class and outcome stay', async () => {
      const { error, create } = await refusedAt(provider, { strictResponses: true });
      const strict = { name, outcome: 'rejected', code: 'drift' };
      expect(error).toMatchObject(strict);
      expect((error as Error).message).toContain(`${path} (unknown_value)`);
      expect(await create()).toMatchObject(strict);
    });
  },
);
