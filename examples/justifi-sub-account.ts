import { createJustifi } from 'unicharge/justifi';
import { startSimulator } from 'unicharge/testing';

const simulator = await startSimulator();
// A platform: `subAccount` in the settings (or JUSTIFI_SUB_ACCOUNT) is the shop that most calls are for.
const charges = createJustifi(simulator.settings('justifi'));
const params = () => ({
  amount: 4590,
  currency: 'USD',
  source: simulator.source('justifi', 'approved'),
  providerOptions: { applicationFeeAmount: 150 },
});

await charges.create(params(), { idempotencyKey: 'shop-order-81' });
// Another shop, for one call.
const other = await charges.create(params(), {
  idempotencyKey: 'other-shop-order-81',
  headers: { 'Sub-Account': 'acc_SimulatorOtherShop' },
});
for (const { account, amount } of simulator.ledger.charges()) console.log(account, amount);

// Only JustiFi has a ledger of its own for a payment: this method is not on the general interface.
const entries = await charges.listBalanceTransactions(other.id, {
  headers: { 'Sub-Account': 'acc_SimulatorOtherShop' },
});
console.log(entries.map(({ type, amount }) => `${type} ${amount}`));

await simulator.close();
