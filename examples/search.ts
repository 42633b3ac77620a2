import { createJustifi } from 'unicharge/justifi';
import { startSimulator } from 'unicharge/testing';

const simulator = await startSimulator();
const charges = createJustifi(simulator.settings('justifi'));
for (const order of ['80', '81', '82']) {
  await charges.create({
    amount: 4590,
    currency: 'USD',
    source: simulator.source('justifi', 'approved'),
    capture: order !== '82',
    metadata: { order },
  });
}

for await (const charge of charges.search({ metadata: { order: '81' } })) {
  console.log('order 81:', charge.status, charge.amount);
}
for await (const charge of charges.search({ status: 'authorized', amount: 4590, currency: 'USD' })) {
  console.log('not captured yet:', charge.metadata['order']);
}

// The same call works everywhere. Who filters differs, and capabilities tell: JustiFi has no search, so the list is read.
const { pushedDown, maxPages } = charges.capabilities.search;
console.log('filtered by the provider:', pushedDown, 'pages read at most:', maxPages);

await simulator.close();
