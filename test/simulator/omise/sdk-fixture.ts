// Drives the official client, which patches Promise and http for its whole process, against the simulator at argv[2].
import http from 'node:http';
import module from 'omise';

const [, , origin = '', secretKey = '', publicKey = ''] = process.argv;
// The client has no port option, but asks the global agent for the default one.
Object.assign(http.globalAgent, { defaultPort: Number(new URL(origin).port) });
const settings = {
  host: '127.0.0.1',
  vaultHost: '127.0.0.1',
  scheme: 'http',
  secretKey,
  publicKey,
  omiseVersion: '2019-05-29',
};
// Its types do not say that the package itself is the function, and miss options and methods that it has.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const omise = (module as any)(settings);

const token = async (number: string): Promise<string> => {
  const card = {
    name: 'A TESTER',
    number,
    expiration_month: 8,
    expiration_year: 2099,
    security_code: '123',
    city: 'Bangkok',
    postal_code: '10320',
  };
  return (await omise.tokens.create({ card })).id as string;
};
const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => (error as { code: string }).code,
  );
const visa = '4242424242424242';

const sale = await omise.charges.create({
  amount: 409669,
  currency: 'thb',
  card: await token(visa),
  metadata: { order: '77' },
});
const retrieved = await omise.charges.retrieve(sale.id);
const updated = await omise.charges.update(sale.id, { description: 'new' });
const partial = await omise.charges.createRefund(sale.id, { amount: 9669 });
const refunds = await omise.charges.listRefunds(sale.id);
const refund = await omise.charges.retrieveRefund(sale.id, partial.id);

const authorized = await omise.charges.create({
  amount: 50000,
  currency: 'thb',
  card: await token(visa),
  capture: false,
});
// The callback form: the client then sends the literal `null` as the body.
const captured = await new Promise((resolve, reject) => {
  omise.charges.capture(authorized.id, (error: Error | null, charge: unknown) =>
    error === null ? resolve(charge) : reject(error),
  );
});
const preAuthorized = await omise.charges.create({
  amount: 50000,
  currency: 'thb',
  card: await token(visa),
  capture: false,
  authorization_type: 'pre_auth',
});
const partlyCaptured = await omise.charges.capture(preAuthorized.id, { capture_amount: 30000 });
const toReverse = await omise.charges.create({
  amount: 50000,
  currency: 'thb',
  card: await token(visa),
  capture: false,
});
const reversed = await omise.charges.reverse(toReverse.id);
const declined = await omise.charges.create({
  amount: 50000,
  currency: 'thb',
  card: await token('4111111111140011'),
});
const source = await omise.sources.create({ type: 'alipay_cn', amount: 25000, currency: 'thb' });
const redirected = await omise.charges.create({
  amount: 25000,
  currency: 'thb',
  source: source.id,
  return_uri: 'https://shop.example/return',
});
const expired = await omise.charges.expire(redirected.id);

const list = await omise.charges.list({ limit: 2, order: 'reverse_chronological' });
const search = await omise.search.list({
  scope: 'charge',
  order: 'chronological',
  'filters[amount]': '4096.69',
});
const usedToken = await token(visa);
await omise.charges.create({ amount: 2000, currency: 'thb', card: usedToken });

process.stdout.write(
  JSON.stringify({
    sale,
    retrieved,
    updated,
    partial,
    refunds,
    refund,
    captured,
    partlyCaptured,
    reversed,
    declined,
    redirected,
    expired,
    list,
    search,
    refusals: {
      reversedTwice: await refusal(omise.charges.reverse(toReverse.id)),
      unknownCharge: await refusal(omise.charges.retrieve('chrg_test_0000000000000000000')),
      usedToken: await refusal(omise.charges.create({ amount: 2000, currency: 'thb', card: usedToken })),
      badCard: await refusal(token('4242424242424241')),
    },
  }),
);
