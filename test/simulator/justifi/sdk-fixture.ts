// Drives the official client, a singleton that is pointed by an environment variable, against the simulator.
import module from '@justifi/justifi-node';

const [, , clientId = '', clientSecret = '', subAccount = ''] = process.argv;
// A CommonJS package with a default export, seen from a module. Its types are stricter than its own samples.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const justifi = (module as any).default.client().withCredentials({ clientId, clientSecret });

let keys = 0;
const key = () => `sdk-${(keys += 1)}`;
const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => {
      const { constructor, code, message } = error as Error & { code: number };
      return { name: constructor.name, status: code, message };
    },
  );
const tokenOf = async (number: string): Promise<string> => {
  const card = {
    name: 'Ada Test',
    number,
    verification: '123',
    month: '5',
    year: '2042',
    addressPostalCode: '55555',
  };
  const method = await justifi.createPaymentMethod({ paymentMethod: { card } }, key(), subAccount);
  return method.data.card.token as string;
};
const visa = await tokenOf('4242424242424242');
const pay = (overrides = {}, idempotencyKey = key(), token = visa) =>
  justifi.createPayment(
    idempotencyKey,
    { amount: 2599, currency: 'usd', captureStrategy: 'automatic', paymentMethod: { token }, ...overrides },
    subAccount,
  );

const saleKey = key();
const sale = await pay({ description: 'basket 77', metadata: { order: '77' } }, saleKey);
const replayed = await pay({ description: 'basket 77', metadata: { order: '77' } }, saleKey);
const mismatch = await refusal(pay({ amount: 2600 }, saleKey));
const retrieved = await justifi.getPayment(sale.id);
const updated = await justifi.updatePayment(key(), sale.id, { metadata: { box: '1' } });
const refund = await justifi.refundPayment(key(), sale.id, { amount: 599, reason: 'customer_request' });
const refundAgain = await justifi.getRefund(refund.id);
const refundUpdated = await justifi.updateRefund(refund.id, { note: 'late' }, key());
const refunds = await justifi.listRefunds(subAccount);

const manual = await pay({ captureStrategy: 'manual' });
const captured = await justifi.capturePayment(key(), manual.id);
const capturedTwice = await refusal(justifi.capturePayment(key(), manual.id));
const declined = await refusal(pay({}, key(), await tokenOf('4000000000009995')));
const badNumber = await refusal(tokenOf('4242424242424241'));
const missing = await refusal(justifi.getPayment('py_nothing'));

const firstPage = await justifi.listPayments({ limit: 2 }, subAccount);
const secondPage = await firstPage.nextPage();
const movements = await justifi.getBalanceTransactions(sale.id);

process.stdout.write(
  JSON.stringify({
    sale,
    replayed,
    mismatch,
    retrieved,
    updated,
    refund,
    refundAgain,
    refundUpdated,
    refunds,
    manual,
    captured,
    capturedTwice,
    declined,
    badNumber,
    missing,
    firstPage: firstPage.data.map((payment: { id: string }) => payment.id),
    secondPage: secondPage.data.map((payment: { status: string }) => payment.status),
    pageInfo: secondPage.pageInfo,
    movements: movements.data,
  }),
);
