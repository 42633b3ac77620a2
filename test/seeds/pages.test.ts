import { afterEach, describe, expect, it } from 'vitest';
import type { ClientEvent } from '../../src/models/client-event.js';
import justifi from '../fixtures/justifi/seed-samples.json' with { type: 'json' };
import magpie from '../fixtures/magpie/seed-samples.json' with { type: 'json' };
import { justifiDocument } from './justifi.js';
import { magpieDocument } from './magpie.js';
import type { Arrived, Reply, SeedDocument } from './seed-document.js';
import { openStub } from './stub.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const connect = async (document: SeedDocument, reply: Reply) => {
  const stub = await openStub((request: Arrived) => document.beside?.(request) ?? reply);
  closing.push(stub.close);
  const drifts: string[] = [];
  const onEvent = (event: ClientEvent) => {
    if (event.type === 'drift') drifts.push(`${event.path} ${event.kind}`);
  };
  return { client: document.client({ baseUrl: stub.baseUrl, maxRetries: 0, onEvent }), drifts };
};

describe('what a page says besides its charges', () => {
  it('is in its raw: page_info of JustiFi, with the start and what lies before', async () => {
    const { client } = await connect(justifiDocument, { body: justifi.list });
    const page = await client.list();
    expect(page.raw).toMatchObject({ id: 1, type: 'array', page_info: justifi.list.page_info });
    expect(page.nextCursor).toBeNull();
    expect(JSON.stringify(page)).not.toContain('page_info');
  });

  it('is in its raw: object and next of Magpie', async () => {
    const { client } = await connect(magpieDocument, { body: magpie.list });
    const page = await client.list();
    expect(page.raw).toMatchObject({ object: 'list', next: magpie.list.next });
    expect(page.nextCursor).not.toBeNull();
  });
});

describe('a total of refunds that contradicts the refunds', () => {
  it.each([
    [
      'JustiFi',
      justifiDocument,
      {
        ...justifi.retrieved,
        data: {
          ...justifi.retrieved.data,
          refunds: [{ ...justifi.refunded.data, payment_id: 'py_123xyz', amount: 10_000 }],
        },
      },
      'py_123xyz',
    ],
    ['Magpie', magpieDocument, { ...magpie.list.data[0], amount_refunded: 0 }, 'ch_0aa1'],
  ])('is told at %s, and never as less than was refunded', async (_, document, body, id) => {
    const { client, drifts } = await connect(document, { body });
    const charge = await client.retrieve(id);
    expect(drifts.some((drift) => drift.includes('inconsistent'))).toBe(true);
    expect(charge.refunds).toHaveLength(1);
  });
});

describe('a decline by a code that no table has', () => {
  it.each([
    [
      'JustiFi',
      justifiDocument,
      { error: { code: 'card_declined', decline_code: 'reason_of_tomorrow', message: 'declined' } },
      { source: 'pm_1', amount: 1000, currency: 'USD' },
    ],
    [
      'Magpie',
      magpieDocument,
      { error: { code: 'reason_of_tomorrow', message: 'declined', charge_id: 'ch_0aa1' } },
      { source: 'src_1', amount: 1000, currency: 'PHP', description: 'Order', statementDescriptor: 'SHOP' },
    ],
  ])('is told at %s on a 402', async (_, document, body, params) => {
    const { client, drifts } = await connect(document, { status: 402, body });
    const error: unknown = await client.create(params).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'CardError', declineCode: 'generic_decline', outcome: 'rejected' });
    expect(drifts.some((drift) => drift.endsWith('unknown_value'))).toBe(true);
  });
});
