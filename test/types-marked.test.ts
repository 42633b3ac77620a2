import { describe, expect, it } from 'vitest';
import { withTypesMarked } from '../.ci/types-marked.js';

describe('the declarations of an entry', () => {
  it('mark every exported name that has no value there as a type', () => {
    const declarations = [
      "import { C as Charge } from './charge.js';",
      "export { A as AbortError, c as createStripe } from './chunk.js';",
      'export { type Charge, StripeClient, createStripe as create };',
      'export {  };',
    ].join('\n');
    expect(withTypesMarked(declarations, new Set(['createStripe', 'create']))).toBe(
      [
        "import { C as Charge } from './charge.js';",
        "export { type A as AbortError, c as createStripe } from './chunk.js';",
        'export { type Charge, type StripeClient, createStripe as create };',
        'export {  };',
      ].join('\n'),
    );
  });
});
