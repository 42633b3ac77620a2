import { ChargesError } from 'unicharge';
import { createOmise } from 'unicharge/omise';
import { startSimulator } from 'unicharge/testing';

const simulator = await startSimulator();
const queue: string[] = [];

// One process: the answer never comes, the outcome is unknown. The error goes into a queue as plain JSON.
const shop = createOmise(simulator.settings('omise'));
simulator.inject({ provider: 'omise', operation: 'create', fault: 'cut_after_commit' });
try {
  const source = simulator.source('omise', 'approved');
  await shop.create({ amount: 45900, currency: 'THB', source }, { idempotencyKey: 'order-81' });
} catch (error) {
  if (!(error instanceof ChargesError) || error.outcome !== 'unknown') throw error;
  queue.push(JSON.stringify(error));
}

// Another process, later, with nothing in common but the account: it looks, and never sends a write.
const worker = createOmise(simulator.settings('omise'));
for (const job of queue) {
  const result = await worker.reconcile(JSON.parse(job) as Record<string, unknown>);
  if (result.outcome === 'happened') console.log('happened:', result.charge?.status, result.charge?.amount);
  else if (result.outcome === 'did_not_happen') console.log('did not happen: charge again with the same key');
  else console.log('look again in', result.retryAfterMs, 'ms');
}

await simulator.close();
