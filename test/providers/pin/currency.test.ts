import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencies, currencyExponent } from '../../../src/models/money.js';
import { pinProvider } from '../../../src/providers/pin/index.js';
import { issuesOf, requestOf, rowIn } from '../seam.js';
import { recordedCall } from './call.js';
import { readCharge } from './reading.js';

/** From the currency table of the wire contract: code, minimum in base units, decimals. */
const table: ReadonlyArray<readonly [code: string, minimum: number, decimals: number]> = [
  ['AUD', 100, 2],
  ['USD', 100, 2],
  ['NZD', 100, 2],
  ['SGD', 100, 2],
  ['EUR', 100, 2],
  ['GBP', 50, 2],
  ['CAD', 100, 2],
  ['HKD', 1000, 2],
  ['JPY', 100, 0],
  ['MYR', 300, 2],
  ['THB', 2000, 2],
  ['PHP', 3000, 2],
  ['ZAR', 1000, 2],
  ['IDR', 1000000, 2],
  ['TWD', 2500, 2],
];

const create = (amount: number, currency: string) => {
  const params = {
    amount,
    currency,
    source: 'card_1',
    email: 'a@b.example',
    description: 'x',
    ip: '198.51.100.7',
  };
  const call = recordedCall({ idempotencyKey: 'k' });
  return {
    issues: issuesOf(pinProvider, 'create', { params }, call),
    json: requestOf(pinProvider, 'create', { params }, call).json,
  };
};

describe('the currencies of Pin', () => {
  it('are those of the table', () => {
    expect(rowIn(pinProvider, 'create').capability).toMatchObject({
      currencies: table.map(([code]) => code).sort(),
    });
  });

  it.each(table)('%s begins at %i and has the decimals of ISO 4217', (code, minimum, decimals) => {
    expect(currencyExponent(code)).toBe(decimals);
    expect(create(minimum, code).issues).toEqual([]);
    expect(create(minimum - 1, code).issues).toMatchObject([{ path: 'amount' }]);
  });

  it('send every amount as it is and read it back, or refuse it clearly', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...currencies),
        fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        (currency, amount) => {
          const { issues, json } = create(amount, currency);
          const minimum = table.find(([code]) => code === currency)?.[1];
          if (minimum === undefined) {
            expect(issues.map(({ path }) => path)).toEqual(['currency']);
          } else if (amount < minimum) {
            expect(issues.map(({ path }) => path)).toEqual(['amount']);
          } else {
            expect(issues).toEqual([]);
            expect(json).toMatchObject({ amount, currency });
            const wire = {
              token: 'ch_1',
              amount,
              currency,
              success: true,
              captured: true,
              amount_refunded: 0,
            };
            expect(readCharge(wire, recordedCall())).toMatchObject({
              amount,
              amountCaptured: amount,
              currency,
            });
          }
        },
      ),
    );
  });
});
