// One merchant process: does what the laboratory orders, and may be killed at any moment.
import { createJustifiJob } from './clients/justifi-sdk.js';
import { createNaiveJob } from './clients/naive.js';
import { createOmiseJob } from './clients/omise-sdk.js';
import { createStripeJob } from './clients/stripe-sdk.js';
import { createUnichargeJob } from './clients/unicharge.js';
import type { ClientName, JobClient, MerchantSetup, Order } from './messages.js';

const jobs: Record<ClientName, (setup: MerchantSetup) => Promise<JobClient>> = {
  unicharge: createUnichargeJob,
  naive: createNaiveJob,
  'stripe-sdk': createStripeJob,
  'omise-sdk': createOmiseJob,
  'justifi-sdk': createJustifiJob,
};

const setup = JSON.parse(process.argv[2] ?? '') as MerchantSetup;
const job = await jobs[setup.client](setup);

const run = (order: Order): Promise<unknown> => {
  switch (order.type) {
    case 'write':
      return job.write(order);
    case 'reconcile':
      return job.reconcile(order);
    case 'pending':
      return job.pending(order);
  }
};

process.on('message', ({ id, order }: { id: number; order: Order }) => {
  run(order).then(
    (report) => process.send?.({ id, report }),
    (error: unknown) => process.send?.({ id, fault: error instanceof Error ? error.stack : String(error) }),
  );
});
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
