import { createOmise } from 'unicharge/omise';
import { startSimulator } from 'unicharge/testing';

const simulator = await startSimulator();
const charges = createOmise(simulator.settings('omise'));
for (let order = 1; order <= 7; order += 1) {
  await charges.create({
    amount: order * 10_000,
    currency: 'THB',
    source: simulator.source('omise', 'approved'),
  });
}

// Iterated: every charge of every page, newest first. Pages are asked for as they are needed.
let total = 0;
for await (const charge of charges.list({ limit: 3 })) {
  // Only where nobody knows where a charge stands may its amounts be missing.
  if (charge.status !== 'unknown') total += charge.amount;
}
console.log('total', total);

// Awaited: one page, and a cursor for the next, such as for a "load more" button.
const first = await charges.list({ limit: 3 });
const second = await charges.list({ limit: 3, cursor: first.nextCursor ?? undefined });
console.log(
  first.data.map(({ amount }) => amount),
  second.data.map(({ amount }) => amount),
);

await simulator.close();
