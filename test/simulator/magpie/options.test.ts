import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMagpie, magpieProvider, type MagpieClient } from '../../../src/providers/magpie/index.js';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.js';
import { paramsIn } from '../../providers/seam.js';
import { optionsOf, valueAt, type Echo } from '../option-echo.js';

let simulator: Simulator;
let magpie: MagpieClient;

beforeAll(async () => {
  simulator = await startSimulator({ providers: ['magpie'], seed: 1 });
  magpie = createMagpie(simulator.settings('magpie'));
});
afterAll(() => simulator.close());

const created: Readonly<Record<string, Echo>> = {
  requireAuth: { given: false, shownAt: 'require_auth' },
  cvc: { notShown: 'a security code is never shown again' },
};

const create = (providerOptions: object) =>
  magpie.create({
    amount: 12_550,
    currency: 'PHP',
    source: simulator.source('magpie', 'requires_3ds'),
    description: 'Order 77',
    statementDescriptor: 'TINDAHAN',
    providerOptions,
  });

describe('every option of create', () => {
  it('is known here', () => {
    expect(optionsOf(paramsIn(magpieProvider, 'create')).toSorted()).toEqual(Object.keys(created).toSorted());
  });

  it('is shown by the charge, or is nowhere in it', async () => {
    const charge = await create({ requireAuth: false, cvc: '987' });
    expect(valueAt(charge.raw, 'require_auth')).toBe(false);
    expect(JSON.stringify(charge.raw)).not.toContain('987');
  });

  it('requireAuth decides whether a card that wants 3-D Secure meets it', async () => {
    expect((await create({ requireAuth: false })).status).toBe('captured');
    expect((await create({})).status).toBe('requires_action');
  });

  it.each(['list', 'search', 'capture', 'refund', 'verify3DS'] as const)(
    'stands alone: %s has none',
    (name) => {
      expect(optionsOf(paramsIn(magpieProvider, name))).toEqual([]);
    },
  );
});
