import { describe, expect, it } from 'vitest';
import { failedBeforeConnection, networkCodeOf } from '../../src/transport/exchange.js';

/** Failures of the name look-up, of connecting and of the handshake. */
const before = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NODATA',
  'EAI_NONAME',
  'ERR_INVALID_URL',
  'ERR_INVALID_PROTOCOL',
  'ERR_UNESCAPED_CHARACTERS',
  'ERR_INVALID_CHAR',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_UNTRUSTED',
  'CERT_REVOKED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
];
/** They may come after the request left. */
const perhapsAfter = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED', 'ERR_BAD_RESPONSE', '', null];

describe('a code of the network', () => {
  it.each(before)('%s proves that nothing left', (code) => {
    expect(failedBeforeConnection(code)).toBe(true);
  });

  it.each(perhapsAfter)('%s proves nothing', (code) => {
    expect(failedBeforeConnection(code)).toBe(false);
  });

  it.each([
    [{ code: 'ECONNRESET' }, 'ECONNRESET'],
    [{ code: 'a'.repeat(61) }, null],
    [{ code: `E${'A'.repeat(60)}` }, null],
    [{ code: 'sk_live_1' }, null],
    [{ code: 7 }, null],
    [{}, null],
    [null, null],
    [undefined, null],
    ['ECONNRESET', null],
  ])('is read from %o as %s', (error, expected) => {
    expect(networkCodeOf(error)).toBe(expected);
  });
});
