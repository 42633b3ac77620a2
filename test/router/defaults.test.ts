import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/index.js';
import { createPin } from '../../src/providers/pin/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';
import { createRouter } from '../../src/router/index.js';

const order = { amount: 4590, currency: 'AUD', sources: { main: 'pm_1', spare: 'card_1' } } as const;
const all = { email: 'payer@shop.test', description: 'Order', ip: '203.0.113.7' };

const misfitsOfPin = async (settings: object) => {
  const store = memoryStore();
  const main = createStripe({ secretKey: 'sk_test_51abcdefghijklmnop', store });
  const spare = createPin({ secretKey: 'a1b2c3d4e5f6a7b8c9d0e1', environment: 'test', store, ...settings });
  const router = createRouter({
    store,
    routes: [
      { name: 'main', client: main },
      { name: 'spare', client: spare },
    ],
  });
  const { routes } = await router.explain(order);
  return routes.find(({ name }) => name === 'spare')?.misfits;
};

describe('a route whose client has defaults', () => {
  it('fits where they supply what the provider requires', async () => {
    expect(await misfitsOfPin({ defaults: all })).toEqual([]);
  });

  it('does not fit where they leave something out', async () => {
    expect(await misfitsOfPin({})).toEqual(['param_missing']);
    expect(await misfitsOfPin({ defaults: { ...all, ip: undefined } })).toEqual(['param_missing']);
  });
});

describe('capabilities.create.requires', () => {
  it('is what a call still has to give', () => {
    const settings = { secretKey: 'a1b2c3d4e5f6a7b8c9d0e1', environment: 'test' } as const;
    const { requires } = createPin(settings).capabilities.create;
    expect(requires).toContain('description');
    const own = createPin({ ...settings, defaults: { description: 'Order' } });
    expect(own.capabilities.create.requires).toEqual(requires?.filter((name) => name !== 'description'));
  });
});
