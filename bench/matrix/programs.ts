/** The programs of users that the matrix tries: each ends with the same line when a charge went through. */

export const paidLine = 'paid 4590 EUR';

const charge = (create: string): string => `
  const simulator = await startSimulator();
  try {
    const charges = ${create};
    const source = simulator.source('stripe', 'approved');
    const charge = await charges.create({ amount: 4590, currency: 'EUR', source });
    if (isPaid(charge)) console.log('paid', charge.amount, charge.currency);
  } finally {
    await simulator.close();
  }`;

const names = [
  ['{ isPaid }', 'unicharge'],
  ['{ createStripe }', 'unicharge/stripe'],
  ['{ startSimulator }', 'unicharge/testing'],
] as const;

const imports = names.map(([what, from]) => `import ${what} from '${from}';`).join('\n');
const requires = names.map(([what, from]) => `const ${what} = require('${from}');`).join('\n');
const simulated = `createStripe(simulator.settings('stripe'))`;

/** Charges at the simulator over HTTP. */
export const moduleShop = `${imports}\n${charge(simulated)}\n`;

export const commonShop = `${requires}\nconst main = async () => {${charge(simulated)}\n};\nvoid main();\n`;

/** The same over an axios of the user's own, which is the only case that loads axios. */
export const axiosShop = `import axios from 'axios';\n${imports}\n${charge(
  `createStripe({ ...simulator.settings('stripe'), axios: axios.create() })`,
)}\n`;

/** A test in CommonJS, without a transpiler. */
export const jestTest = `
const { CardError, isPaid } = require('unicharge');
const { createStripe } = require('unicharge/stripe');
const { createFakeClient } = require('unicharge/testing');

test('a shop charges a card', async () => {
  expect(createStripe({ secretKey: 'sk_test_1' }).supports('create')).toBe(true);
  const charges = createFakeClient();
  const charge = await charges.create({ amount: 4590, currency: 'EUR', source: 'approved' });
  expect([isPaid(charge), charge.amount]).toEqual([true, 4590]);
  const declined = charges.create({ amount: 4590, currency: 'EUR', source: 'declined' });
  await expect(declined).rejects.toBeInstanceOf(CardError);
});
`;

/** What follows it where the simulator is to run in the environment of the tests, too. */
export const jestSimulatorTest = `
test('the simulator charges and delivers', async () => {
  const { startSimulator } = require('unicharge/testing');
  const simulator = await startSimulator({ providers: ['stripe'] });
  const charges = createStripe(simulator.settings('stripe'));
  const source = simulator.source('stripe', 'approved');
  const { signal } = new AbortController();
  const charge = await charges.create({ amount: 4590, currency: 'EUR', source }, { signal });
  expect(isPaid(charge)).toBe(true);
  simulator.inject({ operation: 'create', fault: { type: 'delay', ms: 60_000 } });
  const late = createStripe({ ...simulator.settings('stripe'), timeoutMs: 20, maxRetries: 0 });
  const again = { amount: 4590, currency: 'EUR', source: simulator.source('stripe', 'approved') };
  await expect(late.create(again)).rejects.toMatchObject({ outcome: 'unknown' });
  await simulator.close();
});
`;

/** A handler that the build itself runs once, and whose answer it keeps in a file. */
export const routeHandler = `
import { isPaid } from 'unicharge';
import { createStripe } from 'unicharge/stripe';
import { createFakeClient } from 'unicharge/testing';

export const dynamic = 'force-static';

export async function GET() {
  createStripe({ secretKey: 'sk_test_1' });
  const charge = await createFakeClient().create({ amount: 4590, currency: 'EUR', source: 'approved' });
  return new Response(isPaid(charge) ? \`paid \${charge.amount} \${charge.currency}\` : 'not paid');
}
`;

/** Reads what a server sent. The last line stands for a page, which has no console of Node. */
export const browserPage = `
import { isPaid, money } from 'unicharge/models';
const charge = { amount: 4590, currency: 'EUR', status: 'captured', refundStatus: 'none' };
if (isPaid(charge) && money.toDecimal(4590, 'EUR') === '45.90') {
  globalThis.console?.log('paid', charge.amount, charge.currency);
}
`;

/** Names something of every entry, and gives types what they have to tell apart. */
export const typedShop = (entries: readonly string[]): string =>
  [
    ...entries.map(
      (entry, index) =>
        `import * as entry${index} from '${entry}';\nexport type Entry${index} = keyof typeof entry${index};`,
    ),
    `import { isPaid, type Charge, type ChargesClient } from 'unicharge';`,
    `import { createStripe } from 'unicharge/stripe';`,
    `export const general: ChargesClient = createStripe({ secretKey: 'sk_test_1' });`,
    `export const pay = (): Promise<Charge> => general.create({ amount: 4590, currency: 'EUR', source: 'token' });`,
    'export const settled = async (): Promise<boolean> => isPaid(await pay());',
    '// @ts-expect-error An amount is a number.',
    `export const wrong = general.create({ amount: '4590', currency: 'EUR', source: 'token' });`,
    '',
  ].join('\n');
