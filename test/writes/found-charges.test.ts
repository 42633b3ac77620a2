import { describe, expect, it } from 'vitest';
import { smallProvider } from '../../bench/simulate/small-provider.js';
import type { ChargesClient, ProviderSpec, SearchParams } from '../../src/index.js';
import { scriptReplies } from '../scripted-replies.js';

const start = Date.UTC(2026, 10, 21, 12);
const charges = [
  { id: 'ch_1', amount: 100, currency: 'EUR', created: start, metadata: { order: '1' } },
  { id: 'ch_2', amount: 200, currency: 'EUR', created: start + 1_000, metadata: { order: '2' } },
  { id: 'ch_3', amount: 100, currency: 'USD', created: start + 2_000, metadata: { order: '1', shop: 'b' } },
];

const spec = {
  ...smallProvider,
  operations: { ...smallProvider.operations, search: { overList: { maxPages: 1 } } },
} as ProviderSpec;

const found = async (params: SearchParams): Promise<string[]> => {
  const client: ChargesClient = scriptReplies({ body: { data: charges } }).client(spec, {
    secretKey: 'sk_small',
  });
  return (await client.search(params)).data.map(({ id }) => id);
};

describe('a search at a provider that filters nothing itself', () => {
  it.each<[string, SearchParams, string[]]>([
    ['nothing', {}, ['ch_1', 'ch_2', 'ch_3']],
    ['an amount', { amount: 100 }, ['ch_1', 'ch_3']],
    ['a currency', { currency: 'EUR' }, ['ch_1', 'ch_2']],
    ['amount and currency', { amount: 100, currency: 'EUR' }, ['ch_1']],
    ['a status that all have', { status: 'captured' }, ['ch_1', 'ch_2', 'ch_3']],
    ['a status that none has', { status: 'voided' }, []],
    ['metadata', { metadata: { order: '1' } }, ['ch_1', 'ch_3']],
    ['all of several metadata', { metadata: { order: '1', shop: 'b' } }, ['ch_3']],
    ['a customer that none has', { customer: 'cus_1' }, []],
    ['from a moment on, that moment included', { createdAfter: new Date(start + 1_000) }, ['ch_2', 'ch_3']],
    ['until a moment, that moment not included', { createdBefore: new Date(start + 1_000) }, ['ch_1']],
  ])('finds by %s', async (_, params, expected) => {
    expect(await found(params)).toEqual(expected);
  });
});
