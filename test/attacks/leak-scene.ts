import { inspect } from 'node:util';
import { expect } from 'vitest';
import { memoryStore, type ChargesClient, type OperationStore } from '../../src/index.js';
import { createWorld, type AttackedWorld, type ProviderName } from './attacked-world.js';

/** What must never be seen outside a request. The card number passes the Luhn check; the CVC is a shape of its own. */
export const cardNumber = '4242424242424242';
export const clientSecret = 'pi_3Canary_secret_Canary9Zq';
export const webhookSecret = 'whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnk';
export const foreignKey = 'sk_test_CanaryOfSomebodyElse';
export const accountNumber = '000123456789';

const secretsOf = (settings: object): string[] =>
  ['secretKey', 'clientId', 'clientSecret']
    .map((name) => (settings as Record<string, unknown>)[name])
    .filter((value): value is string => typeof value === 'string');

/** Everything that a logger could make of a value. */
export const everyText = (value: unknown, seen = new Set<unknown>()): string => {
  if (seen.has(value)) return '';
  seen.add(value);
  const texts = [inspect(value, { showHidden: true, depth: 20, getters: true }), String(value)];
  try {
    texts.push(JSON.stringify(value) ?? '');
  } catch {
    texts.push('');
  }
  if (value instanceof Error) texts.push(value.stack ?? '', value.message, everyText(value.cause, seen));
  return texts.join('\n');
};

const watched = (store: OperationStore, seen: unknown[]): OperationStore =>
  new Proxy(store, {
    get: (target, name) => {
      const member = (target as unknown as Record<PropertyKey, unknown>)[name];
      if (typeof member !== 'function') return member;
      return (...values: unknown[]) => {
        seen.push(structuredClone(values));
        return (member as (...all: unknown[]) => unknown).apply(target, values);
      };
    },
  });

export interface Scene {
  readonly world: AttackedWorld;
  readonly client: ChargesClient;
  readonly seen: unknown[];
  readonly canaries: readonly string[];
}

export const sceneOf = (provider: ProviderName, records: OperationStore | null = null): Scene => {
  const world = createWorld();
  const seen: unknown[] = [];
  const client = world.client(provider, {
    webhookSecret,
    maxRetries: 1,
    store: watched(records ?? memoryStore({ runtime: world.runtime }), seen),
    onEvent: (event: unknown) => {
      seen.push(event);
    },
  });
  const own = secretsOf(world.providers.settings(provider));
  const basic = own.map((secret) => Buffer.from(`${secret}:`).toString('base64'));
  return {
    world,
    client,
    seen,
    canaries: [...own, ...basic, cardNumber, clientSecret, webhookSecret, foreignKey],
  };
};

export const expectClean = (scene: Scene, value: unknown, what: string): void => {
  const text = everyText(value);
  for (const canary of scene.canaries)
    expect(text.includes(canary), `${what} shows ${canary.slice(0, 6)}…`).toBe(false);
};

/** A card whose number and code must never be seen. */
export const card = {
  type: 'card',
  number: cardNumber,
  expMonth: 12,
  expYear: 2030,
  cvc: '737',
  holderName: 'Sam Payer',
  address: { line1: '1 Main Street', city: 'Perth', postalCode: '60000', state: 'WA', country: 'AU' },
};
