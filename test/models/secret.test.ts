import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { secretSchema } from '../../src/models/secret.js';

describe('a secret', () => {
  const value = 'sk_test_a1b2c3';
  const secret = secretSchema.parse(value);

  it('gives its value to who asks for it by name', () => {
    expect(secret.reveal()).toBe(value);
  });

  it.each<[string, (one: typeof secret) => unknown]>([
    ['as text', String],
    ['inside of a text', (one) => ['key', one].join(' ')],
    ['as JSON', (one) => JSON.stringify({ one })],
    ['inspected', (one) => inspect({ one }, { depth: null, showHidden: true })],
    ['spread', (one) => JSON.stringify(Object.assign({}, one))],
  ])('shows nothing of it %s', (_, show) => {
    const shown = show(secret);
    expect(typeof shown).toBe('string');
    expect(shown).not.toContain('a1b2c3');
    expect(shown).not.toContain('undefined');
  });
});
