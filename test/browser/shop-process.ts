import { oneAcquirer } from '../../examples/merchant-backend/acquirers.js';
import { openStorage } from '../../examples/merchant-backend/database.js';
import { createOrders } from '../../examples/merchant-backend/orders.js';
import { createPayments } from '../../examples/merchant-backend/payments.js';
import { currencyOf, providers } from '../../examples/merchant-backend/provider.js';
import { createRefunds } from '../../examples/merchant-backend/refunds.js';
import type { SimulatedProvider } from '../../src/testing/index.js';

/**
 * The shop's payments in a process of its own, to be killed. What it is to do comes as one argument in JSON; it tells
 * `charged` between the provider's answer and the database, and then waits to be killed.
 */
interface Orders {
  readonly provider: SimulatedProvider;
  readonly settings: object;
  readonly source: string;
  /** Dies after the charge, or recovers what the one before left. */
  readonly role: 'dies' | 'recovers';
}

const { provider, settings, source, role } = JSON.parse(process.argv[2] ?? '') as Orders;
const storage = await openStorage(process.env);
const orders = createOrders(storage.database);
const payments = createPayments({
  acquirers: oneAcquirer(
    provider,
    providers[provider].create({ store: storage.operations, webhookSecret: 'bm90LXVzZWQ=', settings }),
  ),
  orders,
  refunds: createRefunds(storage.database),
  publicUrl: 'http://127.0.0.1:1',
  afterCharge:
    role === 'recovers'
      ? undefined
      : () =>
          new Promise(() => {
            process.send?.('charged');
            // Whatever keeps a real process busy; nothing is written any more.
            setInterval(() => undefined, 1000);
          }),
});

if (role === 'dies') {
  const id = await orders.begin({ owner: 'nobody', amount: 45_900, currency: currencyOf([provider]) });
  await orders.place(id, 1, { sources: { [provider]: source }, capturesAtOnce: true });
  const order = await orders.find(id);
  if (order !== null) await payments.pay(order);
} else {
  const recovered = await payments.settle();
  const [order] = await orders.newest();
  process.send?.({ recovered, status: order?.payment?.status, chargeId: order?.payment?.chargeId });
  await storage.close();
  process.disconnect();
}
