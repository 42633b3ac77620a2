// One merchant process: does what the laboratory orders, and may be killed at any moment.
import type { JobClient, MerchantSetup, Order } from './messages.js';

/** Loaded on demand: a process that is killed often has to start fast. */
const createJob = async (setup: MerchantSetup): Promise<JobClient> => {
  switch (setup.client) {
    case 'unicharge':
      return (await import('./clients/unicharge.js')).createUnichargeJob(setup);
    case 'naive':
      return (await import('./clients/naive.js')).createNaiveJob(setup);
    case 'stripe-sdk':
      return (await import('./clients/stripe-sdk.js')).createStripeJob(setup);
    case 'omise-sdk':
      return (await import('./clients/omise-sdk.js')).createOmiseJob(setup);
    case 'justifi-sdk':
      return (await import('./clients/justifi-sdk.js')).createJustifiJob(setup);
  }
};

const setup = JSON.parse(process.argv[2] ?? '') as MerchantSetup;
const job = await createJob(setup);

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
