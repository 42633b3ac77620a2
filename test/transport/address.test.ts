import { urlToHttpOptions } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAddressReader } from '../../src/transport/address.js';

/** What Node itself makes of an address. */
const byNode = (text: string) => {
  const { protocol, hostname, port, path, auth } = urlToHttpOptions(new URL(text));
  return { protocol, hostname, port: port == null ? undefined : String(port), path, auth };
};

const pieces = fc.constantFrom(
  ...['/', '//', '.', '..', '/.', '/..', '%2e', '%2E', '%', '?', '#', '[', ']', ' ', "'", '"', '\\', '\t'],
  ...['a', 'ch_1', 'v1', '=', '&', 'é', '|', '^', '~', ':', '@', '*', '(', '{'],
);
const origins = fc.constantFrom(
  'https://api.example.test',
  'http://127.0.0.1:9101',
  'http://127.1',
  'https://api.example.test:443',
  'http://[::1]:80',
  'http://user:pass%20word@localhost:1',
  'HTTPS://API.example.test',
);

describe('the address of a request', () => {
  it('is read as Node reads it, also where the origin is known already', () => {
    const addressOf = createAddressReader();
    fc.assert(
      fc.property(origins, fc.array(pieces, { maxLength: 12 }), (origin, path) => {
        const text = `${origin}/${path.join('')}`;
        expect(addressOf(text)).toEqual(byNode(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('throws for what is none, whatever was read before', () => {
    const addressOf = createAddressReader();
    addressOf('https://api.example.test/v1');
    expect(() => addressOf('api.example.test/v1')).toThrow(TypeError);
  });
});
